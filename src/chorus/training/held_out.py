"""Scores of posts by heads that never saw their event: what cards and thresholds rest on.

One event at a time is left out whole (leave-event-out), because posts of one event share names and
places, and a head that has seen them looks better than it will be on the next attack.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from chorus import labels
from chorus.heads import COARSE, COARSE_PREFIX, LANGUAGE_PREFIX
from chorus.training import plan, sources
from chorus.training.fitting import Counted
from chorus.training.sources import Example

if TYPE_CHECKING:
    from numpy.typing import NDArray

LABEL_COLUMNS: Final = tuple(label.key for label in labels.LABELS)
COARSE_COLUMNS: Final = tuple(f"{COARSE_PREFIX}{name}" for name in COARSE)
LANGUAGE_COLUMNS: Final = tuple(f"{LANGUAGE_PREFIX}{name}" for name in plan.LANGUAGES)
_RELATED: Final = ("about.about", "informative.informative")

# Our own events in the groups that are left out together when languages are tested.
LANGUAGE_FOLDS: Final = 4


def held_out_scores(
    examples: Sequence[Example],
    counted: Counted,
    columns: Sequence[str],
    *,
    progress: Callable[[str], None] = lambda _: None,
) -> "NDArray[np.float32]":
    """Return the score of each example and column by a column that did not see its event.

    NaN where an example's source is not one that the column is tested on: labels on our own posts,
    the types and relatedness on the events of CrisisLex too, languages on all but CrisisLex.
    """
    scores = np.full((len(examples), len(columns)), np.nan, np.float32)
    tasks = {column: plan.task_of(column, examples) for column in columns}
    everything = np.arange(len(examples))
    for name, held, tested in _folds(examples, columns):
        weighted = counted.weighted(counted.idf(everything[~held]))
        rows = everything[held]
        for column in tested:
            task = tasks[column].without(held)
            fitted = weighted.fit(
                task.rows, task.yes, weight=task.weight, strength=plan.strength_of(column)
            )
            scores[rows, columns.index(column)] = weighted.scores(rows, fitted)
        progress(name)
    _types_of_own(examples, counted, columns, scores)
    return scores


def _types_of_own(
    examples: Sequence[Example],
    counted: Counted,
    columns: Sequence[str],
    scores: "NDArray[np.float32]",
) -> None:
    """Score our own posts by type; no post of ours teaches a type, so none has to be held out."""
    own = np.array([example.source == sources.OWN for example in examples])
    rows, everything = np.flatnonzero(own), np.arange(len(examples))
    weighted = counted.weighted(counted.idf(everything[~own]))
    for column in (column for column in COARSE_COLUMNS if column in columns):
        task = plan.task_of(column, examples)
        if len(task.rows):
            fitted = weighted.fit(task.rows, task.yes, strength=plan.strength_of(column))
            scores[rows, columns.index(column)] = weighted.scores(rows, fitted)


def _folds(
    examples: Sequence[Example], columns: Sequence[str]
) -> Iterator[tuple[str, "NDArray[np.bool_]", list[str]]]:
    """Yield what is left out together, as a mask of the examples, and the columns tested on it."""
    event = np.array([example.event for example in examples])
    source = np.array([example.source for example in examples])
    asked = set(columns)
    of_labels = [column for column in LABEL_COLUMNS if column in asked]
    for name in sorted(set(event[source == sources.OWN])):
        if of_labels:
            yield name, event == name, of_labels
    of_types = [column for column in (*COARSE_COLUMNS, *_RELATED) if column in asked]
    of_topic = [column for column in _RELATED[:1] if column in asked]
    # The same disaster stands in both sets of CrisisLex, under names that differ in capitals only.
    disaster = np.char.lower(event)
    for name in sorted(set(disaster[source == sources.CRISISLEX_T26])):
        if of_types:
            yield name, disaster == name, of_types
    only_topic = set(disaster[source == sources.CRISISLEX_T6])
    only_topic -= set(disaster[source == sources.CRISISLEX_T26])
    for name in sorted(only_topic):
        if of_topic:
            yield name, disaster == name, of_topic
    of_languages = [column for column in LANGUAGE_COLUMNS if column in asked]
    if of_languages:
        yield from _language_folds(event, source, of_languages)


def _language_folds(
    event: "NDArray[np.str_]", source: "NDArray[np.str_]", tested: list[str]
) -> Iterator[tuple[str, "NDArray[np.bool_]", list[str]]]:
    own = sorted(set(event[source == sources.OWN]))
    others = np.isin(source, [sources.MLMA, sources.NUSAX, sources.NTREX, sources.WORDS])
    fold_of = np.arange(len(event)) % LANGUAGE_FOLDS
    for fold in range(LANGUAGE_FOLDS):
        together = np.isin(event, own[fold::LANGUAGE_FOLDS]) | (others & (fold_of == fold))
        yield f"languages, part {fold + 1}", together, tested
