"""The single budget lines and costs of a plan: narrowed, sorted, and what is odd about each."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tansiq.plans.models import Afterwards, BudgetLine, Cost, Funding, Plan, StaffYear
from tansiq.plans.queries.money.span import year_asked
from tansiq.plans.queries.wording import in_readers_language

SORTS = {
    "year": ("year", "source", "pk"),
    "-year": ("-year", "source", "pk"),
    "title": ("title", "pk"),
    "-title": ("-title", "pk"),
    "source": ("source", "-year", "pk"),
    "-source": ("-source", "-year", "pk"),
    "ends": ("ends_on", "pk"),
    "-ends": ("-ends_on", "pk"),
}


@dataclass(frozen=True)
class Wanted:
    """Which lines a reader asks for; what is empty, or unknown, does not narrow."""

    year: int | None = None
    source: str = ""
    objective: str = ""
    afterwards: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.year or self.source or self.objective or self.afterwards)


def wanted_from(asked: dict[str, str]) -> Wanted:
    """Read what stands in the address."""
    source, afterwards = asked.get("source", ""), asked.get("afterwards", "")
    return Wanted(
        year=year_asked(asked.get("year", "")),
        source=source if source in Funding.values else "",
        objective=asked.get("objective", "").replace("\0", "")[:20],
        afterwards=afterwards if afterwards in Afterwards.values else "",
    )


def lines_of(plan: Plan, wanted: Wanted, *, sort: str = "") -> QuerySet[BudgetLine]:
    rows: QuerySet[BudgetLine] = BudgetLine.objects.filter(plan=plan).select_related(
        "action", "place", "plan__country"
    )
    if wanted.source:
        rows = rows.filter(source=wanted.source)
    if wanted.afterwards:
        rows = rows.filter(afterwards=wanted.afterwards, ends_on__isnull=False)
    found: QuerySet[BudgetLine] = _narrowed(rows, wanted)
    return found.order_by(*SORTS.get(sort, SORTS["-year"]))


def costs_of(plan: Plan, wanted: Wanted) -> QuerySet[Cost]:
    rows = Cost.objects.filter(plan=plan).select_related("action", "place", "plan__country")
    found: QuerySet[Cost] = _narrowed(rows, wanted)
    return found.order_by("-year", "action__position", "pk")


def _narrowed(rows: Any, wanted: Wanted) -> Any:
    if wanted.year:
        rows = rows.filter(year=wanted.year)
    if wanted.objective:
        rows = rows.filter(action__objective__code=wanted.objective)
    return rows


def staff_of(plan: Plan) -> QuerySet[StaffYear]:
    rows: QuerySet[StaffYear] = StaffYear.objects.filter(plan=plan).order_by("-year", "pk")
    return rows


def years_of(plan: Plan) -> range:
    """Return the years a plan runs."""
    return range(plan.starts_on.year, plan.ends_on.year + 1)


def steps_of(plan: Plan) -> list[tuple[int, str]]:
    """Return the actions of a plan for a choice, as "1.2.3 Train teachers"."""
    steps: list[Any] = list(plan.actions.steps().order_by("position", "code", "pk"))
    for one in steps:
        one.plan = plan
    in_readers_language(steps, "title")
    return [(one.pk, f"{one.code} {one.shown['title']}") for one in steps]


def what_is_odd(line: BudgetLine) -> list[str]:
    """Say what in a line may be right and should be looked at; reality may outrun the plan."""
    found = []
    if line.spent > line.committed:
        found.append(_("More is spent than was committed."))
    if line.committed > line.planned:
        found.append(_("More is committed than was planned."))
    if line.is_left_open:
        found.append(_("Nobody has said what happens when this money ends."))
    return found


def say_what_is_odd(lines: Iterable[Any]) -> None:
    """Give each line the sentences about it as `odd`."""
    for line in lines:
        line.odd = what_is_odd(line)
