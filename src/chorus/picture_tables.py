"""Tables of the picture, made from what suppression lets go."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final

from chorus.cards import Cards
from chorus.cells import ALL_POSTS, WHOLE
from chorus.labels import LABELS, LANGUAGES
from chorus.picture import ALL_POSTS as ALL_KEY
from chorus.picture import Cell, Coarseness, Table
from chorus.places import NOWHERE, Gazetteer
from chorus.suppression import Released
from chorus.tag_rows import QUARTER_MINUTES, moment, rounded

# The label of a cell in the words of the code book.
KEY_OF: Final = {place: label.key for place, label in enumerate(LABELS)} | {ALL_POSTS: ALL_KEY}


def table_of(
    released: Released,
    *,
    cards: Cards | None,
    gazetteer: Gazetteer,
    keys: Collection[str] | None = None,
) -> Table:
    """Return a released table as cells, with the error bars of the heads' cards.

    `keys` are the labels to show; all of them when None.
    """
    rows = (row for row in released.cells.iter_rows(named=True) if row["label"] in KEY_OF)
    cells = [_cell(row, released, cards, gazetteer) for row in rows]
    shown = tuple(cell for cell in cells if keys is None or cell.label in keys)
    return Table(shown, coarseness_of(released))


def coarseness_of(released: Released) -> Coarseness:
    """Return how fine a released table is."""
    return Coarseness(
        minutes=None if released.span == WHOLE else released.span * QUARTER_MINUTES,
        place=released.level,
        language=released.by_language,
        hidden_share=released.hidden_share,
        reason=released.reason,
    )


def bar_of(
    cards: Cards | None, key: str, posts: int | None, language: str | None = None
) -> tuple[int | None, int | None]:
    """Return the ends of the error bar of a count; None where it is hidden or the card has none."""
    bar = None if cards is None or posts is None else cards.bar(key, language)
    if bar is None or posts is None:
        return None, None
    return rounded(int(posts * bar[0])), rounded(int(posts * bar[1]))


def _cell(
    row: dict[str, Any], released: Released, cards: Cards | None, gazetteer: Gazetteer
) -> Cell:
    key = KEY_OF[row["label"]]
    language = LANGUAGES[row["language"]] if released.by_language else None
    low, high = bar_of(cards, key, row["posts"], language)
    return Cell(
        label=key,
        start=_start(row["bucket"], released.span),
        language=language,
        place=_place(row["place"], released.level, gazetteer),
        posts=row["posts"],
        spread=row["spread"],
        authors=row["authors"],
        low=low,
        high=high,
    )


def _start(bucket: int, span: int) -> datetime | None:
    return None if span == WHOLE else moment(bucket)


def _place(row: int, level: str | None, gazetteer: Gazetteer) -> str | None:
    """Return a place's id; empty for posts that name no place, in a table that is by place."""
    if level is None:
        return None
    named = gazetteer.name_of(row) if row != NOWHERE else None
    return named.id if named else ""


def cell_of(table: Table, key: str, at: datetime | None = None) -> Cell | None:
    """Return the cell of a label that holds a moment: the last one that begins before it."""
    cells: Iterable[Cell] = (cell for cell in table.cells if cell.label == key)
    if at is None:
        return next(iter(cells), None)
    before = [cell for cell in cells if cell.start is not None and cell.start <= at]
    return max(before, key=lambda cell: cell.start or at, default=None)
