"""Which posts were counted already, so that an export that holds a post twice counts it once."""

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from chorus.foldable import Arrays, Settings

Ids = NDArray[np.uint64]

_SMALL = 1 << 16


class SeenIds:
    """The hashed ids of the latest posts, exactly, in two generations.

    When the newer generation holds half of what may be kept, the older one is forgotten and the
    newer takes its place. So at least the latest half are known, and at most all; a post that
    comes again later than that is counted again.
    """

    def __init__(self, settings: Settings) -> None:
        self._of_a_generation = max(1, settings.ids_kept // 2)
        self.newer = _Set()
        self.older = _Set()

    def __len__(self) -> int:
        return len(self.newer) + len(self.older)

    def take(self, ids: Ids) -> NDArray[np.bool_]:
        """Remember ids; return which of them are here for the first time. 0 (no id) always is."""
        distinct, first = np.unique(ids, return_index=True)
        is_new = (distinct != 0) & ~self._has(distinct)
        is_first: NDArray[np.bool_] = ids == 0
        is_first[first[is_new]] = True
        self._remember(distinct[is_new])
        return is_first

    def merge(self, other: Self) -> int:
        """Remember what another set remembers; return how many ids both had."""
        in_both = 0
        for ids in (other.older.ids(), other.newer.ids()):
            is_here = self._has(ids)
            in_both += int(is_here.sum())
            self._remember(ids[~is_here])
        return in_both

    def arrays(self) -> Arrays:
        """Return all of it, each generation sorted."""
        return {"newer": self.newer.ids(), "older": self.older.ids()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], settings: Settings) -> Self:
        """Return the set that gave these arrays. Raises ValueError when they do not fit."""
        seen = cls(settings)
        for ids in (arrays["newer"], arrays["older"]):
            if ids.dtype != np.uint64 or (ids[1:] <= ids[:-1]).any():
                raise ValueError("The post ids are not whole; use another copy of the state.")
        seen.newer = _Set(arrays["newer"])
        seen.older = _Set(arrays["older"])
        return seen

    def _has(self, ids: Ids) -> NDArray[np.bool_]:
        return self.newer.has(ids) | self.older.has(ids)

    def _remember(self, new: Ids) -> None:
        self.newer.add(new)
        if len(self.newer) >= self._of_a_generation:
            self.older, self.newer = self.newer, _Set()


class _Set:
    """Sorted ids in two levels, so that adding to millions does not move all of them."""

    def __init__(self, ids: Ids | None = None) -> None:
        self._large = np.empty(0, np.uint64) if ids is None else ids
        self._small = np.empty(0, np.uint64)

    def __len__(self) -> int:
        return len(self._large) + len(self._small)

    def has(self, ids: Ids) -> NDArray[np.bool_]:
        return _among(self._large, ids) | _among(self._small, ids)

    def add(self, new: Ids) -> None:
        """Add sorted ids that are not here yet."""
        self._small = _joined(self._small, new)
        if len(self._small) > max(_SMALL, len(self._large) // 8):
            self._large, self._small = self.ids(), np.empty(0, np.uint64)

    def ids(self) -> Ids:
        return _joined(self._large, self._small)


def _among(known: Ids, ids: Ids) -> NDArray[np.bool_]:
    if not len(known):
        return np.zeros(len(ids), bool)
    places = np.minimum(np.searchsorted(known, ids), len(known) - 1)
    found: NDArray[np.bool_] = known[places] == ids
    return found


def _joined(one: Ids, other: Ids) -> Ids:
    return np.insert(one, np.searchsorted(one, other), other)
