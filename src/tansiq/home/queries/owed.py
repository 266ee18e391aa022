"""All that is owed in both directions, of plans and of the exchange, in two lists."""

from dataclasses import dataclass
from datetime import datetime

from tansiq.access.actor import Actor
from tansiq.exchange.queries.duty_pages import Side, side_of
from tansiq.exchange.queries.obligations import owed_by as duties_by
from tansiq.exchange.queries.obligations import owed_to as duties_to
from tansiq.home.queries.desk import duty_item
from tansiq.plans.queries.desk import Item, owed_by, owed_to, urgency

# More of the exchange than these stands on its own page.
_MOST = 50


@dataclass(frozen=True)
class Direction:
    """One direction: all lines, the late first, and how much of the exchange is not shown."""

    items: list[Item]
    exchange: Side
    plans: int

    @property
    def count(self) -> str:
        return self.exchange.counted_with(self.plans)

    @property
    def has_more(self) -> bool:
        return self.exchange.sums.open > len(self.exchange.lines)


@dataclass(frozen=True)
class Owed:
    by_us: Direction
    to_us: Direction


def everything_owed(actor: Actor, at: datetime) -> Owed:
    by_us = side_of("by_us", duties_by(actor), actor, at=at, most=_MOST)
    to_us = side_of("to_us", duties_to(actor), actor, at=at, most=_MOST)
    return Owed(_direction(owed_by(actor, at), by_us), _direction(owed_to(actor, at), to_us))


def _direction(of_plans: list[Item], exchange: Side) -> Direction:
    lines = [*of_plans, *map(duty_item, exchange.lines)]
    return Direction(sorted(lines, key=urgency), exchange, len(of_plans))
