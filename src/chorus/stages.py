"""Where the time of a run goes: seconds by stage, over all threads."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class Stages:
    """Adds up the seconds that threads spend in each stage; waiting counts where it happens."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._lock = threading.Lock()

    @contextmanager
    def watch(self, stage: str) -> Iterator[None]:
        """Count the time of what is done within."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            spent = time.perf_counter() - begun
            with self._lock:
                self.seconds[stage] += spent

    def shares(self) -> dict[str, float]:
        """Return each stage's part of the whole, 0 to 1, the greatest first."""
        whole = sum(self.seconds.values()) or 1.0
        longest = sorted(self.seconds.items(), key=lambda each: -each[1])
        return {stage: round(spent / whole, 4) for stage, spent in longest}
