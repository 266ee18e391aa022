"""When a count of a day is far above the days before: plain sums."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

BASELINE_DAYS: Final = 7
TIMES: Final = 2


def baseline(counts: Mapping[dt.date, int], day: dt.date) -> float:
    """Return the average of the seven days before; a day without a count counts as none."""
    before = (day - dt.timedelta(days=n) for n in range(1, BASELINE_DAYS + 1))
    return sum(counts.get(one, 0) for one in before) / BASELINE_DAYS


def is_doubled(counts: Mapping[dt.date, int], day: dt.date) -> bool:
    """Return whether a day has more than twice the average of the seven days before.

    In whole numbers, so that exactly twice is never more than twice.
    """
    before = (day - dt.timedelta(days=n) for n in range(1, BASELINE_DAYS + 1))
    return counts.get(day, 0) * BASELINE_DAYS > TIMES * sum(counts.get(one, 0) for one in before)
