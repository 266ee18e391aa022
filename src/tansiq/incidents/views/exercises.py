"""Running an exercise: its time line, its clock, its injects, and what players get of them."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.core.pages import page
from tansiq.incidents.actions import clock, exercises
from tansiq.incidents.forms.exercises import SPEEDS, ClockForm, ObservationForm, SetUpForm
from tansiq.incidents.models import Entry, Incident, Inject, Observation
from tansiq.incidents.queries import exercises as reading
from tansiq.incidents.wording import sentence_of

_LOG_LINES = 12
_AHEAD = (15, 60, 24 * 60)


@login_required
@require_GET
def exercise(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.enter", Incident, pk=room)
    if not incident.is_exercise:
        raise Http404
    if reading.exercise_of(incident) is None:
        return _begin(request, incident)
    if not can(request.actor, "incidents.facilitate", incident):
        return redirect("incidents:injects", room)
    return page(
        request,
        "incidents/exercise/timeline.html",
        _timeline(request, incident),
        fragment="incidents/exercise/_running.html",
    )


def _timeline(request: Request, incident: Incident) -> dict[str, Any]:
    moment, language = incident.room_time(now()), get_language() or "en"
    rows = Inject.objects.visible_to(request.actor).filter(incident=incident)
    injects = reading.lines_of(
        incident, rows.select_related("team").in_order(), language=language, moment=moment
    )
    planned = [line for line in injects if line.inject.is_planned]
    return {
        "incident": incident,
        "exercise": reading.exercise_of(incident),
        "room_now": moment,
        "speeds": SPEEDS,
        "ahead": _AHEAD,
        "client_key": uuid4(),
        "planned": planned,
        "next_inject": next((line for line in planned if not line.is_due), None),
        "given": [line for line in reversed(injects) if line.inject.is_given],
        "skipped": [line for line in injects if line.inject.is_skipped],
        "aims": reading.aims_of(request.actor, incident),
        "teams": reading.teams_of(request.actor, incident),
        "observing": ObservationForm(incident=incident, initial={"client_key": uuid4()}),
        "clock_form": ClockForm(),
        "log": _log(request, incident),
    }


def _log(request: Request, incident: Incident) -> list[tuple[Entry, str]]:
    lines = Entry.objects.visible_to(request.actor).filter(incident=incident).latest_first()
    document = incident.playbook.document
    latest = lines.exclude(kind__in=("inject", "room")).select_related("organisation")[:_LOG_LINES]
    return [(line, sentence_of(line, document)) for line in latest]


def _begin(request: Request, incident: Incident) -> HttpResponse:
    context = {
        "incident": incident,
        "stories": reading.stories_of(incident),
        "may_set_up": can(request.actor, "incidents.set_up_exercise", incident),
    }
    return page(request, "incidents/exercise/set_up.html", context)


@login_required
@require_POST
def set_up(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.set_up_exercise", Incident, pk=room)
    form = SetUpForm(request.POST)
    story = form.cleaned_data["story"] if form.is_valid() else ""
    try:
        exercises.set_up_exercise(incident, story, by=request.actor, at=now())
    except exercises.ExerciseError as problem:
        messages.error(request, str(problem))
    return redirect("incidents:exercise", room)


@login_required
@require_POST
def move_clock(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.move_clock", Incident, pk=room)
    form = ClockForm(request.POST)
    if form.is_valid():
        try:
            _move(incident, form.cleaned_data, request)
        except clock.ClockError as problem:
            messages.error(request, str(problem))
    else:
        messages.error(request, _("Choose a time on the clock of the exercise, or a speed."))
    return redirect("incidents:exercise", room)


def _move(incident: Incident, wanted: dict[str, Any], request: Request) -> None:
    at, key, by = now(), wanted["client_key"], request.actor
    to = wanted["to"]
    if wanted["minutes"]:
        to = incident.room_time(at) + timedelta(minutes=wanted["minutes"])
    if to is not None:
        clock.skip_clock(incident, to=to, by=by, at=at, key=key)
    elif wanted["speed"] == 0:
        clock.pause_clock(incident, by=by, at=at, key=key)
    else:
        clock.run_clock(incident, speed=wanted["speed"] or 1, by=by, at=at, key=key)
    exercises.give_due_injects(at=at, incident=incident)


def _inject(request: Request, room: int, pk: int) -> Inject:
    return fetch(request.actor, "incidents.give_inject", Inject, pk=pk, incident=room)


@login_required
@require_POST
def inject_give(request: Request, room: int, pk: int) -> HttpResponse:
    inject = _inject(request, room, pk)
    try:
        if not exercises.give_inject(inject, by=request.actor, at=now()):
            messages.info(request, _("Players have it already."))
    except exercises.ExerciseError as problem:
        messages.error(request, str(problem))
    return redirect("incidents:exercise", room)


@login_required
@require_POST
def inject_skip(request: Request, room: int, pk: int) -> HttpResponse:
    inject = _inject(request, room, pk)
    try:
        exercises.skip_inject(inject, by=request.actor, at=now())
    except exercises.ExerciseError as problem:
        messages.error(request, str(problem))
    return redirect("incidents:exercise", room)


@login_required
@require_POST
def inject_again(request: Request, room: int, pk: int) -> HttpResponse:
    exercises.plan_again(_inject(request, room, pk), by=request.actor, at=now())
    return redirect("incidents:exercise", room)


@login_required
@require_POST
def inject_answered(request: Request, room: int, pk: int) -> HttpResponse:
    inject = _inject(request, room, pk)
    try:
        exercises.note_answer(inject, by=request.actor, at=now())
    except exercises.ExerciseError as problem:
        messages.error(request, str(problem))
    return redirect("incidents:exercise", room)


@login_required
@require_POST
def observe(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.facilitate", Incident, pk=room)
    blank = Observation(incident=incident, language=get_language() or "en")
    form = ObservationForm(request.POST, instance=blank, incident=incident)
    if form.is_valid():
        exercises.observe(form.save(commit=False), by=request.actor, at=now())
        messages.success(request, _("Noted."))
        return redirect("incidents:exercise", room)
    context = _timeline(request, incident) | {"observing": form}
    return page(request, "incidents/exercise/timeline.html", context, status=422)


@login_required
@require_GET
def injects(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.enter", Incident, pk=room)
    if not incident.is_exercise:
        raise Http404
    rows = Inject.objects.visible_to(request.actor).filter(incident=incident, state="given")
    lines = reading.lines_of(
        incident,
        rows.select_related("team").order_by("-given_at", "-pk"),
        language=get_language() or "en",
        moment=incident.room_time(now()),
    )
    context = {
        "incident": incident,
        "lines": lines,
        "aims": reading.aims_of(request.actor, incident),
        "may_facilitate": can(request.actor, "incidents.facilitate", incident),
    }
    return page(request, "incidents/exercise/injects.html", context)
