"""What every kind of sheet gives: its columns, its rows as they stand, and steps from changes."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from tansiq.core.documents.columns import Column, Kind, Row, SheetPlan, Value
from tansiq.plans.workbooks.scope import Scope


@dataclass(frozen=True)
class Live:
    """One row as it stands now: the thing itself, its values, and why a cell is closed."""

    key: str
    thing: Any
    revision: int
    label: str
    values: Mapping[str, Value]
    open: frozenset[str] = frozenset()
    why_closed: Mapping[str, str] = field(default_factory=dict)

    @property
    def row(self) -> Row:
        return Row(self.key, self.revision, self.values, self.open)


@dataclass(frozen=True)
class Touched:
    """A cell whose value in the file is another than the one given out."""

    sheet: str
    key: str
    column: str
    address: str
    base: str
    new: str


@dataclass(frozen=True)
class Added:
    """A row that somebody wrote below the others."""

    sheet: str
    number: int
    values: Mapping[str, str]
    addresses: Mapping[str, str]


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell, or with a row whose cell cannot be named."""

    column: str
    message: str


class SheetKind:
    """One kind of sheet. Keys of rows begin with `prefix`."""

    key: str
    prefix: str

    def sheet(self, scope: Scope) -> SheetPlan:
        raise NotImplementedError

    def rows(self, scope: Scope) -> Iterator[Live]:
        """Yield all rows, as they are given out."""
        raise NotImplementedError

    def live(self, scope: Scope, keys: Collection[str]) -> dict[str, Live]:
        """Return the rows with these keys that the actor may see, as they stand now."""
        raise NotImplementedError

    def column_at(self, scope: Scope, column: Column, key: str) -> Column:
        """Return the column as it is in this row."""
        return column

    def resolve(self, scope: Scope, column: Column, text: str) -> str:
        """Return what a text in this column stands for; mostly itself."""
        return text

    def is_in(self, scope: Scope) -> bool:
        """Whether a workbook of this scope has this sheet."""
        return True


def places(scope: Scope) -> tuple[Column, ...]:
    """Return the columns that say where, in a workbook of many places."""
    if not scope.is_national:
        return ()
    return (
        Column("place_code", _("Code of the place"), "#adm+code", width=12),
        Column("place_name", _("Place"), "#adm+name", width=22),
    )


def place_values(scope: Scope, place: Any) -> dict[str, Value]:
    return {"place_code": place.code, "place_name": str(place)} if scope.is_national else {}


def choice(
    key: str, heading: str, hxl: str, choices: Iterable[tuple[Any, Any]], **more: Any
) -> Column:
    """Return a column with a pick list in the reader's language."""
    told = tuple((str(code), _upper_first(str(words))) for code, words in choices)
    return Column(key, heading, hxl, Kind.CHOICE, choices=told, is_input=True, **more)


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def words_in_all_languages(choices: Iterable[tuple[Any, Any]]) -> dict[str, str]:
    """Return each choice by its words in each of our languages, in small letters."""
    found: dict[str, str] = {}
    choices = list(choices)
    for language, _name in settings.LANGUAGES:
        with override(language):
            for code, words in choices:
                found.setdefault(str(words).casefold(), str(code))
    return found


def with_decimals(column: Column, decimals: int) -> Column:
    return replace(column, decimals=decimals)


def pk_of(key: str, part: int = 1) -> int:
    """Return the number in a row key such as "action:12"; 0 if there is none."""
    parts = key.split(":")
    text = parts[part] if len(parts) > part else ""
    return int(text) if text.isdecimal() and len(text) < 19 else 0  # noqa: PLR2004 -- 64 bits
