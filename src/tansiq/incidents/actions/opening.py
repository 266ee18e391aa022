"""A playbook becomes a room: its roles become seats, its tasks get a clock."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor
from tansiq.access.models import Marking, Organisation, Place
from tansiq.access.zones import zone, zone_of
from tansiq.core.editing import save_changes
from tansiq.incidents.actions.log import Line, write_down
from tansiq.incidents.models import (
    EntryKind,
    Incident,
    IncidentStatus,
    Level,
    PlaybookVersion,
    Seat,
    Task,
    Trigger,
)
from tansiq.incidents.playbook.document import TaskSpec
from tansiq.incidents.wording import register

register("room_opened", gettext_lazy("The playbook was activated. The room is open."))
register("room_closed", gettext_lazy("The incident was closed."))
register("room_reopened", gettext_lazy("The incident was opened again."))


class OpeningError(Exception):
    """The room cannot be opened or closed so; the message says what to do."""


@dataclass(frozen=True)
class Opening:
    """What is known in the first minute."""

    owner: Organisation
    place: Place
    title: str
    language: str
    trigger: Trigger
    playbook: PlaybookVersion
    level: Level = Level.FULL
    is_exercise: bool = False
    # T0, when it happened; the moment of opening when nobody says.
    began_at: datetime | None = None
    marking: Marking = Marking.AMBER
    taking_part: tuple[Organisation, ...] = ()
    # The rest of M/ETHANE, by field of `Incident`; answers to the playbook's questions, by key.
    known: dict[str, str] = field(default_factory=dict)
    answers: dict[str, bool] = field(default_factory=dict)
    time_zone: str = ""


@transaction.atomic
def open_room(opening: Opening, *, by: Actor, at: datetime) -> Incident:
    """Activate a playbook. Raises OpeningError for a beginning that is still to come."""
    began_at = opening.began_at or at
    if began_at > at and not opening.is_exercise:
        raise OpeningError(_("The incident cannot begin later than now. Correct the time."))
    incident = Incident.objects.create(
        owner=opening.owner,
        place=opening.place,
        title=opening.title,
        language=opening.language,
        trigger=opening.trigger,
        level=opening.level,
        is_exercise=opening.is_exercise,
        playbook=opening.playbook,
        marking=opening.marking,
        purpose=_("Coordination of the response to an incident"),
        began_at=began_at,
        time_zone=opening.time_zone or zone_of(opening.place),
        clock_real=at,
        clock_room=began_at if opening.is_exercise else at,
        changed_at=at,
        **opening.known,
    )
    incident.named_organisations.set(one for one in opening.taking_part if one != opening.owner)
    seat_roles(incident)
    add_tasks(incident, answers=opening.answers)
    line = Line(EntryKind.ROOM, "room_opened", subject=incident)
    write_down(incident, line, rule="incidents.activate", by=by, at=at)
    return incident


def seat_roles(incident: Incident) -> list[Seat]:
    """Make an empty seat for each role of the playbook."""
    roles = incident.playbook.document.roles
    return Seat.objects.bulk_create(
        Seat(incident=incident, role=role.key, is_leading=role.is_lead) for role in roles
    )


def add_tasks(incident: Incident, *, answers: dict[str, bool]) -> list[Task]:
    """Add the tasks that this trigger brings, each with its due time; readiness stays outside.

    A task that comes again stands there once for each time until its end.
    """
    document = incident.playbook.document
    wanted = document.tasks_for(incident.trigger, answers, level=incident.level)
    rows = Task.objects.bulk_create(
        (task for spec in wanted for task in _occurrences(incident, spec)), batch_size=500
    )
    _link(rows, wanted)
    return rows


def _occurrences(incident: Incident, spec: TaskSpec) -> Iterator[Task]:
    for number, due_at in enumerate(_due_moments(incident, spec), start=1):
        yield Task(
            incident=incident,
            key=spec.key,
            occurrence=number,
            phase=spec.phase,
            role=spec.role,
            deputies=list(spec.deputies),
            due_at=due_at,
            needs_evidence=bool(spec.evidence and spec.evidence.is_required),
            checks=list(spec.checks),
            changed_at=incident.changed_at,
        )


def _due_moments(incident: Incident, spec: TaskSpec) -> list[datetime | None]:
    if spec.due is None or not spec.due.is_from_start:
        # It waits for a date that is set later, such as an anniversary.
        return [None]
    # Days are those of the place: a day later is the same hour there, whatever its clocks do.
    began_at = incident.began_at.astimezone(zone(incident.time_zone))
    moments: list[datetime | None] = [spec.due.after(began_at)]
    if spec.repeats is not None and spec.repeats.until.is_from_start:
        ends_at, following = spec.repeats.until.after(began_at), spec.due.after(began_at)
        while (following := spec.repeats.every.after(following)) <= ends_at:
            moments.append(following)
    return moments


def _link(rows: Iterable[Task], specs: Iterable[TaskSpec]) -> None:
    """Let each task wait for those it depends on; of a recurring one, for its first time."""
    first = {task.key: task.pk for task in rows if task.occurrence == 1}
    links: Any = Task.after.through
    links.objects.bulk_create(
        links(from_task_id=first[spec.key], to_task_id=first[needed])
        for spec in specs
        for needed in spec.after
        if needed in first
    )


@transaction.atomic
def close_room(incident: Incident, *, reason: str, revision: int, by: Actor, at: datetime) -> None:
    """End the response; milestones and recovery go on. Raises OpeningError when it is not open."""
    if not incident.is_open:
        raise OpeningError(_("This incident is closed already. Nothing was changed."))
    changes = {"status": IncidentStatus.CLOSED, "closed_at": incident.room_time(at)}
    save_changes(incident, changes, revision=revision, at=at)
    line = Line(EntryKind.ROOM, "room_closed", text=reason, language=incident.language)
    write_down(incident, line, rule="incidents.close", by=by, at=at)


@transaction.atomic
def reopen_room(incident: Incident, *, reason: str, revision: int, by: Actor, at: datetime) -> None:
    """Take up a closed incident again. Raises OpeningError unless it is closed."""
    if incident.status != IncidentStatus.CLOSED:
        raise OpeningError(_("Only a closed incident can be opened again."))
    changes = {"status": IncidentStatus.OPEN, "closed_at": None}
    save_changes(incident, changes, revision=revision, at=at)
    line = Line(EntryKind.ROOM, "room_reopened", text=reason, language=incident.language)
    write_down(incident, line, rule="incidents.reopen", by=by, at=at)
