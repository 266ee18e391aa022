"""A file that came back: which cells were changed in it, and which cannot be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from tansiq.access.place_files.problems import Problems
from tansiq.core import formats
from tansiq.core.documents.cells import UnreadableCellError, read_cell
from tansiq.core.documents.columns import Column, SheetPlan, canonical
from tansiq.core.documents.package import column_letters
from tansiq.core.documents.workbook_files import (
    BaseRow,
    FoundRow,
    FoundSheet,
    Head,
    WorkbookFile,
    head_of,
    merged_cells,
    open_workbook,
    rows_of,
)
from tansiq.core.numbers import UnreadableNumberError
from tansiq.plans.workbooks.catalogue import choice_words, kinds_in
from tansiq.plans.workbooks.kinds import Added, SheetKind, Touched
from tansiq.plans.workbooks.scope import Manifest, Scope, opened, refuse_foreign

MOST_ADDED = 2000


@dataclass
class Parsed:
    """What a file says: changed cells, new rows, what is wrong, and what should be known."""

    language: str
    names: dict[str, str] = field(default_factory=dict)
    touched: list[Touched] = field(default_factory=list)
    added: list[Added] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)
    notices: list[str] = field(default_factory=list)

    def at(self, sheet: str, address: str) -> str:
        """Return "Figures!F12"."""
        return f"{self.names.get(sheet, sheet)}!{address}"


def parse(content: bytes, scope: Scope) -> Parsed:
    """Return what was changed in a file since it was given out. Raises WorkbookError."""
    file = open_workbook(content)
    manifest = opened(file.manifest, file.base_text)
    refuse_foreign(manifest, scope)
    return _Reader(scope, file, manifest).read()


class _Reader:
    def __init__(self, scope: Scope, file: WorkbookFile, manifest: Manifest) -> None:
        self.scope, self.file = scope, file
        self.language = manifest.language
        self.kinds = kinds_in(scope)
        self.found = Parsed(self.language)

    def read(self) -> Parsed:
        with override(self.language):
            # Headings and pick lists as they stand in the file; what is said is the reader's.
            plans = {key: kind.sheet(self.scope) for key, kind in self.kinds.items()}
        for sheet in self.file.sheets:
            if self._is_ours(sheet):
                self.found.names[sheet.key] = sheet.name
                _Sheet(self, self.kinds[sheet.key], plans[sheet.key], sheet).read()
        for key in self.kinds:
            if key not in self.found.names:
                said = _("The sheet “%(sheet)s” is not in the file. What it held stays as it is.")
                self.found.notices.append(said % {"sheet": plans[key].title})
        return self.found

    def _is_ours(self, sheet: FoundSheet) -> bool:
        if sheet.key not in self.kinds:
            return False
        if sheet.scope != self.scope.token:
            said = _(
                "This sheet comes from a workbook of another plan, place or period. Take it out."
            )
        elif sheet.key in self.found.names:
            said = _("This sheet is twice in the file. Take one of the two out.")
        else:
            return True
        self.found.problems.add(sheet.name, said)
        return False


class _Sheet:
    """Reads the rows of one sheet."""

    def __init__(
        self, reader: _Reader, kind: SheetKind, plan: SheetPlan, sheet: FoundSheet
    ) -> None:
        self.reader, self.kind, self.plan, self.sheet = reader, kind, plan, sheet
        self.found, self.scope = reader.found, reader.scope
        self.columns = {one.key: one for one in plan.columns if one.is_input}
        self.merged: set[str] = set()
        self.seen: dict[str, int] = {}
        self.taken_formulas: list[str] = []

    def read(self) -> None:
        head = head_of(self.sheet, self.plan.columns)
        if not self._can_be_read(head):
            return
        self._note_merged(head)
        base = self.reader.file.base
        for row in rows_of(self.sheet, head):
            if not row.key:
                self._new_row(row)
            elif (self.kind.key, row.key) not in base:
                said = _(
                    "The hidden key of this row is not one of this workbook. Take the row out."
                )
                self._problem(f"A{row.number}", said)
            elif row.key in self.seen:
                said = _("This row is the same as row %(row)s. Take one of the two out.")
                self._problem(f"A{row.number}", said % {"row": self.seen[row.key]})
            else:
                self.seen[row.key] = row.number
                self._known_row(row, base[self.kind.key, row.key])
        self._note_what_is_missing(base)

    def _can_be_read(self, head: Head) -> bool:
        if not head.columns:
            said = _("The headings of this sheet are gone. Take a new workbook.")
        elif head.key_at is None:
            said = _("The hidden column with the keys of the rows is gone. Take a new workbook.")
        else:
            self._note_missing_columns(head)
            return True
        self.found.problems.add(self.sheet.name, said)
        return False

    def _note_missing_columns(self, head: Head) -> None:
        names = [self.columns[key].heading for key in head.missing if key in self.columns]
        if names:
            said = _(
                "%(sheet)s: these columns are gone, and their cells stay as they are: %(names)s."
            )
            told = {"sheet": self.sheet.name, "names": ", ".join(names)}
            self.found.notices.append(said % told)

    def _note_merged(self, head: Head) -> None:
        letters = {n for key, n in head.columns.items() if key in self.columns}
        inputs = {_letters(n) for n in letters}
        for reference, addresses in merged_cells(self.sheet):
            inside = {
                one
                for one in addresses
                if one.rstrip("0123456789") in inputs and _row_of(one) > head.first_row
            }
            if inside:
                self.merged |= addresses
                said = _("These cells are merged. Take the merging back and fill in each of them.")
                self._problem(reference, said)

    def _note_what_is_missing(self, base: Mapping[tuple[str, str], BaseRow]) -> None:
        gone = sum(1 for kind, key in base if kind == self.kind.key and key not in self.seen)
        if gone:
            said = ngettext(
                "%(sheet)s: %(n)s row was taken out of the sheet. Nothing is deleted by that.",
                "%(sheet)s: %(n)s rows were taken out of the sheet. Nothing is deleted by that.",
                gone,
            )
            number = formats.number(gone, self.scope.language)
            self.found.notices.append(said % {"sheet": self.sheet.name, "n": number})
        if self.taken_formulas:
            said = _("Formulas are not kept, only what they come to now: %(cells)s.")
            cells = ", ".join(f"{self.sheet.name}!{one}" for one in self.taken_formulas[:20])
            self.found.notices.append(said % {"cells": cells})

    def _problem(self, address: str, message: str) -> None:
        self.found.problems.add(f"{self.sheet.name}!{address}", message)

    def _known_row(self, row: FoundRow, base: BaseRow) -> None:
        for key, column in self.columns.items():
            if key not in row.cells or key not in base.values:
                continue
            address, raw = row.cells[key]
            new = self._value(column, row.key, address, raw)
            if new is not None and new != base.values[key]:
                self.found.touched.append(
                    Touched(self.kind.key, row.key, key, address, base.values[key], new)
                )

    def _new_row(self, row: FoundRow) -> None:
        cells = {key: row.cells[key] for key in self.columns if key in row.cells}
        filled = {key: cell for key, cell in cells.items() if str(cell[1] or "").strip()}
        if not filled:
            return
        if not self.plan.new_rows:
            said = _("No rows can be added on this sheet. Take this row out.")
            self._problem(next(iter(filled.values()))[0], said)
            return
        if len(self.found.added) >= MOST_ADDED:
            said = _("More than %(most)s new rows. Bring them in with several files.")
            self._problem(f"A{row.number}", said % {"most": MOST_ADDED})
            return
        values = {
            key: self._value(self.columns[key], "", address, raw)
            for key, (address, raw) in filled.items()
        }
        if None not in values.values():
            told = {key: value for key, value in values.items() if value is not None}
            addresses = {key: address for key, (address, _raw) in cells.items()}
            self.found.added.append(Added(self.kind.key, row.number, told, addresses))

    def _value(self, column: Column, key: str, address: str, raw: Any) -> str | None:
        """Return the canonical text of a cell; None when it cannot be read, which is noted."""
        if address in self.merged:
            return None
        facts = self.sheet.facts
        if address in facts.errors:
            said = _("This cell shows an error (%(error)s). Write the value itself.")
            self._problem(address, said % {"error": facts.errors[address]})
            return None
        if address in facts.formulas:
            if raw is None or raw == "":
                said = _("This formula has no result yet. Write the value itself.")
                self._problem(address, said)
                return None
            self.taken_formulas.append(address)
        here = self.kind.column_at(self.scope, column, key)
        try:
            value = read_cell(raw, here, self.reader.language, choice_words())
            text = canonical(value)
            return self.kind.resolve(self.scope, here, text) if text else ""
        except (UnreadableCellError, UnreadableNumberError) as problem:
            self._problem(address, str(problem))
            return None


def _letters(index: int) -> str:
    return column_letters(index + 1)


def _row_of(address: str) -> int:
    return int(address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") or 0)
