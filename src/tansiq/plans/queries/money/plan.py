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
from tansiq.plans.models import BudgetLine, Cost, Funding, Objective, Plan
from tansiq.plans.queries.money.places import Below, own_places, places_below
from tansiq.plans.queries.money.realism import Realism, realism_of
from tansiq.plans.queries.money.rows import Row, row_of
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
    year: int | None
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

    @property
    def is_empty(self) -> bool:
        return not self.by_year and self.year is None

    @property
    def ending_unknown(self) -> int:
        return sum(one.is_left_open for one in self.ending)


def plan_money(
    actor: Actor, plan: Plan, *, on: dt.date, year: int | None = None, parent: Place | None = None
) -> PlanMoney:
    """Return the money of a plan in one year, or in all; and of the local plans under it.

    The plan has passed the gate; local plans are those this person may see, without TLP:RED.
    """
    all_lines, all_costs = BudgetLine.objects.filter(plan=plan), Cost.objects.filter(plan=plan)
    lines = all_lines.filter(year=year) if year else all_lines
    costs = all_costs.filter(year=year) if year else all_costs
    exchange = exchanges_of([plan.country], on=on)[plan.country_id]
    by_year = tallies(all_lines, all_costs, by="year")
    whole = by_year.get(year, Tally()) if year else sum_of(by_year.values())
    by_objective, without = _by_objective(plan, lines, costs, exchange)
    below = places_below(actor, plan, exchange, year=year, parent=parent)
    used = [whole.cost, whole.planned, whole.committed, whole.spent]
    rates, missing = _rates(exchange, [*used, *(below.sums if below else [])], on)
    return PlanMoney(
        plan=plan,
        year=year,
        years=sorted(by_year),
        whole=row_of(whole, exchange, plan.title),
        by_objective=by_objective,
        by_year=[
            row_of(tally, exchange, _digits(one), code=str(one))
            for one, tally in sorted(by_year.items())
        ],
        by_source=_by_source(lines, exchange),
        by_place=own_places(plan, lines, costs, exchange),
        ending=ending_lines(all_lines, exchange, on=on),
        realism=realism_of(plan, by_year, exchange, year=year or on.year),
        below=below,
        rates=rates,
        without_rate=missing,
        objectives_without=without,
    )


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
    in_readers_language(found, "title", "successor")
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
    exchange: Exchange, sums: Iterable[dict[str, int]], on: dt.date
) -> tuple[list[UsedRate], list[str]]:
    """Return the rates that these sums need, and the currencies for which there is none."""
    everything = {code: 1 for one in sums for code in one}
    converted = money.convert(everything, exchange.currency, exchange.rates)
    used = [
        UsedRate(
            one.base,
            one.quote,
            one.number,
            one.on,
            exchange.sources.get(one, ""),
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
    """Return, for each plan that says what it costs, how much of it is not funded.

    Three queries, however many plans there are. Each plan has its country loaded.
    """
    known = {one.pk: one for one in plans}
    found = tallies(
        BudgetLine.objects.filter(plan__in=known), Cost.objects.filter(plan__in=known), by="plan"
    )
    exchanges = exchanges_of({one.country for one in known.values()}, on=on) if found else {}
    return {
        pk: Unfunded(
            gap=exchanges[known[pk].country_id].figure(tally.gap),
            needed=exchanges[known[pk].country_id].figure(tally.cost),
        )
        for pk, tally in found.items()
        if tally.cost
    }
