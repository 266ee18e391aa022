"""The page of recovery: dates, memorials, recommendations; and the public list of the last."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from tansiq.access.actor import PASSER_BY
from tansiq.access.gate import can_each, fetch
from tansiq.access.middleware import Request
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.core.translations import show_each
from tansiq.incidents.actions.aftercare import (
    AftercareError,
    add_recommendation,
    decide_memorial,
    move_recommendation,
)
from tansiq.incidents.actions.milestones import (
    MilestoneError,
    drop_milestone,
    move_milestone,
    set_milestone,
    tell_families,
)
from tansiq.incidents.forms.aftercare import (
    FundForm,
    MemorialForm,
    MilestoneForm,
    ReasonForm,
    RecommendationForm,
    StandForm,
)
from tansiq.incidents.models import (
    Fund,
    Incident,
    MemorialDecision,
    Milestone,
    Recommendation,
)
from tansiq.incidents.queries.support import organisations_in
from tansiq.plans.models import Action

_PROBLEMS = (MilestoneError, AftercareError, ChangedMeanwhileError)
_MOST_ACTIONS = 200


@login_required
@require_GET
def show(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.enter", Incident, pk=room)
    return _page(request, incident)


def _page(request: Request, incident: Incident, *, status: int = 200, **bound: Any) -> HttpResponse:
    actor = request.actor
    rules = ("incidents.recovery", "incidents.fund_open", "incidents.retire")
    verdicts = can_each(actor, rules, incident)
    dates = list(Milestone.objects.visible_to(actor).filter(incident=incident).standing().by_day())
    memorials = list(
        MemorialDecision.objects.visible_to(actor).filter(incident=incident).order_by("-decided_at")
    )
    wanted = list(Recommendation.objects.visible_to(actor).filter(incident=incident).for_list())
    show_each(dates, "title", language_of=lambda one: one.language)
    show_each(memorials, "about", "why", language_of=lambda one: one.language)
    show_each(wanted, "text", "source", language_of=lambda one: one.language)
    everybody = organisations_in(incident)
    context = {
        "incident": incident,
        "dates": dates,
        "memorials": memorials,
        "recommendations": wanted,
        "funds": Fund.objects.visible_to(actor).filter(incident=incident).order_by("pk"),
        "today": incident.room_time(now()).date(),
        "may_write": verdicts["incidents.recovery"],
        "may_open_fund": verdicts["incidents.fund_open"],
        "may_retire": verdicts["incidents.retire"],
        "milestone_form": MilestoneForm(),
        "memorial_form": MemorialForm(),
        "recommendation_form": RecommendationForm(among=everybody),
        "fund_form": FundForm(among=everybody),
    }
    return render(request, "incidents/aftercare/show.html", context | bound, status=status)


def _post(
    request: Request,
    incident: Incident,
    form: forms.Form,
    act: Callable[[], Any],
    *,
    name: str,
    said: str,
) -> HttpResponse:
    """Do what a form of this page asks, or show it again with what is wrong."""
    if form.is_valid():
        try:
            act()
        except _PROBLEMS as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, said)
            return redirect("incidents:recovery", room=incident.pk)
    return _page(request, incident, status=422, **{name: form})


@login_required
@require_POST
def set_date(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.recovery", Incident, pk=room)
    form = MilestoneForm(request.POST)
    return _post(
        request,
        incident,
        form,
        lambda: set_milestone(
            incident, form.dated(request.LANGUAGE_CODE), by=request.actor, at=now()
        ),
        name="milestone_form",
        said=_("In the calendar, with the tasks that hang on it."),
    )


@login_required
@require_http_methods(["GET", "POST"])
def move_date(request: Request, room: int, pk: int) -> HttpResponse:
    milestone = fetch(request.actor, "incidents.milestone", Milestone, pk=pk, incident=room)
    initial = {name: getattr(milestone, name) for name in MilestoneForm.base_fields}
    form = MilestoneForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            dated = form.dated(milestone.language)
            revision = form.cleaned_data["revision"] or 0
            move_milestone(milestone, dated, revision=revision, by=request.actor, at=now())
        except _PROBLEMS as problem:
            form.add_error(None, str(problem))
        else:
            return redirect("incidents:recovery", room=room)
    context = {
        "incident": milestone.incident,
        "milestone": milestone,
        "form": form,
        "drop_form": ReasonForm(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "incidents/aftercare/date.html", context, status=status)


@login_required
@require_POST
def drop_date(request: Request, room: int, pk: int) -> HttpResponse:
    milestone = fetch(request.actor, "incidents.milestone", Milestone, pk=pk, incident=room)
    try:
        reason = request.POST.get("reason", "")[:400]
        drop_milestone(milestone, reason=reason, by=request.actor, at=now())
        messages.success(request, _("The date is off, and its open tasks with it."))
    except MilestoneError as problem:
        messages.warning(request, str(problem))
    return redirect("incidents:recovery", room=room)


@login_required
@require_POST
def told(request: Request, room: int, pk: int) -> HttpResponse:
    milestone = fetch(request.actor, "incidents.milestone", Milestone, pk=pk, incident=room)
    at = now()
    day = milestone.incident.room_time(at).date()
    tell_families(milestone, on=day, by=request.actor, at=at)
    return redirect("incidents:recovery", room=room)


@login_required
@require_POST
def memorial(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.recovery", Incident, pk=room)
    form = MemorialForm(request.POST)
    return _post(
        request,
        incident,
        form,
        lambda: decide_memorial(
            incident, form.decision(request.LANGUAGE_CODE), by=request.actor, at=now()
        ),
        name="memorial_form",
        said=_("Written into the log of memorials."),
    )


@login_required
@require_POST
def recommend(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.recovery", Incident, pk=room)
    form = RecommendationForm(request.POST, among=organisations_in(incident))
    return _post(
        request,
        incident,
        form,
        lambda: add_recommendation(
            incident, form.recommendation(request.LANGUAGE_CODE), by=request.actor, at=now()
        ),
        name="recommendation_form",
        said=_("It is tracked from now on."),
    )


@login_required
@require_http_methods(["GET", "POST"])
def stand(request: Request, room: int, pk: int) -> HttpResponse:
    one = fetch(request.actor, "incidents.recommendation", Recommendation, pk=pk, incident=room)
    actions = Action.objects.visible_to(request.actor).filter(plan__owner=one.answerable_id)
    initial = {
        "state": one.state,
        "reason": one.reason,
        "due_on": one.due_on,
        "action": one.action_id,
        "is_public": one.is_public,
        "revision": one.revision,
    }
    form = StandForm(
        request.POST or None,
        actions=actions.order_by("plan", "code")[:_MOST_ACTIONS],
        initial=initial,
    )
    if form.is_valid():
        try:
            revision = form.cleaned_data["revision"]
            move_recommendation(one, form.stand(), revision=revision, by=request.actor, at=now())
        except _PROBLEMS as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Kept."))
            return redirect("incidents:recovery", room=room)
    context = {
        "incident": one.incident,
        "one": one,
        "form": form,
        "steps": one.steps.order_by("-at", "-pk"),
    }
    status = 422 if form.is_bound else 200
    return render(request, "incidents/aftercare/recommendation.html", context, status=status)


@require_safe
def public(request: Request, room: int) -> HttpResponse:
    """Show everybody how each recommendation stands; what is not public is not there."""
    rows = Recommendation.objects.visible_to(PASSER_BY).filter(incident=room).for_list()
    found = list(rows.select_related("answerable", "incident__place"))
    if not found:
        raise Http404
    show_each(found, "text", "source", "reason", language_of=lambda one: one.language)
    context = {"rows": found, "place": found[0].incident.place}
    return render(request, "incidents/aftercare/public.html", context)
