"""Tables of places: CSV in, rows and problems out."""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tansiq.access.models.places import PlaceKind
from tansiq.access.place_files.problems import Problems, UnreadableFileError, is_plain, text_of

MAX_ROWS = 100_000
MAX_DEPTH = 10
REQUIRED = ("code", "kind", "parent", "name")
OPTIONAL = (
    "level",
    "former_parent",
    "former_until",
    "iso",
    "national_code",
    "names",
    "latitude",
    "longitude",
    "population",
    "valid_from",
    "valid_to",
)
LENGTHS = {"code": 40, "iso": 10, "national_code": 20, "name": 120, "names": 4000}
CODE = re.compile(r"[a-z]{2}(-[a-z0-9]+)*", re.ASCII)
KINDS = frozenset(PlaceKind.values)
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{2,8})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place as a file describes it; everything in it was checked."""

    row: int
    code: str
    level: int
    kind: str
    name: str
    parent: str = ""
    former_parent: str = ""
    former_until: date | None = None
    iso: str = ""
    national_code: str = ""
    names: dict[str, str] = field(default_factory=dict)
    latitude: float | None = None
    longitude: float | None = None
    population: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def country_code(self) -> str:
        return self.code[:2]


@dataclass(frozen=True)
class PlaceTable:
    """The rows of a file in its order, the columns it has, and what is wrong with it."""

    rows: list[PlaceRow]
    columns: frozenset[str]
    problems: Problems


def read_places(content: bytes, *, known: Mapping[str, int] | None = None) -> PlaceTable:
    """Read a CSV table of places, separated by commas, semicolons or tabs.

    `known` holds the code and level of places outside the file that may be parents in it.
    Rows with problems are left out of `rows`. Raises UnreadableFileError if the file as a
    whole cannot be read.
    """
    problems = Problems()
    lines = _lines(text_of(content))
    header = [cell.strip().lower() for cell in next(lines, (1, []))[1]]
    _check_header(header)
    found: dict[str, dict[str, Any]] = {}
    for number, cells in lines:
        values = _row(number, header, cells, problems)
        if values is None:
            continue
        earlier = found.get(values["code"])
        if earlier:
            message = _("The code %(code)s is already in row %(row)s. Give each place its own.")
            detail = {"code": values["code"], "row": earlier["row"]}
            problems.add(_at(number, "code"), message % detail)
        else:
            found[values["code"]] = values
    rows = _with_levels(found, known or {}, problems)
    return PlaceTable(rows, frozenset(header), problems)


def _at(number: int, column: str) -> str:
    return _("Row %(row)s, column %(column)s") % {"row": number, "column": column}


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not empty with their number, the header being row 1."""
    header = text.split("\n", 1)[0]
    separator = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            if number > MAX_ROWS + 1:
                raise UnreadableFileError(
                    _("The table has more than 100,000 rows. Split it by country.")
                )
            if any(map(str.strip, cells)):
                yield number, cells
    except csv.Error as fault:
        message = _("Row %(row)s cannot be read: a quotation mark is open or a cell is too long.")
        raise UnreadableFileError(message % {"row": reader.line_num}) from fault


def _check_header(header: list[str]) -> None:
    missing = [column for column in REQUIRED if column not in header]
    if missing:
        message = _("The first row must name the columns; %(columns)s is missing.")
        raise UnreadableFileError(message % {"columns": ", ".join(missing)})
    odd = {name for name in header if name not in READERS or header.count(name) > 1}
    if odd:
        names = ", ".join(name[:40] or "“”" for name in sorted(odd)[:5])
        message = _(
            "The first row has columns that are unknown or there twice (%(columns)s)."
            " Use each of these once: %(known)s."
        )
        detail = {"columns": names, "known": ", ".join((*REQUIRED, *OPTIONAL))}
        raise UnreadableFileError(message % detail)


def _row(
    number: int, header: list[str], cells: list[str], problems: Problems
) -> dict[str, Any] | None:
    """Return the values of one row, or nothing if any of them is wrong."""
    before = problems.total
    if len(cells) != len(header):
        message = _("This row has %(cells)s cells and the first one %(columns)s. Compare them.")
        where = _("Row %(row)s") % {"row": number}
        problems.add(where, message % {"cells": len(cells), "columns": len(header)})
        return None
    values: dict[str, Any] = {"row": number}
    for column, cell in zip(header, cells, strict=True):
        try:
            values[column] = READERS[column](_clean(column, cell))
        except ValueError as fault:
            problems.add(_at(number, column), str(fault))
    if problems.total == before:
        for column, message in _contradictions(values):
            problems.add(_at(number, column), message)
    return values if problems.total == before else None


def _clean(column: str, cell: str) -> str:
    text = cell.strip()
    if text.isascii() and text.isprintable() and len(text) <= LENGTHS.get(column, 40):
        return text
    text = unicodedata.normalize("NFC", text)
    limit = LENGTHS.get(column, 40)
    if len(text) > limit:
        raise ValueError(_("This is longer than %(limit)s characters.") % {"limit": limit})
    if not is_plain(text):
        raise ValueError(
            _("There is an invisible control character in this cell. Type the text again.")
        )
    return text


def _code(text: str) -> str:
    code = text.lower()
    if not CODE.fullmatch(code):
        raise ValueError(
            _("“%(code)s” is not a code. Write the country and a code, such as id-ji.")
            % {"code": text}
        )
    return code


def _code_or_nothing(text: str) -> str:
    return _code(text) if text else ""


def _kind(text: str) -> str:
    if text not in KINDS:
        message = _("“%(kind)s” is not a kind of place. Use one of these: %(known)s.")
        raise ValueError(message % {"kind": text, "known": ", ".join(PlaceKind.values)})
    return text


def _name(text: str) -> str:
    if not text:
        raise ValueError(_("Every place needs a name."))
    return text


def _names(text: str) -> dict[str, str]:
    message = _('Write names as JSON by language, such as {"en": "East Java"}.')
    try:
        names = json.loads(text or "{}")
    except (ValueError, RecursionError):
        raise ValueError(message) from None
    if not isinstance(names, dict):
        raise ValueError(message)  # noqa: TRY004 -- one kind of fault for the caller
    for language, name in names.items():
        if not (LANGUAGE.fullmatch(language) and isinstance(name, str) and name.strip()):
            raise ValueError(message)
        if len(name) > LENGTHS["name"] or not is_plain(name):
            raise ValueError(
                _("The name in “%(language)s” is too long or holds control characters.")
                % {"language": language}
            )
    return {key: unicodedata.normalize("NFC", name.strip()) for key, name in names.items()}


def _number(lowest: float, highest: float) -> Callable[[str], float | None]:
    def read(text: str) -> float | None:
        if not text:
            return None
        message = _(
            "“%(text)s” is not a number from %(lowest)s to %(highest)s with a point, such as 7.25."
        )
        try:
            # Python would read 1_0 as ten.
            number = float(text.replace("_", "?"))
        except ValueError:
            number = highest + 1
        if not lowest <= number <= highest:
            detail = {"text": text, "lowest": int(lowest), "highest": int(highest)}
            raise ValueError(message % detail)
        return number

    return read


def _count(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > len("10000000000"):
        raise ValueError(
            _("“%(text)s” is not a number of people. Write digits only, such as 12500.")
            % {"text": text}
        )
    return int(text)


def _level(text: str) -> int | None:
    number = _count(text)
    if number is not None and number > MAX_DEPTH:
        raise ValueError(_("Places may be at most 10 levels deep."))
    return number


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        if len(text) != len("2024-06-11"):
            raise ValueError  # noqa: TRY301 -- Python also reads shorter forms
        return date.fromisoformat(text)
    except ValueError:
        message = _("“%(text)s” is not a day. Write year, month and day, such as 2024-06-11.")
        raise ValueError(message % {"text": text}) from None


READERS: dict[str, Callable[[str], Any]] = {
    "code": _code,
    "level": _level,
    "kind": _kind,
    "parent": _code_or_nothing,
    "former_parent": _code_or_nothing,
    "former_until": _day,
    "iso": str,
    "national_code": str,
    "name": _name,
    "names": _names,
    "latitude": _number(-90, 90),
    "longitude": _number(-180, 180),
    "population": _count,
    "valid_from": _day,
    "valid_to": _day,
}


def _contradictions(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each column that does not go with another one of its row, and why."""
    code, parent = values["code"], values["parent"]
    if (parent == "") is not (len(code) == len("id")):
        yield (
            "parent",
            _("A country has a code of two letters and no parent; every other place has one."),
        )
    elif parent == code:
        yield "parent", _("A place cannot be its own parent.")
    elif parent and parent[:2] != code[:2]:
        yield "parent", _("The parent is in another country.")
    former = values.get("former_parent", "")
    if former and former[:2] != code[:2]:
        yield "former_parent", _("The former parent is in another country.")
    if bool(former) is not bool(values.get("former_until")):
        yield (
            "former_until",
            _("A former parent and its last day belong together. Fill in both or none."),
        )
    if (values.get("latitude") is None) is not (values.get("longitude") is None):
        yield "longitude", _("Latitude and longitude belong together. Fill in both or none.")
    begun, over = values.get("valid_from"), values.get("valid_to")
    if begun and over and over < begun:
        yield "valid_to", _("The last day of validity is before the first.")


def _with_levels(
    found: dict[str, dict[str, Any]], known: Mapping[str, int], problems: Problems
) -> list[PlaceRow]:
    """Return the rows with their level, which follows from the parents, not from the column."""
    levels = _levels(found, known)
    rows = []
    for code, values in found.items():
        message = _fault_above(values, found, levels, known)
        if message:
            problems.add(_at(values["row"], "parent"), message)
        else:
            rows.append(PlaceRow(**(values | {"level": levels[code]})))
    return rows


def _levels(found: dict[str, dict[str, Any]], known: Mapping[str, int]) -> dict[str, int]:
    """Return the level of every place that hangs, over any number of parents, on a root."""
    children: dict[str, list[str]] = {}
    for code, values in found.items():
        children.setdefault(values["parent"], []).append(code)
    levels = dict.fromkeys(children.get("", []), 0)
    levels |= {
        code: level + 1
        for parent, level in known.items()
        if parent not in found
        for code in children.get(parent, [])
    }
    waiting = list(levels)
    while waiting:
        parent = waiting.pop()
        for code in children.get(parent, []):
            levels[code] = levels[parent] + 1
            waiting.append(code)
    return levels


def _fault_above(
    values: dict[str, Any],
    found: Mapping[str, Any],
    levels: Mapping[str, int],
    known: Mapping[str, int],
) -> str:
    """Say what is wrong with the parents of a row, if anything."""
    stated, level = values.get("level"), levels.get(values["code"])
    former = values.get("former_parent")
    if level is None and values["parent"] in found:
        return _("The parents above run in a circle, or one of them has a fault. Mend that first.")
    if level is None:
        return _("The parent %(code)s is not in the table, or its row has a fault.") % {
            "code": values["parent"]
        }
    if level > MAX_DEPTH:
        return _("Places may be at most 10 levels deep.")
    if stated is not None and stated != level:
        return _("By its parents the place is on level %(right)s, not %(stated)s.") % {
            "right": level,
            "stated": stated,
        }
    if former and former not in found and former not in known:
        return _("The former parent %(code)s is not in the table. Add it.") % {"code": former}
    return ""
