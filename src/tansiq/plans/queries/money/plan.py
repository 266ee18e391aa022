"""The money of one plan on one page: what is not funded, where, when, by whom, and what ends."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.models import Place
from tansiq.core import formats, money
from tansiq.core.translations import translations_of
from tansiq.plans.models import BudgetLine, Cost, Funding, Objective, Plan
from tansiq.plans.queries.money.places import Below, own_places, places_below
from tansiq.plans.queries.money.realism import Realism, realism_of
from tansiq.plans.queries.money.rows import Row, row_of
from tansiq.plans.queries.money.span import Span
from tansiq.plans.queries.money.sums import (
    Exchange,
    Figure,
    Tally,
    exchanges_of,
    sum_of,
    tallies,
)
from tansiq.plans.queries.wording import in_readers_language

_MOST_ENDING = 50


@dataclass(frozen=True)
class UsedRate:
    """A rate that went into a figure of the page, with its day and source."""

    base: str
    quote: str
    number: Any
    on: dt.date
    source: str
    is_old: bool


@dataclass(frozen=True)
class PlanMoney:
    """Everything the page about a plan's money shows; all sums are of the same years."""

    plan: Plan
    span: Span
    years: list[int]
    whole: Row
    by_objective: list[Row]
    by_year: list[Row]
    by_source: list[Row]
    by_place: list[Row]
    ending: list[Any]
    realism: Realism
    below: Below | None
    rates: list[UsedRate] = field(default_factory=list)
    without_rate: list[str] = field(default_factory=list)
    objectives_without: int = 0
    # The gap, if money bound to one objective cannot go to another; None where it is the same.
    bound_gap: Figure | None = None
    # Years in which money is committed and no cost is entered: it covers nothing.
    years_without_cost: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.by_year

    @property
    def ending_unknown(self) -> int:
        return sum(one.is_left_open for one in self.ending)


def plan_money(
    actor: Actor, plan: Plan, *, on: dt.date, span: Span, parent: Place | None = None
) -> PlanMoney:
    """Return the money of a plan in these years, and of the local plans under it.

    Where the years to come are asked for and there are none, all are shown. The plan has passed
    the gate; local plans are those this person may see, without TLP:RED.
    """
    lines, costs = BudgetLine.objects.filter(plan=plan), Cost.objects.filter(plan=plan)
    exchange = exchanges_of([plan.country], on=on)[plan.country_id]
    by_year = tallies(lines, costs, by="year")
    if span.is_from and not any(span.holds(year) for year in by_year):
        span = Span()
    whole = sum_of(tally for year, tally in by_year.items() if span.holds(year))
    of_span = (span.narrow(lines), span.narrow(costs))
    by_objective, without = _by_objective(plan, *of_span, exchange)
    below = places_below(actor, plan, exchange, span=span, parent=parent)
    used = [*by_year.values(), *([below.tally] if below else [])]
    rates, missing = _rates(exchange, used, on)
    return PlanMoney(
        plan=plan,
        span=span,
        years=sorted(by_year),
        whole=row_of(whole, exchange, plan.title),
        by_objective=by_objective,
        by_year=[
            row_of(tally, exchange, _digits(one), code=str(one))
            for one, tally in sorted(by_year.items())
        ],
        by_source=_by_source(of_span[0], exchange),
        by_place=own_places(plan, *of_span, exchange),
        ending=ending_lines(lines, exchange, on=on),
        realism=realism_of(plan, by_year, exchange, year=span.year or on.year),
        below=below,
        rates=rates,
        without_rate=missing,
        objectives_without=without,
        bound_gap=_bound_gap(by_objective, whole, exchange),
        years_without_cost=[
            _digits(year)
            for year, tally in sorted(by_year.items())
            if span.holds(year) and tally.committed != tally.covering
        ],
    )


def _bound_gap(rows: list[Row], whole: Tally, exchange: Exchange) -> Figure | None:
    """Return the gap without what some objectives have beyond their need, if that is more."""
    open_or_free = [row.gap.sums for row in rows if row.is_whole_plan or not row.gap.is_beyond]
    bound, netted = exchange.figure(money.add(*open_or_free)), exchange.figure(whole.gap)
    if not (bound.is_whole and netted.is_whole) or bound.amount <= max(netted.amount, 0):
        return None
    return bound


def _digits(year: int) -> str:
    return formats.digits(str(year), get_language() or "en")


def _by_objective(
    plan: Plan, lines: QuerySet[BudgetLine], costs: QuerySet[Cost], exchange: Exchange
) -> tuple[list[Row], int]:
    """Return a row for each objective with money, and how many have none."""
    found = tallies(lines, costs, by="action__objective")
    objectives: list[Any] = list(
        Objective.objects.filter(plan=plan).order_by("pillar__position", "position", "code", "pk")
    )
    for one in objectives:
        one.plan = plan
    in_readers_language(objectives, "title")
    address = reverse("plans:money_lines", args=[plan.country.code, plan.slug])
    rows = [
        row_of(
            found[one.pk],
            exchange,
            str(one.shown["title"]),
            code=one.code,
            url=f"{address}?objective={one.code}",
        )
        for one in objectives
        if one.pk in found
    ]
    if None in found:
        words = _("The plan as a whole")
        rows.append(row_of(found[None], exchange, words, is_whole_plan=True))
    return rows, sum(one.pk not in found for one in objectives)


def _by_source(lines: QuerySet[BudgetLine], exchange: Exchange) -> list[Row]:
    found = tallies(lines, None, by="source")
    return [
        row_of(found[one.value], exchange, str(one.label), code=one.value)
        for one in Funding
        if one.value in found
    ]


def ending_lines(lines: QuerySet[BudgetLine], exchange: Exchange, *, on: dt.date) -> list[Any]:
    """Return the money that ends within twelve months, the soonest first."""
    rows: Any = lines
    found = list(
        rows.ending_within(on, until=a_year_after(on))
        .select_related("place", "plan__country")
        .order_by("ends_on", "pk")[:_MOST_ENDING]
    )
    in_readers_language(found, "title", "successor", "funder")
    for line in found:
        line.figure = exchange.figure({line.currency: line.committed or line.planned})
    return found


def a_year_after(day: dt.date) -> dt.date:
    """Return the same day of the next year; for 29 February, the 28th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def _rates(
    exchange: Exchange, sums: Iterable[Tally], on: dt.date
) -> tuple[list[UsedRate], list[str]]:
    """Return the rates that these sums need, and the currencies for which there is none."""
    codes = {
        code
        for one in sums
        for of in (one.cost, one.planned, one.committed, one.spent)
        for code in of
    }
    converted = money.convert(dict.fromkeys(codes, 1), exchange.currency, exchange.rates)
    sources = translations_of(exchange.sources.values(), get_language() or "en")
    used = [
        UsedRate(
            one.base,
            one.quote,
            one.number,
            one.on,
            str(sources.get(exchange.sources[one], exchange.sources[one])),
            is_old=(on - one.on).days > _OLD,
        )
        for one in converted.rates
    ]
    return used, sorted(converted.missing)


# A rate older than a quarter is still used, and said to be old.
_OLD = 92


# --- one line about a plan, for the desk and the page of a place


@dataclass(frozen=True)
class Unfunded:
    """How much of what a plan needs nobody has committed."""

    gap: Figure
    needed: Figure


def unfunded_of(plans: Iterable[Plan], *, on: dt.date) -> dict[int, Unfunded]:
    """Return how much of what each plan needs from this year on is not funded, if it says so.

    Three queries, however many plans there are. Each plan has its country loaded.
    """
    known, span = {one.pk: one for one in plans}, Span(since=on.year)
    lines = span.narrow(BudgetLine.objects.filter(plan__in=known))
    found = tallies(lines, span.narrow(Cost.objects.filter(plan__in=known)), by="plan")
    exchanges = exchanges_of({one.country for one in known.values()}, on=on) if found else {}
    return {
        pk: Unfunded(
            gap=exchanges[known[pk].country_id].figure(tally.gap),
            needed=exchanges[known[pk].country_id].figure(tally.cost),
        )
        for pk, tally in found.items()
        if tally.cost
    }
