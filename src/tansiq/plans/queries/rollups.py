"""Figures that were added up over places, in the indicator's unit."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from tansiq.access.models import PlaceLink
from tansiq.plans.models import Datapoint, DatapointStatus, Indicator, RollUp, Rule


@dataclass(frozen=True)
class Figure:
    """What places come to together, and how many places that rests on."""

    number: Decimal | None
    places: int

    @property
    def is_known(self) -> bool:
        return self.number is not None


NOTHING = Figure(None, 0)


def figure_of(indicator: Indicator, rollup: RollUp | None) -> Figure:
    """Return the figure by the indicator's own rule; means carry two digits more than values."""
    if rollup is None or rollup.values_count == 0:
        return NOTHING
    return Figure(_number(indicator, rollup), rollup.values_count)


def _number(indicator: Indicator, rollup: RollUp) -> Decimal | None:
    if indicator.rule == Rule.SUM:
        return indicator.as_number(rollup.total)
    if indicator.rule == Rule.PLACES:
        return Decimal(rollup.places_above_zero)
    if indicator.rule == Rule.LATEST:
        return indicator.as_number(rollup.latest_amount)
    if indicator.rule == Rule.MEAN:
        return _ratio(rollup.total, rollup.values_count, indicator.decimals)
    return _ratio(rollup.weighted_total, rollup.weight, indicator.decimals)


def _ratio(total: int, base: int, decimals: int) -> Decimal | None:
    if base == 0:
        return None
    digits = Decimal(1).scaleb(-(decimals + 2))
    exact = Decimal(total) / Decimal(base)
    return exact.scaleb(-decimals).quantize(digits, rounding=ROUND_HALF_EVEN)


Key = tuple[int, int, int, str]
Sums = tuple[int, int, int, int, int, int | None]


def recomputed(indicators: Iterable[Indicator]) -> dict[Key, Sums]:
    """Return all roll-ups of these indicators, added up naively from every accepted value.

    The twin of `actions.rollups`, kept plain on purpose: (indicator, period, place, part) to
    (count, total, weight, weighted total, places above zero, id of the latest value).
    """
    above = defaultdict(list)
    for place_id, ancestor_id in PlaceLink.objects.values_list("place_id", "ancestor_id"):
        above[place_id].append(ancestor_id)
    gathered: dict[Key, list[Datapoint]] = defaultdict(list)
    values = Datapoint.objects.filter(
        indicator__in=list(indicators), status=DatapointStatus.ACCEPTED
    )
    for value in values:
        for ancestor_id in above[value.place_id]:
            key = (value.indicator_id, value.period_id, ancestor_id, value.part)
            gathered[key].append(value)
    return {key: _sums(rows) for key, rows in gathered.items()}


def _sums(rows: list[Datapoint]) -> Sums:
    return (
        len(rows),
        sum(row.amount for row in rows),
        sum(row.weight for row in rows),
        sum(row.amount * row.weight for row in rows),
        sum(row.amount > 0 for row in rows),
        max(rows, key=lambda row: (row.as_of, row.pk)).pk,
    )


def stored(indicators: Iterable[Indicator]) -> dict[Key, Sums]:
    """Return the same from the table that pages read; rows without values are left out."""
    rows = RollUp.objects.filter(indicator__in=list(indicators), values_count__gt=0)
    return {
        (row.indicator_id, row.period_id, row.place_id, row.part): (
            row.values_count,
            row.total,
            row.weight,
            row.weighted_total,
            row.places_above_zero,
            row.latest_id,
        )
        for row in rows
    }
