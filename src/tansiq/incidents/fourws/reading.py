"""A workbook that came back: what it changes, cell by cell, and what is wrong where."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from tansiq.core.documents.cells import UnreadableCellError, read_cell
from tansiq.core.documents.columns import Column, canonical
from tansiq.core.documents.workbook_files import (
    BaseRow,
    FoundRow,
    FoundSheet,
    head_of,
    merged_cells,
    open_workbook,
    rows_of,
)
from tansiq.core.numbers import UnreadableNumberError
from tansiq.incidents.fourws import sheet
from tansiq.incidents.fourws.making import opened, token_of
from tansiq.incidents.models import Incident


@dataclass(frozen=True)
class Change:
    """One cell that would be another: as given out, as it is in the file."""

    key: str
    column: str
    address: str
    base: str
    new: str


@dataclass
class Parsed:
    """What a file says: changed cells by row, new rows, what is wrong and where."""

    sheet: str = ""
    changes: list[Change] = field(default_factory=list)
    # A new row: its number, and by column the address and the value.
    added: list[tuple[int, dict[str, tuple[str, str]]]] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)

    def note(self, address: str, message: str) -> None:
        self.problems.append((f"{self.sheet}!{address}" if address else self.sheet, message))

    def as_text(self) -> str:
        """Return it as one text, to be kept between the preview and the confirmation."""
        changes = [vars(one) for one in self.changes]
        return json.dumps([self.sheet, changes, self.added, self.problems], ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> "Parsed":
        name, changes, added, problems = json.loads(text)
        rows = [(n, {key: (at, new) for key, (at, new) in row.items()}) for n, row in added]
        told = [(where, said) for where, said in problems]
        return cls(name, [Change(**one) for one in changes], rows, told)

    def fingerprint(self) -> str:
        return hashlib.sha256(self.as_text().encode()).hexdigest()


def parse(content: bytes, incident: Incident) -> Parsed:
    """Read a file. Raises WorkbookError when it is none of ours, damaged or of another room."""
    file = open_workbook(content)
    told = opened(file.manifest, file.base_text, incident)
    language = str(told["language"])
    with override(language):
        plan = sheet.plan(incident)
    found = Parsed(plan.title)
    ours = [one for one in file.sheets if one.key == sheet.SHEET]
    if not ours:
        found.note("", _("This sheet is not in the file. Take a new workbook."))
        return found
    if len(ours) > 1 or ours[0].scope != token_of(incident):
        found.note("", _("This sheet is twice in the file, or of another incident. Take it out."))
        return found
    found.sheet = ours[0].name
    inputs = {one.key: one for one in plan.columns if one.is_input}
    _Reader(found, ours[0], inputs, language).read(plan.columns, file.base)
    return found


class _Reader:
    def __init__(
        self, found: Parsed, given: FoundSheet, inputs: Mapping[str, Column], language: str
    ) -> None:
        self.found, self.given, self.inputs, self.language = found, given, inputs, language
        self.merged: set[str] = set()

    def read(self, columns: tuple[Column, ...], base: Mapping[tuple[str, str], BaseRow]) -> None:
        head = head_of(self.given, columns)
        if not head.columns or head.key_at is None:
            self.found.note("", _("The headings of this sheet are gone. Take a new workbook."))
            return
        for reference, addresses in merged_cells(self.given):
            self.merged |= addresses
            said = _("These cells are merged. Take the merging back and fill in each of them.")
            self.found.note(reference, said)
        seen: set[str] = set()
        for row in rows_of(self.given, head):
            known = base.get((sheet.SHEET, row.key))
            if not row.key:
                self._new_row(row)
            elif known is None or row.key in seen:
                said = _("The hidden key of this row is not one of this workbook, or it is twice.")
                self.found.note(f"A{row.number}", said)
            else:
                seen.add(row.key)
                self._known_row(row, known)

    def _known_row(self, row: FoundRow, base: BaseRow) -> None:
        for key in self.inputs.keys() & row.cells.keys() & base.values.keys():
            address, raw = row.cells[key]
            new = self._value(key, address, raw)
            if new is not None and new != base.values[key]:
                self.found.changes.append(Change(row.key, key, address, base.values[key], new))
        self.found.changes.sort(key=lambda one: (one.key, list(self.inputs).index(one.column)))

    def _new_row(self, row: FoundRow) -> None:
        filled = {
            key: cell
            for key, cell in row.cells.items()
            if key in self.inputs and str(cell[1] if cell[1] is not None else "").strip()
        }
        values = {key: (at, self._value(key, at, raw)) for key, (at, raw) in filled.items()}
        if values and all(value is not None for _at, value in values.values()):
            told = {key: (at, value or "") for key, (at, value) in values.items()}
            self.found.added.append((row.number, told))

    def _value(self, key: str, address: str, raw: Any) -> str | None:
        """Return the canonical text of a cell; None when it cannot be read, which is noted."""
        facts = self.given.facts
        if address in self.merged:
            return None
        if address in facts.errors:
            said = _("This cell shows an error (%(error)s). Write the value itself.")
            self.found.note(address, said % {"error": facts.errors[address]})
            return None
        if address in facts.formulas:
            if raw is None or raw == "":
                self.found.note(
                    address, _("This formula has no result yet. Write the value itself.")
                )
                return None
            self.found.formulas.append(address)
        try:
            words = sheet.choice_words()
            return canonical(read_cell(raw, self.inputs[key], self.language, words))
        except (UnreadableCellError, UnreadableNumberError) as problem:
            self.found.note(address, str(problem))
            return None
