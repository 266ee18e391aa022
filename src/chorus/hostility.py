"""Hostility towards groups as a trend: now against what was usual, never a post or a person.

More than twice the usual calls for the contact to the communities. What was usual is the rate of up
to seven days before the incident; with less than a day of it there is no trend, only a number. The
numbers are those of tables that suppression lets go, so nothing more is told.

The threshold is our own proposal, reviewed by nobody outside (docs/explanation/listening.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import numpy as np

from chorus.cards import Cards
from chorus.cells import DAY, HOUR, QUARTER, WHOLE, Cells, Grid
from chorus.labels import BIT, HEADS, HOSTILITY, TARGET
from chorus.picture import CALL_COMMUNITIES, Advice, Cell, HostilityRow, Table
from chorus.picture_tables import bar_of
from chorus.places import Gazetteer
from chorus.tag_rows import rounded

KEY: Final = f"{HOSTILITY}.hostility"
KEYS: Final = (KEY, *(f"{TARGET}.{name}" for name in HEADS[TARGET]))
RAISED_ABOVE: Final = 2.0
BASELINE_DAYS: Final = 7
LEAST_BASELINE_HOURS: Final = 24


@dataclass(frozen=True)
class Baseline:
    """The posts of each label and place in the hours before the incident, with their authors."""

    hours: float
    counts: dict[tuple[int, int], tuple[int, int]]

    @property
    def is_enough(self) -> bool:
        return self.hours >= LEAST_BASELINE_HOURS

    def in_hours(self, key: str, place: int, hours: int) -> tuple[float, int]:
        """Return the posts of a time so long, and the authors behind the baseline."""
        posts, authors = self.counts.get((BIT[key], place), (0, 0))
        return posts * hours / self.hours, authors


def baseline_of(cells: Cells, *, incident: int, place_of: np.typing.NDArray[np.uint32]) -> Baseline:
    """Return what was usual before the incident; place 0 stands for everywhere."""
    nowhere = np.zeros(1, np.uint32)
    since = incident - BASELINE_DAYS * DAY
    everywhere = Grid(QUARTER, by_language=False, place_of=nowhere)
    earliest = cells.table(everywhere, since=since, before=incident)["bucket"].min()
    hours = 0.0 if earliest is None else (incident - int(str(earliest))) / HOUR
    counts: dict[tuple[int, int], tuple[int, int]] = {}
    for rows in (place_of, nowhere):
        grid = Grid(WHOLE, by_language=False, place_of=rows)
        for row in cells.table(grid, since=since, before=incident).iter_rows(named=True):
            counts[row["label"], row["place"]] = (row["posts"], row["authors"])
    return Baseline(hours, counts)


def latest(table: Table, since: datetime) -> Table:
    """Return the sums of the shown cells that begin at `since` or later, over time.

    Authors are those of the fullest cell: at least so many.
    """
    found: dict[tuple[str, str | None], Cell] = {}
    for cell in table.cells:
        if cell.posts is None or cell.start is None or cell.start < since:
            continue
        before = found.get((cell.label, cell.place), Cell(cell.label, place=cell.place))
        found[cell.label, cell.place] = replace(
            before,
            posts=(before.posts or 0) + cell.posts,
            authors=max(before.authors or 0, cell.authors or 0),
        )
    return Table(tuple(found.values()), table.coarseness)


def hostility_rows(
    tables: Iterable[Table],
    baseline: Baseline,
    *,
    hours: int,
    k: int,
    gazetteer: Gazetteer,
    cards: Cards | None,
) -> tuple[HostilityRow, ...]:
    """Return a row for each kind of target, and one for each place, of released tables.

    `hours` is the time since the incident that the tables cover.
    """
    rows = []
    for table in tables:
        for cell in table.cells:
            is_asked = cell.label == KEY if cell.place else cell.label in KEYS
            if is_asked and cell.place != "":
                rows.append(
                    _row(cell, baseline, hours=hours, k=k, gazetteer=gazetteer, cards=cards)
                )
    return tuple(rows)


def hostility_advice(rows: Iterable[HostilityRow]) -> list[Advice]:
    """Return a call to the contact for the communities wherever hostility has more than doubled."""
    return [
        Advice(
            CALL_COMMUNITIES,
            label=row.label,
            place=row.place,
            figures=() if row.ratio is None else (("ratio", row.ratio),),
        )
        for row in rows
        if row.is_raised and row.label == KEY
    ]


def _row(
    cell: Cell,
    baseline: Baseline,
    *,
    hours: int,
    k: int,
    gazetteer: Gazetteer,
    cards: Cards | None,
) -> HostilityRow:
    low, high = bar_of(cards, cell.label, cell.posts)
    row = HostilityRow(
        label=cell.label,
        hours=hours,
        place=cell.place,
        posts=cell.posts,
        authors=cell.authors,
        low=low,
        high=high,
    )
    if cell.posts is None or not baseline.is_enough:
        return row
    place = gazetteer.row_of[cell.place] if cell.place else 0
    usual, authors = baseline.in_hours(cell.label, place, hours)
    is_raised = cell.posts > RAISED_ABOVE * max(usual, 1.0)
    if authors < k:
        # Fewer than k wrote so before: the number stays hidden, that there is far more does not.
        return replace(row, is_raised=is_raised)
    usual = float(rounded(round(usual)))
    ratio = round(cell.posts / usual, 1) if usual else None
    return replace(row, usual=usual, ratio=ratio, is_raised=is_raised)
