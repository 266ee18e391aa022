"""A document as plain data: what every writer needs to know, in the order in which it is read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal

from django.utils.safestring import SafeString

from tansiq.core import formats

Kind = Literal["body", "lead", "quote", "small", "warning"]


@dataclass(frozen=True)
class Heading:
    """Levels begin at 1 below the title of the document and never skip one."""

    text: str
    level: int = 1
    anchor: str = ""

    fragment: ClassVar = "core/documents/_heading.html"

    @property
    def tag(self) -> str:
        """Return the HTML element: on a page the title is the h1."""
        return f"h{min(self.level + 1, 6)}"


@dataclass(frozen=True)
class Paragraph:
    """Words of one kind; `language` only where it is not the document's."""

    text: str
    kind: Kind = "body"
    language: str = ""

    fragment: ClassVar = "core/documents/_paragraph.html"


@dataclass(frozen=True)
class Bullets:
    items: Sequence[str]

    fragment: ClassVar = "core/documents/_bullets.html"


@dataclass(frozen=True)
class Cell:
    """What stands in a table; `link` leads to the page the figure comes from."""

    text: str
    link: str = ""
    is_strong: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under headings; `numeric` names the columns that stand at the end of their room."""

    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell | str]]
    numeric: frozenset[int] = frozenset()
    # How wide the columns are to each other; all the same if empty.
    widths: Sequence[int] = ()

    fragment: ClassVar = "core/documents/_table.html"

    def __post_init__(self) -> None:
        wrong = [row for row in self.rows if len(row) != len(self.headings)]
        if wrong:
            message = f"A row of {self.caption!r} does not have {len(self.headings)} cells."
            raise ValueError(message)

    @property
    def shares(self) -> Sequence[int]:
        return self.widths or [1] * len(self.headings)

    @property
    def heads(self) -> list[tuple[str, bool]]:
        """Return each heading, and whether numbers stand under it."""
        return [(one, number in self.numeric) for number, one in enumerate(self.headings)]

    @property
    def cells(self) -> list[list[tuple[Cell, str, bool]]]:
        """Return each row as (cell, heading of its column, whether it is a number)."""
        return [
            [
                (cell_of(one), heading, number in self.numeric)
                for number, (one, heading) in enumerate(zip(row, self.headings, strict=True))
            ]
            for row in self.rows
        ]


Rows = list[list[Cell | str]]


def cell_of(value: Cell | str) -> Cell:
    return value if isinstance(value, Cell) else Cell(value)


@dataclass(frozen=True)
class Figure:
    """A drawing (SVG without scripts and styles) and what it shows, in words."""

    svg: str
    alternative: str
    caption: str = ""

    fragment: ClassVar = "core/documents/_figure.html"

    @property
    def markup(self) -> SafeString:
        """Return the drawing for a page; it comes from `core.charts`, never from a person."""
        return SafeString(self.svg)


@dataclass(frozen=True)
class PageBreak:
    fragment: ClassVar = "core/documents/_break.html"


Block = Heading | Paragraph | Bullets | Table | Figure | PageBreak


@dataclass(frozen=True)
class Document:
    """A whole document. What stands on its first page is `title`, `subtitle` and `facts`."""

    title: str
    language: str
    author: str
    made_at: datetime
    blocks: Sequence[Block]
    subtitle: str = ""
    subject: str = ""
    facts: Sequence[tuple[str, str]] = ()
    # Such as "TLP:AMBER": stands on every page.
    marking: str = ""
    # A word across the head of every page, such as "Draft" or "Exercise".
    state: str = ""
    footer: str = ""
    contents_title: str = ""
    keywords: Sequence[str] = field(default=())

    @property
    def direction(self) -> str:
        return formats.locale_of(self.language).text_direction
