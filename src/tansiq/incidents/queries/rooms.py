"""Which rooms somebody sees, and what each page of a room shows at its head."""

from datetime import datetime

from tansiq.access.actor import Actor
from tansiq.incidents.models import Incident, Task
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


def open_tasks_of(actor: Actor, incident: Incident) -> int:
    """Return how many open tasks stand with the roles this person holds in the room."""
    if actor.person_id is None:
        return 0
    mine = incident.seat_set.filter(holder=actor.person_id).values("role")
    return Task.objects.visible_to(actor).open().filter(incident=incident, role__in=mine).count()
