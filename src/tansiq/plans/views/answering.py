"""A report that was sent: read, accept, return, answer, reopen, reply, correct, withdraw."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.plans.actions.reports import (
    ReportError,
    accept_report,
    answer_report,
    remind_of_answer,
    reopen_report,
    reply,
    return_report,
)
from tansiq.plans.actions.values import BadValueError, correct_value, withdraw_value
from tansiq.plans.forms.answers import (
    AcceptForm,
    AnswerForm,
    CorrectionForm,
    QuestionForm,
    ReopenForm,
    ReplyForm,
    WithdrawForm,
)
from tansiq.plans.models import Datapoint, Report
from tansiq.plans.queries.contents import filled_share_of, lines_of_report

_FORMS: dict[str, type[forms.Form]] = {
    "accept": AcceptForm,
    "return": QuestionForm,
    "answer": AnswerForm,
    "reopen": ReopenForm,
    "reply": ReplyForm,
}
_STEPS = ("write", "send", *_FORMS)


@login_required
@require_GET
def show(request: Request, pk: int) -> HttpResponse:
    report = fetch(request.actor, "plans.report_view", Report, pk=pk)
    return _page(request, report, {})


def _page(
    request: Request, report: Report, filled_in: dict[str, forms.Form], *, status: int = 200
) -> HttpResponse:
    lines = lines_of_report(report, request.actor)
    verdicts = {name: can(request.actor, f"plans.report_{name}", report) for name in _STEPS}
    blank = {name: form(prefix=name) for name, form in _FORMS.items()}
    context = {
        "report": report,
        "lines": lines,
        "filled": filled_share_of(report, lines),
        "evidence": report.evidence.order_by("added_at", "pk"),
        "talk": report.remarks.select_related("organisation").order_by("at", "pk"),
        "may": verdicts,
        "may_correct": can(request.actor, "plans.report_correct", report),
        "may_remind": can(request.actor, "plans.report_remind", report),
        "forms": blank | filled_in,
        "opened": next(iter(filled_in), ""),
        "today": now().date(),
    }
    return render(request, "plans/reports/detail.html", context, status=status)


Step = Callable[[Report, dict[str, Any]], object]


def _take(request: Request, pk: int, name: str, *, step: Step, said: str) -> HttpResponse:
    """Take one step on a report; what was typed comes back when it cannot be taken."""
    report = fetch(request.actor, f"plans.report_{name}", Report, pk=pk)
    form = _FORMS[name](request.POST, prefix=name)
    if not form.is_valid():
        return _page(request, report, {name: form}, status=422)
    try:
        step(report, form.cleaned_data)
    except ReportError as problem:
        form.add_error(None, str(problem))
        return _page(request, report, {name: form}, status=409)
    messages.success(request, said)
    return redirect(report)


@login_required
@require_POST
def accept(request: Request, pk: int) -> HttpResponse:
    def step(report: Report, data: dict[str, Any]) -> None:
        accept_report(report, answer=data["answer"], by=request.actor, at=now())

    return _take(
        request, pk, "accept", step=step, said=_("Accepted. Its figures count from now on.")
    )


@login_required
@require_POST
def send_back(request: Request, pk: int) -> HttpResponse:
    def step(report: Report, data: dict[str, Any]) -> None:
        return_report(report, data["text"], by=request.actor, at=now())

    return _take(request, pk, "return", step=step, said=_("The report is back with the place."))


@login_required
@require_POST
def answer(request: Request, pk: int) -> HttpResponse:
    def step(report: Report, data: dict[str, Any]) -> None:
        answer_report(report, data["answer"], by=request.actor, at=now())

    return _take(request, pk, "answer", step=step, said=_("Your answer is with the place."))


@login_required
@require_POST
def reopen(request: Request, pk: int) -> HttpResponse:
    def step(report: Report, data: dict[str, Any]) -> None:
        reopen_report(report, data["text"], by=request.actor, at=now())

    return _take(request, pk, "reopen", step=step, said=_("The place can change its report again."))


@login_required
@require_POST
def say(request: Request, pk: int) -> HttpResponse:
    def step(report: Report, data: dict[str, Any]) -> None:
        reply(report, data["text"], by=request.actor, at=now())

    return _take(request, pk, "reply", step=step, said=_("Your reply is with the level above."))


@login_required
@require_POST
def remind(request: Request, pk: int) -> HttpResponse:
    report = fetch(request.actor, "plans.report_remind", Report, pk=pk)
    try:
        remind_of_answer(report, by=request.actor, at=now())
        messages.success(request, _("The reminder is out."))
    except ReportError as problem:
        messages.warning(request, str(problem))
    return redirect(report)


@login_required
@require_http_methods(["GET", "POST"])
def correct(request: Request, pk: int) -> HttpResponse:
    value = fetch(request.actor, "plans.value_correct", Datapoint, pk=pk)
    form = CorrectionForm(request.POST or None, datapoint=value)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            correct_value(value, form.value(), by=request.actor, at=now(), reason=reason)
            messages.success(request, _("The figure is corrected, here and everywhere above."))
            return redirect(value.report)
        except BadValueError as problem:
            form.add_error(None, str(problem))
    return _value_page(request, "plans/reports/correct.html", value, form)


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: Request, pk: int) -> HttpResponse:
    value = fetch(request.actor, "plans.value_withdraw", Datapoint, pk=pk)
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            withdraw_value(value, by=request.actor, at=now(), reason=reason)
            messages.success(request, _("The figure no longer counts anywhere."))
            return redirect(value.report)
        except BadValueError as problem:
            form.add_error(None, str(problem))
    return _value_page(request, "plans/reports/withdraw.html", value, form)


def _value_page(
    request: Request, template: str, value: Datapoint, form: forms.Form
) -> HttpResponse:
    context = {"value": value, "report": value.report, "form": form}
    return render(request, template, context, status=422 if form.is_bound else 200)
