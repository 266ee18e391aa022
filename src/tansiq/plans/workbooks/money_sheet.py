"""The sheet of a plan's money: what is planned, committed and spent, and what comes after."""

from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tansiq.core.documents.columns import Column, Kind, SheetPlan
from tansiq.core.money import exponent
from tansiq.plans.models import Afterwards, BudgetLine, Funding, Plan
from tansiq.plans.rules.money import money_edit
from tansiq.plans.workbooks.kinds import (
    Live,
    SheetKind,
    choice,
    pk_of,
    place_values,
    places,
    with_decimals,
)
from tansiq.plans.workbooks.scope import Scope

if TYPE_CHECKING:
    from tansiq.access.verdict import Verdict

AMOUNTS = ("planned", "committed", "spent")
INPUTS = (*AMOUNTS, "ends_on", "afterwards", "successor", "note")
_MOST_DIGITS = 3


class MoneySheet(SheetKind):
    key, prefix = "money", "budget"

    def sheet(self, scope: Scope) -> SheetPlan:
        columns = (
            *places(scope),
            Column("title", _("What it pays for"), "#activity+name", width=40),
            Column("action", _("Code of the action"), "#activity+code", width=12),
            Column("year", _("Year"), "#date+year", width=8),
            Column("source", _("With whose money"), "#funding+source", width=20),
            Column("funder", _("Name of the funder"), "#org+funder", width=20),
            Column("currency", _("Currency"), "#currency", width=10),
            *(_amount(name, heading) for name, heading in _amounts().items()),
            Column(
                "ends_on",
                _("The last day of this money"),
                "#date+end",
                Kind.DAY,
                help=_("When the project or the grant ends, if it does."),
                width=14,
                is_input=True,
            ),
            choice(
                "afterwards",
                _("What happens to the work when it ends?"),
                "#status+afterwards",
                Afterwards.choices,
                help=_("Choose one from the list."),
                width=22,
            ),
            Column(
                "successor", _("Who takes over"), "#org+successor", width=24, is_input=True,
                longest=250, help=_("The organisation or the budget that carries it on."),
            ),
            Column(
                "note", _("Note"), "#meta+note", width=36, is_input=True, longest=2000,
                help=_("One or two sentences; no names of private persons."),
            ),
        )  # fmt: skip
        frozen = 3 if scope.is_national else 1
        return SheetPlan(self.key, pgettext("sheet", "Money"), columns, frozen=frozen)

    def column_at(self, scope: Scope, column: Column, key: str) -> Column:
        """Take as many digits as any currency has; the form refuses what this one has not."""
        return with_decimals(column, _MOST_DIGITS) if column.key in AMOUNTS else column

    def rows(self, scope: Scope) -> Iterator[Live]:
        for parts in scope.parts():
            plans = {one.plan.pk: one.plan for one in parts}
            order = {pk: n for n, pk in enumerate(plans)}
            rows = sorted(_lines_of(plans), key=lambda one: order[one.plan_id])
            yield from self._live(scope, rows, plans)

    def live(self, scope: Scope, keys: Collection[str]) -> dict[str, Live]:
        plans = {one.pk: one for one in scope.plans()}
        rows = _lines_of(plans).filter(pk__in={pk_of(one) for one in keys})
        return {one.key: one for one in self._live(scope, rows, plans)}

    def _live(self, scope: Scope, lines: Any, plans: dict[int, Plan]) -> Iterator[Live]:
        may: dict[int, Verdict] = {}
        sources = {str(code): str(words) for code, words in Funding.choices}
        for line in lines:
            line.plan = plans[line.plan_id]
            if line.plan_id not in may:
                may[line.plan_id] = money_edit(scope.actor, line.plan)
            verdict = may[line.plan_id]
            digits = exponent(line.currency)
            amounts = {one: Decimal(getattr(line, one)).scaleb(-digits) for one in AMOUNTS}
            yield Live(
                f"{self.prefix}:{line.pk}",
                line,
                line.revision,
                f"{line.title} ({line.year})",
                {
                    **place_values(scope, line.place),
                    **amounts,
                    **{name: getattr(line, name) for name in INPUTS if name not in AMOUNTS},
                    "title": line.title,
                    "action": line.action.code if line.action else "",
                    "year": str(line.year),
                    "source": sources.get(line.source, line.source),
                    "funder": line.funder,
                    "currency": line.currency,
                },
                frozenset(INPUTS if verdict else ()),
                {} if verdict else dict.fromkeys(INPUTS, verdict.reason),
            )


def _lines_of(plans: dict[int, Plan]) -> Any:
    return (
        BudgetLine.objects.filter(plan__in=plans)
        .select_related("action", "place")
        .order_by("year", "action__code", "pk")
    )


def _amounts() -> dict[str, str]:
    return {
        "planned": pgettext("money", "Planned"),
        "committed": pgettext("money", "Committed"),
        "spent": pgettext("money", "Spent so far"),
    }


def _amount(name: str, heading: str) -> Column:
    return Column(
        name, heading, f"#value+{name}", Kind.NUMBER, width=18, decimals=_MOST_DIGITS,
        is_input=True, help=_("The amount in the currency of the row, such as 1500000."),
    )  # fmt: skip
