"""Times counted in bands that widen with the time, so that months can be added up.

Two histograms added are the histogram of both, which no pair of medians allows. A percentile read
from one is at most `ERROR` away from the exact one, as a share of it, for times between a minute
and five years; under a minute it is at most half a minute off.
"""

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from typing import Final

ERROR: Final = 0.05
FIRST_SECONDS: Final = 60.0
GROWTH: Final = (1 + ERROR) / (1 - ERROR)
_FIVE_YEARS: Final = 5 * 366 * 86_400.0
LAST_BAND: Final = math.ceil(math.log(_FIVE_YEARS / FIRST_SECONDS) / math.log(GROWTH))

# How many times fell into each band.
Histogram = dict[int, int]


def band_of(seconds: float) -> int:
    """Return the band of a time: 0 below a minute, also of a clock that goes wrong."""
    if seconds < FIRST_SECONDS:
        return 0
    return capped(math.floor(math.log(seconds / FIRST_SECONDS) / math.log(GROWTH)) + 1)


def capped(band: float) -> int:
    """Return the band within those there are; the last one has no end."""
    return max(0, min(int(band), LAST_BAND))


def seconds_of(band: int) -> float:
    """Return the time that is as far from both ends of the band, as a share of the time."""
    if band == 0:
        return FIRST_SECONDS / 2
    return float(FIRST_SECONDS * GROWTH ** (band - 1) * (1 + ERROR))


def histogram_of(seconds: Iterable[float]) -> Histogram:
    counts: Histogram = {}
    for one in seconds:
        add(counts, {band_of(one): 1})
    return counts


def add(into: Histogram, other: Mapping[int, int]) -> None:
    for band, count in other.items():
        into[band] = into.get(band, 0) + count


def percentile(counts: Mapping[int, int], share: float) -> dt.timedelta | None:
    """Return the time within which this share of them came: the nearest rank, as usual."""
    rank = math.ceil(share * sum(counts.values()))
    passed = 0
    for band in sorted(counts):
        passed += counts[band]
        if passed >= rank > 0:
            return dt.timedelta(seconds=seconds_of(band))
    return None


def as_stored(counts: Mapping[int, int]) -> dict[str, int]:
    return {str(band): counts[band] for band in sorted(counts)}


def from_stored(stored: Mapping[str, int]) -> Histogram:
    return {int(band): count for band, count in stored.items()}
