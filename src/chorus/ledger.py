"""What became of every post: read = kept + dropped, always."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

# The step and the reason under which the state leaves out a post that came a second time.
COUNTING = "counting"
SEEN_BEFORE = "seen before (same id)"


@dataclass
class Ledger:
    """How many posts were read, how many are counted, and why the others are not.

    `dropped` goes by step (`reading` for wrong lines, `forgetting`, `counting`) and reason.
    `counted_twice` is how many ids both of two merged states had seen: these posts are in the
    counts twice, since a sum cannot be taken apart again.
    """

    read: int = 0
    kept: int = 0
    dropped: Counter[tuple[str, str]] = field(default_factory=Counter)
    counted_twice: int = 0

    def keep(self, posts: int) -> None:
        """Count posts that were read and are in the tables."""
        self.read += posts
        self.kept += posts

    def drop(self, step: str, reasons: Mapping[str, int]) -> None:
        """Count posts that were read and left out at a step, by reason."""
        for reason, posts in reasons.items():
            if posts:
                self.read += posts
                self.dropped[step, reason] += posts

    def add(self, other: "Ledger") -> None:
        """Count what another ledger counted."""
        self.read += other.read
        self.kept += other.kept
        self.dropped.update(other.dropped)
        self.counted_twice += other.counted_twice

    @property
    def adds_up(self) -> bool:
        return self.read == self.kept + self.dropped.total()

    def plain(self) -> dict[str, Any]:
        """Return it as plain data for JSON, in canonical order."""
        rows = [[step, reason, posts] for (step, reason), posts in sorted(self.dropped.items())]
        return {
            "read": self.read,
            "kept": self.kept,
            "dropped": rows,
            "counted_twice": self.counted_twice,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Return the ledger that gave this. Raises ValueError when its sums do not add up."""
        dropped = Counter({(step, reason): int(posts) for step, reason, posts in plain["dropped"]})
        ledger = cls(int(plain["read"]), int(plain["kept"]), dropped, int(plain["counted_twice"]))
        if not ledger.adds_up:
            raise ValueError("The sums of the ledger do not add up; use another copy of the state.")
        return ledger
