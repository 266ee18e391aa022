"""The gazetteer: which names of places are looked for, and what lies in what.

A response room gives the file; none is built in. It knows countries, regions and cities only. A
quarter, a street or a house of prayer is refused: with the hour and the language, such a place can
point at a handful of people.

A spelling that two places share stands for the place that holds both: a region and its capital of
the same name count as the region, and a name in two countries counts as none.
"""

import csv
import hashlib
import io
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from chorus.kernel import Phrasebook, PhrasebookError, normalise
from chorus.kernel.phrasebook import without_accents
from chorus.picture import PlaceName

COUNTRY: Final = "country"
REGION: Final = "region"
CITY: Final = "city"
# The coarsest first.
LEVELS: Final = (COUNTRY, REGION, CITY)

NOWHERE: Final = 0
MOST_PLACES: Final = 200_000
# A name of more words is not looked for; give a shorter one among the other spellings.
MOST_WORDS: Final = 4

_NAME: Final = "name"
_OTHER: Final = "other"
_COLUMNS: Final = ("id", "level", "parent", _NAME, _OTHER)


class GazetteerError(Exception):
    """The file of place names cannot be used; the message says what to put right."""


@dataclass(frozen=True)
class Place:
    """One place: its names by language (`""` for the name used where a language has none)."""

    id: str
    level: str
    names: Mapping[str, str]
    others: tuple[str, ...] = ()
    parent: str | None = None


@dataclass(frozen=True)
class Gazetteer:
    """Places in the order of the file. A place's row is its position from 1; 0 is nowhere."""

    places: tuple[Place, ...] = ()
    row_of: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, places: Iterable[Place]) -> Self:
        """Return the gazetteer of some places. Raises GazetteerError when they do not fit."""
        listed = tuple(places)
        if len(listed) > MOST_PLACES:
            raise GazetteerError(
                f"There are {len(listed)} places; leave out small ones until {MOST_PLACES} remain."
            )
        row_of: dict[str, int] = {}
        for row, place in enumerate(listed, start=1):
            if row_of.setdefault(place.id, row) != row:
                raise GazetteerError(f"Two places have the id {place.id}; give one another id.")
        made = cls(listed, row_of)
        for place in listed:
            made.check(place)
        return made

    @property
    def fingerprint(self) -> str:
        """What names this set of places: two states with the same one can be added up."""
        if not self.places:
            return ""
        written = json.dumps([asdict(place) for place in self.places], sort_keys=True)
        return hashlib.sha256(written.encode()).hexdigest()[:16]

    def check(self, place: Place) -> None:
        """Raise GazetteerError unless the place has a level, a name and a parent above it."""
        if place.level not in LEVELS:
            raise GazetteerError(
                f"The place {place.id} has the level {place.level!r}; only country, region and "
                "city are looked for, because finer places can point at single people."
            )
        if not any(place.names.values()):
            raise GazetteerError(f"The place {place.id} has no name; give it one.")
        if place.parent is None:
            return
        if place.parent not in self.row_of:
            raise GazetteerError(
                f"The place {place.id} lies in {place.parent}, which is not in the file; add it."
            )
        parent = self.places[self.row_of[place.parent] - 1]
        if LEVELS.index(parent.level) >= LEVELS.index(place.level):
            raise GazetteerError(
                f"The place {place.id} ({place.level}) cannot lie in {parent.id} "
                f"({parent.level}); a place lies in one of a coarser level."
            )

    def lineage(self, row: int) -> tuple[int, ...]:
        """Return the row and the rows it lies in, the finest first; none for nowhere."""
        rows: list[int] = []
        while row != NOWHERE:
            rows.append(row)
            row = self.row_of.get(self.places[row - 1].parent or "", NOWHERE)
        return tuple(rows)

    def coarser(self, level: str) -> NDArray[np.uint32]:
        """Return for every row the row that stands for it at a level; row 0 is nowhere.

        A place that is coarser than the level stays itself: posts that name the country alone
        belong to no region.
        """
        limit = LEVELS.index(level)
        rows = np.zeros(len(self.places) + 1, dtype=np.uint32)
        for row in range(1, rows.size):
            lineage = self.lineage(row)
            fitting = [at for at in lineage if LEVELS.index(self.places[at - 1].level) <= limit]
            rows[row] = fitting[0] if fitting else NOWHERE
        return rows

    def spellings(self) -> dict[str, int]:
        """Return every spelling that is looked for, in normal form, and the row it stands for."""
        written = [
            (spelling, row)
            for row, place in enumerate(self.places, start=1)
            for spelling in (*place.names.values(), *place.others)
        ]
        found: dict[str, int] = {}
        normal = normalise([spelling for spelling, _ in written]).to_pylist()
        for (_, row), spelling in zip(written, normal, strict=True):
            key = without_accents(spelling.strip())
            found[key] = self._shared(found[key], row) if key in found else row
        return {
            spelling: row
            for spelling, row in found.items()
            if spelling and row != NOWHERE and spelling.count(" ") < MOST_WORDS
        }

    def phrasebook(self) -> Phrasebook:
        """Return the spellings as `chorus.kernel.places` looks for them.

        Raises GazetteerError for a name that cannot be looked for, such as one with a digit.
        """
        try:
            return Phrasebook.of_places(self.spellings().items())
        except PhrasebookError as error:
            raise GazetteerError(str(error)) from error

    def _shared(self, one: int, other: int) -> int:
        ancestors = self.lineage(other)
        return next((row for row in self.lineage(one) if row in ancestors), NOWHERE)

    def name_of(self, row: int) -> PlaceName | None:
        """Return a place as the picture names it; None for nowhere."""
        if row == NOWHERE:
            return None
        place = self.places[row - 1]
        return PlaceName(place.id, place.level, tuple(sorted(place.names.items())), place.parent)


def load_gazetteer(path: Path) -> Gazetteer:
    """Read a gazetteer from TOML (`[[place]]`) or CSV. Raises GazetteerError with what to do."""
    try:
        written = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise GazetteerError(
            f"The file of place names cannot be opened: {error.strerror}."
        ) from error
    except UnicodeDecodeError as error:
        raise GazetteerError("The file of place names is not UTF-8; save it as UTF-8.") from error
    rows = _toml_rows(written) if path.suffix.lower() == ".toml" else _csv_rows(written)
    places = Gazetteer.of(rows)
    if not places.places:
        raise GazetteerError("The file of place names holds no place; give at least one.")
    return places


def _toml_rows(written: str) -> Iterable[Place]:
    try:
        read = tomllib.loads(written)
    except tomllib.TOMLDecodeError as error:
        raise GazetteerError(f"The file of place names is not TOML: {error}.") from error
    tables = read.get("place", [])
    if not isinstance(tables, list):
        raise GazetteerError("Write each place as a table that begins with [[place]].")
    for number, table in enumerate(tables, start=1):
        yield _from_table(table, number)


def _from_table(table: dict[str, Any], number: int) -> Place:
    names, others = table.get("names", {}), table.get(_OTHER, [])
    if not isinstance(names, dict) or not isinstance(others, list):
        raise GazetteerError(
            f'Place {number}: names is a table such as {{ en = "Rivermouth" }}, other a list.'
        )
    names = {str(language): str(name).strip() for language, name in names.items()}
    if _NAME in table:
        names[""] = str(table[_NAME]).strip()
    return _place(table, names, [str(other) for other in others], f"Place {number}")


def _csv_rows(written: str) -> Iterable[Place]:
    reader = csv.DictReader(io.StringIO(written), delimiter=_delimiter(written), strict=True)
    columns = [str(column).strip() for column in reader.fieldnames or ()]
    if missing := [column for column in ("id", "level") if column not in columns]:
        raise GazetteerError(
            f"The file of place names has no column {missing[0]}; the first line names the "
            f"columns: {', '.join(_COLUMNS)}, and name:ar, name:en ... for each language."
        )
    try:
        for row in reader:
            cells = {str(key).strip(): (value or "").strip() for key, value in row.items() if key}
            yield _from_row(cells, f"Line {reader.line_num}")
    except csv.Error as error:
        raise GazetteerError(f"The file of place names cannot be read as CSV: {error}.") from error


def _delimiter(written: str) -> str:
    first = written.split("\n", 1)[0]
    return max(",;\t", key=first.count)


def _from_row(cells: dict[str, str], where: str) -> Place:
    names = {
        column.partition(":")[2].strip(): name
        for column, name in cells.items()
        if name and (column == _NAME or column.startswith(f"{_NAME}:"))
    }
    return _place(cells, names, cells.get(_OTHER, "").split("|"), where)


def _place(given: dict[str, Any], names: dict[str, str], others: list[str], where: str) -> Place:
    key = str(given.get("id", "")).strip()
    if not key:
        raise GazetteerError(f"{where} of the place names has no id; give it one.")
    return Place(
        id=key,
        level=str(given.get("level", "")).strip().lower(),
        names={language: name for language, name in names.items() if name},
        others=tuple(other.strip() for other in others if other.strip()),
        parent=str(given.get("parent") or "").strip() or None,
    )
