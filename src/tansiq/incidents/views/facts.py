"""The board of facts: what is known, how sure, from where."""

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
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.incidents.actions.facts import FactError, Stated, add_fact, revise_fact, withdraw_fact
from tansiq.incidents.forms.room import FactChangeForm, FactForm, WithdrawForm
from tansiq.incidents.models import Fact, FactState, Incident
from tansiq.incidents.queries.facts import versions_of, with_words


@login_required
@require_http_methods(["GET", "POST"])
def index(request: Request, room: int) -> HttpResponse:
    """Show the board, and put a fact on it."""
    incident = fetch(request.actor, "incidents.enter", Incident, pk=room)
    form, problem = FactForm(request.POST or None), None
    if form.is_valid():
        stated = _stated(form, request.LANGUAGE_CODE)
        fetch(request.actor, _rule_for(stated), Incident, pk=room)
        try:
            add_fact(incident, stated, by=request.actor, at=now(), sent=form.sent)
        except FactError as refusal:
            problem = refusal
        else:
            return redirect("incidents:facts", room=room)
    facts = Fact.objects.visible_to(request.actor).filter(incident=incident)
    context = {
        "incident": incident,
        "facts": with_words(facts.for_board()),
        "form": form,
        "problem": problem,
        "may_add": can(request.actor, "incidents.fact", incident),
        "may_confirm": can(request.actor, "incidents.fact_confirm", incident),
    }
    status = 422 if form.is_bound else 200
    return render(request, "incidents/facts/index.html", context, status=status)


def _rule_for(stated: Stated) -> str:
    is_sure = stated.state == FactState.CONFIRMED
    return "incidents.fact_confirm" if is_sure else "incidents.fact"


def _stated(form: FactForm, language: str, reason: str = "") -> Stated:
    given = form.cleaned_data
    return Stated(
        given["text"],
        language,
        FactState(given["state"]),
        given["source"],
        given["observed_at"],
        reason,
    )


@login_required
@require_GET
def show(request: Request, room: int, pk: int) -> HttpResponse:
    fact = fetch(request.actor, "incidents.fact_view", Fact, pk=pk, incident=room)
    return _page(request, fact)


def _page(
    request: Request,
    fact: Fact,
    *,
    filled_in: dict[str, forms.Form] | None = None,
    problem: Exception | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show a fact with each way it ever stood."""
    first = {name: getattr(fact, name) for name in ("text", "source", "observed_at", "revision")}
    state = FactState.UNCONFIRMED if fact.is_withdrawn else fact.state
    asked: dict[str, forms.Form] = {
        "change": FactChangeForm(initial=first | {"state": state}),
        "withdraw": WithdrawForm(initial={"revision": fact.revision}),
    }
    with_words([fact])
    context = {
        "incident": fact.incident,
        "fact": fact,
        "versions": versions_of(request.actor, fact),
        "forms": asked | (filled_in or {}),
        "opened": next(iter(filled_in or {}), ""),
        "problem": problem,
        "may_revise": can(request.actor, "incidents.fact_revise", fact),
    }
    return render(request, "incidents/facts/detail.html", context, status=status)


@login_required
@require_POST
def change(request: Request, room: int, pk: int) -> HttpResponse:
    """Say what is known now; also how an unconfirmed fact is confirmed."""
    fact = fetch(request.actor, "incidents.fact_revise", Fact, pk=pk, incident=room)

    def work(form: FactChangeForm) -> None:
        given = form.cleaned_data
        stated = _stated(form, request.LANGUAGE_CODE, given["reason"])
        fetch(request.actor, _rule_for(stated), Incident, pk=room)
        revision = given["revision"]
        revise_fact(fact, stated, revision=revision, by=request.actor, at=now(), sent=form.sent)

    return _do(request, fact, ("change", FactChangeForm(request.POST)), work)


@login_required
@require_POST
def withdraw(request: Request, room: int, pk: int) -> HttpResponse:
    """Strike a fact through, with the reason."""
    fact = fetch(request.actor, "incidents.fact_revise", Fact, pk=pk, incident=room)

    def work(form: WithdrawForm) -> None:
        reason, revision = form.cleaned_data["reason"], form.cleaned_data["revision"]
        withdraw_fact(fact, reason, revision=revision, by=request.actor, at=now(), sent=form.sent)

    return _do(request, fact, ("withdraw", WithdrawForm(request.POST)), work)


def _do(
    request: Request, fact: Fact, named: tuple[str, Any], work: Callable[[Any], None]
) -> HttpResponse:
    name, form = named
    if not form.is_valid():
        return _page(request, fact, filled_in={name: form}, status=422)
    try:
        work(form)
    except (FactError, ChangedMeanwhileError) as problem:
        current = fetch(request.actor, "incidents.fact_view", Fact, pk=fact.pk)
        # Both stand on the page: what stands now above, what was typed in the form below.
        form.data = form.data.copy() | {"revision": str(current.revision)}
        return _page(request, current, filled_in={name: form}, problem=problem, status=409)
    messages.success(request, _("The board is changed. The version before stays below."))
    return redirect("incidents:fact", room=fact.incident_id, pk=fact.pk)
