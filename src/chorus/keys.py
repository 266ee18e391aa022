"""From 64-bit keys to row numbers, many at a time."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Rows = NDArray[np.int64]

ABSENT: Final = -1
_SMALL: Final = 1 << 14


class KeyIndex:
    """Numbers distinct keys in the order they come; looks up many at once.

    Two sorted levels: new keys go into a small one, which is merged into the large one when it has
    grown to an eighth of it, so that adding to millions of keys does not move all of them.
    """

    def __init__(self, keys: Keys | None = None) -> None:
        """Give some distinct keys the rows from 0 on."""
        self._levels = (_Level.empty(), _Level.empty())
        self._size = 0
        if keys is not None and len(keys):
            self._levels = (_Level.of(keys, 0), _Level.empty())
            self._size = len(keys)

    def __len__(self) -> int:
        return self._size

    def find(self, keys: Keys) -> Rows:
        """Return the row of each key; ABSENT where it has none."""
        large, small = self._levels
        rows = large.find(keys)
        if len(small):
            rows = np.maximum(rows, small.find(keys))
        return rows

    def rows_for(self, keys: Keys) -> Rows:
        """Return the row of each of some distinct keys; those without one get the next."""
        rows = self.find(keys)
        is_new = rows == ABSENT
        new = keys[is_new]
        if len(new):
            rows[is_new] = np.arange(self._size, self._size + len(new))
            self._add(new)
        return rows

    def keys(self) -> Keys:
        """Return the key of each row."""
        keys = np.empty(self._size, np.uint64)
        for level in self._levels:
            keys[level.rows] = level.keys
        return keys

    def frozen(self) -> "KeyIndex":
        """Return an index of the keys so far, which stays as it is when this one grows."""
        frozen = KeyIndex()
        frozen._levels, frozen._size = self._levels, self._size
        return frozen

    def _add(self, new: Keys) -> None:
        large, small = self._levels
        small = small.joined(_Level.of(new, self._size))
        if len(small) > max(_SMALL, len(large) // 8):
            large, small = large.joined(small), _Level.empty()
        self._levels = (large, small)
        self._size += len(new)


class _Level:
    """Sorted keys with their rows; never changed once made."""

    def __init__(self, keys: Keys, rows: Rows) -> None:
        self.keys = keys
        self.rows = rows

    @classmethod
    def empty(cls) -> "_Level":
        return cls(np.empty(0, np.uint64), np.empty(0, np.int64))

    @classmethod
    def of(cls, keys: Keys, first: int) -> "_Level":
        order = np.argsort(keys)
        return cls(keys[order], order + first)

    def __len__(self) -> int:
        return len(self.keys)

    def find(self, keys: Keys) -> Rows:
        if not len(self.keys):
            return np.full(len(keys), ABSENT, np.int64)
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[places] == keys, self.rows[places], ABSENT)

    def joined(self, other: "_Level") -> "_Level":
        places = np.searchsorted(self.keys, other.keys)
        return _Level(
            np.insert(self.keys, places, other.keys), np.insert(self.rows, places, other.rows)
        )
