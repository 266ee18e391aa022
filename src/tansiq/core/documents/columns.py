"""What the columns and sheets of a workbook are: plain data, the same for writing and reading."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum

# What a cell can hold. None is an empty cell.
Value = str | Decimal | date | None

# A cell of a spreadsheet takes no longer text.
LONGEST_CELL = 32_000


class Kind(Enum):
    """How the cells of a column are written, checked and read."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    CHOICE = "choice"


@dataclass(frozen=True)
class Column:
    """One column: found again by its key, then by its HXL tag, then by its heading."""

    key: str
    heading: str
    hxl: str
    kind: Kind = Kind.TEXT
    help: str = ""
    width: int = 16
    # Of a choice: each code with its words in the reader's language.
    choices: tuple[tuple[str, str], ...] = ()
    # Whether people fill it in; a row may still close its cell.
    is_input: bool = False
    longest: int = 0
    decimals: int = 0
    # Whether the cells wrap, and the row grows.
    is_long: bool = False


@dataclass(frozen=True)
class Row:
    """One row: its key, the revision of the thing it shows, its values, which cells are open."""

    key: str
    revision: int
    values: Mapping[str, Value]
    open: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SheetPlan:
    """What a sheet is called, which columns it has, and how many rows may be added to it."""

    key: str
    title: str
    columns: tuple[Column, ...]
    lead: str = ""
    frozen: int = 2
    new_rows: int = 0
    # The columns that a new row may fill in.
    first_choice: Mapping[str, str] = field(default_factory=dict)


def canonical(value: Value) -> str:
    """Return a value as the one text by which two values are compared; empty is ""."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, date):
        return value.isoformat()
    return plain_text(value)


def plain_number(number: Decimal) -> str:
    """Return a number in digits, without zeros that say nothing: 1200.50 is "1200.5"."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def plain_text(text: str) -> str:
    """Return a text as forms keep it: one kind of line break, no space around, no odd signs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    kept = (one for one in text if one in "\n\t" or (one >= " " and one not in "\x7f\ufffe\uffff"))
    return "".join(kept).strip()
