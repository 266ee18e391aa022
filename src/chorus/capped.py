"""What may be counted for publication: of each author and day at most three posts and three tags.

Differential privacy needs a bound on what one person adds to the figures, and the bound must hold
before anything is counted. So this table keeps, for each author and day of the incident, the three
posts that come first in an order nobody chooses (a hash of the post's id), and the three tags
likewise. Which three these are depends neither on the order of the stream nor on batches, and
parts can be merged: the three least of a union are the three least of the parts' three least.

A row is known by a hash of author and day together, so that two days of one author are two rows
that nothing links. Of a post only its hour, language and category are kept. Reposts, posts before
the incident and posts of unknown authors are not in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from chorus.foldable import Arrays, Settings, column, packed, unpacked
from chorus.keys import Keys, Rows
from chorus.labels import HEADS, LABELS, mask_of
from chorus.tag_uses import salt_of, uses_in

# Contributions of an author on a day that are kept; a release may take fewer, never more.
MOST_OF_A_DAY: Final = 3
HOURS_OF_A_DAY: Final = 24

_QUARTERS_OF_AN_HOUR: Final = 4


@dataclass(frozen=True)
class Category:
    """Something a published post is counted under: it holds one of some labels."""

    name: str
    keys: tuple[str, ...]


def _of_head(head: str) -> tuple[str, ...]:
    return tuple(label.key for label in LABELS if label.head == head)


# A post counts once, under the first that fits: what people need comes before what they say. So
# categories add up to all posts. A category's place is written into saved states: add at the end.
CATEGORIES: Final = (
    Category("missing_people", ("information.missing_people",)),
    Category("blood", ("information.blood",)),
    Category("medical", ("information.medical",)),
    Category("shelter_transport", ("information.shelter_transport",)),
    Category("food_water", ("information.food_water",)),
    Category("psychosocial", ("information.psychosocial",)),
    Category("financial", ("information.financial",)),
    Category("information_wanted", ("information.information_wanted",)),
    Category("offers", ("information.offers_volunteering", "solidarity.offer_help")),
    Category("hostility", ("hostility.hostility",)),
    Category("claim", ("claim.claim",)),
    Category("solidarity", _of_head("solidarity")),
    Category("caution_advice", ("information.caution_advice",)),
    Category("information", tuple(f"information.{name}" for name in HEADS["information"])),
    Category("other", ()),
)

# A row's key: the day, then a hash of author and day. An entry of a post: its rank, then the cell.
_HASH_BITS: Final = 50
_DAYS: Final = 1 << 14
_RANK: Final = np.uint64(0xFFFFFFFF00000000)
_HOUR_AT, _LANGUAGE_AT = np.uint64(12), np.uint64(6)
_SIX_BITS: Final = np.uint64(63)

_MANY_PENDING: Final = 1 << 18


class Bounded:
    """The least entries of each key, MOST_OF_A_DAY at most; entries of a key are distinct.

    Beyond `room` entries the oldest days are let go of whole, and nothing of them is taken again.
    """

    room = 8_000_000

    def __init__(self) -> None:
        self._who = np.empty(0, np.uint64)
        self._entries = np.empty(0, np.uint64)
        self._pending: list[tuple[Keys, Keys]] = []
        self._pending_size = 0
        self.first_day = 0

    def add(self, who: Keys, entries: Keys) -> None:
        """Take entries[i] for who[i]."""
        self._pending.append((who, entries))
        self._pending_size += len(who)
        # As much again as is settled, so that settling costs each entry a constant number of sorts.
        if self._pending_size > max(_MANY_PENDING, len(self._who)):
            self._settle()

    def merge(self, other: "Bounded") -> None:
        """Take all that another holds."""
        self.first_day = max(self.first_day, other.first_day)
        self.add(*other.content())
        self._settle()

    def content(self) -> tuple[Keys, Keys]:
        """Return keys and entries, sorted."""
        self._settle()
        return self._who, self._entries

    def first(self, day: int, cap: int) -> tuple[Keys, Keys]:
        """Return keys and entries of a day, at most `cap` of a key."""
        who, entries = self.content()
        start, end = np.searchsorted(who, np.array([day, day + 1], np.uint64) << _DAY_AT)
        who, entries = who[start:end], entries[start:end]
        is_kept = _place_within(who) < cap
        return who[is_kept], entries[is_kept]

    def _settle(self) -> None:
        if not self._pending:
            return
        parts = [(self._who, self._entries), *self._pending]
        who = np.concatenate([part[0] for part in parts])
        entries = np.concatenate([part[1] for part in parts])
        self._pending, self._pending_size = [], 0
        who, entries = _sorted(who, entries)
        is_new = np.ones(len(who), bool)
        is_new[1:] = (who[1:] != who[:-1]) | (entries[1:] != entries[:-1])
        is_new &= who >> _DAY_AT >= np.uint64(self.first_day)
        who, entries = who[is_new], entries[is_new]
        is_kept = _place_within(who) < MOST_OF_A_DAY
        self._who, self._entries = who[is_kept], entries[is_kept]
        self._make_room()

    def _make_room(self) -> None:
        if len(self._who) <= self.room:
            return
        # The day in which the entries that are too many end; all of it goes.
        self.first_day = int(self._who[len(self._who) - self.room - 1] >> _DAY_AT) + 1
        start = np.searchsorted(self._who, np.uint64(self.first_day) << _DAY_AT)
        self._who, self._entries = self._who[start:], self._entries[start:]


class Capped:
    """The table of what may be published (`Foldable`)."""

    # Names of tags in memory; beyond it, those of fewer than k authors are forgotten again.
    names_kept = 200_000

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._salt = salt_of(settings)
        self.posts = Bounded()
        self.tags = Bounded()
        self._names: dict[int, str] = {}

    def fold(self, observed: pa.Table) -> None:
        """Take the posts of a batch."""
        authors = column(observed, "author")
        quarters = column(observed, "at") // (15 * 60 * 1_000_000)
        hours = (quarters - self._settings.incident_bucket) // _QUARTERS_OF_AN_HOUR
        is_in = (authors != 0) & (hours >= 0) & (hours < _DAYS * HOURS_OF_A_DAY)
        is_in &= ~column(observed, "repost")
        if not is_in.any():
            return
        who = np.zeros(len(authors), np.uint64)
        who[is_in] = _rows(authors[is_in], hours[is_in] // HOURS_OF_A_DAY)
        posts = np.flatnonzero(is_in)
        self.posts.add(who[posts], _post_entries(observed, hours)[posts])
        self._fold_tags(observed, who)

    def merge(self, other: Self) -> None:
        """Take what another table holds."""
        self.posts.merge(other.posts)
        self.tags.merge(other.tags)
        self._remember(other._names.items())

    def arrays(self) -> Arrays:
        """Return all of it, with the names of tags that k distinct authors used on one day."""
        names = self._public_names()
        posts, tags = self.posts.content(), self.tags.content()
        return {
            "posts.who": posts[0],
            "posts.entries": posts[1],
            "tags.who": tags[0],
            "tags.entries": tags[1],
            "first_days": np.array([self.posts.first_day, self.tags.first_day], np.int64),
            "named": np.array(sorted(names), np.uint64),
            **packed("names", [names[key] for key in sorted(names)]),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], settings: Settings) -> Self:
        """Return the table that gave these arrays. Raises ValueError when they do not fit."""
        table = cls(settings)
        names = unpacked("names", arrays)
        parts = ((table.posts, "posts"), (table.tags, "tags"))
        for (bounded, name), day in zip(parts, arrays["first_days"].tolist(), strict=True):
            who, entries = arrays[f"{name}.who"], arrays[f"{name}.entries"]
            is_ours = len(who) == len(entries) and {who.dtype, entries.dtype} == {_KEY}
            if not is_ours or (who[1:] < who[:-1]).any():
                raise ValueError("What may be published is not whole; use another copy.")
            bounded.first_day = day
            bounded.add(who, entries)
        table._names = dict(zip(arrays["named"].tolist(), names, strict=True))
        return table

    def cells(self, day: int, cap: int = MOST_OF_A_DAY) -> NDArray[np.int64]:
        """Return the posts of a day by hour, language and category.

        The shape is (HOURS_OF_A_DAY, 64, len(CATEGORIES)). For inside only: no noise is on it.
        """
        _, entries = self.posts.first(day, cap)
        cells = np.zeros((HOURS_OF_A_DAY, 64, len(CATEGORIES)), np.int64)
        hours, languages = entries >> _HOUR_AT & _SIX_BITS, entries >> _LANGUAGE_AT & _SIX_BITS
        np.add.at(cells, (hours, languages, entries & _SIX_BITS), 1)
        return cells

    def authors_by_tag(self, day: int, cap: int = MOST_OF_A_DAY) -> dict[int, int]:
        """Return the distinct authors of a day's tags by the key of the tag. For inside only."""
        who, entries = self.tags.first(day, cap)
        tags, authors = np.unique(_unmixed(entries) ^ _mixed(who), return_counts=True)
        return dict(zip(tags.tolist(), authors.tolist(), strict=True))

    def name_of(self, tag: int) -> str:
        """Return the name of a tag by its key; empty where none is known."""
        return self._names.get(tag, "")

    def _fold_tags(self, observed: pa.Table, who: Keys) -> None:
        uses = uses_in(observed, self._salt)
        is_in = who[uses.post] != 0
        if not is_in.any():
            return
        users, tags = who[uses.post[is_in]], uses.tags[uses.tag[is_in]]
        self.tags.add(users, _mixed(tags ^ _mixed(users)))
        used = np.unique(uses.tag[is_in])
        self._remember((int(uses.tags[tag]), uses.folded[tag]) for tag in used)
        if len(self._names) > self.names_kept:
            self._names = self._public_names()

    def _remember(self, names: Iterable[tuple[int, str]]) -> None:
        for key, name in names:
            if name:
                self._names.setdefault(key, name)

    def _public_names(self) -> dict[int, str]:
        """Return the names of tags that at least k distinct authors used on one and the same day.

        The bound on what an author adds holds for the names, too; that of other tables does not.
        """
        who, entries = self.tags.content()
        tags = _unmixed(entries) ^ _mixed(who)
        order = np.lexsort((who >> _DAY_AT, tags))
        days, tags = (who >> _DAY_AT)[order], tags[order]
        is_first = np.ones(len(tags), bool)
        is_first[1:] = (tags[1:] != tags[:-1]) | (days[1:] != days[:-1])
        authors = np.diff(np.flatnonzero(is_first), append=len(tags))
        many = np.unique(tags[is_first][authors >= self._settings.k]).tolist()
        return {key: self._names[key] for key in many if key in self._names}


def _rows(authors: Keys, days: Rows) -> Keys:
    """Return the key of each author and day; never 0."""
    hashes = _mixed(authors ^ _mixed(days.astype(np.uint64) + np.uint64(1)))
    of_a_day: Keys = (days.astype(np.uint64) << _DAY_AT) | (hashes >> _HASH_SHIFT) | np.uint64(1)
    return of_a_day


def _post_entries(observed: pa.Table, hours: Rows) -> Keys:
    ids = column(observed, "id")
    # A post without an id is known by when it was written and what it says.
    made_up = _mixed(column(observed, "at").view(np.uint64)) ^ column(observed, "exact")
    ranks = _mixed(np.where(ids != 0, ids, made_up)) & _RANK
    cells = (hours % HOURS_OF_A_DAY).astype(np.uint64) << _HOUR_AT
    cells |= column(observed, "language").astype(np.uint64) << _LANGUAGE_AT
    entries: Keys = ranks | cells | _categories(column(observed, "labels"))
    return entries


def _categories(labels: NDArray[np.uint64]) -> Keys:
    found = np.full(len(labels), len(CATEGORIES) - 1, np.uint64)
    # Backwards, so that the first that fits stands.
    for place, category in reversed(list(enumerate(CATEGORIES[:-1]))):
        found[labels & np.uint64(mask_of(*category.keys)) != 0] = place
    return found


def _sorted(who: Keys, entries: Keys) -> tuple[Keys, Keys]:
    """Return pairs sorted by key, then by entry.

    Two plain sorts, which take a third of the time of np.lexsort: by key, then by the number of the
    key before the highest bits of the entry.
    """
    order = np.argsort(who)
    who, entries = who[order], entries[order]
    number = np.cumsum(np.concatenate([[False], who[1:] != who[:-1]]), dtype=np.int64)
    together = (number.astype(np.uint64) << _40) | (entries >> _24)
    order = np.argsort(together)
    who, entries, together = who[order], entries[order], together[order]
    is_undecided = (together[1:] == together[:-1]) & (entries[1:] < entries[:-1])
    if is_undecided.any() or len(number) >= _MOST_NUMBERED:
        order = np.lexsort((entries, who))
        who, entries = who[order], entries[order]
    return who, entries


def _place_within(who: Keys) -> Rows:
    """Return the place of each of some sorted keys among its equals."""
    places = np.arange(len(who))
    is_first = np.ones(len(who), bool)
    np.not_equal(who[1:], who[:-1], out=is_first[1:])
    starts = np.maximum.accumulate(np.where(is_first, places, 0))
    within: Rows = places - starts
    return within


_KEY: Final = np.dtype(np.uint64)
_DAY_AT: Final = np.uint64(_HASH_BITS)
_HASH_SHIFT: Final = np.uint64(64 - _HASH_BITS)

# The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): every 64-bit number has one
# image and one origin.
_MIX: Final = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_UNMIX: Final = (np.uint64(0x96DE1B173F119089), np.uint64(0x319642B2D24D8EC3))
_24, _40 = np.uint64(24), np.uint64(40)
_MOST_NUMBERED: Final = 1 << 24
_30, _27, _31 = np.uint64(30), np.uint64(27), np.uint64(31)
_54, _60, _62 = np.uint64(54), np.uint64(60), np.uint64(62)


def _mixed(numbers: Keys) -> Keys:
    numbers = (numbers ^ (numbers >> _30)) * _MIX[0]
    numbers = (numbers ^ (numbers >> _27)) * _MIX[1]
    mixed: Keys = numbers ^ (numbers >> _31)
    return mixed


def _unmixed(numbers: Keys) -> Keys:
    """Return what `_mixed` was given."""
    numbers = (numbers ^ (numbers >> _31) ^ (numbers >> _62)) * _UNMIX[1]
    numbers = (numbers ^ (numbers >> _27) ^ (numbers >> _54)) * _UNMIX[0]
    unmixed: Keys = numbers ^ (numbers >> _30) ^ (numbers >> _60)
    return unmixed
