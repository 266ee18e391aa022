"""Tables as files: CSV, a workbook, and the cells as Parquet."""

import csv
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import polars as pl
import xlsxwriter

from chorus.picture import Picture
from chorus.report.sayings import Sayings
from chorus.report.tables import Table, Value, tables_of

# What a spreadsheet would take for the beginning of a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_WIDEST, _NARROWEST = 60, 9
_GRIDS: Final = ("needs", "solidarity", "series", "places", "languages")
_CELLS: Final = pl.Schema(
    {
        "table": pl.String(),
        "label": pl.String(),
        "start": pl.Datetime("us", "UTC"),
        "language": pl.String(),
        "place": pl.String(),
        "posts": pl.Int64(),
        "spread": pl.Int64(),
        "authors": pl.Int64(),
        "low": pl.Int64(),
        "high": pl.Int64(),
        "hidden": pl.Boolean(),
    }
)


def write_csv(say: Sayings, folder: Path) -> None:
    """Write one CSV file a table, marked so that spreadsheets read its Arabic."""
    for table in tables_of(say):
        path = folder / f"{table.name}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(table.headings)
            writer.writerow(table.tags)
            writer.writerows([_written(value) for value in row] for row in table.rows)


def _written(value: Value) -> Value:
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return harmless(value) if isinstance(value, str) else value


def harmless(text: str) -> str:
    """Keep a text from being run as a formula by the spreadsheet that opens it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def write_workbook(say: Sayings, path: Path) -> None:
    """Write one workbook with a sheet a table, from right to left in Arabic."""
    # Texts stay texts: neither a formula nor a link is ever made of what people wrote.
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, {**plain, "in_memory": True}) as book:
        book.set_properties({"title": say.words("page.kind"), "created": say.picture.made_at})
        looks = {
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
            "tag": book.add_format({"font_color": "#586973", "italic": True, "font_size": 9}),
            "hidden": book.add_format({"pattern": 14, "fg_color": "#c5d0d3", "align": "right"}),
            "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            "number": book.add_format({"num_format": "#,##0.##"}),
            "whole": book.add_format({"num_format": "#,##0"}),
        }
        for table in tables_of(say):
            _sheet(book, table, looks, say)


def _sheet(book: Any, table: Table, looks: dict[str, Any], say: Sayings) -> None:
    sheet = book.add_worksheet(table.title[:31])
    if say.words.is_rtl:
        sheet.right_to_left()
    sheet.freeze_panes(2, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.write_row(0, 0, table.headings, looks["head"])
    sheet.write_row(1, 0, table.tags, looks["tag"])
    for line, row in enumerate(table.rows, start=2):
        for column, value in enumerate(row):
            look = looks["hidden"] if value == say.too_few else None
            _put(sheet, (line, column), value, looks | {"text": look})
    for column, heading in enumerate(table.headings):
        longest = max((len(str(row[column] or "")) for row in table.rows), default=0)
        sheet.set_column(column, column, min(max(longest, len(heading), _NARROWEST), _WIDEST) + 2)


def _put(sheet: Any, at: tuple[int, int], value: Value, looks: dict[str, Any]) -> None:
    if isinstance(value, datetime):
        # A workbook knows no zones; the times are those of the incident's clock.
        sheet.write_datetime(*at, value.replace(tzinfo=None), looks["time"])
    elif isinstance(value, str):
        sheet.write_string(*at, value, looks["text"])
    elif value is not None:
        sheet.write_number(*at, value, looks["whole" if isinstance(value, int) else "number"])


def write_cells(picture: Picture, path: Path) -> None:
    """Write all cells as one Parquet table, in codes; hidden figures are null."""
    rows = [
        {"table": name, "hidden": cell.is_hidden, **asdict(cell)}
        for name in _GRIDS
        for cell in getattr(picture, name).cells
    ]
    pl.DataFrame(rows, schema=_CELLS).write_parquet(path)
