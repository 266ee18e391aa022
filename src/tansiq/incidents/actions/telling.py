"""Whom of a room to tell something that cannot wait until they look."""

from collections.abc import Iterable

from tansiq.access.models import Person
from tansiq.incidents.models import Incident, Seat


def holders_of(incident: Incident, roles: Iterable[str]) -> list[Person]:
    """Return who holds these roles now; where nobody does, who holds a leading one."""
    held = Seat.objects.filter(incident=incident, holder__isnull=False).select_related("holder")
    found = held.filter(role__in=list(roles)) or held.filter(is_leading=True)
    return [seat.holder for seat in found if seat.holder is not None]
