"""Workbooks of Excel: the first sheet whose head has a text column."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import python_calamine

from chorus.reading.container import SAMPLE, Portion, in_batches
from chorus.reading.errors import UnknownFormatError
from chorus.reading.faults import Faults
from chorus.reading.formats.base import Columns, Format
from chorus.reading.formats.table import rows_of_table, usual_columns
from chorus.reading.packed import check_zip, seekable
from chorus.reading.position import Position, identity_of
from chorus.reading.source import Source

Row = tuple[int, list[Any]]


class WorkbookFile:
    """A workbook, held in memory. Raises UnknownFormatError and ExpansionError."""

    is_table = True

    def __init__(self, source: Source, columns: Columns | None = None) -> None:
        self._source = source
        self.remarks: list[str] = []
        with seekable(source) as file:
            check_zip(source, file)
            try:
                workbook = python_calamine.CalamineWorkbook.from_filelike(file)
                sheets = [
                    (name, _rows(workbook.get_sheet_by_name(name))) for name in workbook.sheet_names
                ]
            except (python_calamine.CalamineError, OSError, ValueError) as error:
                message = f"{source.path.name} is not a workbook that can be read; save it as XLSX."
                raise UnknownFormatError(message) from error
        filled = [(name, rows) for name, rows in sheets if rows]
        if not filled:
            raise UnknownFormatError(f"{source.path.name} has no filled sheet; name another file.")
        name, rows = next((sheet for sheet in filled if _fits(sheet[1][0][1], columns)), filled[0])
        self.head = [_text(cell) or "" for cell in rows[0][1]]
        self._rows = rows[1:]
        self.words = "a workbook"
        if len(filled) > 1:
            self.remarks.append(f"Of the workbook's sheets only “{name}” was read.")

    @property
    def consumed(self) -> int:
        """How many bytes of the file on disk were read so far: all."""
        return self._source.size

    def sample(self) -> list[Any]:
        """Return the first rows as objects."""
        rows = [[_text(cell) for cell in row] for _, row in self._rows[:SAMPLE]]
        return [dict(zip(self.head, row, strict=True)) for row in rows or [[None] * len(self.head)]]

    def portions(self, form: Format, faults: Faults, start: Position) -> Iterator[Portion]:
        """Yield the posts of the rows after those that were read before."""
        identity = identity_of(self._source.path)
        left = [row for row in self._rows if row[0] > start.line]
        for batch in in_batches(left):
            rows = [(number, [_text(cell) for cell in row]) for number, row in batch]
            yield (
                [rows_of_table(form, self.head, rows)],
                Position(line=batch[-1][0], identity=identity),
            )


def _rows(sheet: Any) -> list[Row]:
    """Return the rows that hold something, with their numbers as a spreadsheet shows them."""
    first = sheet.start[0] + 1 if sheet.start else 1
    rows = enumerate(sheet.to_python(skip_empty_area=True), start=first)
    return [(number, row) for number, row in rows if any(cell != "" for cell in row)]


def _fits(head: list[Any], columns: Columns | None) -> bool:
    names = [_text(cell) or "" for cell in head]
    return usual_columns(names) is not None if columns is None else columns.text in names


def _text(cell: Any) -> str | None:
    match cell:
        case "" | None:
            return None
        case datetime() | date():
            return cell.isoformat()
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return str(cell)
