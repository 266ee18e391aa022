"""From held-out scores to thresholds, probabilities and the figures of the cards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from chorus import corpus
from chorus.cards import Figure
from chorus.training import sources

if TYPE_CHECKING:
    from numpy.typing import NDArray

DRAWS: Final = 400
_GRID: Final = np.linspace(0.04, 0.96, 47)
# Eight of ten events of a normal distribution lie within so many standard deviations.
_EIGHT_OF_TEN: Final = 1.2816


def f1(yes: "NDArray[Any]", said: "NDArray[Any]") -> float:
    """Return the harmonic mean of precision and recall; 0 where nothing was found."""
    both = int((yes & said).sum())
    return 2 * both / max(int(yes.sum()) + int(said.sum()), 1)


def best_threshold(
    probability: "NDArray[Any]",
    yes: "NDArray[np.bool_]",
    own: "NDArray[np.bool_]",
) -> float:
    """Return the threshold of a language: best F1 there and, as much, over all languages.

    `own` marks the posts of the language. A few dozen posts of a language alone would choose by
    chance.
    """
    both_ways = [
        f1(yes, probability >= cut) + f1(yes[own], probability[own] >= cut) for cut in _GRID
    ]
    return float(_GRID[int(np.argmax(both_ways))])


def best_for_both(probability: "NDArray[Any]", yes: "NDArray[np.bool_]") -> float:
    """Return the threshold with the best mean of the F1 of yes and the F1 of no."""
    means = [f1(yes, probability >= cut) + f1(~yes, probability < cut) for cut in _GRID]
    return float(_GRID[int(np.argmax(means))])


@dataclass(frozen=True, eq=False)
class Answers:
    """Posts a label was looked for in: whether they carry it, whether it was found, their event."""

    yes: "NDArray[np.bool_]"
    said: "NDArray[np.bool_]"
    events: "NDArray[np.str_]"

    def among(self, rows: "NDArray[np.bool_]") -> "Answers":
        """Return the part of the posts that a mask marks."""
        return Answers(self.yes[rows], self.said[rows], self.events[rows])


def figure(name: str, language: str, test: str, tested: Answers) -> Figure:
    """Return how well a label was found, with its intervals over events."""
    yes, said, events = tested.yes, tested.said, tested.events
    names, event = np.unique(events, return_inverse=True)
    true = np.bincount(event, weights=yes, minlength=len(names))
    found = np.bincount(event, weights=said, minlength=len(names))
    both = np.bincount(event, weights=yes & said, minlength=len(names))
    low, high = _bootstrap(true, found, both)
    return Figure(
        name=name,
        language=language,
        test=test,
        f1=round(float(2 * both.sum() / max(true.sum() + found.sum(), 1)), 3),
        low=round(low, 3),
        high=round(high, 3),
        precision=round(float(both.sum() / max(found.sum(), 1)), 3),
        recall=round(float(both.sum() / max(true.sum(), 1)), 3),
        posts=int(yes.sum()),
        truth_per_found=_truth_per_found(true[_is_incident(names)], found[_is_incident(names)]),
    )


def _is_incident(events: "NDArray[np.str_]") -> "NDArray[np.bool_]":
    """Mark the events that are incidents: what is counted later comes from one."""
    nothing = [f"{sources.OWN}.{name}" for name in (corpus.EVERYDAY, corpus.CONTRAST)]
    return ~np.isin(events, nothing)


def _bootstrap(
    true: "NDArray[Any]", found: "NDArray[Any]", both: "NDArray[Any]"
) -> tuple[float, float]:
    draws = np.random.default_rng(0).integers(0, len(true), (DRAWS, len(true)))
    scores = 2 * both[draws].sum(1) / np.maximum(true[draws].sum(1) + found[draws].sum(1), 1)
    low, high = np.quantile(scores, (0.05, 0.95))
    return float(low), float(high)


def _truth_per_found(
    true: "NDArray[Any]", found: "NDArray[Any]"
) -> tuple[float, float, float] | None:
    """Return the middle and the range of true over found, event by event, on a log scale.

    Only events that have the label are asked, as an incident has them. Half a post is added to
    both. The range is one for a further event: the spread between events and the doubt about their
    middle.
    """
    some = true > 0
    if some.sum() < 2:  # noqa: PLR2004 -- one event has no spread
        return None
    logs = np.log((true[some] + 0.5) / (found[some] + 0.5))
    middle = float(logs.mean())
    reach = _EIGHT_OF_TEN * float(logs.std(ddof=1)) * np.sqrt(1 + 1 / some.sum())
    return tuple(round(float(np.exp(each)), 3) for each in (middle, middle - reach, middle + reach))  # type: ignore[return-value]  # -- three of them


def macro(figures: Sequence[Figure], head: str, language: str, test: str) -> Figure:
    """Return the mean over the labels of a head."""

    def mean(values: list[float]) -> float:
        return round(float(np.mean(values)), 3)

    return Figure(
        name=head,
        language=language,
        test=test,
        f1=mean([each.f1 for each in figures]),
        low=mean([each.low for each in figures]),
        high=mean([each.high for each in figures]),
        precision=mean([each.precision for each in figures]),
        recall=mean([each.recall for each in figures]),
        posts=sum(each.posts for each in figures),
    )


def macro_f1(true: Sequence[str], said: Sequence[str], classes: Sequence[str]) -> float:
    """Return the mean F1 over classes of answers that are one class each."""
    yes, found = np.array(true), np.array(said)
    return float(np.mean([f1(yes == each, found == each) for each in classes]))
