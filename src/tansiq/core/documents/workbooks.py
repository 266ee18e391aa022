"""Workbooks that people fill in: locked headings, pick lists, hidden keys, a marking on each page.

Rows are written one after the other and not kept, so that a country's workbook needs little
memory. Strings are always written as strings: nothing that people wrote becomes a formula.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from tansiq.core.documents.columns import (
    LONGEST_CELL,
    Column,
    Kind,
    Row,
    SheetPlan,
    Value,
    canonical,
    plain_text,
)

MANIFEST, BASE, LISTS = "_tansiq", "_base", "_lists"
MARKER = "tansiq:1"
# A hidden row of keys, a title, headings, HXL tags; below them the rows.
KEYS_AT, TITLE_AT, HEADINGS_AT, TAGS_AT, ROWS_AT = range(5)
# A hidden row key and a hidden revision; after them the columns.
KEY_COLUMN, REVISION_COLUMN, FIRST_COLUMN = range(3)
KEY_TAG, REVISION_TAG = "#meta+key", "#meta+revision"
_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME = 31
_MOST_DIGITS = 15
_INK, _GROUND, _LINE, _OPEN = "#14323c", "#e3eef0", "#b9c8cc", "#fffbe6"
_CHUNK = 30_000
_FRONT_WIDTH, _PAGE_WIDTH = 92, 150
# Signs that steer the direction of a line, and thin spaces: few fonts on paper have them.
_UNPRINTED = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069")) | {0x2009: " ", 0x202F: "\u00a0"}


@dataclass(frozen=True)
class Words:
    """The words of a workbook that belong to no column, in the reader's language."""

    pick: str
    not_a_day: str
    not_a_number: str
    too_long: str
    page: str = "&P / &N"


@dataclass
class Page:
    """The front sheet: a title, and blocks of a heading with lines of one or two cells."""

    name: str
    title: str
    blocks: list[tuple[str, list[tuple[str, ...]]]] = field(default_factory=list)


class WorkbookWriter:
    """Writes sheets in order; `close` finishes the file with its hidden sheets."""

    def __init__(
        self, target: Any, *, scope: str, marking: str, words: Words, rtl: bool, author: str
    ) -> None:
        self.scope, self.marking, self.words, self.rtl = scope, marking, words, rtl
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        }
        self.book = xlsxwriter.Workbook(target, options)
        self.book.set_properties({"author": author, "comments": marking})
        self.formats = _Formats(self.book, rtl=rtl)
        self.lists: dict[tuple[tuple[str, str], ...], str] = {}
        self.base: list[tuple[str, str, int, str]] = []
        self.names: set[str] = {MANIFEST, BASE, LISTS}
        self.cells = 0

    def front(self, page: Page) -> None:
        """Write the front sheet, which is read and not filled in."""
        sheet = self._sheet(page.name, repeat=False)
        sheet.fit_to_pages(1, 1)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, _FRONT_WIDTH)
        sheet.write_string(0, 0, page.title, self.formats.title)
        sheet.write_string(1, 0, self.marking, self.formats.marking)
        at = 3
        for heading, lines in page.blocks:
            sheet.write_string(at, 0, heading, self.formats.group)
            at += 1
            for line in lines:
                lines_of_text = 1 + max(map(len, line)) // (_FRONT_WIDTH - 8)
                sheet.set_row(at, 15.5 * lines_of_text if lines_of_text > 1 else None)
                for column, text in enumerate(line):
                    style = self.formats.open_note if line[0] == "■" else self.formats.note
                    plain = self.formats.note if column else style
                    sheet.write_string(at, column, text.translate(_UNPRINTED), plain)
                at += 1
            at += 1

    def sheet(
        self, plan: SheetPlan, rows: Iterable[Row], *, closed: frozenset[str] = frozenset()
    ) -> int:
        """Write one sheet; return how many rows it has.

        `closed` names columns of which no cell is open to this person.
        """
        sheet = self._sheet(plan.title)
        self._head(sheet, plan, closed)
        self._print(sheet, plan)
        at = ROWS_AT
        for row in rows:
            self._row(sheet, plan, at, row)
            at += 1
        count = at - ROWS_AT
        for number in range(plan.new_rows):
            self._empty_row(sheet, plan, at + number)
        latest = at + plan.new_rows - 1
        if latest >= ROWS_AT:
            self._checks(sheet, plan, latest)
        sheet.print_area(KEYS_AT, 0, max(at - 1, TAGS_AT), FIRST_COLUMN + len(plan.columns) - 1)
        return count

    def table(self, name: str, title: str, columns: Iterable[Column], rows: Iterable[Row]) -> None:
        """Write a sheet that is only read, such as a summary; it needs no keys."""
        columns = list(columns)
        sheet = self._sheet(name)
        sheet.set_column(0, 1, None, None, {"hidden": True})
        sheet.set_row(KEYS_AT, None, None, {"hidden": True})
        sheet.write_string(TITLE_AT, FIRST_COLUMN, f"{title} · {self.marking}", self.formats.title)
        for n, column in enumerate(columns, start=FIRST_COLUMN):
            sheet.set_column(n, n, column.width)
            sheet.write_string(HEADINGS_AT, n, column.heading, self.formats.heading)
        for n, column in enumerate(columns, start=FIRST_COLUMN):
            sheet.write_string(TAGS_AT, n, column.hxl, self.formats.tag)
        for at, row in enumerate(rows, start=ROWS_AT):
            for n, column in enumerate(columns, start=FIRST_COLUMN):
                self._write(sheet, (at, n), column, row.values.get(column.key), is_open=False)
        sheet.freeze_panes(ROWS_AT, FIRST_COLUMN + 1)

    def close(self, manifest: str) -> None:
        """Write the lists, the values as they were given out, and the manifest; end the file."""
        self._write_lists()
        self._write_base()
        sheet = self.book.add_worksheet(MANIFEST)
        for at, part in enumerate(_chunks(manifest)):
            sheet.write_string(at, 0, part)
        sheet.very_hidden()
        self.book.close()

    # -- inside ---------------------------------------------------------------------------

    def _sheet(self, name: str, *, repeat: bool = True) -> Any:
        sheet = self.book.add_worksheet(self._name(name))
        if self.rtl:
            sheet.right_to_left()
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.4, 0.4, 0.7, 0.6)
        sheet.set_header(f"&C{_print_text(self.marking)}")
        sheet.set_footer(f"&L&A&R{self.words.page}")
        sheet.hide_gridlines(2)
        if repeat:
            sheet.repeat_rows(HEADINGS_AT)
        sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True})
        return sheet

    def _name(self, name: str) -> str:
        clean = _FORBIDDEN_IN_NAMES.sub(" ", name).strip("' ")[:_LONGEST_NAME] or "Sheet"
        known = {one.casefold() for one in self.names}
        unique, number = clean, 2
        while unique.casefold() in known:
            unique = f"{clean[: _LONGEST_NAME - 4]} ({number})"
            number += 1
        self.names.add(unique)
        return unique

    def _print(self, sheet: Any, plan: SheetPlan) -> None:
        """Let a wide sheet go over several pages, with its first columns on each."""
        width = sum(column.width for column in plan.columns)
        pages = max(1, round(width / _PAGE_WIDTH))
        sheet.fit_to_pages(pages, 0)
        if pages > 1:
            sheet.repeat_columns(FIRST_COLUMN, FIRST_COLUMN + plan.frozen - 1)

    def _head(self, sheet: Any, plan: SheetPlan, closed: frozenset[str]) -> None:
        sheet.set_column(KEY_COLUMN, REVISION_COLUMN, 4, None, {"hidden": True})
        sheet.set_row(KEYS_AT, None, None, {"hidden": True})
        sheet.write_string(KEYS_AT, KEY_COLUMN, f"{MARKER}:{plan.key}:{self.scope}")
        sheet.write_string(KEYS_AT, REVISION_COLUMN, "revision")
        columns = list(enumerate(plan.columns, start=FIRST_COLUMN))
        for n, column in columns:
            sheet.set_column(n, n, column.width)
            sheet.write_string(KEYS_AT, n, column.key)
        title = f"{plan.title} · {self.marking}" + (f" · {plan.lead}" if plan.lead else "")
        sheet.write_string(TITLE_AT, FIRST_COLUMN, title, self.formats.title)
        for n, column in columns:
            is_open = column.is_input and column.key not in closed
            style = self.formats.input_heading if is_open else self.formats.heading
            sheet.write_string(HEADINGS_AT, n, column.heading, style)
            if column.help:
                lines = 2 + len(column.help) // 34
                sheet.write_comment(
                    HEADINGS_AT, n, column.help, {"x_scale": 1.8, "y_scale": 0.28 * lines}
                )
        sheet.set_row(HEADINGS_AT, 34)
        sheet.write_string(TAGS_AT, KEY_COLUMN, KEY_TAG)
        sheet.write_string(TAGS_AT, REVISION_COLUMN, REVISION_TAG)
        for n, column in columns:
            sheet.write_string(TAGS_AT, n, column.hxl, self.formats.tag)
        sheet.freeze_panes(ROWS_AT, FIRST_COLUMN + plan.frozen)

    def _row(self, sheet: Any, plan: SheetPlan, at: int, row: Row) -> None:
        sheet.set_row(at, _height(plan, row))
        sheet.write_string(at, KEY_COLUMN, row.key)
        sheet.write_number(at, REVISION_COLUMN, row.revision)
        base = {}
        for n, column in enumerate(plan.columns, start=FIRST_COLUMN):
            value = row.values.get(column.key)
            too_long = isinstance(value, str) and len(value) > LONGEST_CELL
            is_open = column.key in row.open and not too_long
            self._write(sheet, (at, n), column, value, is_open=is_open)
            if column.is_input and not too_long:
                base[column.key] = canonical(value)
        self.base.append(
            (plan.key, row.key, row.revision, json.dumps(base, ensure_ascii=False, sort_keys=True))
        )

    def _empty_row(self, sheet: Any, plan: SheetPlan, at: int) -> None:
        for n, column in enumerate(plan.columns, start=FIRST_COLUMN):
            style = self.formats.of(column, is_open=column.is_input)
            sheet.write_blank(at, n, None, style)

    def _write(
        self, sheet: Any, cell: tuple[int, int], column: Column, value: Value, *, is_open: bool
    ) -> None:
        at, n = cell
        style = self.formats.of(column, is_open=is_open)
        self.cells += value is not None
        if value is None or value == "":
            sheet.write_blank(at, n, None, style)
        elif isinstance(value, Decimal):
            _write_number(sheet, (at, n), value, style)
        elif isinstance(value, date):
            sheet.write_datetime(at, n, value, style)
        else:
            words = dict(column.choices).get(value, value)
            sheet.write_string(at, n, plain_text(words)[:LONGEST_CELL], style)

    def _checks(self, sheet: Any, plan: SheetPlan, latest: int) -> None:
        for n, column in enumerate(plan.columns, start=FIRST_COLUMN):
            if column.is_input and (check := self._check(column)):
                sheet.data_validation(ROWS_AT, n, latest, n, check)

    def _check(self, column: Column) -> dict[str, Any] | None:
        if column.kind == Kind.CHOICE:
            source = self._list(column.choices)
            return {"validate": "list", "source": source, "error_message": self.words.pick[:250]}
        if column.kind == Kind.DAY:
            return {
                "validate": "date", "criteria": "between", "minimum": date(1990, 1, 1),
                "maximum": date(2100, 12, 31), "error_message": self.words.not_a_day[:250],
            }  # fmt: skip
        if column.kind == Kind.NUMBER:
            kind = "decimal" if column.decimals else "integer"
            return {
                "validate": kind, "criteria": ">=", "value": 0,
                "error_message": self.words.not_a_number[:250],
            }  # fmt: skip
        if column.longest:
            return {
                "validate": "length", "criteria": "<=", "value": column.longest,
                "error_message": self.words.too_long[:250],
            }  # fmt: skip
        return None

    def _list(self, choices: tuple[tuple[str, str], ...]) -> str:
        if choices not in self.lists:
            letter = xl_col_to_name(len(self.lists))
            self.lists[choices] = f"={LISTS}!${letter}$1:${letter}${max(len(choices), 1)}"
        return self.lists[choices]

    def _write_lists(self) -> None:
        sheet = self.book.add_worksheet(LISTS)
        columns = [[words for _code, words in choices] for choices in self.lists]
        for at in range(max(map(len, columns), default=0)):
            for n, words in enumerate(columns):
                if at < len(words):
                    sheet.write_string(at, n, words[at])
        sheet.hide()

    def _write_base(self) -> None:
        sheet = self.book.add_worksheet(BASE)
        for at, (kind, key, revision, values) in enumerate(self.base):
            sheet.write_string(at, 0, kind)
            sheet.write_string(at, 1, key)
            sheet.write_number(at, 2, revision)
            for n, part in enumerate(_chunks(values), start=3):
                sheet.write_string(at, n, part)
        sheet.very_hidden()


class _Formats:
    """The few styles of a workbook; each is made once."""

    def __init__(self, book: Any, *, rtl: bool) -> None:
        self.book = book
        self.reading = {"reading_order": 2 if rtl else 1}
        self.title = self._add(bold=True, font_size=13, font_color=_INK)
        self.marking = self._add(bold=True, font_color="#ffffff", bg_color="#000000")
        self.group = self._add(bold=True, font_size=12, font_color=_INK, bottom=1)
        self.note = self._add(text_wrap=True, valign="top")
        self.open_note = self._add(valign="top", font_color="#d8b400", align="center")
        heading = {
            "bold": True, "text_wrap": True, "valign": "vcenter", "border": 1,
            "border_color": _LINE, "font_color": _INK, "bg_color": _GROUND,
        }  # fmt: skip
        self.heading = self._add(**heading)
        self.input_heading = self._add(**heading | {"bg_color": "#f6e9a8"})
        self.tag = self._add(font_size=8, font_color="#6b7a7f", italic=True)
        self.known: dict[tuple[Kind, int, bool, bool], Any] = {}

    def of(self, column: Column, *, is_open: bool) -> Any:
        """Return the style of a cell: open ones are unlocked and lightly coloured."""
        key = (column.kind, column.decimals, column.is_long, is_open)
        if key not in self.known:
            self.known[key] = self._add(**self._cell(column, is_open=is_open))
        return self.known[key]

    def _cell(self, column: Column, *, is_open: bool) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "border": 1,
            "border_color": _LINE,
            "valign": "top",
            "text_wrap": column.kind in {Kind.TEXT, Kind.CHOICE},
        }
        if column.kind == Kind.NUMBER:
            shown["num_format"] = "#,##0" + (f".{'#' * column.decimals}" if column.decimals else "")
        if column.kind == Kind.DAY:
            shown["num_format"] = "yyyy-mm-dd"
        if column.kind == Kind.TEXT and is_open:
            # As text, so that "1-2" does not become a day while somebody types.
            shown["num_format"] = "@"
        return shown | ({"locked": False, "bg_color": _OPEN} if is_open else {})

    def _add(self, **properties: Any) -> Any:
        return self.book.add_format(properties | self.reading)


def _height(plan: SheetPlan, row: Row) -> float | None:
    """Return how high a row must be for its texts, since a file cannot say "as needed" to all."""
    lines = 1
    for column in plan.columns:
        value = row.values.get(column.key)
        if isinstance(value, str) and value:
            value = dict(column.choices).get(value, value)
            room = max(column.width - 1, 1)
            lines = max(lines, sum(1 + len(one) // room for one in value.split("\n")))
    if any(column.is_long for column in plan.columns):
        lines = max(lines, 5)
    return min(15.0 * lines + 2, 400) if lines > 1 else None


def _write_number(sheet: Any, cell: tuple[int, int], value: Decimal, style: Any) -> None:
    """Write a number as one, unless a spreadsheet would round it."""
    if len(value.as_tuple().digits) <= _MOST_DIGITS:
        sheet.write_number(*cell, value, style)
    else:
        sheet.write_string(*cell, canonical(value), style)


def _chunks(text: str) -> Iterator[str]:
    """Cut a text into parts that fit a cell."""
    for start in range(0, len(text), _CHUNK):
        yield text[start : start + _CHUNK]


def _print_text(text: str) -> str:
    """Return a text for the head of a printed page, where & begins a code."""
    return text.replace("&", "&&")[:200]
