"""When hashtags lived: first and last use, peak, half-life, and their course by the hour.

Groups of tags are judged together: a group is a tag or a family of tags. Whatever would show what
fewer than k distinct authors did is None.
"""

import itertools
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from chorus.foldable import QUARTER_HOUR
from chorus.hashtags import QUARTERS_AN_HOUR, HashtagTable, bins_of
from chorus.suppression import hidden_in_line

# A tag is alive when k distinct authors used it in the last so many quarter-hours.
ALIVE: Final = 12
# The course of a tag shows so many hours at most, the latest ones.
COURSE_HOURS: Final = 72

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Life:
    """When a group of tags lived, in quarter-hours since 1970.

    `half_life` is in quarter-hours: from the peak until half of what came after it was written.
    `course` has the uses of each hour since the incident: (first quarter-hour, uses or None).
    """

    first: int
    last: int
    peak: int | None
    half_life: int | None
    is_alive: bool
    course: tuple[tuple[int, int | None], ...] = ()


@dataclass(frozen=True)
class _Bins:
    """The bins of all groups since the incident, by group and time, one for each quarter-hour."""

    group: Rows
    bucket: Rows
    uses: Rows
    # Of each bin of the table: its place here, -1 for none.
    place: Rows


class Lives:
    """The lives of groups of tags; `group_of` has the group of each tag's row, -1 for none."""

    def __init__(self, table: HashtagTable, group_of: Rows) -> None:
        self.table = table
        self.k = table.settings.k
        self.size = int(group_of.max(initial=-1)) + 1
        self.group_of = group_of
        self.bins = self._bins()
        starts = np.searchsorted(self.bins.group, np.arange(self.size + 1))
        self.spans = [slice(*ends) for ends in itertools.pairwise(starts)]

    def lives(self) -> list[Life]:
        """Return the life of each group."""
        peaks = np.array([self._peak(span) for span in self.spans], np.int64).reshape(-1)
        bins = self.bins
        at_peak = bins.bucket == peaks[bins.group]
        after = bins.bucket > peaks[bins.group]
        recent = bins.bucket > self.table.newest - ALIVE
        shows_peak, shows_after, is_alive = (
            self._authors(np.where(which, bins.group, -1), self.size) >= self.k
            for which in (at_peak, after, recent)
        )
        courses = self._courses()
        return [
            Life(
                first=first,
                last=last,
                peak=int(peaks[group]) if shows_peak[group] else None,
                half_life=(
                    self._half_life(self.spans[group], int(peaks[group]))
                    if shows_peak[group] and shows_after[group]
                    else None
                ),
                is_alive=bool(is_alive[group]),
                course=courses[group],
            )
            for group, (first, last) in enumerate(self._ends())
        ]

    def _bins(self) -> _Bins:
        tags, buckets = bins_of(self.table)
        group = self.group_of[tags]
        is_in = (group >= 0) & (buckets >= self.table.settings.incident_bucket)
        rows = np.flatnonzero(is_in)
        base = int(buckets.min(initial=0))
        width = int(buckets.max(initial=0)) - base + 1
        keys, back = np.unique(group[rows] * width + buckets[rows] - base, return_inverse=True)
        counted = self.table.bins
        uses = np.bincount(
            back, weights=(counted["posts"] + counted["spread"])[rows], minlength=len(keys)
        )
        place = np.full(len(tags), -1, np.int64)
        place[rows] = back
        return _Bins(keys // width, keys % width + base, uses.astype(np.int64), place)

    def _authors(self, target_of: Rows, length: int) -> Rows:
        """Return the distinct authors of bins together, by the target of each; -1 for none."""
        targets = np.where(self.bins.place >= 0, np.append(target_of, -1)[self.bins.place], -1)
        return self.table.bins.authors.fold(targets, length).counts()

    def _ends(self) -> list[tuple[int, int]]:
        firsts = np.full(self.size, np.iinfo(np.int64).max)
        lasts = np.full(self.size, np.iinfo(np.int64).min)
        rows = np.flatnonzero(self.group_of >= 0)
        groups = self.group_of[rows]
        np.minimum.at(firsts, groups, self.table.tags["first"][rows] // QUARTER_HOUR)
        np.maximum.at(lasts, groups, self.table.tags["last"][rows] // QUARTER_HOUR)
        return list(zip(firsts.tolist(), lasts.tolist(), strict=True))

    def _peak(self, span: slice) -> int:
        uses = self.bins.uses[span]
        return int(self.bins.bucket[span][np.argmax(uses)]) if len(uses) else -1

    def _half_life(self, span: slice, peak: int) -> int | None:
        buckets, uses = self.bins.bucket[span], self.bins.uses[span]
        later = np.cumsum(uses[buckets > peak])
        half = int(np.searchsorted(later, later[-1] / 2))
        return int(buckets[buckets > peak][half]) - peak

    def _courses(self) -> list[tuple[tuple[int, int | None], ...]]:
        """Return the uses of each hour; hours without any are left out.

        The total of a tag is told, so hours are hidden as cells of a line with a sum are.
        """
        incident = self.table.settings.incident_bucket
        hour = (self.bins.bucket - incident) // QUARTERS_AN_HOUR
        newest = (self.table.newest - incident) // QUARTERS_AN_HOUR
        is_shown = hour > newest - COURSE_HOURS
        width = max(int(hour.max(initial=0)) + 1, 1)
        keys, back = np.unique(self.bins.group * width + hour, return_inverse=True)
        uses = np.bincount(back, weights=self.bins.uses, minlength=len(keys)).astype(np.int64)
        authors = self._authors(back, len(keys))
        recent = np.zeros(len(keys), bool)
        recent[back[is_shown]] = True
        courses: list[tuple[tuple[int, int | None], ...]] = []
        starts = np.searchsorted(keys, np.arange(self.size + 1) * width)
        for start, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
            line = slice(start, end)
            few = authors[line] < self.k
            hide = hidden_in_line(few, authors[line], uses[line], self.k)
            if hide is None:
                # Even which hours there were would tell too much.
                courses.append(())
                continue
            courses.append(
                tuple(
                    (
                        int(keys[place] % width) * QUARTERS_AN_HOUR + incident,
                        None if hide[place - start] else int(uses[place]),
                    )
                    for place in range(start, end)
                    if recent[place]
                )
            )
        return courses
