"""Bursts of tags, labels and claims as rows of the picture.

The bells ring on quarter-hours; what is told beside them is the number of the longer bucket that
the picture shows anyway, so that no quarter-hour can be subtracted from its hour.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from chorus.bursts import WARM_UP_MINUTES, Burst, Thresholds, bursts, course_of, judge, kleinberg
from chorus.cells import ALL_POSTS, QUARTER, Cells, Grid
from chorus.hashtags import QUARTERS_AN_HOUR, HashtagTable, bins_of
from chorus.labels import BIT, CLAIM, HOSTILITY, INFORMATION, NEEDS
from chorus.picture import LABEL, TAG, BurstRow, Table
from chorus.picture_tables import cell_of
from chorus.released import Released
from chorus.tag_rows import QUARTER_MINUTES, moment, rounded

# Bells look at the last three days, the time for which quarter-hours are kept.
WINDOW: Final = 3 * 96
# With no six hours before the incident, the first hour after it is what the rest is compared with.
SHORT_WARM_UP_MINUTES: Final = 60
MOST_Z: Final = 10
MOST_BURSTS: Final = 100

# The labels that ring: needs, claims, hostility. All posts tell how loud everything is.
RINGING: Final = (
    *(f"{INFORMATION}.{name}" for name in NEEDS),
    f"{CLAIM}.claim",
    f"{HOSTILITY}.hostility",
)


@dataclass(frozen=True)
class Window:
    """The quarter-hours that are looked at, and how those before the incident help."""

    first: int
    last: int
    incident: int
    course: NDArray[np.float64] | None

    @property
    def buckets(self) -> int:
        return self.last - self.first + 1

    @property
    def warm_up(self) -> float:
        known = (self.incident - self.first) * QUARTER_MINUTES
        return max(SHORT_WARM_UP_MINUTES, min(known, WARM_UP_MINUTES))


@dataclass(frozen=True)
class Told:
    """What the picture shows of the bucket around a peak, and how many quarter-hours that has."""

    posts: int | None
    authors: int | None
    quarters: int


@dataclass(frozen=True)
class Series:
    """Uses and distinct authors by series and quarter-hour of a window."""

    uses: NDArray[np.int64]
    authors: NDArray[np.int64]

    @classmethod
    def empty(cls, series: int, window: Window) -> "Series":
        shape = (series, window.buckets)
        return cls(np.zeros(shape, np.int64), np.zeros(shape, np.int64))


def window_of(cells: Cells, *, incident: int) -> Window | None:
    """Return the window up to the newest post; None when there is nothing in it."""
    first = cells.newest - WINDOW + 1
    table = cells.table(_quarters(), since=first).filter(label=ALL_POSTS)
    if table.is_empty():
        return None
    # Quarter-hours that already became hours do not ring.
    table = table.filter(span=QUARTER)
    earliest = max(first, int(str(table["bucket"].min())))
    window = Window(earliest, cells.newest, incident, None)
    all_posts = np.zeros((1, window.buckets), np.int64)
    all_posts[0, table["bucket"].to_numpy() - earliest] = (
        table["posts"] + table["spread"]
    ).to_numpy()
    known = max(0, incident - earliest)
    course = course_of(all_posts, minutes=QUARTER_MINUTES, known=known)
    return Window(earliest, cells.newest, incident, course)


def tag_bursts(table: HashtagTable, tags: Sequence[Released], window: Window) -> list[BurstRow]:
    """Return the bursts of released tags, with the uses of the hour of each peak."""
    place_of = np.full(len(table.tags), -1, np.int64)
    place_of[[tag.row for tag in tags]] = np.arange(len(tags))
    rows, buckets = bins_of(table)
    inside = np.flatnonzero((place_of[rows] >= 0) & (buckets >= window.first))
    series = Series.empty(len(tags), window)
    at = place_of[rows[inside]], buckets[inside] - window.first
    series.uses[at] = (table.bins["posts"] + table.bins["spread"])[inside]
    series.authors[at] = table.bins.authors.counts()[inside]

    def told(place: int, peak: int) -> Told:
        hours = [hour for hour in tags[place].life.course if hour[0] <= peak]
        uses = hours[-1][1] if hours else None
        return Told(None if uses is None else rounded(uses), None, QUARTERS_AN_HOUR)

    names = [tag.name for tag in tags]
    return burst_rows(TAG, names, series, window=window, k=table.settings.k, told=told)


def label_bursts(cells: Cells, by_time: Table, window: Window, *, k: int) -> list[BurstRow]:
    """Return the bursts of needs, claims and hostility, with the numbers of the table by time."""
    place_of = {BIT[key]: place for place, key in enumerate(RINGING)}
    series = Series.empty(len(RINGING), window)
    for row in cells.table(_quarters(), since=window.first).iter_rows(named=True):
        if row["label"] in place_of and row["span"] == QUARTER:
            at = place_of[row["label"]], row["bucket"] - window.first
            series.uses[at] = row["posts"] + row["spread"]
            series.authors[at] = row["authors"]
    minutes = by_time.coarseness.minutes

    def told(place: int, peak: int) -> Told:
        cell = cell_of(by_time, RINGING[place], moment(peak))
        if cell is None or minutes is None:
            return Told(None, None, 1)
        return Told(cell.posts, cell.authors, minutes // QUARTER_MINUTES)

    return burst_rows(LABEL, RINGING, series, window=window, k=k, told=told)


def burst_rows(
    subject: str,
    names: Sequence[str],
    series: Series,
    *,
    window: Window,
    k: int,
    told: Callable[[int, int], Told],
) -> list[BurstRow]:
    """Return a row for each burst that goes on after the incident, the latest first.

    `told` gives for a series and a quarter-hour the numbers that the picture shows anyway.
    """
    judged = judge(
        series.uses, minutes=QUARTER_MINUTES, course=window.course, warm_up=window.warm_up
    )
    thresholds = Thresholds(authors=max(Thresholds.authors, k))
    found = [
        burst
        for burst in bursts(
            judged, series.uses, series.authors, minutes=QUARTER_MINUTES, thresholds=thresholds
        )
        if window.first + burst.end >= window.incident
    ]
    states = kleinberg(series.uses, course=window.course)
    rows = [_row(burst, (subject, names[burst.series]), window, told) for burst in found]
    seconded = [bool(states[burst.series, burst.start : burst.end + 1].any()) for burst in found]
    rows = [replace(row, is_seconded=says) for row, says in zip(rows, seconded, strict=True)]
    return sorted(rows, key=lambda row: (row.start, row.name), reverse=True)[:MOST_BURSTS]


def _row(
    burst: Burst,
    name: tuple[str, str],
    window: Window,
    told: Callable[[int, int], Told],
) -> BurstRow:
    peak = window.first + burst.peak
    number = told(burst.series, peak)
    return BurstRow(
        subject=name[0],
        name=name[1],
        level=burst.level,
        start=moment(window.first + burst.start),
        peak_at=moment(peak),
        z=float(min(MOST_Z, round(burst.z))),
        posts=number.posts,
        authors=number.authors,
        expected=None
        if number.posts is None
        else float(rounded(round(burst.expected * number.quarters))),
    )


def _quarters() -> Grid:
    return Grid(QUARTER, by_language=False, place_of=np.zeros(1, np.uint32))
