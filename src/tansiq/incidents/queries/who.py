"""Who is on: the roles of a room with their holders, and who has the room open."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from tansiq.access.actor import Actor
from tansiq.access.models import Person
from tansiq.incidents.models import Incident, Presence, Seat
from tansiq.incidents.wording import role_title

_ALSO = 12


@dataclass(frozen=True)
class Sitting:
    """A role in the room: who holds it, and whether they have the room open."""

    seat: Seat
    role: str
    is_here: bool

    @property
    def is_empty(self) -> bool:
        return self.seat.holder_id is None


@dataclass(frozen=True)
class Who:
    """The roles, empty leading ones first; and some of those who are here without a role."""

    sittings: list[Sitting]
    here: int
    filled: int
    also: list[Person]
    more: int

    @property
    def empty(self) -> list[Sitting]:
        return [one for one in self.sittings if one.is_empty]

    @property
    def held(self) -> list[Sitting]:
        return [one for one in self.sittings if not one.is_empty]


def who_is_on(actor: Actor, incident: Incident, at: datetime) -> Who:
    """Return who holds which role, and who was seen in the room in the last minute and a half."""
    document, language = incident.playbook.document, get_language() or "en"
    present = Presence.objects.visible_to(actor).filter(incident=incident).here_at(at)
    here = set(present.values_list("person_id", flat=True))
    seats = Seat.objects.visible_to(actor).filter(incident=incident).select_related("holder")
    sittings = [
        Sitting(seat, role_title(document, seat.role, language), seat.holder_id in here)
        for seat in seats.order_by("-is_leading", "pk")
    ]
    seated = {one.seat.holder_id for one in sittings}
    others = here - seated
    also = present.exclude(person__in=seated - {None}).select_related("person").order_by("pk")
    return Who(
        sittings,
        here=len(here),
        filled=sum(not one.is_empty for one in sittings),
        also=[one.person for one in also[:_ALSO]],
        more=max(0, len(others) - _ALSO),
    )
