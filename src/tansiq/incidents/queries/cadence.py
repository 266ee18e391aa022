"""Whether the city kept its word about when it would speak again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tansiq.incidents.models import Incident, Statement, Task

# Told so long before, on the room's clock, that an update is promised.
AHEAD = timedelta(minutes=10)


@dataclass(frozen=True)
class Promise:
    """One public statement that promised the next, and when the next one came."""

    statement: Statement
    promised_at: datetime
    kept_at: datetime | None

    @property
    def delay(self) -> timedelta | None:
        """How much later than promised the next one came; negative when it came early."""
        return None if self.kept_at is None else self.kept_at - self.promised_at

    @property
    def is_late(self) -> bool:
        return self.delay is not None and self.delay > timedelta(0)


@dataclass(frozen=True)
class Cadence:
    """All promises of a room; what is still to come has no `kept_at`."""

    promises: tuple[Promise, ...]
    first_after: timedelta | None

    @property
    def kept(self) -> int:
        return sum(one.kept_at is not None and not one.is_late for one in self.promises)

    @property
    def due(self) -> int:
        """How many promises an update has followed; the latest may still be open."""
        return sum(one.kept_at is not None for one in self.promises)

    @property
    def late(self) -> int:
        return sum(one.is_late for one in self.promises)

    @property
    def longest_delay(self) -> timedelta:
        delays = [one.delay for one in self.promises if one.delay is not None]
        return max([*delays, timedelta(0)])


@dataclass(frozen=True)
class NextUpdate:
    """When the public was told to expect the next word; or when the first one is due.

    `minutes` are those left on the room's clock, negative when it is late.
    """

    at: datetime
    minutes: int
    is_first: bool = False

    @property
    def is_late(self) -> bool:
        return self.minutes < 0

    @property
    def is_soon(self) -> bool:
        return 0 <= self.minutes <= AHEAD.total_seconds() // 60

    @property
    def minutes_late(self) -> int:
        return -self.minutes


def cadence_of(incident: Incident) -> Cadence:
    """Return each promise with the moment at which the next public statement came."""
    spoken = _spoken(incident)
    moments = [one.released_at for one in spoken]
    promises = []
    for number, one in enumerate(spoken):
        if one.next_update_at is not None:
            later = [moment for moment in moments[number + 1 :] if moment is not None]
            promises.append(Promise(one, one.next_update_at, later[0] if later else None))
    first = moments[0] - incident.began_at if moments and moments[0] is not None else None
    return Cadence(tuple(promises), first)


def next_update(incident: Incident, at: datetime) -> NextUpdate | None:
    """Return when the next public word is expected; None when nothing is promised any more."""
    if not incident.is_open:
        return None
    moment = incident.room_time(at)
    latest = _spoken(incident, latest_only=True)
    if latest:
        promised = latest[0].next_update_at
        return None if promised is None else _left(promised, moment)
    due = _first_due(incident)
    return None if due is None else _left(due, moment, is_first=True)


def _left(at: datetime, moment: datetime, *, is_first: bool = False) -> NextUpdate:
    seconds = (at - moment).total_seconds()
    return NextUpdate(at, int(seconds // 60), is_first=is_first)


def _spoken(incident: Incident, *, latest_only: bool = False) -> list[Statement]:
    """Return what was released to the public, withdrawn or not: it was said."""
    rows: Any = Statement.objects.filter(incident=incident).ever_released().public()
    if latest_only:
        return list(rows.order_by("-released_at", "-pk")[:1])
    return list(rows.order_by("released_at", "pk"))


def _first_due(incident: Incident) -> datetime | None:
    """Return when the playbook wants the first statement, if it asks for one."""
    document = incident.playbook.document
    asked = [one.key for one in document.tasks if one.evidence and one.evidence.type == "statement"]
    tasks = Task.objects.filter(incident=incident, key__in=asked, due_at__isnull=False).open()
    return tasks.order_by("due_at").values_list("due_at", flat=True).first()
