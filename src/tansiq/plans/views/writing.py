"""Writing a report: the page that keeps itself, the look before sending, and the files."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.core import formats
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.core.guarding import unwatched
from tansiq.plans.actions.reports import ReportError, submit_report
from tansiq.plans.actions.values import BadValueError
from tansiq.plans.actions.writing import save_report
from tansiq.plans.forms.reports import ReportForm
from tansiq.plans.models import Report
from tansiq.plans.queries.contents import checks_of, filled_share_of, lines_of_report
from tansiq.plans.queries.register import activities_in


@login_required
@require_http_methods(["GET", "POST"])
def write(request: Request, pk: int) -> HttpResponse:
    report = fetch(request.actor, "plans.report_write", Report, pk=pk)
    lines = lines_of_report(report, request.actor)
    today = now().date()
    if request.method == "GET":
        pen = get_random_string(32)
        form = ReportForm.opened(report, lines, pen=pen, today=today)
        return _page(request, report, form)
    form = ReportForm(request.POST, report=report, lines=lines, today=today)
    if not form.is_valid():
        return _page(request, report, form, status=422)
    try:
        _save(request, report, form)
    except ChangedMeanwhileError as conflict:
        return _conflict(request, conflict, form)
    except (ReportError, BadValueError) as problem:
        form.add_error(None, str(problem))
        return _page(request, report, form, status=422)
    if request.POST.get("then") == "send":
        return redirect("plans:report_send", pk=report.pk)
    messages.success(request, _kept(report))
    return redirect("plans:report_write", pk=report.pk)


def _kept(report: Report) -> str:
    if report.submitted_at is None:
        return _("Kept as a draft. Nobody outside your organisation sees it yet.")
    return _("Kept. The level above knows this report; it counts once you send it again.")


@login_required
@require_POST
def keep(request: Request, pk: int) -> HttpResponse:
    """Save by itself what can be saved; what is wrong stays as it was and is only counted."""
    report = fetch(request.actor, "plans.report_write", Report, pk=pk)
    lines = lines_of_report(report, request.actor)
    form = ReportForm(request.POST, report=report, lines=lines, today=now().date())
    with unwatched():
        form.is_valid()
    if {"revision", "pen"} & set(form.errors):
        return render(request, "plans/reports/_kept.html", {"report": report}, status=422)
    try:
        report = _save(request, report, form)
    except ChangedMeanwhileError as conflict:
        context = {"report": report, "conflict": conflict}
        return render(request, "plans/reports/_kept.html", context, status=409)
    context = _preview(request, report) | {"form": form, "at": now(), "is_fragment": True}
    return render(request, "plans/reports/_kept.html", context)


def _save(request: Request, report: Report, form: ReportForm) -> Report:
    return save_report(
        report,
        form.words(),
        form.entries(),
        revision=form.cleaned_data["revision"],
        pen=form.cleaned_data["pen"],
        by=request.actor,
        at=now(),
    )


def _page(
    request: Request, report: Report, form: ReportForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = _preview(request, report) | {
        "form": form,
        "may_send": can(request.actor, "plans.report_send", report),
        "activities": activities_in(request.actor, report.period, report.place)[:20],
        "today": now().date(),
    }
    return render(request, "plans/reports/write.html", context | more, status=status)


def _preview(request: Request, report: Report) -> dict[str, Any]:
    lines = lines_of_report(report, request.actor)
    return {
        "report": report,
        "lines": lines,
        "filled": filled_share_of(report, lines),
        "evidence": report.evidence.order_by("added_at", "pk"),
    }


def _conflict(request: Request, conflict: ChangedMeanwhileError, form: ReportForm) -> HttpResponse:
    """Show both versions; saving again then puts together what should stand."""
    current = fetch(request.actor, "plans.report_write", Report, pk=conflict.current.pk)
    differences = list(_differences(request, current, form))
    data = {**form.data.dict(), "revision": str(current.revision)}  # type: ignore[attr-defined]  # -- a QueryDict
    again = ReportForm(
        data,
        report=current,
        lines=lines_of_report(current, request.actor),
        today=now().date(),
    )
    return _page(
        request,
        current,
        again,
        status=409,
        differences=differences,
        changed_by=current.changed_by or _("Somebody"),
        changed_at=current.changed_at,
    )


def _differences(request: Request, current: Report, form: ReportForm) -> Iterable[dict[str, str]]:
    for name, text in form.words().items():
        stands = str(getattr(current, name))
        if stands.strip() != text.strip():
            yield {"label": str(form.fields[name].label), "theirs": stands, "yours": text}
    entries = form.entries()
    for line in lines_of_report(current, request.actor):
        value = entries.get((line.indicator, ""))
        yours = value.number if value else None
        if yours != line.number:
            label = f"{line.indicator.code} {line.title}"
            shown = [_shown(one, request) for one in (line.number, yours)]
            yield {"label": label, "theirs": shown[0], "yours": shown[1]}


def _shown(number: Any, request: Request) -> str:
    if number is None:
        return _("no figure")
    return formats.number(number, request.LANGUAGE_CODE)


@login_required
@require_http_methods(["GET", "POST"])
def send(request: Request, pk: int) -> HttpResponse:
    """Look at everything once more; on POST it goes to the level above."""
    report = fetch(request.actor, "plans.report_send", Report, pk=pk)
    problem = ""
    if request.method == "POST":
        try:
            submit_report(report, by=request.actor, at=now())
            return redirect("plans:report_receipt", pk=report.pk)
        except ReportError as refusal:
            problem = str(refusal)
    context = _preview(request, report)
    context["checks"] = checks_of(report, context["lines"], request.LANGUAGE_CODE)
    context["problem"] = problem
    return render(request, "plans/reports/send.html", context, status=409 if problem else 200)
