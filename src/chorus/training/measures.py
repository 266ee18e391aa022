"""How right answers are: precision, recall, F1, confusion, and how sure these figures are.

Answers travel as bit masks of classes (bit k: class k), one a post, so that one class a post and
several are counted the same way. The macro F1 is the mean over the classes that occur among the
true answers. Intervals are 90 % percentile bootstraps (Efron 1979), over whole events where a file
names them: posts of one event resemble each other.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

DRAWS: Final = 1_000
CONFIDENCE: Final = 0.9
_SEED: Final = 0
_MOST_CELLS: Final = 20_000_000  # of draws x patterns at a time


@dataclass(frozen=True, eq=False)
class Hits:
    """True positives, false positives and false negatives, each (units x classes).

    A unit is what is drawn as a whole: an event, or a post. Posts with the same true and the same
    given answer are one row, and `times` says how many there are.
    """

    right: "NDArray[np.int64]"
    wrong: "NDArray[np.int64]"
    missed: "NDArray[np.int64]"
    times: "NDArray[np.int64]"

    def total(self) -> "Hits":
        """Return the same as one unit."""
        return self.weighted(self.times[None, :])

    def weighted(self, times: "NDArray[np.int64]") -> "Hits":
        """Return the sums over units, each as often as `times` (draws x units) says."""
        ones = np.ones(len(times), np.int64)
        return Hits(times @ self.right, times @ self.wrong, times @ self.missed, ones)

    @property
    def support(self) -> "NDArray[np.int64]":
        """How often each class is a true answer."""
        return self.right + self.missed

    @property
    def precision(self) -> "NDArray[np.float64]":
        """Which share of a class's given answers is right; 0 where it was never given."""
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> "NDArray[np.float64]":
        """Which share of a class's true answers was given; 0 where there is none."""
        return _share(self.right, self.support)

    @property
    def f1(self) -> "NDArray[np.float64]":
        """The harmonic mean of both."""
        return _share(2 * self.right, 2 * self.right + self.wrong + self.missed)

    def macro_f1(self) -> "NDArray[np.float64]":
        """Return the mean F1 over the classes that occur, a unit each; 0 where none does."""
        occurs = self.support > 0
        return _share((self.f1 * occurs).sum(axis=1), occurs.sum(axis=1))

    def weighted_f1(self) -> "NDArray[np.float64]":
        """Return the mean F1 over posts, a unit each."""
        return _share((self.f1 * self.support).sum(axis=1), self.support.sum(axis=1))

    def micro_f1(self) -> "NDArray[np.float64]":
        """Return the F1 over all answers taken together, a unit each."""
        right = 2 * self.right.sum(axis=1)
        return _share(right, right + (self.wrong + self.missed).sum(axis=1))


def hits(
    true: "NDArray[np.uint64]",
    given: "NDArray[np.uint64]",
    classes: int,
    events: "NDArray[np.integer] | None" = None,
) -> Hits:
    """Count what was right, by event where `events` numbers them, else by post."""
    columns = [true, given] if events is None else [true, given, events.astype(np.uint64)]
    patterns, times = np.unique(np.stack(columns, axis=1), axis=0, return_counts=True)
    is_true, is_given = (_bits(patterns[:, column], classes) for column in (0, 1))
    parts = (is_true & is_given, ~is_true & is_given, is_true & ~is_given)
    if events is None:
        right, wrong, missed = (part.astype(np.int64) for part in parts)
        return Hits(right, wrong, missed, times.astype(np.int64))
    numbers, units = np.unique(patterns[:, 2], return_inverse=True)
    summed = [np.zeros((len(numbers), classes), np.int64) for _ in parts]
    for sums, part in zip(summed, parts, strict=True):
        np.add.at(sums, units.ravel(), part * times[:, None])
    right, wrong, missed = summed
    return Hits(right, wrong, missed, np.ones(len(numbers), np.int64))


def interval(found: Hits, seed: int = _SEED) -> tuple[float, float]:
    """Return the ends of the interval of the macro F1."""
    generator = np.random.default_rng(seed)
    units = int(found.times.sum())
    if units == 0:
        return 0.0, 0.0
    scores: list[NDArray[np.float64]] = []
    step = max(1, _MOST_CELLS // max(1, len(found.times)))
    for start in range(0, DRAWS, step):
        draws = min(step, DRAWS - start)
        times = generator.multinomial(units, found.times / units, size=draws)
        scores.append(found.weighted(times).macro_f1())
    low, high = np.quantile(np.concatenate(scores), [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return float(low), float(high)


def confusion(
    true: "NDArray[np.integer]", given: "NDArray[np.integer]", classes: int
) -> "NDArray[np.int64]":
    """Return how often each true class (row) got each answer (column); both are class numbers."""
    cells = true.astype(np.int64) * classes + given.astype(np.int64)
    return np.bincount(cells, minlength=classes * classes).reshape(classes, classes)


def average_precision(yes: "NDArray[np.bool_]", scores: "NDArray[np.floating]") -> float:
    """Return the area under precision over recall, as a sum of steps; 0 without a yes."""
    true, given = _ranked(yes, scores)
    if not len(true) or not true[-1]:
        return 0.0
    gained = np.diff(true, prepend=0) / true[-1]
    return float((gained * true / given).sum())


def area_under_roc(yes: "NDArray[np.bool_]", scores: "NDArray[np.floating]") -> float:
    """Return the chance that a yes scores above a no (ties: half); 0.5 if one is missing."""
    true, given = _ranked(yes, scores)
    if not len(true) or not true[-1] or true[-1] == given[-1]:
        return 0.5
    false = np.concatenate([[0], given - true])
    above = np.concatenate([[0], true])
    area = (np.diff(false) * (above[1:] + above[:-1]) / 2).sum()
    return float(area / (above[-1] * false[-1]))


def yes_no_at(
    yes: "NDArray[np.bool_]", scores: "NDArray[np.floating]", threshold: float
) -> dict[str, float]:
    """Return how a yes or no does when it is a yes from `threshold` on."""
    found = hits(_mask(yes), _mask(scores >= threshold), 2).total()
    return {
        "threshold": threshold,
        "precision": float(found.precision[0, 1]),
        "recall": float(found.recall[0, 1]),
        "f1": float(found.f1[0, 1]),
        "macro_f1": float(found.macro_f1()[0]),
    }


def macro_f1_of_yes(yes: "NDArray[np.bool_]", given: "NDArray[np.bool_]") -> float:
    """Return the mean of the F1 of yes and the F1 of no, of those that occur."""
    return float(hits(_mask(yes), _mask(given), 2).total().macro_f1()[0])


def _mask(yes: "NDArray[np.bool_]") -> "NDArray[np.uint64]":
    """Return class 0 for a no and class 1 for a yes."""
    return np.where(yes, 2, 1).astype(np.uint64)


def _ranked(
    yes: "NDArray[np.bool_]", scores: "NDArray[np.floating]"
) -> "tuple[NDArray[np.int64], NDArray[np.int64]]":
    """Return how many yes, and how many at all, score at least as much, at each distinct score."""
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    is_last = np.append(ranked[1:] != ranked[:-1], True) if len(ranked) else np.zeros(0, bool)
    ends = np.flatnonzero(is_last)
    return np.cumsum(yes[order], dtype=np.int64)[ends], ends.astype(np.int64) + 1


def _bits(masks: "NDArray[np.uint64]", classes: int) -> "NDArray[np.bool_]":
    return np.asarray((masks[:, None] >> np.arange(classes, dtype=np.uint64)) & np.uint64(1) == 1)


def _share(part: "NDArray[np.number]", whole: "NDArray[np.number]") -> "NDArray[np.float64]":
    out = np.zeros(np.shape(part))
    return np.asarray(np.divide(part, whole, out=out, where=np.asarray(whole) > 0))
