"""Asking for support in a room, answering, and all that is owed across rooms."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.access.actor import Role
from tansiq.access.gate import can, can_each, fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation
from tansiq.core.translations import show_each
from tansiq.incidents.actions.support import (
    STEPS,
    SupportError,
    answer_support,
    ask_for_support,
    discuss_support,
    settle_support,
)
from tansiq.incidents.forms.support import AnswerForm, AskForm, MessageForm, SaidForm
from tansiq.incidents.models import Brief, Incident, SupportMessage, SupportRequest
from tansiq.incidents.queries.reports import owed_briefs
from tansiq.incidents.queries.support import (
    organisations_in,
    owed_requests,
    requests_in,
    row_of,
)


@login_required
@require_GET
def index(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.enter", Incident, pk=room)
    context = {
        "incident": incident,
        "rows": requests_in(request.actor, incident, at=now()),
        "may_ask": can(request.actor, "incidents.ask_support", incident),
    }
    return render(request, "incidents/support/index.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.ask_support", Incident, pk=room)
    form = _ask_form(request, incident)
    if form.is_valid():
        try:
            asked = ask_for_support(
                incident,
                form.asking(request.LANGUAGE_CODE),
                by=request.actor,
                at=now(),
                client_key=form.cleaned_data["client_key"],
            )
        except SupportError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Asked. They are told, and the clock runs."))
            return redirect(asked)
    status = 422 if form.is_bound else 200
    context = {"incident": incident, "form": form}
    return render(request, "incidents/support/ask.html", context, status=status)


def _ask_form(request: Request, incident: Incident) -> AskForm:
    everybody = organisations_in(incident)
    ours = request.actor.organisations_as(Role.CONTRIBUTOR)
    mine = [one for one in everybody if one.pk in ours]
    return AskForm(request.POST or None, mine=mine, everybody=everybody)


@login_required
@require_GET
def show(request: Request, room: int, pk: int) -> HttpResponse:
    asked = fetch(request.actor, "incidents.see_support", SupportRequest, pk=pk, incident=room)
    return _page(request, asked)


def _page(
    request: Request, asked: SupportRequest, *, status: int = 200, **forms: Any
) -> HttpResponse:
    ours = request.actor.organisations_as(Role.CONTRIBUTOR)
    talk = SupportMessage.objects.visible_to(request.actor).filter(request=asked)
    said = list(talk.select_related("organisation", "person").order_by("at", "pk"))
    show_each(said, "text", language_of=lambda one: one.language)
    show_each([asked], "what", "why", language_of=lambda one: one.language)
    rules = ("incidents.answer_support", "incidents.settle_support", "incidents.discuss_support")
    verdicts = can_each(request.actor, rules, asked)
    context = {
        "incident": asked.incident,
        "asked": asked,
        "row": row_of(asked, ours=ours, at=now()),
        "talk": said,
        "may_answer": verdicts["incidents.answer_support"],
        "may_settle": verdicts["incidents.settle_support"],
        "may_discuss": verdicts["incidents.discuss_support"],
        "answer_form": AnswerForm(),
        "message_form": MessageForm(),
        "said_form": SaidForm(),
    }
    return render(request, "incidents/support/show.html", context | forms, status=status)


@login_required
@require_POST
def answer(request: Request, room: int, pk: int) -> HttpResponse:
    asked = fetch(request.actor, "incidents.answer_support", SupportRequest, pk=pk, incident=room)
    form = AnswerForm(request.POST)
    if form.is_valid():
        said = form.said(request.LANGUAGE_CODE)
        try:
            answer_support(asked, form.cleaned_data["step"], said, by=request.actor, at=now())
        except SupportError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Answered. They are told."))
            return redirect(asked)
    return _page(request, _fresh(request, asked), answer_form=form, status=422)


@login_required
@require_POST
def step(request: Request, room: int, pk: int, step: str) -> HttpResponse:
    """Take any other step: seen, delivered; or taken, declined, confirmed, disputed, withdrawn."""
    if step not in STEPS:
        raise Http404
    rule = STEPS[step].rule
    asked = fetch(request.actor, rule, SupportRequest, pk=pk, incident=room)
    form = SaidForm(request.POST)
    act = answer_support if rule == "incidents.answer_support" else settle_support
    if form.is_valid():
        try:
            act(asked, step, form.said(request.LANGUAGE_CODE), by=request.actor, at=now())
        except SupportError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Written down. They are told."))
            return redirect(asked)
    return _page(request, _fresh(request, asked), said_form=form, status=422)


@login_required
@require_POST
def message(request: Request, room: int, pk: int) -> HttpResponse:
    asked = fetch(request.actor, "incidents.discuss_support", SupportRequest, pk=pk, incident=room)
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, message_form=form, status=422)
    said = form.said(request.LANGUAGE_CODE)
    discuss_support(asked, _speaker(request, asked), said, by=request.actor, at=now())
    return redirect(f"{asked.get_absolute_url()}#talk")


def _speaker(request: Request, asked: SupportRequest) -> Organisation:
    ours = request.actor.organisations_as(Role.CONTRIBUTOR)
    sides = (asked.to_organisation, asked.from_organisation)
    return next(one for one in sides if one.pk in ours)


def _fresh(request: Request, asked: SupportRequest) -> SupportRequest:
    found: SupportRequest = SupportRequest.objects.visible_to(request.actor).get(pk=asked.pk)
    return found


@login_required
@require_GET
def owed(request: Request) -> HttpResponse:
    """Show what waits between us and others: real incidents first, exercises apart."""
    seen = SupportRequest.objects.visible_to(request.actor)
    real, practice = owed_requests(seen, ours=request.actor.organisation_ids, at=now())
    owed_by_us_or_to_us = owed_briefs(
        Brief.objects.visible_to(request.actor), ours=request.actor.organisation_ids, at=now()
    )
    context = {
        "real": real,
        "practice": practice,
        "briefs": owed_by_us_or_to_us[0],
        "practice_briefs": owed_by_us_or_to_us[1],
    }
    return render(request, "incidents/support/owed.html", context)
