"""What the pages about duties show: the overview, one duty, and its section on an item's page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from tansiq.access.actor import Actor, Role
from tansiq.exchange.models import (
    Item,
    Obligation,
    ObligationKind,
    ObligationState,
    Receipt,
    Reminder,
    Rhythm,
)
from tansiq.exchange.queries.obligations import (
    History,
    Line,
    Sums,
    counted,
    history_of,
    lines_of,
    open_periods_for,
    owed_by,
    owed_to,
    sums_of,
    told_of,
)

_FIRST = 8


@dataclass(frozen=True)
class Side:
    """One direction: how much is open, and the most urgent of it."""

    way: str
    sums: Sums
    lines: Sequence[Line]

    def counted_with(self, others: int) -> str:
        """Return how many there are together with so many of another kind."""
        return counted(self.sums.open + others)

    @property
    def url(self) -> str:
        return f"{reverse('exchange:owed')}?way={self.way}"


@dataclass(frozen=True)
class Overview:
    to_us: Side
    by_us: Side
    told: Sequence[Line]

    @property
    def is_empty(self) -> bool:
        return not (self.to_us.lines or self.by_us.lines or self.told)


def overview_of(actor: Actor, *, at: datetime) -> Overview:
    return Overview(
        side_of("to_us", owed_to(actor), actor, at=at),
        side_of("by_us", owed_by(actor), actor, at=at),
        lines_of(_named(told_of(actor))[:_FIRST], actor, at=at),
    )


def side_of(way: str, rows: Any, actor: Actor, *, at: datetime, most: int = _FIRST) -> Side:
    """Return the most urgent of these, and how many are open and late.

    What a standing duty brings to many on one day is one line.
    """
    active = rows.active()
    # Said so that no database walks along the index of the rhythms for what has none.
    plain = active.alias(of_rhythm=Coalesce("rhythm_id", 0)).filter(of_rhythm=0)
    singles = list(_named(plain.urgent_first())[: most + 1])
    periods = _periods_of(active, most + 1)
    # Where the first ones are all there are, counting asks the database nothing.
    if max(len(singles), len(periods)) <= most:
        late = sum(one.is_late(at) for one in singles)
        late += sum(one["count"] for one in periods if one["due_at"] < at)
        sums = Sums(len(singles) + sum(one["count"] for one in periods), late)
    else:
        sums = sums_of(rows, at=at)
    counts = {one["first"]: one["count"] for one in periods}
    firsts = list(_named(rows.filter(pk__in=counts))) if counts else []
    urgent = sorted([*singles, *firsts], key=lambda one: (one.due_at, one.pk))[:most]
    lines = lines_of(urgent, actor, at=at)
    return Side(way, sums, [replace(one, count=counts.get(one.obligation.pk, 1)) for one in lines])


def _periods_of(active: Any, most: int) -> list[dict[str, Any]]:
    grouped = active.filter(rhythm__isnull=False).order_by().values("rhythm", "period_on", "due_at")
    counted = grouped.annotate(count=Count("pk"), first=Min("pk")).order_by("due_at", "first")
    return list(counted[:most])


def waiting_for_us(actor: Actor, *, at: datetime) -> list[Line]:
    """Return what others say they gave, for us to confirm or to object."""
    rows = owed_to(actor).filter(state=ObligationState.DONE).exclude(kind=ObligationKind.ANSWER)
    return lines_of(_named(rows.order_by("-due_at", "-pk"))[:_FIRST], actor, at=at)


def _named(rows: Any) -> Any:
    return rows.select_related("debtor", "creditor")


@dataclass(frozen=True)
class ObligationPage:
    line: Line
    history: History
    item: Item | None
    rhythm: Rhythm | None

    @property
    def obligation(self) -> Obligation:
        return self.line.obligation


def page_of_obligation(obligation: Obligation, actor: Actor, *, at: datetime) -> ObligationPage:
    """Return one duty with what was done about it; item and rhythm only for who sees them."""
    items = Item.objects.visible_to(actor)
    rhythms = Rhythm.objects.visible_to(actor)
    return ObligationPage(
        lines_of([obligation], actor, at=at)[0],
        history_of(obligation, actor),
        items.filter(pk=obligation.done_with_id or 0).first(),
        rhythms.filter(pk=obligation.rhythm_id or 0).first(),
    )


@dataclass(frozen=True)
class OnItem:
    """Who owes what because of this item, who was reminded, and what it may give."""

    lines: Sequence[Line]
    has_more: bool
    silent: int
    recipients: int
    reminded_at: datetime | None
    may_remind: bool
    may_give: Sequence["Givable"]
    pk: int
    at: datetime

    @property
    def today(self) -> date:
        return self.at.date()


@dataclass(frozen=True)
class Givable:
    """A period of a standing duty that this item may give, and to how many."""

    key: str
    what: str
    due_on: date
    count: int


_MOST = 5


def duties_on_item(actor: Actor, item: Item, at: datetime) -> OnItem | None:
    """Return the section of an item's page about answers, reminders and standing duties."""
    if item.is_draft:
        return None
    rows = Obligation.objects.visible_to(actor).filter(item=item)
    is_sender = item.owner_id in actor.organisation_ids
    lines = lines_of(_named(rows.urgent_first())[: _MOST + 1], actor, at=at)
    silence = _silence_of(item, is_sender=is_sender)
    may_send = actor.is_at_least(Role.CONTRIBUTOR, in_organisation=item.owner_id)
    givable = _givable(item, actor) if may_send and not item.is_red else []
    if not lines and not is_sender:
        return None
    holds = not (item.is_recalled or item.is_purged or item.is_over(at.date()))
    return OnItem(
        lines=lines[:_MOST],
        has_more=len(lines) > _MOST,
        may_remind=may_send and holds and bool(silence["silent"]),
        may_give=givable,
        pk=item.pk,
        at=at,
        **silence,
    )


def _silence_of(item: Item, *, is_sender: bool) -> dict[str, Any]:
    if not is_sender:
        return {"silent": 0, "recipients": 0, "reminded_at": None}
    silent = Q(acknowledged_at__isnull=True, answered_at__isnull=True, organisation__is_active=True)
    counted = Receipt.objects.filter(item=item).aggregate(
        recipients=Count("pk"), silent=Count("pk", filter=silent)
    )
    latest = Reminder.objects.filter(receipt__item=item).aggregate(latest=Max("at"))
    return counted | {"reminded_at": latest["latest"]}


def _givable(item: Item, actor: Actor) -> list[Givable]:
    rows: Any = (
        open_periods_for(item, actor)
        .order_by()
        .values("rhythm", "what", "period_on")
        .annotate(count=Count("pk"))
        .order_by("period_on", "rhythm")[:5]
    )
    return [
        Givable(f"{one['rhythm']}.{one['period_on']}", one["what"], one["period_on"], one["count"])
        for one in rows
    ]
