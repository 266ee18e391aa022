"""Counts by quarter-hour, language, place and label: what the picture of an incident is made of.

A quarter-hour (a bucket) is numbered from 1970 in UTC. Longer spans are counted from the
quarter-hour of the incident, so that none holds both what was before it and what came after.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from chorus.foldable import QUARTER_HOUR, Arrays, Settings, column
from chorus.keys import KeyIndex
from chorus.sketches import DistinctCounter, author_hashes

# What stands in a cell's label for all posts, whatever their labels; no label has this bit.
ALL_POSTS: Final = 63

# Spans in quarter-hours.
QUARTER: Final = 1
HOUR: Final = 4
SIX_HOURS: Final = 24
DAY: Final = 96
WHOLE: Final = 0

CELLS: Final[dict[str, pl.DataType]] = {
    "bucket": pl.Int64(),
    "span": pl.Int64(),
    "language": pl.UInt8(),
    "place": pl.UInt32(),
    "label": pl.UInt8(),
    "posts": pl.Int64(),
    "spread": pl.Int64(),
    "authors": pl.Int64(),
}

_HOURS_AFTER: Final = 3 * DAY
_DAYS_AFTER: Final = 14 * DAY

# A key holds bucket, language, place and label, so that keys sort as cells are read.
_LABEL_BITS: Final = 6
_PLACE_BITS: Final = 28
_LANGUAGE_BITS: Final = 6
_BUCKET_BITS: Final = 24
_LANGUAGE_AT: Final = _LABEL_BITS + _PLACE_BITS
_BUCKET_AT: Final = _LANGUAGE_AT + _LANGUAGE_BITS
_BUCKET_ZERO: Final = 1 << (_BUCKET_BITS - 1)
LABELS_OF_A_CELL: Final = 1 << _LABEL_BITS
_LABELS: Final = np.uint64(LABELS_OF_A_CELL - 1)
_PLACES: Final = np.uint64((1 << _PLACE_BITS) - 1)
_LANGUAGES: Final = np.uint64((1 << _LANGUAGE_BITS) - 1)

Integers = NDArray[np.int64]
Keys = NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Grid:
    """How finely cells are asked for.

    `span` is in quarter-hours, WHOLE for one span from first to latest. `place_of` gives for each
    row of the gazetteer the row that stands for it (itself, its parent, or 0 for none); without it
    places are as they were found.
    """

    span: int = QUARTER
    by_language: bool = True
    place_of: NDArray[np.uint32] | None = None


class Cells:
    """The table of cells.

    What is older than 3 days by the newest post is kept by the hour, what is older than 14 days
    by the day; so a stream without end stays small.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._origin = settings.incident_bucket
        self.newest = -_BUCKET_ZERO
        self._compacted_at = -_BUCKET_ZERO
        self.index = KeyIndex()
        self.posts = np.empty(0, np.int64)
        self.spread = np.empty(0, np.int64)
        self.authors = DistinctCounter()

    def __len__(self) -> int:
        return len(self.index)

    def fold(self, observed: pa.Table) -> None:
        """Count the posts of a batch."""
        if not observed.num_rows:
            return
        buckets = _within_range(column(observed, "at") // QUARTER_HOUR)
        self.newest = max(self.newest, int(buckets.max()))
        groups, group = np.unique(
            _packed(buckets, column(observed, "language"), column(observed, "place")),
            return_inverse=True,
        )
        posts, labels = exploded(column(observed, "labels"))
        self._count(groups, group[posts] * LABELS_OF_A_CELL + labels, posts, observed)
        # On the way only once a day of the stream; `arrays` and `table` do it in any case.
        if self.newest - self._compacted_at > DAY:
            self._compact()

    def merge(self, other: Self) -> None:
        """Count what another table counted."""
        self.newest = max(self.newest, other.newest)
        rows = self._rows_for(other.index.keys())
        self.posts[rows] += other.posts
        self.spread[rows] += other.spread
        self.authors.merge(other.authors, rows)

    def arrays(self) -> Arrays:
        """Return all of it, sorted by key."""
        self._compact()
        keys = self.index.keys()
        order = np.argsort(keys)
        ranks = np.empty(len(order), np.int64)
        ranks[order] = np.arange(len(order))
        authors = self.authors.fold(ranks, len(order)).arrays()
        return {
            "newest": np.array([self.newest], np.int64),
            "keys": keys[order],
            "posts": self.posts[order],
            "spread": self.spread[order],
            **{f"authors.{name}": values for name, values in authors.items()},
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], settings: Settings) -> Self:
        """Return the table that gave these arrays. Raises ValueError when they do not fit."""
        cells = cls(settings)
        keys = arrays["keys"].astype(np.uint64)
        cells.authors = DistinctCounter.from_arrays(
            {
                name.removeprefix("authors."): values
                for name, values in arrays.items()
                if name.startswith("authors.")
            }
        )
        sizes = {len(keys), len(arrays["posts"]), len(arrays["spread"]), len(cells.authors)}
        if len(sizes) > 1 or (keys[1:] <= keys[:-1]).any():
            raise ValueError("The cells are not whole; use another copy of the state.")
        cells.index = KeyIndex(keys)
        cells.posts = arrays["posts"].astype(np.int64)
        cells.spread = arrays["spread"].astype(np.int64)
        cells.newest = cells._compacted_at = int(arrays["newest"][0])
        return cells

    def table(
        self, grid: Grid | None = None, *, since: int | None = None, before: int | None = None
    ) -> pl.DataFrame:
        """Return the cells of a grid (columns CELLS, sorted), of buckets in [since, before).

        For inside only: nothing is suppressed yet. The label ALL_POSTS counts every post. Where
        older posts are kept by the hour or day, `span` says so; it is 0 for the whole time.
        """
        grid = grid or Grid()
        self._compact()
        keys = self.index.keys()
        buckets = _buckets_of(keys)
        is_asked = np.ones(len(keys), bool)
        if since is not None:
            is_asked &= buckets >= since
        if before is not None:
            is_asked &= buckets < before
        asked = np.flatnonzero(is_asked)
        coarse, group = np.unique(self._coarse(keys[asked], grid), return_inverse=True)
        targets = np.full(len(keys), -1, np.int64)
        targets[asked] = group
        spans = np.maximum(self._kept_spans(_buckets_of(coarse)), grid.span)
        return pl.DataFrame(
            {
                "bucket": _buckets_of(coarse),
                "span": spans if grid.span != WHOLE else np.zeros(len(coarse), np.int64),
                "language": _languages_of(coarse),
                "place": _places_of(coarse),
                "label": coarse & _LABELS,
                "posts": _sums(group, self.posts[asked], len(coarse)),
                "spread": _sums(group, self.spread[asked], len(coarse)),
                "authors": self.authors.fold(targets, len(coarse)).counts(),
            }
        ).select(pl.col(name).cast(dtype) for name, dtype in CELLS.items())

    def _count(self, groups: Keys, cell_of: Integers, posts: Integers, observed: pa.Table) -> None:
        """Count exploded posts: cell_of[i] is group and label of the post posts[i]."""
        is_repost = column(observed, "repost")[posts]
        size = len(groups) * LABELS_OF_A_CELL
        spread = np.bincount(cell_of[is_repost], minlength=size)
        all_posts = np.bincount(cell_of, minlength=size)
        present = np.flatnonzero(all_posts)
        labels = (present % LABELS_OF_A_CELL).astype(np.uint64)
        rows = self._rows_for(groups[present // LABELS_OF_A_CELL] | labels)
        self.posts[rows] += all_posts[present] - spread[present]
        self.spread[rows] += spread[present]
        row_of = np.empty(size, np.int64)
        row_of[present] = rows
        authors = column(observed, "author")
        is_known = (authors != 0)[posts]
        self.authors.add(row_of[cell_of[is_known]], author_hashes(authors)[posts[is_known]])

    def _rows_for(self, keys: Keys) -> Integers:
        rows = self.index.rows_for(keys)
        missing = len(self.index) - len(self.posts)
        if missing:
            added = np.zeros(missing, np.int64)
            self.posts = np.concatenate([self.posts, added])
            self.spread = np.concatenate([self.spread, added])
            self.authors.grow(len(self.index))
        return rows

    def _compact(self) -> None:
        """Bring cells that have grown old to the span in which they are kept."""
        self._compacted_at = self.newest
        keys = self.index.keys()
        coarse = _with_buckets(keys, self._kept(_buckets_of(keys)))
        if np.array_equal(coarse, keys):
            return
        distinct, group = np.unique(coarse, return_inverse=True)
        self.index = KeyIndex(distinct)
        self.posts = _sums(group, self.posts, len(distinct))
        self.spread = _sums(group, self.spread, len(distinct))
        self.authors = self.authors.fold(group, len(distinct))

    def _kept_spans(self, buckets: Integers) -> Integers:
        """Return the span in which each bucket is kept, given the newest post."""
        hours_before = self._start(np.array(self.newest - _HOURS_AFTER), HOUR)
        days_before = self._start(np.array(self.newest - _DAYS_AFTER), DAY)
        hours = np.where(buckets < hours_before, HOUR, QUARTER)
        return np.where(buckets < days_before, DAY, hours)

    def _kept(self, buckets: Integers) -> Integers:
        return self._start(buckets, self._kept_spans(buckets))

    def _start(self, buckets: Integers, span: int | Integers) -> Integers:
        """Return the first bucket of each bucket's span, counted from the incident's."""
        return buckets - (buckets - self._origin) % span

    def _coarse(self, keys: Keys, grid: Grid) -> Keys:
        if grid.span == WHOLE:
            first = _buckets_of(keys).min(initial=_BUCKET_ZERO - 1)
            buckets = np.full(len(keys), first, np.int64)
        else:
            buckets = self._start(_buckets_of(keys), grid.span)
        languages = _languages_of(keys) if grid.by_language else np.zeros(len(keys), np.uint64)
        places = _places_of(keys)
        if grid.place_of is not None:
            # A place that the gazetteer does not know any more stands nowhere.
            is_listed = places < len(grid.place_of)
            places = np.where(is_listed, grid.place_of[places * is_listed], 0)
        labels = keys & _LABELS
        return _packed(buckets, languages, places) | labels


def exploded(masks: NDArray[np.uint64]) -> tuple[Integers, Integers]:
    """Return (post, label) for each bit that is set in each mask, and for ALL_POSTS."""
    everybody = np.arange(len(masks))
    used = int(np.bitwise_or.reduce(masks)) if len(masks) else 0
    bits = [bit for bit in range(ALL_POSTS) if used >> bit & 1]
    holders = [np.flatnonzero(masks & np.uint64(1 << bit)) for bit in bits]
    posts = np.concatenate([*holders, everybody])
    sizes = [*(len(holder) for holder in holders), len(masks)]
    return posts, np.repeat(np.array([*bits, ALL_POSTS], np.int64), sizes)


def _packed(buckets: Integers, languages: NDArray[Any], places: NDArray[Any]) -> Keys:
    if len(places) and int(places.max()) >= 1 << _PLACE_BITS:
        raise ValueError("A gazetteer may have 268 million rows; use a smaller one.")
    packed: Keys = (
        ((buckets + _BUCKET_ZERO).astype(np.uint64) << np.uint64(_BUCKET_AT))
        | ((languages.astype(np.uint64) & _LANGUAGES) << np.uint64(_LANGUAGE_AT))
        | (places.astype(np.uint64) << np.uint64(_LABEL_BITS))
    )
    return packed


def _with_buckets(keys: Keys, buckets: Integers) -> Keys:
    rest = keys & np.uint64((1 << _BUCKET_AT) - 1)
    return ((buckets + _BUCKET_ZERO).astype(np.uint64) << np.uint64(_BUCKET_AT)) | rest


def _buckets_of(keys: Keys) -> Integers:
    return (keys >> np.uint64(_BUCKET_AT)).astype(np.int64) - _BUCKET_ZERO


def _languages_of(keys: Keys) -> Keys:
    return keys >> np.uint64(_LANGUAGE_AT) & _LANGUAGES


def _places_of(keys: Keys) -> Keys:
    return keys >> np.uint64(_LABEL_BITS) & _PLACES


def _within_range(buckets: Integers) -> Integers:
    """Keep times that no post has (before 1731, after 2209) at the edge of what a key holds."""
    return np.clip(buckets, DAY - _BUCKET_ZERO, _BUCKET_ZERO - DAY)


def _sums(group: Integers, values: Integers, length: int) -> Integers:
    sums = np.zeros(length, np.int64)
    np.add.at(sums, group, values)
    return sums
