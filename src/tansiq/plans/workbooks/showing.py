"""Changes of a workbook in words, for the pages that show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from tansiq.core import formats
from tansiq.core.documents.columns import Column, Kind
from tansiq.plans.workbooks.catalogue import kinds_in
from tansiq.plans.workbooks.comparing import Change
from tansiq.plans.workbooks.kinds import Added
from tansiq.plans.workbooks.scope import Scope


@dataclass(frozen=True)
class ShownChange:
    """One changed cell as a reader sees it: where, of what, from what to what."""

    name: str
    where: str
    what: str
    field: str
    base: str
    current: str
    new: str


@dataclass(frozen=True)
class ShownRow:
    where: str
    what: str
    cells: list[tuple[str, str]]


class Shower:
    """Writes values in the reader's language; the columns are made once."""

    def __init__(self, scope: Scope, names: dict[str, str]) -> None:
        self.language, self.names = scope.language, names
        self.columns = {
            key: {one.key: one for one in kind.sheet(scope).columns}
            for key, kind in kinds_in(scope).items()
        }

    def changes(self, changes: Iterable[Change]) -> list[ShownChange]:
        return [self._change(one) for one in changes]

    def _change(self, one: Change) -> ShownChange:
        column = self.columns[one.sheet][one.column]
        return ShownChange(
            one.name,
            f"{self.names.get(one.sheet, one.sheet)}!{one.address}",
            one.label,
            column.heading,
            *(self.value(column, text) for text in (one.base, one.current, one.new)),
        )

    def rows(self, rows: Iterable[Added]) -> list[ShownRow]:
        return [self._row(one) for one in rows]

    def _row(self, row: Added) -> ShownRow:
        columns = self.columns[row.sheet]
        cells = [
            (columns[key].heading, self.value(columns[key], text))
            for key, text in row.values.items()
            if text and key != "title"
        ]
        where = _("%(sheet)s, row %(row)s") % {
            "sheet": self.names.get(row.sheet, row.sheet),
            "row": formats.number(row.number, self.language),
        }
        return ShownRow(where, row.values.get("title", ""), cells)

    def value(self, column: Column, text: str) -> str:
        """Return a canonical value as the reader writes it; an empty cell is said to be empty."""
        if not text:
            return _("empty")
        if column.kind == Kind.CHOICE:
            return dict(column.choices).get(text, text)
        if column.kind == Kind.DAY:
            return formats.short_day(date.fromisoformat(text), self.language)
        if column.kind == Kind.NUMBER:
            return formats.number(Decimal(text), self.language, decimals=_digits_of(text))
        return text


def _digits_of(text: str) -> int:
    return len(text.partition(".")[2])
