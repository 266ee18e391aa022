"""How many planted bursts are found, how soon, and how often a bell rings for nothing.

400 invented series of three days in buckets of five minutes: their level is between 0.1 and 32
posts a bucket, follows the day, and wavers more than chance alone (gamma with a shape of 20). Every
second one holds a burst of half an hour to three hours, 2 to 16 times the usual and fading.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmarks.bench import figure
from chorus.bursts import Thresholds, course_of, judge, kleinberg

MINUTES: Final = 5
PER_DAY: Final = 288
DAYS: Final = 3
WARM_UP: Final = 144
# A burst counts as found when the bell rings within three hours of its start.
IN_TIME: Final = 36
# Rings within an hour after a planted burst are its own; rings half an hour apart are one alarm.
OWN: Final = 12
ONE_ALARM: Final = 6

Found: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True)
class Simulation:
    """Counts of each series and bucket, which of them are planted, and the first; -1 for none."""

    counts: NDArray[np.int64]
    planted: Found
    starts: NDArray[np.int64]
    minutes: int = MINUTES


@dataclass(frozen=True)
class Outcome:
    """Recall within three hours, the median delay in minutes, and false alarms a series and day."""

    recall: float
    delay: float
    false_alarms: float


def simulate(series: int = 400, seed: int = 3) -> Simulation:
    """Return the same invented series for the same seed."""
    chance = np.random.default_rng(seed)
    buckets = PER_DAY * DAYS
    course = 0.6 + 0.4 * np.sin((np.arange(buckets) % PER_DAY - 90) / PER_DAY * 2 * np.pi)
    base = 10 ** chance.uniform(-1, 1.5, series)
    rate = base[:, None] * course[None, :]
    planted = np.zeros((series, buckets), bool)
    starts = np.full(series, -1)
    for row in range(0, series, 2):
        start = int(chance.integers(PER_DAY, buckets - 60))
        length = int(chance.integers(6, 36))
        height = base[row] * (chance.choice([2, 4, 8, 16]) - 1) + chance.choice([1, 3])
        rate[row, start : start + length] += height * np.exp(-np.arange(length) / (length / 2))
        planted[row, start : start + length] = True
        starts[row] = start
    counts = chance.poisson(rate * chance.gamma(20, 1 / 20, rate.shape))
    return Simulation(counts, planted, starts)


def in_quarters(fine: Simulation) -> Simulation:
    """Return the same series in the buckets that the library keeps, of a quarter of an hour."""
    series, buckets = fine.counts.shape
    counts = fine.counts.reshape(series, buckets // 3, 3).sum(axis=2)
    planted = fine.planted.reshape(series, buckets // 3, 3).any(axis=2)
    return Simulation(counts, planted, np.where(fine.starts < 0, -1, fine.starts // 3), 15)


def measure(simulation: Simulation, rings: Found) -> Outcome:
    """Compare what rang with what was planted, after the warm-up."""
    scale = simulation.minutes // MINUTES
    warm_up, in_time = WARM_UP // scale, IN_TIME // scale
    delays, false = [], 0
    for row, start in enumerate(simulation.starts.tolist()):
        rang = np.flatnonzero(rings[row, warm_up:]) + warm_up
        if start >= 0:
            hits = rang[(rang >= start) & (rang < start + in_time)]
            delays.append(int(hits[0]) - start if hits.size else -1)
        own = OWN // scale
        stray = [at for at in rang if not simulation.planted[row, max(0, at - own) : at + 1].any()]
        false += int((np.diff(stray) > ONE_ALARM // scale).sum()) + 1 if stray else 0
    series, buckets = simulation.counts.shape
    days = series * (buckets - warm_up) * simulation.minutes / 1440
    found = np.array(delays)
    return Outcome(
        float((found >= 0).mean()),
        float(np.median(found[found >= 0])) * simulation.minutes,
        false / days,
    )


def ewma_rings(simulation: Simulation, threshold: float, *, by_the_hour: bool = False) -> Found:
    """Return which buckets ring at a threshold, without the floor of authors."""
    minutes, counts = simulation.minutes, simulation.counts
    judged = judge(counts, minutes=minutes, course=_course(simulation, by_the_hour))
    return (judged.z > threshold) & (counts >= Thresholds().posts)


def kleinberg_rings(simulation: Simulation, ratio: float, *, by_the_hour: bool = False) -> Found:
    """Return which buckets the automaton of two states takes for a burst."""
    return kleinberg(simulation.counts, ratio=ratio, course=_course(simulation, by_the_hour))


def main() -> None:
    fine = simulate()
    for simulation in (fine, in_quarters(fine)):
        for by_the_hour in (False, True):
            for method, limits in (
                (ewma_rings, (3.0, 4.0, 5.0, 6.0)),
                (kleinberg_rings, (2.0, 3.0)),
            ):
                for limit in limits:
                    _report(simulation, method, limit, by_the_hour=by_the_hour)


def _course(simulation: Simulation, by_the_hour: object) -> NDArray[np.float64] | None:
    known = 2 * 1440 // simulation.minutes
    minutes = simulation.minutes
    return course_of(simulation.counts, minutes=minutes, known=known) if by_the_hour else None


def _report(
    simulation: Simulation, method: Callable[..., Found], limit: float, *, by_the_hour: bool
) -> None:
    begun = time.perf_counter()
    rings = method(simulation, limit, by_the_hour=by_the_hour)
    taken = time.perf_counter() - begun
    outcome = measure(simulation, rings)
    name = method.__name__.removesuffix("_rings")
    figure(
        f"chorus.bursts.{name}_{limit:.0f}{'_by_the_hour' if by_the_hour else ''}"
        f"_{simulation.minutes}min",
        outcome.recall,
        "recall",
        delay_min=outcome.delay,
        false_alarms_per_series_day=round(outcome.false_alarms, 3),
        buckets_per_s=round(simulation.counts.size / taken),
    )


if __name__ == "__main__":
    main()
