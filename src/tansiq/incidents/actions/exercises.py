"""What those who run an exercise decide: story, teams, objectives, injects, what they saw."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor, Role
from tansiq.access.log import record
from tansiq.access.models import Organisation, Person
from tansiq.access.notices import notify
from tansiq.access.notices import register as register_notice
from tansiq.access.queries import people_of
from tansiq.core.editing import save_changes
from tansiq.incidents.actions.clock import pause_clock
from tansiq.incidents.actions.log import Line, write_down
from tansiq.incidents.actions.opening import Opening, open_room
from tansiq.incidents.models import (
    Aim,
    EntryKind,
    Exercise,
    Incident,
    Inject,
    InjectState,
    Observation,
    Team,
)
from tansiq.incidents.playbook.document import ExerciseSpec
from tansiq.incidents.wording import register

register("exercise_set_up", gettext_lazy("This room is an exercise. Nothing leaves it."))
register("inject_given", gettext_lazy("Inject: %(inject)s"))
register("inject_written", gettext_lazy("Inject:"))
register_notice("incidents.inject", gettext_lazy("%(title)s: something new for your team."))


_KEY = re.compile(r"\b[A-Z]{1,3}-\d{2}\b")


class ExerciseError(Exception):
    """The exercise cannot take this step; the message says why."""


@transaction.atomic
def practise(opening: Opening, story: str, *, by: Actor, at: datetime) -> Incident:
    """Open a room for an exercise and set it up; its clock waits until somebody starts it."""
    incident = open_room(opening, by=by, at=at)
    set_up_exercise(incident, story, by=by, at=at)
    pause_clock(incident, by=by, at=at)
    return incident


@transaction.atomic
def set_up_exercise(incident: Incident, story: str = "", *, by: Actor, at: datetime) -> Exercise:
    """Let this person run the exercise, with the injects of one of the playbook's stories.

    Raises ExerciseError for a real incident, a second time, and for an unknown story.
    """
    if not incident.is_exercise:
        raise ExerciseError(_("This is a real incident. It cannot become an exercise."))
    if Exercise.objects.filter(incident=incident).exists():
        raise ExerciseError(_("This exercise was set up already."))
    exercise = Exercise(incident=incident, story=story, changed_at=at)
    exercise.save(force_insert=True)
    if by.person_id is not None:
        exercise.facilitators.add(by.person_id)
    if story:
        _take_story(incident, _story(incident, story), at=at)
    line = Line(EntryKind.ROOM, "exercise_set_up", subject=exercise)
    write_down(incident, line, rule="incidents.set_up_exercise", by=by, at=at)
    return exercise


def _story(incident: Incident, key: str) -> ExerciseSpec:
    document = incident.playbook.document
    if not document.has("exercises", key):
        raise ExerciseError(_("The playbook has no such exercise. Choose another."))
    found: ExerciseSpec = document.find("exercises", key)
    return found


def _take_story(incident: Incident, story: ExerciseSpec, *, at: datetime) -> None:
    known = {task.key for task in incident.playbook.document.tasks}
    Inject.objects.bulk_create(
        Inject(
            incident=incident,
            key=one.key,
            roles=list(one.to),
            # Good play names the tasks that show it, such as (F-05).
            tasks=sorted(known.intersection(_KEY.findall(str(one.expected.in_language("en"))))),
            planned_at=one.at.after(incident.began_at),
            changed_at=at,
        )
        for one in story.injects
    )


@transaction.atomic
def name_facilitators(
    exercise: Exercise, people: Iterable[Person], *, by: Actor, at: datetime
) -> None:
    """Say who runs the exercise. Raises ExerciseError when nobody would."""
    chosen = list(people)
    if not chosen:
        raise ExerciseError(_("Somebody must run the exercise. Choose at least one person."))
    exercise.facilitators.set(chosen)
    detail = {"people": sorted(one.pk for one in chosen)}
    record(by, "incidents.facilitate", exercise.incident, at=at, detail=detail)


@transaction.atomic
def add_team(
    team: Team,
    *,
    organisations: Iterable[Organisation],
    people: Iterable[Person],
    by: Actor,
    at: datetime,
) -> Team:
    """Make a team. Raises ExerciseError for a name that another one has."""
    team.changed_at = at
    try:
        with transaction.atomic():
            team.save(force_insert=True)
    except IntegrityError as problem:
        raise ExerciseError(_("Another team has this name.")) from problem
    team.organisations.set(organisations)
    team.people.set(people)
    record(by, "incidents.facilitate", team.incident, at=at, detail={"team": team.pk})
    return team


@transaction.atomic
def edit_team(
    team: Team,
    changes: dict[str, Any],
    *,
    organisations: Iterable[Organisation],
    people: Iterable[Person],
    revision: int,
    by: Actor,
    at: datetime,
) -> None:
    """Change a team. Raises ChangedMeanwhileError, and ExerciseError for a name that is taken."""
    try:
        with transaction.atomic():
            save_changes(team, changes, revision=revision, at=at)
    except IntegrityError as problem:
        raise ExerciseError(_("Another team has this name.")) from problem
    team.organisations.set(organisations)
    team.people.set(people)
    record(by, "incidents.facilitate", team.incident, at=at, detail={"team": team.pk})


@transaction.atomic
def remove_team(team: Team, *, by: Actor, at: datetime) -> None:
    """Remove a team. Raises ExerciseError while injects are for it: they would be for all."""
    if team.injects.exists():
        raise ExerciseError(_("Injects are only for this team. Give them to another team first."))
    record(by, "incidents.facilitate", team.incident, at=at, detail={"team_removed": team.pk})
    team.delete()


@transaction.atomic
def add_piece(piece: Aim | Inject, *, by: Actor, at: datetime) -> None:
    """Add an objective or an inject."""
    piece.changed_at = at
    piece.save(force_insert=True)
    detail = {piece._meta.model_name or "": piece.pk}
    record(by, "incidents.facilitate", piece.incident, at=at, detail=detail)


@transaction.atomic
def edit_piece(
    piece: Aim | Inject, changes: dict[str, Any], *, revision: int, by: Actor, at: datetime
) -> None:
    """Change an objective or an inject. Raises ChangedMeanwhileError.

    Raises ExerciseError for an inject that players have seen.
    """
    _refuse_given(piece)
    save_changes(piece, changes, revision=revision, at=at)
    detail = {piece._meta.model_name or "": piece.pk, "fields": sorted(changes)}
    record(by, "incidents.facilitate", piece.incident, at=at, detail=detail)


@transaction.atomic
def remove_piece(piece: Aim | Inject, *, by: Actor, at: datetime) -> None:
    """Remove an objective that nobody observed yet, or an inject that nobody has seen."""
    _refuse_given(piece)
    if isinstance(piece, Aim) and piece.observations.exists():
        raise ExerciseError(_("Somebody noted what they saw for this objective. It stays."))
    detail = {f"{piece._meta.model_name}_removed": piece.pk}
    record(by, "incidents.facilitate", piece.incident, at=at, detail=detail)
    piece.delete()


def _refuse_given(piece: Aim | Inject) -> None:
    if isinstance(piece, Inject) and _locked(piece).is_given:
        raise ExerciseError(_("Players have seen this inject. It stays as it was."))


@transaction.atomic
def give_inject(inject: Inject, *, by: Actor, at: datetime) -> bool:
    """Show an inject to its players now. False when it was given already: it comes once.

    Raises ExerciseError when the exercise is over.
    """
    current = _locked(inject)
    incident = current.incident
    if not incident.is_open:
        raise ExerciseError(_("This exercise is over. Nothing more is given."))
    if current.is_given:
        return False
    current.state, current.given_at = InjectState.GIVEN, incident.room_time(at)
    _save(current, "given_at", at=at)
    write_down(incident, _line_of(current), rule="incidents.give_inject", by=by, at=at)
    _tell_team(current, at=at)
    inject.refresh_from_db()
    return True


def _line_of(inject: Inject) -> Line:
    if inject.key:
        story = Exercise.objects.get(incident=inject.incident_id).story
        facts = {"inject": f"{story}/{inject.key}"}
        return Line(EntryKind.INJECT, "inject_given", facts, subject=inject)
    words = f"{inject.title}\n{inject.text}".strip()
    return Line(
        EntryKind.INJECT, "inject_written", text=words, language=inject.language, subject=inject
    )


def _tell_team(inject: Inject, *, at: datetime) -> None:
    if inject.team is None:
        return
    bodies = inject.team.organisations.values_list("pk", flat=True)
    members = people_of(bodies, at=at, least=Role.CONTRIBUTOR)
    facts = {"title": inject.incident.title}
    notify(
        [*members, *inject.team.people.all()],
        "incidents.inject",
        inject,
        url=inject.incident.get_absolute_url(),
        facts=facts,
        at=at,
    )


@transaction.atomic
def skip_inject(inject: Inject, *, by: Actor, at: datetime) -> None:
    """Leave an inject out. Raises ExerciseError when players have seen it."""
    current = _locked(inject)
    _refuse_given(current)
    current.state = InjectState.SKIPPED
    _save(current, at=at)
    record(by, "incidents.facilitate", inject.incident, at=at, detail={"skipped": inject.pk})
    inject.refresh_from_db()


@transaction.atomic
def plan_again(inject: Inject, *, by: Actor, at: datetime) -> None:
    """Take back that an inject is left out; from then on it is given by hand."""
    current = _locked(inject)
    if current.state != InjectState.SKIPPED:
        return
    current.state, current.is_automatic = InjectState.PLANNED, False
    _save(current, "is_automatic", at=at)
    record(by, "incidents.facilitate", inject.incident, at=at, detail={"planned": inject.pk})
    inject.refresh_from_db()


@transaction.atomic
def note_answer(inject: Inject, *, by: Actor, at: datetime) -> None:
    """Say that the expected action has come now. Raises ExerciseError before it was given."""
    current = _locked(inject)
    if not current.is_given:
        raise ExerciseError(_("Players have not seen this inject yet."))
    if current.answered_at is None:
        current.answered_at = current.incident.room_time(at)
        _save(current, "answered_at", at=at)
        record(by, "incidents.facilitate", inject.incident, at=at, detail={"answer": inject.pk})
    inject.refresh_from_db()


def give_due_injects(*, at: datetime, incident: Incident | None = None) -> int:
    """Give what comes by itself and is due on the clock of its room; return how many.

    While a clock stands still nothing comes by itself.
    """
    rooms = Incident.objects.running().filter(is_exercise=True, clock_speed__gt=0)
    if incident is not None:
        rooms = rooms.filter(pk=incident.pk)
    given = 0
    for room in rooms.order_by("pk"):
        due = Inject.objects.waiting().filter(
            incident=room, is_automatic=True, planned_at__lte=room.room_time(at)
        )
        by = Actor.system("an inject came at its time")
        given += sum(give_inject(one, by=by, at=at) for one in due.in_order())
    return given


@transaction.atomic
def observe(observation: Observation, *, by: Actor, at: datetime) -> Observation:
    """Note what was seen; what a device sends twice is noted once."""
    incident = observation.incident
    Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    key = observation.client_key
    known = Observation.objects.filter(incident=incident, client_key=key).first() if key else None
    if known is not None:
        return known
    observation.person_id = by.person_id
    observation.at, observation.recorded_at = incident.room_time(at), at
    observation.save(force_insert=True)
    detail = {"observation": observation.pk}
    record(by, "incidents.facilitate", incident, at=at, detail=detail)
    return observation


def _locked(inject: Inject) -> Inject:
    rows = Inject.objects.select_for_update(of=("self",)).select_related("incident", "team")
    return rows.get(pk=inject.pk)


def _save(inject: Inject, *fields: str, at: datetime) -> None:
    inject.changed_at = at
    inject.revision += 1
    inject.save(update_fields=["state", "changed_at", "revision", *fields])
