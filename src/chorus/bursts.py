"""When something is suddenly written about far more than just before.

Two methods read the same counts. The first is causal and cheap, and rings: an exponentially
weighted mean follows the level of each series, and a bucket rings when it lies more than 4 (watch)
or 5 (alert) standard deviations above it. The deviation is never taken for smaller than that of a
Poisson count, so that quiet series do not ring at every second post. The second is Kleinberg's
automaton of two states, solved by Viterbi over the whole series: it sees more, but rings falsely
far more often and only afterwards, so it seconds what the first method found and rings for nothing.

Counts are matrices with a row for each series and a column for each time bucket, the oldest first.

Sources: J. Kleinberg, Bursty and Hierarchical Structure in Streams, KDD 2002 (the automaton, with
Poisson counts in place of gaps); S. W. Roberts, Control Chart Tests Based on Geometric Moving
Averages, Technometrics 1959. Figures: docs/decisions/0021, `benchmarks/chorus_bursts.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from chorus.picture import ALERT, WATCH

Counts: TypeAlias = NDArray[Any]

DAY_MINUTES: Final = 24 * 60
# A day's course is believed once it was seen twice.
PROFILE_DAYS: Final = 2
# What the level starts from: nothing before these minutes have passed can ring.
WARM_UP_MINUTES: Final = 360
# The level forgets a third of itself in about three hours, whatever the bucket's length.
MEMORY_MINUTES: Final = 164.2
# A burst goes on over a pause that is shorter than this.
PAUSE_MINUTES: Final = 30


@dataclass(frozen=True)
class Thresholds:
    """What rings. `authors` keeps one account that floods a tag from ringing by itself."""

    watch: float = 4.0
    alert: float = 5.0
    posts: int = 4
    authors: int = 10


@dataclass(frozen=True)
class Burst:
    """One burst of one series: its row, its first, strongest and last column, and that column."""

    series: int
    start: int
    peak: int
    end: int
    z: float
    posts: int
    authors: int
    expected: float
    level: str


@dataclass(frozen=True)
class Judgement:
    """What was expected of each bucket, and how far above it lies, in standard deviations."""

    expected: NDArray[np.float64]
    z: NDArray[np.float64]


class Ewma:
    """The level of many series and how far each wavers, one bucket after another.

    A bucket is first judged by what came before it, then learnt from; of a burst only so much is
    learnt as lies within three deviations, so that a burst does not become the usual.
    """

    # Added to a Poisson variance: a series that never counted anything still wavers.
    FLOOR: Final = 0.5
    LEAST_LEVEL: Final = 0.1
    LEARNT_DEVIATIONS: Final = 3.0

    def __init__(self, level: NDArray[np.float64], *, minutes: float) -> None:
        self.level = level + self.LEAST_LEVEL
        self.variance = np.maximum(self.level, self.FLOOR)
        self.weight = 1.0 - np.exp(-minutes / MEMORY_MINUTES)

    def judge(
        self, counts: NDArray[np.float64], course: float = 1.0
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return what was expected and the z-scores, then learn; `course` is the hour's share."""
        expected = self.level * course
        deviation = np.sqrt(np.maximum(self.variance * course, expected + self.FLOOR))
        z = (counts - expected) / deviation
        learnt = np.minimum(counts, expected + self.LEARNT_DEVIATIONS * deviation) / course
        off = learnt - self.level
        self.level = self.level + self.weight * off
        self.variance = (1.0 - self.weight) * (self.variance + self.weight * off * off)
        return expected, z


def judge(
    counts: Counts,
    *,
    minutes: float,
    course: Counts | None = None,
    warm_up: float = WARM_UP_MINUTES,
) -> Judgement:
    """Judge every bucket of every series by what came before it.

    `minutes` is the length of a bucket, `course` the usual share of each bucket (`course_of`).
    The buckets of the warm-up, in minutes, give the level to start from and have a z of 0.
    """
    counts = np.asarray(counts, dtype=np.float64)
    series, buckets = counts.shape
    shares = np.ones(buckets) if course is None else np.asarray(course, dtype=np.float64)
    first = min(buckets, max(1, round(warm_up / minutes)))
    start = counts[:, :first].sum(axis=1) / max(shares[:first].sum(), 1e-9)
    ewma = Ewma(start, minutes=minutes)
    expected, z = np.zeros((buckets, series)), np.zeros((buckets, series))
    for bucket, column in enumerate(np.ascontiguousarray(counts.T)):
        expected[bucket], z[bucket] = ewma.judge(column, shares[bucket])
    z[:first] = 0.0
    return Judgement(expected.T, z.T)


def course_of(counts: Counts, *, minutes: int, known: int) -> NDArray[np.float64] | None:
    """Return the usual share of every bucket by its time of day: 1 on average.

    All series together show the course of a day far better than any one of them. It is taken from
    the first `known` buckets, the days before the incident; None when these are under two days.
    """
    per_day = DAY_MINUTES // minutes
    days = known // per_day
    if days < PROFILE_DAYS:
        return None
    total = np.asarray(counts, dtype=np.float64).sum(axis=0)
    day = total[: days * per_day].reshape(days, per_day).mean(axis=0)
    # Three hours smoothed: a quarter of an hour on two days says little by itself.
    width = max(1, round(180 / minutes))
    around = np.concatenate([day[-width:], day, day[:width]])
    smooth = np.convolve(around, np.ones(width) / width, mode="same")[width:-width]
    if smooth.sum() <= 0:
        return None
    # At night little is written; a tenth of the average is the least that is expected of an hour.
    share = np.maximum(smooth / smooth.mean(), 0.1)
    return np.resize(share / share.mean(), total.size)


def bursts(
    judged: Judgement,
    counts: Counts,
    authors: Counts,
    *,
    minutes: float,
    thresholds: Thresholds = Thresholds(),
) -> Iterator[Burst]:
    """Give the bursts of every series, in the order of series and time.

    `authors` has the distinct authors of each bucket, in the shape of `counts`.
    """
    rings = (
        (judged.z > thresholds.watch)
        & (np.asarray(counts) >= thresholds.posts)
        & (np.asarray(authors) >= thresholds.authors)
    )
    pause = max(1, round(PAUSE_MINUTES / minutes))
    for series in np.flatnonzero(rings.any(axis=1)).tolist():
        ringing = np.flatnonzero(rings[series])
        for group in np.split(ringing, np.flatnonzero(np.diff(ringing) > pause) + 1):
            peak = int(group[np.argmax(judged.z[series, group])])
            z = float(judged.z[series, peak])
            yield Burst(
                series=series,
                start=int(group[0]),
                peak=peak,
                end=int(group[-1]),
                z=z,
                posts=int(counts[series, peak]),
                authors=int(authors[series, peak]),
                expected=float(judged.expected[series, peak]),
                level=ALERT if z > thresholds.alert else WATCH,
            )


def kleinberg(
    counts: Counts, *, ratio: float = 2.0, cost: float = 1.0, course: Counts | None = None
) -> NDArray[np.bool_]:
    """Return for every bucket whether its series was in the bursting state, seen from the end.

    The bursting state writes `ratio` times as much as the usual one; to enter it costs `cost` times
    the logarithm of the number of buckets. The usual rate is the median of the series or four
    fifths of its mean, whichever is more.
    """
    counts = np.asarray(counts, dtype=np.float64)
    series, buckets = counts.shape
    if not counts.size:
        return np.zeros(counts.shape, dtype=bool)
    shares = np.ones(buckets) if course is None else np.asarray(course, dtype=np.float64)
    deseasoned = counts / shares
    rate = np.maximum(np.median(deseasoned, axis=1), 0.8 * deseasoned.mean(axis=1)) + 0.05
    expected = rate[None, :] * shares[:, None]
    # What a bucket costs in the bursting state beyond what it costs in the usual one.
    extra = expected * (ratio - 1.0) - counts.T * np.log(ratio)
    entry = cost * np.log(max(buckets, 2))
    came_from_burst = np.zeros((buckets, 2, series), dtype=bool)
    usual, burst = np.zeros(series), extra[0] + entry
    for bucket in range(1, buckets):
        came_from_burst[bucket, 0] = burst < usual
        came_from_burst[bucket, 1] = burst < usual + entry
        usual, burst = np.minimum(usual, burst), np.minimum(usual + entry, burst) + extra[bucket]
    return _walk_back(came_from_burst, in_burst=burst < usual)


def _walk_back(
    came_from_burst: NDArray[np.bool_], *, in_burst: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    states = np.zeros((len(came_from_burst), in_burst.size), dtype=bool)
    for bucket in range(len(came_from_burst) - 1, -1, -1):
        states[bucket] = in_burst
        before = came_from_burst[bucket]
        in_burst = np.where(in_burst, before[1], before[0])
    return states.T
