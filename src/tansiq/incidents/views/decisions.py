"""Decisions: who, when, on what information, and why."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.access.pages import page_of
from tansiq.incidents.actions.decisions import Decided, DecisionError, decide
from tansiq.incidents.forms.room import DecisionForm
from tansiq.incidents.models import Decision, Fact, Incident
from tansiq.incidents.queries.decisions import decisions_of, page_of_decision, with_texts


@login_required
@require_GET
def index(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.enter", Incident, pk=room)
    page = page_of(request, decisions_of(request.actor, incident))
    context = {
        "incident": incident,
        "page": page,
        "decisions": with_texts(page),
        "may_decide": can(request.actor, "incidents.decide", incident),
    }
    return render(request, "incidents/decisions/index.html", context)


@login_required
@require_GET
def show(request: Request, room: int, pk: int) -> HttpResponse:
    decision = fetch(request.actor, "incidents.decision_view", Decision, pk=pk, incident=room)
    context = {
        "incident": decision.incident,
        "page": page_of_decision(request.actor, decision),
        "may_decide": can(request.actor, "incidents.decide", decision.incident),
    }
    return render(request, "incidents/decisions/detail.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def add(request: Request, room: int) -> HttpResponse:
    """Write a decision down; `?replaces=` names the one whose place it takes."""
    incident = fetch(request.actor, "incidents.decide", Incident, pk=room)
    earlier = _earlier(request, incident)
    facts = Fact.objects.visible_to(request.actor).filter(incident=incident).standing()
    form, problem = DecisionForm(request.POST or None, facts=facts.for_board()), None
    if form.is_valid():
        try:
            decision = _decide(request, incident, form, earlier)
        except DecisionError as refusal:
            problem = refusal
        else:
            messages.success(request, _("The decision is written down."))
            return redirect("incidents:decision", room=room, pk=decision.pk)
    context = {"incident": incident, "form": form, "problem": problem, "earlier": earlier}
    status = 422 if form.is_bound else 200
    return render(request, "incidents/decisions/add.html", context, status=status)


def _earlier(request: Request, incident: Incident) -> Decision | None:
    given = request.GET.get("replaces", "")
    if not given.isdecimal():
        return None
    return fetch(
        request.actor, "incidents.decision_view", Decision, pk=int(given[:18]), incident=incident
    )


def _decide(request: Request, incident: Incident, form: Any, earlier: Decision | None) -> Decision:
    given = form.cleaned_data
    decided = Decided(
        given["text"],
        given["why"],
        request.LANGUAGE_CODE,
        tuple(given["facts"]),
        given["information"],
        given["alternatives"],
        earlier,
    )
    return decide(incident, decided, by=request.actor, at=now(), sent=form.sent)
