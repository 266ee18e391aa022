"""The table of hashtags: how much each is used, by how many, when, and beside which others.

It keeps the name of a tag in memory, and writes it into a saved state only once k distinct authors
used it (a spelling: once k wrote it so). Until then a saved tag is a hash with counts, and gets its
name again from the next post that carries it. Posts before the incident count towards the buckets
of time and the first time a tag was seen, and towards nothing else.

At most 50,000 tags and 200,000 pairs are kept (`Capacity`); the least recent ones with fewer than k
authors go first, and how many went is counted. Until something goes, order, batches and merging do
not matter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from chorus.cells import exploded
from chorus.foldable import QUARTER_HOUR, Arrays, Settings, column, packed, unpacked
from chorus.keys import Keys, Rows
from chorus.kinds import GROUPS, groups_of
from chorus.labels import LABELS, LANGUAGES
from chorus.sketches import author_hashes, ranges
from chorus.tag_uses import Uses, salt_of, uses_in
from chorus.tallies import LEAST, LONG_AGO, MOST, Column, Tally

QUARTERS_AN_HOUR: Final = 4
QUARTERS_A_DAY: Final = 96
# Older quarter-hours than this, by the newest post, become hours, and older hours days.
FINE_HOURS: Final = 72
HOURLY_DAYS: Final = 14

_TAG: Final = {
    "posts": Column(),
    "spread": Column(),
    "official": Column(),
    "first": Column(LEAST),
    "last": Column(MOST),
    "official_first": Column(LEAST),
    "labels": Column(width=len(LABELS)),
    "kinds": Column(width=len(GROUPS)),
    "languages": Column(width=len(LANGUAGES)),
}
_SPELLING: Final = {"uses": Column(), "tag": Column(LEAST), "last": Column(MOST)}
_BIN: Final = {"posts": Column(), "spread": Column()}
_PAIR: Final = {"uses": Column(), "last": Column(MOST)}
_GONE: Final = ("tags", "pairs", "spellings", "crowded")

# So much more than the capacity comes in before anything is let go of.
_SLACK: Final = 1.2

# A bin's key is its tag's row and its bucket, a pair's the rows of its tags, 32 bits each.
_HIGH: Final = np.uint64(32)
_LOW: Final = np.uint64(0xFFFFFFFF)
_EPOCH: Final = 1 << 31
_EDGE: Final = 1 << 23


@dataclass(frozen=True)
class Capacity:
    """How much is kept. At its fullest the table takes about 200 MB."""

    tags: int = 50_000
    pairs: int = 200_000
    spellings: int = 100_000
    bins: int = 600_000


class HashtagTable:
    """Counts by tag, by spelling, by tag and quarter-hour, and by pair of tags (`Foldable`)."""

    capacity = Capacity()

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.tags, self.spellings = Tally(_TAG), Tally(_SPELLING)
        self.bins, self.pairs = Tally(_BIN), Tally(_PAIR)
        # The names of tags and spellings by row; empty while not known.
        self.folded: list[str] = []
        self.written: list[str] = []
        self.newest = LONG_AGO
        self.gone = dict.fromkeys(_GONE, 0)

    def fold(self, observed: pa.Table) -> None:
        """Count the tags of a batch."""
        at = column(observed, "at")
        if not len(at):
            return
        buckets = _buckets(at)
        self.newest = max(self.newest, int(buckets.max()))
        uses = uses_in(observed, salt_of(self.settings))
        self.gone["crowded"] += uses.crowded
        if not len(uses.post):
            return
        batch = {
            name: column(observed, name)[uses.post]
            for name in ("at", "author", "repost", "official", "labels", "language")
        }
        batch["bucket"] = buckets[uses.post]
        is_now = batch["bucket"] >= self.settings.incident_bucket
        rows = self._count_tags(uses, batch, is_now)
        self._count_bins(rows[uses.tag], batch)
        self._count_pairs(rows[uses.tag], uses.post, batch, is_now)
        self._count_spellings(uses, batch, is_now)
        self._trim()

    def _count_tags(
        self, uses: Uses, batch: dict[str, NDArray[Any]], is_now: NDArray[np.bool_]
    ) -> Rows:
        """Count each tag; returns the row of each of the batch's tags."""
        rows = self.tags.rows(uses.tags)
        _name(self.folded, rows, uses.folded, len(self.tags))
        self.tags.add("first", rows[uses.tag], batch["at"])
        self.tags.add("last", rows[uses.tag], batch["at"])
        now = rows[uses.tag[is_now]]
        batch = {name: values[is_now] for name, values in batch.items()}
        _count(self.tags, now, batch)
        by_official = batch["official"]
        self.tags.add("official", now, by_official)
        self.tags.add("official_first", now[by_official], batch["at"][by_official])
        place, size = uses.tag[is_now], len(uses.tags)
        use, label = exploded(batch["labels"])
        is_label = label < len(LABELS)
        of_labels = _crossed(place[use[is_label]], label[is_label], size, len(LABELS))
        self.tags.add("labels", rows, of_labels)
        kinds, use = groups_of(batch["labels"])
        self.tags.add("kinds", rows, _crossed(place[use], kinds, size, len(GROUPS)))
        languages = _crossed(place, batch["language"].astype(np.int64), size, len(LANGUAGES))
        self.tags.add("languages", rows, languages)
        return rows

    def _count_bins(self, tags: Rows, batch: dict[str, NDArray[Any]]) -> None:
        keys, back = np.unique(_joined(tags, batch["bucket"] + _EPOCH), return_inverse=True)
        _count(self.bins, self.bins.rows(keys)[back], batch)

    def _count_pairs(
        self,
        tags: Rows,
        posts: Rows,
        batch: dict[str, NDArray[Any]],
        is_now: NDArray[np.bool_],
    ) -> None:
        uses = np.flatnonzero(is_now)
        one, other = _pairs(posts[uses])
        if not len(one):
            return
        one, other = uses[one], uses[other]
        keys, back = np.unique(_pair_keys(tags[one], tags[other]), return_inverse=True)
        rows = self.pairs.rows(keys)[back]
        self.pairs.add("uses", rows, np.ones(len(rows), np.int64))
        self.pairs.add("last", rows, batch["at"][one])
        _count_authors(self.pairs, rows, batch["author"][one])

    def _count_spellings(
        self, uses: Uses, batch: dict[str, NDArray[Any]], is_now: NDArray[np.bool_]
    ) -> None:
        if not is_now.any():
            return
        used, back = np.unique(uses.spelling[is_now], return_inverse=True)
        rows = self.spellings.rows(uses.spellings[used])
        _name(self.written, rows, [uses.written[place] for place in used], len(self.spellings))
        rows = rows[back]
        self.spellings.add("uses", rows, np.ones(len(rows), np.int64))
        self.spellings.add("last", rows, batch["at"][is_now])
        self.spellings.add("tag", rows, uses.tags[uses.tag[is_now]].view(np.int64))
        _count_authors(self.spellings, rows, batch["author"][is_now])

    def merge(self, other: Self) -> None:
        """Count what another table counted."""
        self.newest = max(self.newest, other.newest)
        for name, number in other.gone.items():
            self.gone[name] += number
        rows = self.tags.merge(other.tags)
        _name(self.folded, rows, other.folded, len(self.tags))
        spelt = self.spellings.merge(other.spellings)
        _name(self.written, spelt, other.written, len(self.spellings))
        tags, buckets = _parted(other.bins.keys())
        self.bins.merge(other.bins, _joined(rows[tags], buckets))
        one, two = _parted(other.pairs.keys())
        self.pairs.merge(other.pairs, _pair_keys(rows[one], rows[two]))
        self._trim()

    def arrays(self) -> Arrays:
        """Return all of the table, with the names that at least k authors used."""
        self._age()
        order = self.tags.in_order()
        ordered = self._of_tags(order)
        k = self.settings.k
        arrays = ordered.tags.arrays("tags") | ordered.bins.arrays("bins")
        arrays |= ordered.pairs.arrays("pairs") | ordered.spellings.arrays("spellings")
        arrays |= packed("folded", _public(ordered.folded, ordered.tags, np.arange(len(order)), k))
        spelt = ordered.spellings
        arrays |= packed("written", _public(ordered.written, spelt, spelt.in_order(), k))
        arrays["newest"] = np.array([self.newest], np.int64)
        arrays["gone"] = np.array([self.gone[name] for name in _GONE], np.int64)
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], settings: Settings) -> Self:
        """Make the table that gave these arrays. Raises ValueError when they do not fit."""
        table = cls(settings)
        for name in ("tags", "bins", "pairs", "spellings"):
            getattr(table, name).take(name, arrays)
        table.folded, table.written = unpacked("folded", arrays), unpacked("written", arrays)
        lengths = (len(table.folded), len(table.written))
        if lengths != (len(table.tags), len(table.spellings)) or not table._is_whole():
            raise ValueError("The table of hashtags is not whole; use another copy of the state.")
        table.newest = int(arrays["newest"][0])
        table.gone = dict(zip(_GONE, arrays["gone"].tolist(), strict=True))
        return table

    def _is_whole(self) -> bool:
        """Return whether every bin and pair is of a tag that is there."""
        rows = np.concatenate([_parted(self.bins.keys())[0], *_parted(self.pairs.keys())])
        return int(rows.max(initial=-1)) < len(self.tags)

    def _trim(self) -> None:
        """Let go of what is beyond the capacity."""
        sizes = (len(self.tags) / self.capacity.tags, len(self.bins) / self.capacity.bins)
        if max(sizes) > _SLACK:
            self._age()
            kept = _most_recent(self.tags, self.settings.k, self.capacity.tags)
            bins = np.bincount(_parted(self.bins.keys())[0], minlength=len(self.tags))
            kept = kept[np.cumsum(bins[kept]) <= self.capacity.bins]
            self.gone["tags"] += len(self.tags) - len(kept)
            self._become(self._of_tags(np.sort(kept)))
        if len(self.pairs) > _SLACK * self.capacity.pairs:
            kept = _most_recent(self.pairs, self.settings.k, self.capacity.pairs)
            self.gone["pairs"] += len(self.pairs) - len(kept)
            self.pairs = self.pairs.kept(kept)
        if len(self.spellings) > _SLACK * self.capacity.spellings:
            kept = _most_recent(self.spellings, self.settings.k, self.capacity.spellings)
            self.gone["spellings"] += len(self.spellings) - len(kept)
            self.written = [self.written[row] for row in kept]
            self.spellings = self.spellings.kept(kept)

    def _of_tags(self, rows: Rows) -> Self:
        """Return the table of some of the tags, in the order given."""
        made = type(self)(self.settings)
        made.newest, made.gone = self.newest, dict(self.gone)
        made.tags, made.folded = self.tags.kept(rows), [self.folded[row] for row in rows]
        target = np.full(len(self.tags), -1, np.int64)
        target[rows] = np.arange(len(rows))
        tags, buckets = _parted(self.bins.keys())
        made.bins.merge(*_still(self.bins, target[tags] >= 0, _joined(target[tags], buckets)))
        one, two = _parted(self.pairs.keys())
        both = (target[one] >= 0) & (target[two] >= 0)
        made.pairs.merge(*_still(self.pairs, both, _pair_keys(target[one], target[two])))
        of = made.tags.find(self.spellings["tag"].view(np.uint64))
        spelt = np.flatnonzero(of >= 0)
        made.spellings, made.written = (
            self.spellings.kept(spelt),
            [self.written[row] for row in spelt],
        )
        return made

    def _become(self, other: "HashtagTable") -> None:
        self.tags, self.folded = other.tags, other.folded
        self.bins, self.pairs = other.bins, other.pairs
        self.spellings, self.written = other.spellings, other.written

    def _age(self) -> None:
        """Make hours of old quarter-hours and days of old hours."""
        tags, buckets = _parted(self.bins.keys())
        origin = self.settings.incident_bucket
        aged = aged_buckets(buckets - _EPOCH, newest=self.newest, origin=origin) + _EPOCH
        if (aged != buckets).any():
            bins = Tally(_BIN)
            bins.merge(self.bins, _joined(tags, aged))
            self.bins = bins


def aged_buckets(buckets: Rows, *, newest: int, origin: int) -> Rows:
    """Return the bucket that each quarter-hour counts in once the newest one has been seen.

    Hours and days are counted from `origin`, the incident, so that none holds both what was before
    it and what came after. To age twice, first by an older post, is to age once.
    """
    since, now = buckets - origin, newest - origin
    hours, days = since // QUARTERS_AN_HOUR, since // QUARTERS_A_DAY
    is_hourly = now // QUARTERS_AN_HOUR - hours > FINE_HOURS
    is_daily = now // QUARTERS_A_DAY - days > HOURLY_DAYS
    aged = np.where(is_hourly, hours * QUARTERS_AN_HOUR, since)
    return np.where(is_daily, days * QUARTERS_A_DAY, aged) + origin


def bins_of(table: HashtagTable) -> tuple[Rows, Rows]:
    """Return the tag's row and the quarter-hour of each row of `table.bins`."""
    tags, buckets = _parted(table.bins.keys())
    return tags, buckets - _EPOCH


def pairs_of(table: HashtagTable) -> tuple[Rows, Rows]:
    """Return the rows of the two tags of each row of `table.pairs`."""
    return _parted(table.pairs.keys())


def _count(tally: Tally, rows: Rows, batch: dict[str, NDArray[Any]]) -> None:
    tally.add("posts", rows, ~batch["repost"])
    tally.add("spread", rows, batch["repost"])
    _count_authors(tally, rows, batch["author"])


def _count_authors(tally: Tally, rows: Rows, authors: NDArray[np.uint64]) -> None:
    is_known = authors != 0
    tally.authors.add(rows[is_known], author_hashes(authors[is_known]))


def _crossed(place: Rows, other: Rows, size: int, width: int) -> NDArray[np.int64]:
    counts = np.bincount(place * width + other, minlength=size * width)
    return counts.reshape(size, width)


def _pairs(posts: Rows) -> tuple[Rows, Rows]:
    """Return every two places that belong to the same post, of sorted posts."""
    ends = np.searchsorted(posts, posts, side="right")
    places = np.arange(len(posts))
    after = ends - places - 1
    return np.repeat(places, after), ranges(places + 1, after)


def _buckets(at: NDArray[np.int64]) -> Rows:
    """Return quarter-hours; times that no post has stand at the edge of what a key holds."""
    return np.clip(at // QUARTER_HOUR, -_EDGE, _EDGE)


def _joined(high: Rows, low: Rows) -> Keys:
    return (high.astype(np.uint64) << _HIGH) | (low.astype(np.uint64) & _LOW)


def _parted(keys: Keys) -> tuple[Rows, Rows]:
    return (keys >> _HIGH).astype(np.int64), (keys & _LOW).astype(np.int64)


def _pair_keys(one: Rows, other: Rows) -> Keys:
    return _joined(np.minimum(one, other), np.maximum(one, other))


def _name(names: list[str], rows: Rows, given: Iterable[str], length: int) -> None:
    """Write given names down where none is known yet."""
    names.extend([""] * (length - len(names)))
    for row, name in zip(rows.tolist(), given, strict=True):
        if name and not names[row]:
            names[row] = name


def _public(names: list[str], tally: Tally, order: Rows, k: int) -> list[str]:
    """Return the names in order, empty for those that fewer than k authors used."""
    has_enough = tally.authors.counts() >= k
    return [names[row] if has_enough[row] else "" for row in order.tolist()]


def _still(tally: Tally, is_kept: NDArray[np.bool_], keys: Keys) -> tuple[Tally, Keys]:
    rows = np.flatnonzero(is_kept)
    return tally.kept(rows), keys[rows]


def _most_recent(tally: Tally, k: int, most: int) -> Rows:
    """Return the rows to keep: those with k authors before others, then the most recent."""
    has_enough = tally.authors.counts() >= k
    order = np.lexsort((tally.keys(), -tally["last"], ~has_enough))
    return order[:most]
