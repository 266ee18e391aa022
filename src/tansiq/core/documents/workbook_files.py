"""Workbooks that come back: their sheets by key, their columns wherever they were moved to."""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import python_calamine
from django.utils.translation import gettext as _

from tansiq.core.documents.columns import Column
from tansiq.core.documents.package import (
    SheetFacts,
    WorkbookError,
    address_of,
    column_number,
    damaged,
    look_into,
)
from tansiq.core.documents.workbooks import BASE, KEY_TAG, MANIFEST, MARKER

_HEAD_ROWS = 12
_MARKER_PARTS = 4


@dataclass(frozen=True)
class BaseRow:
    """What a row held when it was given out: its revision and the values of its open columns."""

    revision: int
    values: Mapping[str, str]


@dataclass(frozen=True)
class FoundRow:
    """One row of a sheet: its key, and what stands in each column we know, with its address."""

    number: int
    key: str
    cells: Mapping[str, tuple[str, Any]]

    @property
    def is_empty(self) -> bool:
        return not any(str(value or "").strip() for _address, value in self.cells.values())


@dataclass
class FoundSheet:
    """A sheet of ours in a file: which it is, whose, and where its columns stand now."""

    name: str
    key: str
    scope: str
    facts: SheetFacts
    rows: Sequence[Sequence[Any]]
    marker_column: int = 0


@dataclass(frozen=True)
class Head:
    """Where a sheet's row keys and columns stand, and in which row its values begin."""

    key_at: int | None
    columns: Mapping[str, int]
    first_row: int
    missing: tuple[str, ...] = ()


@dataclass
class WorkbookFile:
    """All that a file holds of ours."""

    manifest: str
    base: dict[tuple[str, str], BaseRow]
    base_text: list[str]
    sheets: list[FoundSheet]
    unknown: list[str] = field(default_factory=list)


def open_workbook(content: bytes) -> WorkbookFile:
    """Read a file that was looked into and found harmless. Raises WorkbookError."""
    facts = look_into(content)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (python_calamine.CalamineError, OSError, ValueError) as fault:
        raise WorkbookError(damaged()) from fault
    if MANIFEST not in facts or BASE not in facts:
        raise WorkbookError(
            _(
                "This workbook was not made here: its hidden sheets are missing. Take a new one "
                "and copy your values into it."
            )
        )
    manifest = "".join(str(row[0]) for row in _rows_of(book, MANIFEST) if row and row[0])
    base, texts = _base_of(_rows_of(book, BASE))
    found = WorkbookFile(manifest, base, texts, [])
    for name, known in facts.items():
        if name.startswith("_"):
            continue
        rows = _rows_of(book, name)
        sheet = _marked(name, rows, known)
        if sheet is None:
            found.unknown.append(name)
        else:
            found.sheets.append(sheet)
    return found


def _rows_of(book: Any, name: str) -> list[list[Any]]:
    try:
        rows: list[list[Any]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, ValueError) as fault:
        raise WorkbookError(
            _("The sheet “%(sheet)s” cannot be read. Save the file again as .xlsx and send that.")
            % {"sheet": name}
        ) from fault
    return rows


def _base_of(rows: list[list[Any]]) -> tuple[dict[tuple[str, str], BaseRow], list[str]]:
    base, texts = {}, []
    for row in rows:
        values = "".join(str(one) for one in row[3:] if one)
        kind, key = str(row[0]), str(row[1])
        revision = int(float(row[2] or 0))
        texts.append(base_line(kind, key, revision, values))
        try:
            base[kind, key] = BaseRow(revision, json.loads(values))
        except ValueError as fault:
            raise WorkbookError(_changed_inside()) from fault
    return base, texts


def _changed_inside() -> str:
    return _(
        "The hidden sheets of this workbook were changed. Take a new one and copy your values."
    )


def base_line(kind: str, key: str, revision: int, values: str) -> str:
    """Return one line of what is sealed in the manifest."""
    return f"{kind}\t{key}\t{revision}\t{values}"


def _marked(name: str, rows: list[list[Any]], facts: SheetFacts) -> FoundSheet | None:
    """Return the sheet if its hidden marker stands anywhere in its first rows."""
    for row in rows[:_HEAD_ROWS]:
        for column, value in enumerate(row):
            parts = str(value).split(":") if str(value).startswith(f"{MARKER}:") else []
            if len(parts) == _MARKER_PARTS:
                return FoundSheet(name, parts[2], parts[3], facts, rows, column)
    return None


def head_of(sheet: FoundSheet, columns: Sequence[Column]) -> Head:
    """Find the columns by their keys, else by their HXL tags, else by their headings."""
    ways = (
        {one.key: one.key for one in columns},
        {one.hxl: one.key for one in columns},
        {one.heading.strip().casefold(): one.key for one in columns},
    )
    best: dict[str, int] = {}
    first_row, key_at = 0, None
    for number, row in enumerate(sheet.rows[:_HEAD_ROWS]):
        texts = [str(value or "").strip() for value in row]
        if key_at is None:
            key_at = _key_column(texts)
        if KEY_TAG in texts:
            first_row = number + 1
        for way in ways:
            hits = {way[one]: n for n, one in enumerate(texts) if one in way}
            folded = {
                way[one.casefold()]: n for n, one in enumerate(texts) if one.casefold() in way
            }
            hits = folded | hits
            if len(hits) * 2 > len(columns):
                best = hits | best
                first_row = max(first_row, number + 1)
                break
    missing = tuple(one.key for one in columns if one.key not in best)
    return Head(key_at, best, first_row, missing)


def _key_column(texts: list[str]) -> int | None:
    for n, text in enumerate(texts):
        if text == KEY_TAG or text.startswith(f"{MARKER}:"):
            return n
    return None


def rows_of(sheet: FoundSheet, head: Head) -> Iterator[FoundRow]:
    """Yield the rows that hold something, with the address of each cell."""
    for at, row in enumerate(sheet.rows[head.first_row :], start=head.first_row + 1):
        cells = {
            key: (address_of(at, n + 1), row[n] if n < len(row) else None)
            for key, n in head.columns.items()
        }
        key = ""
        if head.key_at is not None and head.key_at < len(row):
            key = str(row[head.key_at] or "").strip()
        found = FoundRow(at, key, cells)
        if key or not found.is_empty:
            yield found


def merged_cells(sheet: FoundSheet) -> Iterator[tuple[str, set[str]]]:
    """Yield each merged range with the addresses in it, up to a few hundred of each."""
    for reference in sheet.facts.merged:
        first, _sign, latest = reference.partition(":")
        if not latest:
            continue
        (left, top), (right, bottom) = _split(first), _split(latest)
        rows = range(top, min(bottom, top + 300) + 1)
        columns = range(left, min(right, left + 60) + 1)
        yield reference, {address_of(row, column) for row in rows for column in columns}


def _split(address: str) -> tuple[int, int]:
    letters = address.rstrip("0123456789")
    digits = address[len(letters) :]
    return column_number(letters), int(digits or 0)
