"""Slopes, thresholds and language limits, chosen on held-out scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from chorus import corpus, labels
from chorus.heads import LANGUAGE_PREFIX, Tuning
from chorus.training import figures, plan, sources
from chorus.training.fitting import platt
from chorus.training.sources import Example

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Heads whose "no" matters as much as their "yes".
BOTH_WAYS: Final = frozenset({"about.about", "informative.informative"})
# Heads whose border lies where one in five of the posts that only look like it is called so. The
# best F1 would call one in three: in our corpus most posts that name a group are hostile, in life
# few are, and a community pays for what is counted against it by mistake.
_MISTAKEN: Final = 0.2
AMONG_LOOKALIKES: Final = {"hostility.hostility": corpus.NOT_HOSTILE}
# Best where a mixed post is found as often as a post of one language is taken for one.
_MIXED_GRID: Final = np.linspace(0.2, 0.95, 16)
_UNDETERMINED: Final = 0.15
_KIN: Final = 0.6


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of examples, column by column, as arrays."""

    examples: Sequence[Example]
    source: "NDArray[np.str_]"
    event: "NDArray[np.str_]"
    language: "NDArray[np.str_]"
    known: "NDArray[np.int64]"
    yes: "NDArray[np.int64]"
    coarse: "NDArray[np.int64]"

    @classmethod
    def of(cls, examples: Sequence[Example]) -> "Known":
        return cls(
            examples,
            np.array([example.source for example in examples]),
            np.array([example.event for example in examples]),
            np.array([example.language for example in examples]),
            np.array([example.known for example in examples], np.int64),
            np.array([example.yes for example in examples], np.int64),
            np.array([example.coarse for example in examples], np.int64),
        )

    def tested(self, column: str, scores: "NDArray[Any]") -> "NDArray[np.bool_]":
        """Mark the examples that a label's column was tested on, and whose answer is known."""
        bit = 1 << labels.BIT[column]
        return np.asarray(((self.known & bit) > 0) & ~np.isnan(scores))

    def answers(self, column: str) -> "NDArray[np.bool_]":
        """Mark the examples that carry a label."""
        return np.asarray((self.yes & (1 << labels.BIT[column])) > 0)

    def remarked(self, remark: str) -> "NDArray[np.bool_]":
        """Mark our own posts with a remark of the corpus."""
        return np.array([remark in example.remarks for example in self.examples])

    def in_language(self, language: str) -> "NDArray[np.bool_]":
        """Mark the examples of a language; a mixed post of ours counts for its main language."""
        return np.asarray(self.main_language == language)

    @property
    def main_language(self) -> "NDArray[np.str_]":
        """The language of each example, for a mixed post of ours the one it was written for."""
        return np.where(self.language == corpus.MIXED, self._written_for, self.language)

    @property
    def _written_for(self) -> "NDArray[np.str_]":
        return np.array([example.written_for for example in self.examples])


def tuning_of(known: Known, columns: Sequence[str], scores: "NDArray[np.float32]") -> Tuning:
    """Return the tuning of columns from the scores that posts got while held out."""
    slope, intercept = np.ones(len(columns), np.float32), np.zeros(len(columns), np.float32)
    thresholds = np.full((len(labels.LANGUAGES), len(labels.LABELS)), 0.5, np.float32)
    for number, column in enumerate(columns):
        if column not in labels.BIT:
            continue
        rows = known.tested(column, scores[:, number])
        yes = known.answers(column)
        slope[number], intercept[number] = platt(scores[rows, number], yes[rows])
        odds = scores[:, number] * slope[number] + intercept[number]
        probability = 1 / (1 + np.exp(-odds))
        thresholds[:, labels.BIT[column]] = _thresholds(known, column, rows, probability)
    for number, column in enumerate(columns):
        if column.startswith(LANGUAGE_PREFIX):
            rows = ~np.isnan(scores[:, number]) & np.isin(known.language, plan.LANGUAGES)
            yes = known.language == column.removeprefix(LANGUAGE_PREFIX)
            slope[number], intercept[number] = platt(scores[rows, number], yes[rows])
    mixed = _mixed(known, columns, scores * slope + intercept)
    return Tuning(slope, intercept, thresholds, _UNDETERMINED, mixed, _KIN)


def _thresholds(
    known: Known, column: str, rows: "NDArray[np.bool_]", probability: "NDArray[Any]"
) -> "NDArray[np.float32]":
    own = rows & (known.source == sources.OWN)
    if column in AMONG_LOOKALIKES:
        alike = own & known.remarked(AMONG_LOOKALIKES[column])
        border = np.quantile(probability[alike], 1 - _MISTAKEN)
        return np.full(len(labels.LANGUAGES), border, np.float32)
    if column in BOTH_WAYS:
        over_all = figures.best_for_both(probability[own], known.answers(column)[own])
    else:
        over_all = figures.best_threshold(
            probability[own], known.answers(column)[own], np.ones(int(own.sum()), bool)
        )
    chosen = np.full(len(labels.LANGUAGES), over_all, np.float32)
    for language in corpus.LANGUAGES:
        # Real posts, where there are any, tell more about their language than ours do.
        here = rows if column in BOTH_WAYS and language == "en" else own
        spoken = known.in_language(language)[here]
        answers = known.answers(column)[here]
        if column in BOTH_WAYS:
            best = figures.best_for_both(probability[here][spoken], answers[spoken])
        else:
            best = figures.best_threshold(probability[here], answers, spoken)
        chosen[labels.LANGUAGES.index(language)] = best
    kin = [labels.LANGUAGES.index(language) for language in ("id", "ms")]
    chosen[labels.LANGUAGES.index("id/ms")] = chosen[kin].mean()
    return chosen


def _mixed(known: Known, columns: Sequence[str], odds: "NDArray[Any]") -> float:
    """Return from which probability of a second language on a post is called mixed."""
    own = (known.source == sources.OWN) & np.isin(known.main_language, corpus.LANGUAGES)
    ours = [columns.index(f"{LANGUAGE_PREFIX}{language}") for language in corpus.LANGUAGES]
    ordered = np.sort(odds[own][:, ours], axis=1)
    # Malay and Indonesian beside each other are doubt, not mixture.
    best_two = np.argsort(odds[own][:, ours], axis=1)[:, -2:]
    kin = {corpus.LANGUAGES.index("id"), corpus.LANGUAGES.index("ms")}
    is_kin = np.array([set(map(int, two)) == kin for two in best_two])
    second = np.where(is_kin, ordered[:, -3], ordered[:, -2])
    probability = 1 / (1 + np.exp(-second))
    yes = known.language[own] == corpus.MIXED
    scores = [figures.f1(yes, probability > cut) for cut in _MIXED_GRID]
    return float(_MIXED_GRID[int(np.argmax(scores))])
