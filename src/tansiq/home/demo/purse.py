"""The money of the demo's plans: costs, who pays, what ends soon; rates of exchange; posts."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tansiq.access.actor import Actor
from tansiq.core.money import as_units, currency_of, minor_units
from tansiq.home.demo.content import read_content
from tansiq.home.demo.nation import Nation
from tansiq.home.demo.story import Step
from tansiq.plans.actions.money import Entry, add_money, set_rate
from tansiq.plans.models import Action, BudgetLine, Cost, Plan, Rate, StaffYear

_BUDGET = read_content("money")


class Purse:
    """What the plans of one country cost, and who pays; the same story in each currency."""

    def __init__(self, nation: Nation) -> None:
        self.nation, self.content, self.story = nation, nation.content, nation.story
        self.raw: dict[str, Any] = _BUDGET["country"][self.content.country]
        self.currency = currency_of(self.content.country)

    def plan(self) -> None:
        for base, number, days in self.raw["rates"]:
            self.story.ago(days, self._rate(base, number, self._in_days(-days)))
        self.story.ago(36, self._national)
        self.story.ago(33, self._places)

    def _rate(self, base: str, number: str, on: date) -> Step:
        units, decimals = as_units(Decimal(number))

        def step(at: datetime) -> None:
            rate = Rate(
                country=self.nation.plan.country,
                base=base,
                quote=self.currency,
                on=on,
                units=units,
                decimals=decimals,
                source=self._say("rate_source"),
            )
            set_rate(rate, by=self.nation.by, at=at)

        return step

    def _national(self, at: datetime) -> None:
        self._enter(self.nation.plan, _BUDGET["national"], 100, by=self.nation.by, at=at)

    def _places(self, at: datetime) -> None:
        sizes = _BUDGET["local"]["sizes"]
        plans = self.nation.plan.local_plans.select_related("place", "owner").order_by("pk")
        turns = {place.code: turn for turn, place in enumerate(self.nation.places)}
        for plan in plans:
            # Cities come first: their mayors sign in.
            turn = 0 if plan.place.level > 1 else turns.get(plan.place.code, 0)
            by = self.nation.cast.actor(plan.owner.slug)
            self._enter(plan, _BUDGET["local"], sizes[turn % len(sizes)], by=by, at=at)

    def _enter(
        self, plan: Plan, budget: dict[str, Any], size: int, *, by: Actor, at: datetime
    ) -> None:
        year = min(self.story.at.year, plan.ends_on.year)
        steps = list(plan.actions.steps().order_by("position", "code", "pk")[:_MOST_STEPS])
        if not steps:
            return
        entries: list[Entry] = [
            *self._costs(plan, budget, steps, year),
            *(self._line(plan, row, steps, year) for row in budget["line"]),
            *self._posts(plan, budget, year),
        ]
        for entry in entries:
            _grow(entry, size)
            add_money(entry, by=by, at=at)

    def _costs(
        self, plan: Plan, budget: dict[str, Any], steps: list[Action], year: int
    ) -> list[Cost]:
        wanted = [(one, year) for one in budget["costs"]]
        wanted += [(one, year - 1) for one in budget.get("costs_before", [])]
        found = [
            self._cost(plan, units, of_year, steps[turn % len(budget["costs"]) % len(steps)])
            for turn, (units, of_year) in enumerate(wanted)
        ]
        if "whole" in budget:
            found.append(self._cost(plan, budget["whole"], year, None))
        for one in found:
            one.basis = self._say(budget["basis"])
        return found

    def _cost(self, plan: Plan, units: int, year: int, action: Action | None) -> Cost:
        amount = self._amount(units, self.currency)
        return Cost(
            plan=plan,
            action=action,
            place=plan.place,
            year=year,
            amount=amount,
            currency=self.currency,
        )

    def _line(self, plan: Plan, row: dict[str, Any], steps: list[Action], year: int) -> BudgetLine:
        currency = row.get("currency", self.currency)
        place = self.nation.places[row["place"]] if "place" in row else plan.place
        return BudgetLine(
            plan=plan,
            action=steps[row["action"] % len(steps)] if "action" in row else None,
            place=place,
            year=year - row.get("years_back", 0),
            source=row["source"],
            funder=self._say(row["funder"]) if "funder" in row else "",
            title=self._say(row["title"]),
            currency=currency,
            is_recurrent=row.get("recurrent", False),
            ends_on=self._in_days(row["ends"]) if "ends" in row else None,
            afterwards=row.get("afterwards", "unknown"),
            successor=self._say(row["successor"]) if "successor" in row else "",
            **{
                name: self._amount(row[name], currency)
                for name in ("planned", "committed", "spent")
            },
        )

    def _posts(self, plan: Plan, budget: dict[str, Any], year: int) -> list[StaffYear]:
        planned, filled = budget["posts"]
        return [
            StaffYear(plan=plan, year=year - 1, planned=filled, there=filled),
            StaffYear(plan=plan, year=year, planned=planned),
        ]

    def _amount(self, number: Any, currency: str) -> int:
        """Return units of the country's money, or a donor's amount as it is written."""
        amount = Decimal(str(number))
        if currency == self.currency:
            amount *= self.raw["unit"]
        return minor_units(amount, currency)

    def _in_days(self, days: int) -> date:
        return self.story.at.date() + timedelta(days=days)

    def _say(self, name: str) -> str:
        return self.content.say(_BUDGET["words"][name])


def _grow(entry: Entry, size: int) -> None:
    """Make a place's amounts larger or smaller, in whole hundreds of the smallest unit."""
    names: tuple[str, ...] = ()
    if isinstance(entry, BudgetLine):
        names = ("planned", "committed", "spent")
    elif isinstance(entry, Cost):
        names = ("amount",)
    for name in names:
        setattr(entry, name, getattr(entry, name) * size // 100)


_MOST_STEPS = 6
