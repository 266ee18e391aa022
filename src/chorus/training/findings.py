"""The figures of an evaluation, as plain data."""

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from chorus.training import measures
from chorus.training.answers import Languages
from chorus.training.asking import SEVERAL, Task

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_EVENTS: Final = 200  # events that are listed one by one
_THRESHOLDS: Final = tuple(round(step / 20, 2) for step in range(1, 20))


@dataclass
class Answered:
    """The true and the given answers of all posts that count, a few bytes each."""

    left_out: Counter[str] = field(default_factory=Counter)
    true: "list[NDArray[np.uint64]]" = field(default_factory=list)
    given: "list[NDArray[np.uint64]]" = field(default_factory=list)
    chance: "list[NDArray[np.float32]]" = field(default_factory=list)
    events: "list[NDArray[np.int32]]" = field(default_factory=list)
    languages: "list[NDArray[np.int32]]" = field(default_factory=list)
    event_names: dict[str, int] = field(default_factory=dict)
    language_names: dict[str, int] = field(default_factory=dict)


def figures_of(task: Task, answered: Answered, language_column: str | None) -> dict[str, Any]:
    """Return what the answers are worth, as JSON has it."""
    true, given = np.concatenate(answered.true), np.concatenate(answered.given)
    events = np.concatenate(answered.events) if answered.events else None
    languages = np.concatenate(answered.languages)
    names = task.asking.classes
    is_by_event = events is not None and len(answered.event_names) > 1
    drawn = measures.hits(true, given, len(names), events if is_by_event else None)
    whole = drawn.total()
    report = {
        "macro_f1": _rounded(whole.macro_f1()[0]),
        "macro_f1_interval": {
            "ends": [_rounded(end) for end in measures.interval(drawn)],
            "confidence": measures.CONFIDENCE,
            "over": "events" if is_by_event else "posts",
            "draws": measures.DRAWS,
        },
        "weighted_f1": _rounded(whole.weighted_f1()[0]),
        "micro_f1": _rounded(whole.micro_f1()[0]),
        "accuracy": _rounded((true == given).mean()),
        "classes": {
            name: {
                "precision": _rounded(whole.precision[0, number]),
                "recall": _rounded(whole.recall[0, number]),
                "f1": _rounded(whole.f1[0, number]),
                "support": int(whole.support[0, number]),
                "given": int(whole.right[0, number] + whole.wrong[0, number]),
            }
            for number, name in enumerate(names)
        },
        "confusion": _confusion(task, true, given, whole),
        "languages": {
            "from": f"column {language_column}" if language_column else "detected",
            **_by(languages, answered.language_names, (true, given), len(names)),
        },
    }
    if events is not None:
        report["events"] = _by(events, answered.event_names, (true, given), len(names))
    if answered.chance:
        report["thresholds"] = _thresholds(true, np.concatenate(answered.chance))
    if isinstance(task.asking, Languages):
        report["merged"] = _merged(task.asking, true, given, events if is_by_event else None)
    return report


def _confusion(
    task: Task, true: "NDArray[np.uint64]", given: "NDArray[np.uint64]", whole: measures.Hits
) -> dict[str, Any]:
    names = list(task.asking.classes)
    if task.kind != SEVERAL:
        rows = measures.confusion(_number(true), _number(given), len(names))
        return {"labels": names, "rows": rows.tolist(), "rows_are": "true", "columns_are": "given"}
    right, wrong, missed = whole.right[0], whole.wrong[0], whole.missed[0]
    return {
        "labels": names,
        "rows": [
            [int(len(true) - r - w - m), int(w), int(m), int(r)]
            for r, w, m in zip(right, wrong, missed, strict=True)
        ],
        "rows_are": "labels",
        "columns_are": "true negatives, false positives, false negatives, true positives",
    }


def _by(
    numbers: "NDArray[np.int32]",
    names: dict[str, int],
    sides: "tuple[NDArray[np.uint64], NDArray[np.uint64]]",
    classes: int,
) -> dict[str, Any]:
    """Return the figures of each language or event, the one with most posts first."""
    true, given = sides
    found = measures.hits(true, given, classes, numbers)
    posts = np.bincount(numbers, minlength=len(names))
    agreed = np.bincount(numbers, weights=true == given, minlength=len(names))
    macro, weighted = found.macro_f1(), found.weighted_f1()
    listed = sorted(names, key=lambda name: (-posts[names[name]], name))[:_MOST_EVENTS]
    return {
        "mean_macro_f1": _rounded(macro.mean()),
        "each": {
            name: {
                "posts": int(posts[names[name]]),
                "macro_f1": _rounded(macro[names[name]]),
                "weighted_f1": _rounded(weighted[names[name]]),
                "accuracy": _rounded(agreed[names[name]] / posts[names[name]]),
            }
            for name in listed
        },
    }


def _thresholds(true: "NDArray[np.uint64]", chance: "NDArray[np.float32]") -> dict[str, Any]:
    yes = true == 2  # noqa: PLR2004 -- the mask of the second class, yes
    at = [measures.yes_no_at(yes, chance, threshold) for threshold in _THRESHOLDS]
    rounded = [{name: _rounded(value) for name, value in each.items()} for each in at]
    return {
        "average_precision": _rounded(measures.average_precision(yes, chance)),
        "area_under_roc": _rounded(measures.area_under_roc(yes, chance)),
        "best_in_hindsight": max(rounded, key=lambda each: each["macro_f1"]),
        "at": rounded,
    }


def _merged(
    asking: Languages,
    true: "NDArray[np.uint64]",
    given: "NDArray[np.uint64]",
    events: "NDArray[np.int32] | None",
) -> dict[str, Any]:
    """Return the figures with Indonesian and Malay as one language."""
    kin = np.array([name in {"id", "ms", "id/ms"} for name in asking.classes])
    first = int(np.flatnonzero(kin)[0])
    as_one = np.where(kin, first, np.arange(len(kin)))
    merged = [np.uint64(1) << as_one[_number(side)].astype(np.uint64) for side in (true, given)]
    drawn = measures.hits(merged[0], merged[1], len(kin), events)
    return {
        "macro_f1": _rounded(drawn.total().macro_f1()[0]),
        "macro_f1_ends": [_rounded(end) for end in measures.interval(drawn)],
        "accuracy": _rounded((merged[0] == merged[1]).mean()),
        "kin": "id/ms",
        "kin_f1": _rounded(drawn.total().f1[0, first]),
    }


def _number(masks: "NDArray[np.uint64]") -> "NDArray[np.int64]":
    """Return the class of masks with one class each."""
    return np.log2(masks.astype(np.float64)).astype(np.int64)


def _rounded(value: Any) -> float:
    return round(float(value), 4)
