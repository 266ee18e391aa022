"""Preparing an exercise: injects, teams, objectives, who runs it; and starting one in two taps."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tansiq.access.actor import Role
from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.core.pages import page
from tansiq.incidents.actions import exercises
from tansiq.incidents.actions.opening import Opening
from tansiq.incidents.forms.exercises import (
    AimForm,
    FacilitatorsForm,
    InjectForm,
    PractiseForm,
    TeamForm,
)
from tansiq.incidents.models import Aim, Incident, Inject, Team
from tansiq.incidents.queries import exercises as reading

form_view = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@form_view
def practise(request: Request) -> HttpResponse:
    offers = reading.offers_for(request.actor, _coordinated(request))
    if not offers:
        raise PermissionDenied(_("Only a coordinator can start an exercise."))
    form = PractiseForm(request.POST or None, bodies=[one.owner for one in offers])
    if form.is_valid():
        owner, story = form.cleaned_data["owner"], form.cleaned_data["story"]
        offer = next((one for one in offers if one.owner.pk == owner), None)
        spec = offer and offer.story(story)
        if offer is not None and spec is not None:
            return _start(request, offer, spec)
        messages.error(request, _("The playbook has no such exercise. Choose another."))
    context = {"offers": offers, "form": form, "is_exercise": True}
    return page(request, "incidents/exercise/practise.html", context)


def _coordinated(request: Request) -> list[Organisation]:
    mine = request.actor.organisations_as(Role.COORDINATOR)
    rows = Organisation.objects.visible_to(request.actor).filter(pk__in=mine, place__isnull=False)
    found = rows.select_related("place").order_by("-is_lead_of_place", "name", "pk")
    return [one for one in found if can(request.actor, "incidents.practise", one)]


def _start(request: Request, offer: reading.Offer, spec: Any) -> HttpResponse:
    language = get_language() or "en"
    place = offer.owner.place
    assert place is not None  # noqa: S101 -- only bodies with a place are offered
    opening = Opening(
        owner=offer.owner,
        place=place,
        title=spec.title.in_language(language)[:120],
        language=language,
        trigger=spec.trigger,
        playbook=offer.playbook,
        is_exercise=True,
    )
    incident = exercises.practise(opening, spec.key, by=request.actor, at=now())
    return redirect("incidents:exercise", incident.pk)


def _run(request: Request, room: int) -> Incident:
    return fetch(request.actor, "incidents.facilitate", Incident, pk=room)


@login_required
@form_view
def inject_add(request: Request, room: int) -> HttpResponse:
    incident = _run(request, room)
    blank = Inject(incident=incident, language=get_language() or "en")
    initial = {"planned_at": incident.room_time(now())}
    form = InjectForm(request.POST or None, instance=blank, initial=initial, incident=incident)
    return _add(request, incident, form, _("Add an inject"))


@login_required
@form_view
def aim_add(request: Request, room: int) -> HttpResponse:
    incident = _run(request, room)
    blank = Aim(incident=incident, language=get_language() or "en")
    form = AimForm(request.POST or None, instance=blank, incident=incident)
    return _add(request, incident, form, _("Add an objective"))


def _add(
    request: Request, incident: Incident, form: AimForm | InjectForm, heading: str
) -> HttpResponse:
    if form.is_valid():
        exercises.add_piece(form.save(commit=False), by=request.actor, at=now())
        return redirect("incidents:exercise", incident.pk)
    return _form_page(request, incident, form, heading)


@login_required
@form_view
def inject_edit(request: Request, room: int, pk: int) -> HttpResponse:
    inject = fetch(request.actor, "incidents.give_inject", Inject, pk=pk, incident=room)

    def make(data: Any, piece: Any) -> InjectForm:
        return InjectForm(data, instance=piece, incident=piece.incident)

    return _edit(
        request, inject, make, heading=_("Change the inject"), removing="incidents:inject_remove"
    )


@login_required
@form_view
def aim_edit(request: Request, room: int, pk: int) -> HttpResponse:
    incident = _run(request, room)
    aim = fetch(request.actor, "incidents.facilitate_aim", Aim, pk=pk, incident=incident.pk)

    def make(data: Any, piece: Any) -> AimForm:
        return AimForm(data, instance=piece, incident=piece.incident)

    return _edit(
        request, aim, make, heading=_("Change the objective"), removing="incidents:aim_remove"
    )


def _edit(
    request: Request, piece: Aim | Inject, make: Any, *, heading: str, removing: str
) -> HttpResponse:
    incident = piece.incident
    form = make(request.POST or None, piece)
    context: dict[str, Any] = {"remove_url": reverse(removing, args=[incident.pk, piece.pk])}
    if form.is_valid():
        try:
            exercises.edit_piece(
                piece, form.changes(), revision=form.seen_revision, by=request.actor, at=now()
            )
            return redirect("incidents:exercise", incident.pk)
        except exercises.ExerciseError as problem:
            form.add_error(None, str(problem))
        except ChangedMeanwhileError as problem:
            context |= _conflict(form, make(None, problem.current))
    return _form_page(request, incident, form, heading, more=context)


def _conflict(form: Any, fresh: Any) -> dict[str, Any]:
    return {"is_conflict": True, "differences": form.show_again(fresh)}


@login_required
@form_view
def team_add(request: Request, room: int) -> HttpResponse:
    incident = _run(request, room)
    blank = Team(incident=incident, language=get_language() or "en")
    form = _team_form(request, blank, request.POST or None)
    if form.is_valid():
        try:
            exercises.add_team(blank, **_members(form), by=request.actor, at=now())
            return redirect("incidents:exercise", room)
        except exercises.ExerciseError as problem:
            form.add_error("name", str(problem))
    return _form_page(request, incident, form, _("Add a team"))


@login_required
@form_view
def team_edit(request: Request, room: int, pk: int) -> HttpResponse:
    incident = _run(request, room)
    team = fetch(request.actor, "incidents.facilitate_team", Team, pk=pk, incident=incident.pk)
    form = _team_form(request, team, request.POST or None)
    context: dict[str, Any] = {"remove_url": reverse("incidents:team_remove", args=[room, pk])}
    if form.is_valid():
        try:
            exercises.edit_team(
                team,
                form.changes(),
                **_members(form),
                revision=form.seen_revision,
                by=request.actor,
                at=now(),
            )
            return redirect("incidents:exercise", room)
        except exercises.ExerciseError as problem:
            form.add_error("name", str(problem))
        except ChangedMeanwhileError as problem:
            context |= _conflict(form, _team_form(request, problem.current, None))
    return _form_page(request, incident, form, _("Change the team"), more=context)


def _team_form(request: Request, team: Any, data: Any) -> TeamForm:
    players = reading.players_of(team.incident, now())
    return TeamForm(data, instance=team, incident=team.incident, players=players)


def _members(form: TeamForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("organisations", "people")}


@login_required
@form_view
def facilitators(request: Request, room: int) -> HttpResponse:
    incident = _run(request, room)
    exercise = incident.exercise
    form = FacilitatorsForm(
        request.POST or None,
        players=reading.players_of(incident, now()),
        initial={"people": exercise.facilitators.all()},
    )
    if form.is_valid():
        chosen = form.cleaned_data["people"]
        exercises.name_facilitators(exercise, chosen, by=request.actor, at=now())
        return redirect("incidents:exercise", room)
    return _form_page(request, incident, form, _("Who runs the exercise"))


@login_required
@require_POST
def inject_remove(request: Request, room: int, pk: int) -> HttpResponse:
    inject = fetch(request.actor, "incidents.give_inject", Inject, pk=pk, incident=room)
    return _remove(request, inject)


@login_required
@require_POST
def aim_remove(request: Request, room: int, pk: int) -> HttpResponse:
    return _remove(request, fetch(request.actor, "incidents.facilitate_aim", Aim, pk=pk))


@login_required
@require_POST
def team_remove(request: Request, room: int, pk: int) -> HttpResponse:
    team = fetch(request.actor, "incidents.facilitate_team", Team, pk=pk)
    return _remove(request, team)


def _remove(request: Request, piece: Aim | Inject | Team) -> HttpResponse:
    try:
        if isinstance(piece, Team):
            exercises.remove_team(piece, by=request.actor, at=now())
        else:
            exercises.remove_piece(piece, by=request.actor, at=now())
    except exercises.ExerciseError as problem:
        messages.error(request, str(problem))
    return redirect("incidents:exercise", piece.incident_id)


def _form_page(
    request: Request,
    incident: Incident,
    form: forms.BaseForm,
    heading: str,
    *,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    context = {
        "incident": incident,
        "form": form,
        "heading": heading,
        "back_url": reverse("incidents:exercise", args=[incident.pk]),
    }
    status = 422 if form.is_bound else 200
    return page(request, "incidents/exercise/form.html", context | (more or {}), status=status)
