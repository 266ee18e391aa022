"""When texts that make a claim were posted: uses and authors by text and quarter-hour.

The table of distinct texts knows the first and the last time of a text; whether a claim grows, and
whether it breaks out, needs what is between. Only posts with the label `claim` are counted, of the
last three days by the newest post, and no text is kept.
"""

from collections.abc import Mapping
from typing import Any, Final, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from chorus.foldable import QUARTER_HOUR, Arrays, Settings, column
from chorus.keys import Keys, Rows
from chorus.labels import CLAIM, mask_of
from chorus.sketches import author_hashes
from chorus.tallies import LEAST, LONG_AGO, Column, Tally

MOST_ROWS: Final = 400_000
KEPT_QUARTERS: Final = 3 * 96

_COLUMNS: Final = {
    "posts": Column(),
    "spread": Column(),
    "exact": Column(LEAST),
    "bucket": Column(LEAST),
}
_SLACK: Final = 1.2
_EDGE: Final = 1 << 23
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_SHIFT: Final = np.uint64(32)


class ClaimTimes:
    """Uses and authors of each claiming text in each quarter-hour (`Foldable`)."""

    capacity = MOST_ROWS

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.times = Tally(_COLUMNS)
        self.newest = LONG_AGO

    def fold(self, observed: pa.Table) -> None:
        """Count the claiming posts of a batch; those without a text (exact 0) are left out."""
        if not observed.num_rows:
            return
        buckets = np.clip(column(observed, "at") // QUARTER_HOUR, -_EDGE, _EDGE)
        self.newest = max(self.newest, int(buckets.max()))
        exact = column(observed, "exact")
        is_claim = column(observed, "labels") & np.uint64(mask_of(f"{CLAIM}.claim")) != 0
        posts = np.flatnonzero(is_claim & (exact != 0))
        if not len(posts):
            return
        keys, back = np.unique(_keys(exact[posts], buckets[posts]), return_inverse=True)
        rows = self.times.rows(keys)[back]
        is_repost = column(observed, "repost")[posts]
        self.times.add("posts", rows, ~is_repost)
        self.times.add("spread", rows, is_repost)
        self.times.add("exact", rows, exact[posts].view(np.int64))
        self.times.add("bucket", rows, buckets[posts])
        authors = column(observed, "author")[posts]
        is_known = authors != 0
        self.times.authors.add(rows[is_known], author_hashes(authors[is_known]))
        self._make_room()

    def merge(self, other: Self) -> None:
        """Count what another table counted."""
        self.newest = max(self.newest, other.newest)
        self.times.merge(other.times)
        self._make_room()

    def arrays(self) -> Arrays:
        """Return all of it, in canonical form."""
        self._forget_old()
        return self.times.arrays("times") | {"newest": np.array([self.newest], np.int64)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], settings: Settings) -> Self:
        """Make the table that gave these arrays. Raises ValueError when they do not fit."""
        table = cls(settings)
        table.times.take("times", arrays)
        table.newest = int(arrays["newest"][0])
        return table

    def uses(self) -> tuple[Keys, Rows, Rows]:
        """Return text, quarter-hour and uses of each row, of the last three days."""
        self._forget_old()
        times = self.times
        return times["exact"].view(np.uint64), times["bucket"], times["posts"] + times["spread"]

    def _make_room(self) -> None:
        if len(self.times) <= _SLACK * self.capacity:
            return
        self._forget_old()
        latest = np.lexsort((self.times.keys(), -self.times["bucket"]))[: self.capacity]
        self.times = self.times.kept(np.sort(latest))

    def _forget_old(self) -> None:
        buckets = self.times["bucket"]
        recent = np.flatnonzero(buckets > self.newest - KEPT_QUARTERS)
        if len(recent) < len(buckets):
            self.times = self.times.kept(recent)


def _keys(exact: Keys, buckets: Rows) -> Keys:
    """Mix text and time into one key; two of a million rows meet once in many million runs."""
    mixed = (exact ^ (buckets.astype(np.uint64) * _MIX)) * _MIX
    return mixed ^ (mixed >> _SHIFT)
