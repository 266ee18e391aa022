"""Who has the room open. Nothing of it is logged: it is a sight through the door, no history."""

from datetime import datetime

from tansiq.access.actor import Actor
from tansiq.incidents.models import Incident, Presence
from tansiq.incidents.querysets import HERE_FOR


def come_in(incident: Incident, *, by: Actor, at: datetime) -> bool:
    """Say that somebody has the room open; return whether they were not there before."""
    if by.person_id is None:
        return False
    here = Presence.objects.filter(incident=incident, person=by.person_id)
    known = here.values_list("seen_at", flat=True).first()
    Presence.objects.bulk_create(
        [Presence(incident=incident, person_id=by.person_id, seen_at=at)],
        update_conflicts=True,
        unique_fields=["incident", "person"],
        update_fields=["seen_at"],
    )
    return known is None or known <= at - HERE_FOR


def leave(incident: Incident, *, by: Actor) -> None:
    Presence.objects.filter(incident=incident, person=by.person_id).delete()


def forget_silent(*, at: datetime) -> int:
    """Delete who was not heard of for a while; return how many."""
    deleted, _by_model = Presence.objects.filter(seen_at__lte=at - HERE_FOR).delete()
    return deleted
