"""Telling what happens in the order of time, whatever order it was thought up in."""

import heapq
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

Step = Callable[[datetime], None]
MINUTE = timedelta(minutes=1)
SECOND = timedelta(milliseconds=50)


class Story:
    """Steps with their moments, ending at `at`. A step may add further steps.

    No step happens after the end, and none before the one that was told last, so that the log
    only goes forward.
    """

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._steps: list[tuple[datetime, int, Step]] = []
        self._count = 0
        self._told = datetime.min.replace(tzinfo=UTC)

    def on(self, moment: datetime | date, step: Step) -> None:
        """Plan a step for a moment, or for a day in the morning."""
        self._count += 1
        moment = _morning_of(moment, self._count) if not isinstance(moment, datetime) else moment
        heapq.heappush(self._steps, (min(moment, self.at - MINUTE), self._count, step))

    def ago(self, days: float, step: Step) -> None:
        """Plan a step for so many days before the end."""
        self._count += 1
        moment = self.at - timedelta(days=days)
        heapq.heappush(self._steps, (min(moment, self.at - MINUTE), self._count, step))

    def tell(self) -> None:
        while self._steps:
            moment, _number, step = heapq.heappop(self._steps)
            self._told = max(self._told + SECOND, moment)
            step(self._told)


def _morning_of(day: date, number: int) -> datetime:
    """Return a moment of the working day, not the same for everything of a day."""
    opening = datetime.combine(day, time(6, 0), tzinfo=UTC)
    return opening + timedelta(minutes=(number * 37) % 300)
