"""The rows of the tables about money: each a name and its figures in one currency."""

from dataclasses import dataclass
from typing import Any

from tansiq.plans.queries.money.sums import Exchange, Figure, Tally


@dataclass(frozen=True)
class Row:
    """One line of a table: an objective, a year, a source, a place; and its sums."""

    label: str
    needed: Figure
    planned: Figure
    committed: Figure
    spent: Figure
    gap: Figure
    code: str = ""
    url: str = ""
    is_whole_plan: bool = False

    @property
    def has_cost(self) -> bool:
        return not self.needed.is_zero

    @property
    def segments(self) -> list[tuple[str, int, str]]:
        """The parts for a bar: what is committed of the need, and what is not."""
        if not (self.needed.is_whole and self.gap.is_whole) or self.needed.amount <= 0:
            return []
        missing = min(max(self.gap.amount, 0), self.needed.amount)
        return [("done", self.needed.amount - missing, ""), ("risk", missing, "")]

    @property
    def total(self) -> int:
        return self.needed.amount


def row_of(tally: Tally, exchange: Exchange, label: str, **more: Any) -> Row:
    return Row(
        label=label,
        needed=exchange.figure(tally.cost),
        planned=exchange.figure(tally.planned),
        committed=exchange.figure(tally.committed),
        spent=exchange.figure(tally.spent),
        gap=exchange.figure(tally.gap),
        **more,
    )
