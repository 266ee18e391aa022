"""A look into a workbook before anything reads it: is it one, and how large is it really.

A few kilobytes can claim to be gigabytes, so everything is unpacked piece by piece and counted,
and a sheet whose cells lie too far apart is refused before a table is made of them.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _

MOST_UNPACKED = 160 * 1024 * 1024
MOST_ROWS = 120_000
MOST_COLUMNS = 400
MOST_CELLS = 3_000_000
_MOST_ENTRIES = 2000
_MOST_NOTED = 5000
_PIECE = 1 << 18
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class WorkbookError(ValueError):
    """The file as a whole cannot be taken; the message says why and what to do."""


@dataclass
class SheetFacts:
    """What a sheet holds besides values: addresses of formulas and errors, merged ranges."""

    name: str
    part: str
    rows: int = 0
    columns: int = 0
    cells: int = 0
    formulas: set[str] = field(default_factory=set)
    errors: dict[str, str] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)


def look_into(content: bytes) -> dict[str, SheetFacts]:
    """Return what is known of each sheet by its name. Raises WorkbookError."""
    _refuse_other_kinds(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = _names_of(package)
            budget = _Budget()
            parts = _sheet_parts(package, names, budget)
            facts = {name: SheetFacts(name, part) for name, part in parts.items()}
            for sheet in facts.values():
                _scan(package, sheet, budget)
            for name in set(names) - set(parts.values()):
                for _piece in _pieces(package, name, budget):
                    pass
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as fault:
        raise WorkbookError(damaged()) from fault
    except (expat.ExpatError, KeyError, ValueError) as fault:
        if isinstance(fault, WorkbookError):
            raise
        raise WorkbookError(damaged()) from fault
    return facts


def damaged() -> str:
    """Say that a file cannot be read at all."""
    return _(
        "This file is damaged. Open it, save it again as Excel workbook (.xlsx), and send that."
    )


def _refuse_other_kinds(content: bytes) -> None:
    if not content:
        raise WorkbookError(_("This file is empty. Choose another one."))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if _ENCRYPTED in content:
            raise WorkbookError(
                _("This file is protected by a password. Take the password off and send it again.")
            )
        raise WorkbookError(
            _("This is an old Excel file (.xls). Save it as Excel workbook (.xlsx) and send that.")
        )
    if not content.startswith(b"PK\x03\x04"):
        raise WorkbookError(
            _(
                "This is not an Excel workbook, whatever its name says (perhaps a CSV file). Fill "
                "in the workbook that you took here, save it as .xlsx, and send that."
            )
        )


def _names_of(package: zipfile.ZipFile) -> list[str]:
    names = package.namelist()
    lower = [name.lower() for name in names]
    if len(names) > _MOST_ENTRIES:
        raise WorkbookError(damaged())
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in lower):
        raise WorkbookError(
            _("This file holds macros, which are never taken. Save it as .xlsx, without macros.")
        )
    if "mimetype" in names and "content.xml" in names:
        raise WorkbookError(
            _("This is an OpenDocument file. Save it as “Excel 2007–365 (.xlsx)” and send that.")
        )
    if "xl/workbook.bin" in lower:
        raise WorkbookError(
            _("This is a binary Excel file (.xlsb). Save it as Excel workbook (.xlsx).")
        )
    if "xl/workbook.xml" not in names:
        raise WorkbookError(
            _("This is an archive of something else than a workbook. Choose the .xlsx file.")
        )
    return names


class _Budget:
    """How much may still be unpacked."""

    def __init__(self) -> None:
        self.left = MOST_UNPACKED

    def take(self, size: int, what: str) -> None:
        self.left -= size
        if self.left < 0:
            raise WorkbookError(
                _(
                    "Unpacked, this file has more than %(limit)s MB, most of it likely empty rows "
                    "(%(part)s). Delete the empty rows below your data and save it again."
                )
                % {"limit": MOST_UNPACKED // 1024 // 1024, "part": what}
            )


def _pieces(package: zipfile.ZipFile, name: str, budget: _Budget) -> Iterator[bytes]:
    with package.open(name) as part:
        while piece := part.read(_PIECE):
            budget.take(len(piece), name)
            yield piece


def _parse(package: zipfile.ZipFile, name: str, budget: _Budget, hears: Any) -> None:
    """Let `hears.start`, and `text` and `end` where it has them, hear the elements of a part."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = hears.start
    parser.EndElementHandler = getattr(hears, "end", None)
    parser.CharacterDataHandler = getattr(hears, "text", None)
    parser.StartDoctypeDeclHandler = _refuse_doctype
    for piece in _pieces(package, name, budget):
        parser.Parse(piece, False)  # noqa: FBT003 -- the parser takes no names
    parser.Parse(b"", True)  # noqa: FBT003 -- the parser takes no names


def _refuse_doctype(*_more: object) -> None:
    raise WorkbookError(damaged())


class _Index:
    """Hears which sheets there are, and in which part of the package each stands."""

    def __init__(self) -> None:
        self.sheets: dict[str, str] = {}
        self.targets: dict[str, str] = {}

    def start(self, tag: str, given: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "sheet":
            relation = next((v for k, v in given.items() if k.endswith(":id")), "")
            self.sheets[given.get("name", "")] = relation
        elif name == "Relationship":
            self.targets[given.get("Id", "")] = given.get("Target", "")


def _sheet_parts(package: zipfile.ZipFile, names: list[str], budget: _Budget) -> dict[str, str]:
    """Return the part of the package that holds each sheet."""
    index = _Index()
    _parse(package, "xl/workbook.xml", budget, index)
    _parse(package, "xl/_rels/workbook.xml.rels", budget, index)
    found = {}
    for name, pk in index.sheets.items():
        target = index.targets.get(pk, "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in names and "worksheets/" in part:
            found[name] = part
    return found


class _SheetScan:
    """Hears the elements of one sheet and notes what a table of values would not tell."""

    def __init__(self, facts: SheetFacts) -> None:
        self.facts = facts
        self.address = ""
        self.row = self.column = self.rows = 0
        self.is_error = self.is_value = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            self._cell(given)
        elif name == "row":
            self._row(given)
        elif name == "f" and len(self.facts.formulas) < _MOST_NOTED:
            self.facts.formulas.add(self.address)
        elif name == "v":
            self.is_value = self.is_error
        elif name == "mergeCell" and len(self.facts.merged) < _MOST_NOTED:
            self.facts.merged.append(given.get("ref", ""))

    def _row(self, given: dict[str, str]) -> None:
        self.row, self.column = int(given.get("r", self.row + 1)), 0
        self.rows += 1
        if self.rows > MOST_ROWS:
            raise WorkbookError(
                _(
                    "The sheet “%(sheet)s” has more than %(most)s rows, most of them likely empty "
                    "rows. Delete the empty rows below your data and save it again."
                )
                % {"sheet": self.facts.name, "most": MOST_ROWS}
            )

    def _cell(self, given: dict[str, str]) -> None:
        facts = self.facts
        match = _ADDRESS.fullmatch(given.get("r", ""))
        if match:
            self.column, self.row = column_number(match[1]), int(match[2])
        else:
            self.column += 1
        self.address = address_of(self.row, self.column)
        self.is_error = given.get("t") == "e"
        facts.cells += 1
        facts.rows, facts.columns = max(facts.rows, self.row), max(facts.columns, self.column)
        if facts.cells > MOST_CELLS or facts.rows > MOST_ROWS or facts.columns > MOST_COLUMNS:
            raise WorkbookError(
                _(
                    "The sheet “%(sheet)s” reaches as far as cell %(cell)s, which is further than "
                    "a workbook made here goes. Delete the empty rows and columns after your data."
                )
                % {"sheet": facts.name, "cell": self.address}
            )

    def text(self, data: str) -> None:
        if self.is_value and len(self.facts.errors) < _MOST_NOTED:
            self.facts.errors[self.address] = data[:20]

    def end(self, tag: str) -> None:
        if tag.rpartition(":")[2] == "v":
            self.is_value = False


def _scan(package: zipfile.ZipFile, facts: SheetFacts, budget: _Budget) -> None:
    scan = _SheetScan(facts)
    _parse(package, facts.part, budget, scan)


def column_number(letters: str) -> int:
    """Return 1 for "A", 27 for "AA"."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """Return "A" for 1, "AA" for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


_LETTERS = [column_letters(n) for n in range(MOST_COLUMNS + 2)]


def address_of(row: int, column: int) -> str:
    """Return "F12" for row 12, column 6, both counted from one."""
    letters = _LETTERS[column] if column < len(_LETTERS) else column_letters(column)
    return f"{letters}{row}"
