"""Requests for support as pages read them: in one room, and all that is owed across rooms."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Organisation
from tansiq.incidents.models import Incident, SupportRequest, SupportState
from tansiq.incidents.models.support import level_of
from tansiq.incidents.querysets.support import SupportQuerySet


@dataclass(frozen=True)
class Row:
    """A request in a list: how its clock stands, and what we can do about it."""

    request: SupportRequest
    is_late: bool
    # Until the answer is owed; negative when it is late. None when it was answered.
    left: timedelta | None
    is_ours_to_answer: bool = False
    is_ours_to_settle: bool = False

    @property
    def minutes(self) -> int:
        """Return how many whole minutes are left, or how many it is late."""
        return abs(int(self.left.total_seconds())) // 60 if self.left is not None else 0


def row_of(request: SupportRequest, *, ours: frozenset[int], at: datetime) -> Row:
    moment = request.incident.room_time(at)
    return Row(
        request,
        is_late=request.is_late(moment),
        left=request.answer_due_at - moment if request.waits_for_answer else None,
        is_ours_to_answer=request.to_organisation_id in ours,
        is_ours_to_settle=request.from_organisation_id in ours,
    )


def requests_in(actor: Actor, incident: Incident, *, at: datetime) -> list[Row]:
    """Return the requests of a room, what waits for an answer first, the latest last."""
    ours = actor.organisations_as(Role.CONTRIBUTOR)
    rows = SupportRequest.objects.visible_to(actor).filter(incident=incident).for_list()
    return [row_of(request, ours=ours, at=at) for request in rows]


@dataclass
class Owed:
    """What waits between us and others, over all rooms of one kind (real, or exercises)."""

    to_answer: list[Row] = field(default_factory=list)
    to_deliver: list[Row] = field(default_factory=list)
    # Offered or delivered to us: we say whether it helps.
    to_settle: list[Row] = field(default_factory=list)
    # With others, nothing for us to do but wait, or remind them.
    waiting: list[Row] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any((self.to_answer, self.to_deliver, self.to_settle, self.waiting))


def owed_requests(
    seen: SupportQuerySet[SupportRequest], *, ours: frozenset[int], at: datetime
) -> tuple[Owed, Owed]:
    """Return what is going on between us and others: in real incidents, and in exercises."""
    seen = seen.going_on()
    rows = (seen.asked_of(ours) | seen.asked_by(ours)).exclude(incident__status="retired")
    found = (Owed(), Owed())
    for request in rows.for_list():
        row = row_of(request, ours=ours, at=at)
        _sort_into(found[request.incident.is_exercise], row)
    for owed in found:
        owed.to_answer.sort(key=lambda row: (row.left or timedelta(0), row.request.pk))
    return found


def _sort_into(owed: Owed, row: Row) -> None:
    request = row.request
    if row.is_ours_to_answer and request.waits_for_answer:
        owed.to_answer.append(row)
    elif row.is_ours_to_answer and request.is_promised:
        owed.to_deliver.append(row)
    elif row.is_ours_to_settle and (request.is_offered or request.is_delivered):
        owed.to_settle.append(row)
    else:
        owed.waiting.append(row)


def organisations_in(incident: Incident) -> list[Organisation]:
    """Return who takes part, the highest level first."""
    named = incident.named_organisations.select_related("place")
    everybody = {one.pk: one for one in [incident.owner, *named]}
    return sorted(everybody.values(), key=lambda one: (level_of(one), one.name, one.pk))


@dataclass(frozen=True)
class Direction:
    """How requests in one direction were answered: for the report after the action."""

    asked: int
    answered: int
    late: int
    refused: int
    arrived: int
    # Of those that were answered, until the first answer.
    median_minutes: float | None
    longest_minutes: float | None


def answer_times(incident: Incident, *, at: datetime) -> dict[str, Direction]:
    """Return how requests up, down and between equals were answered; the keys say which."""
    rows: dict[str, list[SupportRequest]] = {"up": [], "down": [], "across": []}
    known = ("from_organisation__place", "to_organisation__place", "incident")
    for request in SupportRequest.objects.filter(incident=incident).select_related(*known):
        rows[_direction(request)].append(request)
    moment = incident.room_time(at)
    return {name: _measured(of_it, moment) for name, of_it in rows.items()}


def _direction(request: SupportRequest) -> str:
    there, here = level_of(request.to_organisation), level_of(request.from_organisation)
    return "across" if there == here else "up" if there < here else "down"


def _measured(requests: Iterable[SupportRequest], moment: datetime) -> Direction:
    given = list(requests)
    waited = [
        (one.answered_at - one.asked_at).total_seconds() / 60 for one in given if one.answered_at
    ]
    late = [
        one
        for one in given
        if (one.answered_at or (moment if one.waits_for_answer else one.answer_due_at))
        > one.answer_due_at
    ]
    return Direction(
        asked=len(given),
        answered=len(waited),
        late=len(late),
        refused=sum(one.state == SupportState.REFUSED for one in given),
        arrived=sum(one.state == SupportState.CONFIRMED for one in given),
        median_minutes=median(waited) if waited else None,
        longest_minutes=max(waited, default=None),
    )
