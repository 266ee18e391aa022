"""How well a head does on posts that somebody else labelled.

A file is read twice: once for what its labels are, so that unknown ones are named before any work,
and once to score the posts, of which only the answers are kept.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from chorus import labels
from chorus.heads import Heads, Scores
from chorus.training.asking import Task, task_of
from chorus.training.findings import Answered, figures_of
from chorus.training.foreign import Scheme, scheme_for, unknown_among
from chorus.training.labelled import Labelled, LabelledError, Row

if TYPE_CHECKING:
    from numpy.typing import NDArray

HEADS: Final = (*labels.HEADS, labels.LANGUAGE)
_BATCH: Final = 4_096
_MOST_CELLS: Final = 50_000  # different cells; a column with more holds no labels

NO_TEXT: Final = "no text"

# Told now and then: rows done, rows there are.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Survey:
    """What a labelled file holds."""

    rows: int
    cells: Counter[Any]


def evaluate(
    heads: Heads,
    head: str,
    file: Labelled,
    *,
    map_file: Path | None = None,
    is_open: bool = False,
    progress: Progress = lambda done, whole: None,
) -> dict[str, Any]:
    """Return how well a head does on a labelled file, as plain data.

    Raises LabelledError or ForeignError when the file or the map cannot be used.
    """
    found = survey(file)
    scheme = scheme_for(head, found.cells, map_file)
    unknown = unknown_among(scheme, found.cells)
    task = task_of(head, scheme, found.cells, heads, is_open=is_open)
    if not any(isinstance(true, int) for true in task.true.values()):
        raise LabelledError(_nothing_known(file, head, scheme, unknown))
    answered = _answer(heads, task, file, lambda done: progress(done, found.rows))
    if not answered.true:
        raise LabelledError(f"{file.path.name} has no row with both a text and a known label.")
    report = {
        "file": file.path.name,
        "head": head,
        "version": _version(heads, head),
        "kind": task.kind,
        "among": list(task.asking.classes),
        "is_open": is_open,
        "map": scheme.name,
        "rows": _rows(found.rows, file, answered),
        "unknown_labels": unknown,
        "remarks": [*file.remarks, *_remarks(unknown, map_file)],
    }
    return report | figures_of(task, answered, file.columns.language)


def survey(file: Labelled) -> Survey:
    """Read the labels of a file. Raises LabelledError when the column holds something else."""
    cells: Counter[Any] = Counter()
    rows = 0
    for row in file.rows():
        rows += 1
        cells[frozen(row.cell)] += 1
        if len(cells) > _MOST_CELLS:
            message = (
                f"The column {file.columns.label!r} has more than {_MOST_CELLS:,} different values;"
                " name the one with the labels."
            )
            raise LabelledError(message)
    if not rows:
        raise LabelledError(f"{file.path.name} has no rows; give a file with labelled posts.")
    return Survey(rows, cells)


def frozen(cell: Any) -> Any:
    """Return a cell as something that can be counted."""
    if isinstance(cell, list | tuple):
        return tuple(str(part) for part in cell if part is not None)
    if isinstance(cell, dict):
        return tuple(str(name) for name, value in cell.items() if value)
    return cell if isinstance(cell, str | int | float | bool) or cell is None else str(cell)


# -- Answering -------------------------------------------------------------------------------------


def _answer(heads: Heads, task: Task, file: Labelled, progress: Callable[[int], None]) -> Answered:
    answered = Answered()
    done = 0
    for batch in _batches(file.rows()):
        done += len(batch)
        kept = []
        for row in batch:
            true = task.true[frozen(row.cell)]
            reason = true if row.text else NO_TEXT
            if isinstance(reason, str):
                answered.left_out[reason] += 1
            else:
                kept.append((row, reason))
        if kept:
            texts = [row.text for row, _ in kept]
            _add(answered, task, heads.score(texts), kept)
        progress(done)
    return answered


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _add(answered: Answered, task: Task, scores: Scores, kept: list[tuple[Row, int]]) -> None:
    given = task.asking.answers(scores)
    answered.true.append(np.array([true for _, true in kept], np.uint64))
    answered.given.append(given.masks)
    if given.probability is not None:
        answered.chance.append(given.probability)
    if kept[0][0].event is not None:
        events = (row.event or "" for row, _ in kept)
        answered.events.append(_numbered(answered.event_names, events))
    detected = scores.languages()
    languages = (
        labels.LANGUAGES[number] if row.language is None else row.language
        for (row, _), number in zip(kept, detected, strict=True)
    )
    answered.languages.append(_numbered(answered.language_names, languages))


def _numbered(names: dict[str, int], said: Iterable[str]) -> "NDArray[np.int32]":
    return np.array([names.setdefault(name, len(names)) for name in said], np.int32)


# -- Words -----------------------------------------------------------------------------------------


def _rows(rows: int, file: Labelled, answered: Answered) -> dict[str, Any]:
    """Return what became of the rows; `read` is the sum of all that follows."""
    used = sum(map(len, answered.true))
    return {
        "read": rows + file.faults.total(),
        "used": used,
        "left_out": dict(sorted((answered.left_out + file.faults).items())),
    }


def _version(heads: Heads, head: str) -> str | None:
    try:
        return heads.cards.of(head).version
    except KeyError:
        return None


def _remarks(unknown: dict[str, int], map_file: Path | None) -> list[str]:
    if not unknown:
        return []
    name = "the map" if map_file else "a map (--map)"
    return [
        f"{sum(unknown.values())} labels are unknown and their rows left out; "
        f"say what they mean in {name}, or map them to ignore."
    ]


def _nothing_known(file: Labelled, head: str, scheme: Scheme, unknown: dict[str, int]) -> str:
    listed = ", ".join(f"{_short(name)} ({times:,})" for name, times in list(unknown.items())[:12])
    if not listed:
        return (
            f"The column {file.columns.label!r} of {file.path.name} holds no label that counts "
            f"for {head}; every cell is empty or to be ignored."
        )
    return (
        f"No label of {file.path.name} is known for {head} ({scheme.name}): {listed}. Say what "
        f'they mean with --map FILE, such as "{next(iter(unknown))[:30]}" = "{_example(head)}".'
    )


def _short(name: str) -> str:
    return repr(name if len(name) <= _SHORT else name[:_SHORT] + "…")


_SHORT: Final = 40


def _example(head: str) -> str:
    if head == labels.LANGUAGE:
        return "en"
    names: Sequence[str] = labels.HEADS[head]
    return "yes" if len(names) == 1 else names[0]
