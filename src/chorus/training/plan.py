"""Which examples teach which column, and how much each counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from chorus import corpus, labels
from chorus.heads import COARSE, COARSE_PREFIX, LANGUAGE_PREFIX
from chorus.training import sources
from chorus.training.sources import Example

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The languages that the language columns tell apart; what is not among our six becomes `other`.
LANGUAGES: Final = (
    *corpus.LANGUAGES,
    "es",
    "pt",
    "it",
    "de",
    "nl",
    "tr",
    "vi",
    "sw",
    "hi",
    "ur",
    "fa",
    "th",
)

COLUMNS: Final = (
    *(label.key for label in labels.LABELS),
    *(f"{COARSE_PREFIX}{name}" for name in COARSE),
    *(f"{LANGUAGE_PREFIX}{language}" for language in LANGUAGES),
)

# Posts of the public sets say less about an attack in our languages than our own do. Chosen on
# held-out events.
_PUBLIC_WEIGHT: Final = 0.1
_PUBLIC_WEIGHTS: Final = {
    "about.about": 0.3,
    "informative.informative": 1.0,
    "hostility.hostility": 0.2,
}
# Of the tens of thousands of public posts that only say "not blood", one in so many is enough.
_EVERY: Final = 8


# The inverse of the regularisation. The types of CrisisLexT26, which have many posts of few events,
# want more of it: 0.665 against 0.658 at 3.0 on held-out events.
_STRENGTH: Final = 3.0
_STRENGTH_OF_TYPES: Final = 1.5


def strength_of(column: str) -> float:
    """Return how freely a column may follow its examples."""
    return _STRENGTH_OF_TYPES if column.startswith(COARSE_PREFIX) else _STRENGTH


@dataclass(frozen=True, eq=False)
class Task:
    """The rows a column is fitted on, their answers and how much each counts."""

    column: str
    rows: "NDArray[np.int64]"
    yes: "NDArray[np.bool_]"
    weight: "NDArray[np.float64]"

    def without(self, rows: "NDArray[np.bool_]") -> "Task":
        """Return the task with some rows (a mask over all examples) held out."""
        keep = ~rows[self.rows]
        return Task(self.column, self.rows[keep], self.yes[keep], self.weight[keep])


def task_of(column: str, examples: Sequence[Example]) -> Task:
    """Return what teaches one of `COLUMNS`."""
    if column.startswith(COARSE_PREFIX):
        return _coarse(column, examples)
    if column.startswith(LANGUAGE_PREFIX):
        return _language(column, examples)
    bit = 1 << labels.BIT[column]
    chosen = [
        (row, example)
        for row, example in enumerate(examples)
        if example.known & bit
        and (column in _PUBLIC_WEIGHTS or example.source == sources.OWN or row % _EVERY == 0)
    ]
    weight = _PUBLIC_WEIGHTS.get(column, _PUBLIC_WEIGHT)
    return Task(
        column,
        np.array([row for row, _ in chosen], np.int64),
        np.array([bool(example.yes & bit) for _, example in chosen]),
        np.array([1.0 if example.source == sources.OWN else weight for _, example in chosen]),
    )


def _coarse(column: str, examples: Sequence[Example]) -> Task:
    """Return the task of a type of CrisisLexT26; only its own coders know what they meant by it."""
    wanted = list(COARSE).index(column.removeprefix(COARSE_PREFIX))
    chosen = [
        (row, example.coarse == wanted)
        for row, example in enumerate(examples)
        if example.coarse != sources.NO_TYPE
    ]
    rows = np.array([row for row, _ in chosen], np.int64)
    return Task(column, rows, np.array([yes for _, yes in chosen], bool), np.ones(len(rows)))


def _language(column: str, examples: Sequence[Example]) -> Task:
    wanted = column.removeprefix(LANGUAGE_PREFIX)
    chosen = [
        (row, example.language == wanted)
        for row, example in enumerate(examples)
        if example.language in LANGUAGES
    ]
    rows = np.array([row for row, _ in chosen], np.int64)
    return Task(column, rows, np.array([yes for _, yes in chosen], bool), np.ones(len(rows)))
