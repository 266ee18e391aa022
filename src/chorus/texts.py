"""The distinct texts of a stream: how often each was posted, by how many authors, and its labels.

A text is known by the hash of its masked, folded form. The text itself is kept only once at least
k distinct authors have posted exactly it; until then nobody could read it anywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from chorus.foldable import Arrays, Settings, column, packed, unpacked
from chorus.kernel.results import SLOTS
from chorus.keys import ABSENT, KeyIndex, Keys
from chorus.sketches import DistinctCounter, author_hashes

Integers = NDArray[np.int64]

# Beyond the capacity a tenth goes at once, since choosing costs a look at every text.
_KEPT_WHEN_FULL: Final = 0.9
_FIRST_ROWS: Final = 1 << 12
# So many rows there may be over the capacity before room is made: more than a batch has.
_OVER: Final = 1 << 16
# Columns that `known` reads while another thread folds.
_PUBLISHED: Final = frozenset({"labels", "language"})
_COLUMNS: Final[dict[str, Any]] = {
    "posts": np.uint32,
    "spread": np.uint32,
    "first": np.int64,
    "last": np.int64,
    "labels": np.uint64,
    "language": np.uint8,
    "signature": (np.uint16, SLOTS),
}
# What a row holds before its first post: neutral for the minimum, maximum or OR that follows.
_NEUTRAL: Final = {
    "first": np.iinfo(np.int64).max,
    "last": np.iinfo(np.int64).min,
    "language": 255,
    "signature": np.iinfo(np.uint16).max,
}


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of some texts; `rows` is ABSENT, and the others 0, for those that are new."""

    rows: Integers
    labels: NDArray[np.uint64]
    languages: NDArray[np.uint8]


class _Lookup(NamedTuple):
    rows: KeyIndex
    labels: NDArray[np.uint64]
    languages: NDArray[np.uint8]


class _Batch(NamedTuple):
    """The posts of a batch by distinct text: `order` sorts them, each text begins at `starts`."""

    exact: Keys
    order: Integers
    starts: Integers


class Texts:
    """The table of distinct texts.

    Beyond `settings.texts_kept` rows the texts of fewer than k authors that were posted longest ago
    go first; `dropped_texts` and `dropped_posts` say how many went.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.index = KeyIndex()
        self.columns = {name: _empty_column(name, 0) for name in _COLUMNS}
        self.authors = DistinctCounter()
        self.shown: dict[int, str] = {}
        self.dropped_texts = 0
        self.dropped_posts = 0
        self._publish()

    def __len__(self) -> int:
        return len(self.index)

    def known(self, exact: Keys) -> Known:
        """Say which texts were scored already, and how. Safe beside one thread that folds."""
        known_rows, labels, languages = self._lookup
        rows = known_rows.find(exact)
        is_known = rows != ABSENT
        places = rows[is_known]
        known = Known(rows, np.zeros(len(exact), np.uint64), np.zeros(len(exact), np.uint8))
        known.labels[is_known] = labels[places]
        known.languages[is_known] = languages[places]
        return known

    def fold(self, observed: pa.Table) -> None:
        """Count the posts of a batch; those without a text (exact 0) are left out."""
        exact = column(observed, "exact")
        if not exact.any():
            return
        batch = _by_text(exact)
        rows = self._rows_for(batch.exact)
        self._count(batch, rows, observed)
        row_of = np.empty(len(exact), np.int64)
        row_of[batch.order] = np.repeat(rows, _sizes(batch))
        authors = column(observed, "author")
        is_known = (authors != 0) & (exact != 0)
        self.authors.add(row_of[is_known], author_hashes(authors[is_known]))
        self._show(batch, rows, observed)
        self._make_room()
        self._publish()

    def merge(self, other: Self) -> None:
        """Count what another table counted."""
        size = len(other)
        rows = self._rows_for(other.index.keys())
        ours, theirs = self.columns, other.columns
        for name in ("posts", "spread"):
            ours[name][rows] += theirs[name][:size]
        ours["first"][rows] = np.minimum(ours["first"][rows], theirs["first"][:size])
        ours["last"][rows] = np.maximum(ours["last"][rows], theirs["last"][:size])
        ours["labels"][rows] |= theirs["labels"][:size]
        ours["language"][rows] = np.minimum(ours["language"][rows], theirs["language"][:size])
        ours["signature"][rows] = np.minimum(ours["signature"][rows], theirs["signature"][:size])
        self.authors.merge(other.authors, rows)
        for row, text in other.shown.items():
            place = int(rows[row])
            self.shown[place] = min(text, self.shown.get(place, text))
        self.dropped_texts += other.dropped_texts
        self.dropped_posts += other.dropped_posts
        self._make_room()
        self._publish()

    def arrays(self) -> Arrays:
        """Return all of it, sorted by the hash of the text."""
        exact = self.index.keys()
        order = np.argsort(exact)
        ranks = np.empty(len(order), np.int64)
        ranks[order] = np.arange(len(order))
        authors = self.authors.fold(ranks, len(order))
        shown = self._may_be_shown(authors.counts()[ranks])
        shown_rows = sorted(shown, key=lambda row: int(ranks[row]))
        return {
            "exact": exact[order],
            **{name: values[order] for name, values in self.columns.items()},
            **{f"authors.{name}": values for name, values in authors.arrays().items()},
            "shown": ranks[np.array(shown_rows, np.int64)].astype(np.uint32),
            **packed("text", [shown[row] for row in shown_rows]),
            "dropped": np.array([self.dropped_texts, self.dropped_posts], np.int64),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], settings: Settings) -> Self:
        """Return the table that gave these arrays. Raises ValueError when they do not fit."""
        texts = cls(settings)
        exact = arrays["exact"].astype(np.uint64)
        texts.authors = DistinctCounter.from_arrays(
            {
                name.removeprefix("authors."): values
                for name, values in arrays.items()
                if name.startswith("authors.")
            }
        )
        written = unpacked("text", arrays)
        fits = (
            all(arrays[name].shape == (len(exact), *_width(name)) for name in _COLUMNS)
            and len(texts.authors) == len(exact)
            and len(arrays["shown"]) == len(written)
            and int(arrays["shown"].max(initial=0)) < max(len(exact), 1)
            and not (exact[1:] <= exact[:-1]).any()
        )
        if not fits:
            raise ValueError("The texts are not whole; use another copy of the state.")
        texts.index = KeyIndex(exact)
        texts.columns = {name: arrays[name].astype(_kind(name)) for name in _COLUMNS}
        texts.shown = dict(zip(arrays["shown"].tolist(), written, strict=True))
        texts.dropped_texts, texts.dropped_posts = arrays["dropped"].tolist()
        texts._publish()
        return texts

    def _publish(self) -> None:
        """Let other threads see the rows, now that these are filled."""
        self._lookup = _Lookup(
            self.index.frozen(), self.columns["labels"], self.columns["language"]
        )

    def _rows_for(self, exact: Keys) -> Integers:
        rows = self.index.rows_for(exact)
        size, room = len(self.index), len(self.columns["posts"])
        if size > room:
            # Twice as much, so that growing costs each row a constant number of copies; but no more
            # than will ever be used, since this is the largest table.
            most = self._settings.texts_kept + _OVER
            room_for = max(size, min(max(2 * room, _FIRST_ROWS), most))
            for name in _COLUMNS:
                grown = _empty_column(name, room_for)
                grown[:room] = self.columns[name]
                self.columns[name] = grown
        self.authors.grow(size)
        return rows

    def _count(self, batch: _Batch, rows: Integers, observed: pa.Table) -> None:
        columns = self.columns
        order, starts = batch.order, batch.starts
        is_repost = column(observed, "repost")[order]
        spread = np.add.reduceat(is_repost, starts, dtype=np.int64)
        columns["spread"][rows] += spread.astype(np.uint32)
        columns["posts"][rows] += (_sizes(batch) - spread).astype(np.uint32)
        at = column(observed, "at")[order]
        earliest, latest = np.minimum.reduceat(at, starts), np.maximum.reduceat(at, starts)
        columns["first"][rows] = np.minimum(columns["first"][rows], earliest)
        columns["last"][rows] = np.maximum(columns["last"][rows], latest)
        labels = np.bitwise_or.reduceat(column(observed, "labels")[order], starts)
        columns["labels"][rows] |= labels
        language = np.minimum.reduceat(column(observed, "language")[order], starts)
        columns["language"][rows] = np.minimum(columns["language"][rows], language)
        # Spellings of one text may have words of their own (#StayHome is two). The smaller of two
        # MinHash values is that of all words together, whichever came first.
        seen = np.minimum.reduceat(signatures(observed)[order], starts, axis=0)
        columns["signature"][rows] = np.minimum(columns["signature"][rows], seen)

    def _show(self, batch: _Batch, rows: Integers, observed: pa.Table) -> None:
        """Keep the texts of this batch that k distinct authors have posted by now."""
        k = self._settings.k
        # Cheap first: fewer posts than k cannot have k authors.
        times = self.columns["posts"][rows].astype(np.int64) + self.columns["spread"][rows]
        candidates = [
            place for place in np.flatnonzero(times >= k) if int(rows[place]) not in self.shown
        ]
        if not candidates:
            return
        authors = self.authors.counts_of(rows[candidates])
        ends = batch.starts + _sizes(batch)
        for place in np.array(candidates)[authors >= k].tolist():
            posts = batch.order[batch.starts[place] : ends[place]]
            written = observed["text"].take(pa.array(posts)).drop_null().to_pylist()
            if written:
                # They differ in case and spacing only; the choice must not depend on their order.
                self.shown[int(rows[place])] = min(written)

    def _may_be_shown(self, authors: Integers) -> dict[int, str]:
        # Asked once more on the way out, though only such texts are ever put in.
        return {row: text for row, text in self.shown.items() if authors[row] >= self._settings.k}

    def _make_room(self) -> None:
        size = len(self)
        if size <= self._settings.texts_kept:
            return
        exact = self.index.keys()
        is_few = self.authors.counts() < self._settings.k
        # Last key first: k authors before fewer, then the latest; the hash settles what is equal.
        order = np.lexsort((exact, -self.columns["last"][:size], is_few))
        kept = np.sort(order[: int(self._settings.texts_kept * _KEPT_WHEN_FULL)])
        gone = np.ones(size, bool)
        gone[kept] = False
        self.dropped_texts += int(gone.sum())
        for name in ("posts", "spread"):
            self.dropped_posts += int(self.columns[name][:size][gone].sum(dtype=np.int64))
        targets = np.full(size, ABSENT, np.int64)
        targets[kept] = np.arange(len(kept))
        self.index = KeyIndex(exact[kept])
        for name in _COLUMNS:
            self._keep(name, kept)
        self.authors = self.authors.fold(targets, len(kept))
        self.shown = {
            int(targets[row]): text for row, text in self.shown.items() if targets[row] != ABSENT
        }

    def _keep(self, name: str, kept: Integers) -> None:
        """Move the kept rows of a column to its front."""
        values = self.columns[name]
        if name in _PUBLISHED:
            # Other threads may be reading this one.
            values = self.columns[name] = values.copy()
        for start in range(0, len(kept), _OVER):
            part = kept[start : start + _OVER]
            # A row only ever moves towards the front, so none is overwritten before it has moved.
            values[start : start + len(part)] = values[part]
        values[len(kept) :] = _NEUTRAL.get(name, 0)


def signatures(observed: pa.Table) -> NDArray[np.uint16]:
    """Return the signatures of a batch, a row of SLOTS values a post."""
    values = observed["signature"].combine_chunks()
    width = 2 * SLOTS
    content = np.frombuffer(values.buffers()[1], np.uint8)
    start = values.offset * width
    part = content[start : start + len(values) * width]
    return part.view(np.dtype("<u2")).reshape(len(values), SLOTS)


def _by_text(exact: Keys) -> _Batch:
    order = np.argsort(exact, kind="stable")
    ordered = exact[order]
    is_first = np.ones(len(ordered), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    starts = np.flatnonzero(is_first)
    if ordered[0] == 0:
        skipped = int(starts[1]) if len(starts) > 1 else len(order)
        order, starts = order[skipped:], starts[1:] - skipped
        ordered = ordered[skipped:]
    return _Batch(ordered[starts], order, starts)


def _sizes(batch: _Batch) -> Integers:
    return np.diff(batch.starts, append=len(batch.order))


def _empty_column(name: str, rows: int) -> NDArray[Any]:
    shape = (rows, *_width(name))
    if name in _NEUTRAL:
        return np.full(shape, _NEUTRAL[name], _kind(name))
    # Memory of zeros is not taken before it is written to.
    return np.zeros(shape, _kind(name))


def _kind(name: str) -> Any:
    kind = _COLUMNS[name]
    return kind[0] if isinstance(kind, tuple) else kind


def _width(name: str) -> tuple[int, ...]:
    kind = _COLUMNS[name]
    return (kind[1],) if isinstance(kind, tuple) else ()
