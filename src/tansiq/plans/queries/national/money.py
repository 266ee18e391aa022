"""Money of the nation's plan, and beside it that of the local plans under it.

The two are never added together, and what is not funded is reckoned as on every other page:
by the queries of `queries.money`, with the rates of the day on which the figures are taken.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Sum

from tansiq.access.actor import Actor
from tansiq.core import money
from tansiq.plans.models import BudgetLine, Cost, Plan
from tansiq.plans.queries.money import Span, Tally, exchanges_of, tallies
from tansiq.plans.queries.money.sums import Exchange, sum_of
from tansiq.plans.queries.national.audience import may_be_counted
from tansiq.plans.queries.national.canonical import Data

PARTS = ("own", "local")
_NOTHING: Data = {"lines": [], "years": [], "ahead": [], "uncovered": []}


def money_of(reader: Actor, plan: Plan, audience: Data, *, on: dt.date) -> Data:
    """Return whole sums in the smallest unit of each currency, and what is not funded.

    Money of plans that are marked more strictly than the report is left out and said so.
    """
    plans = list(Plan.objects.visible_to(reader).filter(Q(pk=plan.pk) | Q(parent=plan)))
    counted = {one.pk for one in plans if may_be_counted(one, audience)}
    exchange = exchanges_of([plan.country], on=on)[plan.country_id]
    own, local = (_rows(one) for one in (counted & {plan.pk}, counted - {plan.pk}))
    of_both = [*own.by_year.values(), *local.by_year.values()]
    return {
        "own": _part(own, exchange, on),
        "local": _part(local, exchange, on),
        "since": on.year,
        "plans": len(counted),
        "left_out": len(plans) - len(counted),
        **_rates(of_both, exchange),
    }


def parts_of(data: Data) -> Iterator[tuple[str, Data]]:
    """Give the plan's own money and that of local plans; older editions kept one sum of both."""
    for name in PARTS:
        older = {"lines": data["lines"]} if name == "own" and "lines" in data else {}
        yield name, _NOTHING | older | data.get(name, {})


@dataclass(frozen=True)
class _Rows:
    lines: QuerySet[BudgetLine]
    by_year: dict[int, Tally]


def _rows(plans: set[int]) -> _Rows:
    lines, costs = BudgetLine.objects.filter(plan__in=plans), Cost.objects.filter(plan__in=plans)
    return _Rows(lines, tallies(lines, costs, by="year"))


def _part(rows: _Rows, exchange: Exchange, on: dt.date) -> Data:
    by_year = rows.by_year
    ahead = Span(since=on.year)
    whole = sum_of(tally for year, tally in by_year.items() if ahead.holds(year))
    by_source = (
        rows.lines.values("year", "source", "currency")
        .annotate(planned=Sum("planned"), committed=Sum("committed"), spent=Sum("spent"))
        .order_by("year", "currency", "source")
    )
    years = sorted(by_year)
    return {
        "lines": [_whole(one) for one in by_source],
        "years": [row | {"year": year} for year in years for row in _gap(by_year[year], exchange)],
        "ahead": _gap(whole, exchange),
        "uncovered": [one for one in years if by_year[one].committed != by_year[one].covering],
    }


def _gap(tally: Tally, exchange: Exchange) -> list[Data]:
    """Return what is needed, committed for it and missing, in the currency of the country.

    Where a rate is missing, a row for each currency that is needed.
    """
    sums = {"needed": tally.cost, "committed": tally.covering, "missing": tally.gap}
    figures = {name: exchange.figure(one) for name, one in sums.items()}
    if not tally.cost:
        return []
    if all(one.is_whole for one in figures.values()):
        amounts = {name: one.amount for name, one in figures.items()}
        return [{"currency": exchange.currency} | amounts]
    return [
        {"currency": code} | {name: one.get(code, 0) for name, one in sums.items()}
        for code in tally.cost
    ]


def _rates(sums: Iterable[Tally], exchange: Exchange) -> Data:
    """Return the rates that went into the gaps, and the currencies for which there is none."""
    codes = {code for one in sums for of in (one.cost, one.covering) for code in of}
    converted = money.convert(dict.fromkeys(codes, 1), exchange.currency, exchange.rates)
    return {
        "rates": [
            {
                "base": one.base,
                "quote": one.quote,
                "number": f"{one.number:f}",
                "on": one.on.isoformat(),
                "source": exchange.sources[one],
            }
            for one in converted.rates
        ],
        "without_rate": sorted(converted.missing),
        "currency": exchange.currency,
    }


def _whole(row: Mapping[str, Any]) -> Data:
    """Return a row as plain data; PostgreSQL adds up whole numbers to decimal ones."""
    return {key: one if isinstance(one, str) else int(one) for key, one in row.items()}
