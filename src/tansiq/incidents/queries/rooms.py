"""Which rooms somebody sees, and what each page of a room shows at its head."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language

from tansiq.access.actor import Actor
from tansiq.incidents.models import Incident, Seat, Task
from tansiq.incidents.playbook.document import PhaseSpec


def running_rooms(actor: Actor) -> list[Incident]:
    """Return the running incidents this actor sees, the latest first."""
    return list(Incident.objects.visible_to(actor).running().latest_first())


def phase_of(incident: Incident, at: datetime) -> PhaseSpec | None:
    """Return the phase in which the incident is at this real moment, by its own clock."""
    moment = incident.room_time(at)
    begun = [
        phase
        for phase in incident.playbook.document.phases
        if phase.begins is not None and phase.begins.after(incident.began_at) <= moment
    ]
    return begun[-1] if begun else None


@dataclass(frozen=True)
class Alarm:
    """A running incident as a bar on every page, and a line of the desk, tell it."""

    incident: Incident
    phase: str
    open: int
    late: int


def alarms_for(actor: Actor, at: datetime) -> list[Alarm]:
    """Return the running incidents that this person takes part in: real ones, then exercises."""
    if actor.person_id is None:
        return []
    rooms = Incident.objects.visible_to(actor).running().concerning(actor)
    rooms = rooms.select_related("playbook").defer("playbook__document_json")
    found = list(rooms.order_by("is_exercise", "-began_at", "-pk"))
    held = Seat.objects.filter(
        incident=OuterRef("incident"), role=OuterRef("role"), holder=actor.person_id
    )
    tasks = Task.objects.visible_to(actor).open().filter(incident__in=found)
    mine = tasks.filter(Exists(held) | Q(taken_by=actor.person_id)).order_by("incident")
    due: dict[int, list[datetime | None]] = defaultdict(list)
    for room, moment in mine.values_list("incident", "due_at"):
        due[room].append(moment)
    return [_alarm(room, due[room.pk], at) for room in found]


def _alarm(room: Incident, due: list[datetime | None], at: datetime) -> Alarm:
    phase, moment = phase_of(room, at), room.room_time(at)
    words = phase.title.in_language(get_language() or "en") if phase else ""
    late = sum(one is not None and one < moment for one in due)
    return Alarm(room, words, len(due), late)


def open_tasks_of(actor: Actor, incident: Incident) -> int:
    """Return how many open tasks stand with the roles this person holds in the room."""
    if actor.person_id is None:
        return 0
    mine = incident.seat_set.filter(holder=actor.person_id).values("role")
    return Task.objects.visible_to(actor).open().filter(incident=incident, role__in=mine).count()
