"""The days of a rhythm: plain arithmetic on the calendar."""

import datetime as dt
from calendar import monthrange
from collections.abc import Iterator
from itertools import count
from typing import Final

_WEEK = dt.timedelta(days=7)
_MONTHS: Final = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


def months_later(day: dt.date, months: int) -> dt.date:
    """Return the same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def due_days(
    every: str, first: dt.date, *, until: dt.date, after: dt.date | None = None
) -> list[dt.date]:
    """Return the days after `after` and up to `until` on which it falls due.

    Each is counted from the first day, so that the 31st comes back after a short month.
    """
    found = []
    for day in _days(every, first):
        if day > until:
            break
        if after is None or day > after:
            found.append(day)
    return found


def _days(every: str, first: dt.date) -> Iterator[dt.date]:
    if every == "once":
        yield first
        return
    for n in count():
        if every == "week":
            yield first + n * _WEEK
        else:
            yield months_later(first, n * _MONTHS[every])
