"""Sums of money, exact, each currency for itself; and brought into one by dated rates."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Sum

from tansiq.core import money
from tansiq.plans.models import BudgetLine, Cost, Rate

Amounts = dict[str, int]
_IS_OF_A_YEAR_WITH_COSTS = Exists(Cost.objects.filter(plan=OuterRef("plan"), year=OuterRef("year")))
_LINE_SUMS = {
    "planned": Sum("planned"),
    "committed": Sum("committed"),
    "spent": Sum("spent"),
    "covering": Sum("committed", filter=_IS_OF_A_YEAR_WITH_COSTS),
}


@dataclass(frozen=True)
class Tally:
    """What is needed, planned, committed and spent, by currency in its smallest unit."""

    cost: Amounts = field(default_factory=dict)
    planned: Amounts = field(default_factory=dict)
    committed: Amounts = field(default_factory=dict)
    spent: Amounts = field(default_factory=dict)
    # What is committed in years for which the plan says what it costs: only that closes a gap.
    covering: Amounts = field(default_factory=dict)

    @property
    def gap(self) -> Amounts:
        """What is needed and not committed; below zero, what is committed beyond the need."""
        return money.subtract(self.cost, self.covering)

    @property
    def is_empty(self) -> bool:
        return not (self.cost or self.planned or self.committed or self.spent)


def tallies(
    lines: QuerySet[BudgetLine], costs: QuerySet[Cost] | None, *, by: str
) -> dict[Any, Tally]:
    """Return the sums of lines and costs by what a field says, such as "year".

    The field stands in both tables, or can be reached from both; without costs, in the lines.
    """
    found: dict[Any, dict[str, Amounts]] = {}
    for row in _added_up(lines, by, _LINE_SUMS):
        for name in _LINE_SUMS:
            _sums(found, row[by], name)[row["currency"]] = int(row[f"sum_{name}"] or 0)
    for row in _added_up(costs, by, {"cost": Sum("amount")}) if costs is not None else ():
        _sums(found, row[by], "cost")[row["currency"]] = int(row["sum_cost"])
    return {
        key: Tally(**{name: money.add(one) for name, one in of.items()})
        for key, of in found.items()
    }


def _added_up(rows: QuerySet[Any], by: str, sums: Mapping[str, Sum]) -> Iterable[dict[str, Any]]:
    """Return these sums for each currency; PostgreSQL gives whole Decimals."""
    named = {f"sum_{name}": one for name, one in sums.items()}
    found: Iterable[dict[str, Any]] = rows.order_by().values(by, "currency").annotate(**named)
    return found


def _sums(found: dict[Any, dict[str, Amounts]], key: Any, name: str) -> Amounts:
    return found.setdefault(key, {}).setdefault(name, {})


def sum_of(parts: Iterable[Tally]) -> Tally:
    """Return what several sums come to together."""
    listed = list(parts)
    names = ("cost", *_LINE_SUMS)
    return Tally(**{name: money.add(*(getattr(one, name) for one in listed)) for name in names})


# --- in one currency


@dataclass(frozen=True)
class Figure:
    """A sum as it is shown: by currency, and in one currency as far as there are rates."""

    sums: Amounts
    converted: money.Converted

    @property
    def amount(self) -> int:
        return self.converted.amount

    @property
    def currency(self) -> str:
        return self.converted.currency

    @property
    def is_whole(self) -> bool:
        return self.converted.is_whole

    @property
    def is_reckoned(self) -> bool:
        """Whether a rate of exchange went into it."""
        return bool(self.converted.rates)

    @property
    def is_zero(self) -> bool:
        return not self.sums

    @property
    def is_open(self) -> bool:
        """Whether, as a gap, it leaves something to be found."""
        return self.amount > 0 or any(amount > 0 for amount in self.converted.missing.values())

    @property
    def is_beyond(self) -> bool:
        """Whether, as a gap, more is committed than is needed."""
        return self.is_whole and self.amount < 0

    @property
    def beyond(self) -> "Figure":
        """The same with its sign turned, to say how much is beyond the need."""
        turned = {currency: -amount for currency, amount in self.sums.items()}
        converted = money.Converted(-self.amount, self.currency, self.converted.rates)
        return Figure(turned, converted)


@dataclass(frozen=True)
class Exchange:
    """The currency a country reckons in, and the newest rates into it on a day."""

    currency: str
    rates: tuple[money.Rate, ...] = ()
    sources: dict[money.Rate, str] = field(default_factory=dict)

    def figure(self, sums: Amounts) -> Figure:
        return Figure(sums, money.convert(sums, self.currency, self.rates))


def exchanges_of(countries: Iterable[Any], *, on: dt.date) -> dict[int, Exchange]:
    """Return the rates of each of these countries that hold on a day; one query for all."""
    places = {one.pk: one for one in countries}
    newer = Rate.objects.filter(
        country=OuterRef("country"),
        base=OuterRef("base"),
        quote=OuterRef("quote"),
        on__gt=OuterRef("on"),
        on__lte=on,
    )
    rows = Rate.objects.filter(~Exists(newer), country__in=places, on__lte=on)
    found: dict[int, dict[money.Rate, str]] = {pk: {} for pk in places}
    for row in rows.order_by("-on", "-pk"):
        found[row.country_id][money.Rate(row.base, row.quote, row.number, row.on)] = row.source
    return {
        pk: Exchange(money.currency_of(places[pk].code[:2]), tuple(rates), rates)
        for pk, rates in found.items()
    }
