"""What a labelled file asks of a head: one class of several, all that apply, or yes or no."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from chorus import labels
from chorus.heads import COARSE, Heads
from chorus.training.answers import Asking, Languages, OneOf, Several, YesNo
from chorus.training.foreign import NO, NONE, YES, Meaning, Reading, Scheme
from chorus.training.labelled import LabelledError

_MOST_CLASSES: Final = 64

NO_LABEL: Final = "no label"
UNKNOWN: Final = "label that nobody mapped"
IGNORED: Final = "label that is to be ignored"
NOT_ASKED: Final = "language that the head does not tell"

SEVERAL: Final = "several of several"
ONE: Final = "one of several"
YES_OR_NO: Final = "yes or no"


@dataclass(frozen=True)
class Task:
    """What a file asks: a way to ask, and the true answer for each cell of its label column."""

    kind: str
    asking: Asking
    true: dict[Any, int | str]  # a class mask, or why there is none


def task_of(
    head: str, scheme: Scheme, cells: Iterable[Any], heads: Heads, *, is_open: bool = False
) -> Task:
    """Return what a file with some cells in its label column asks of a head."""
    readings = {cell: scheme.read(cell) for cell in cells}
    meanings = set().union(*(reading.meanings for reading in readings.values()))
    if head == labels.LANGUAGE:
        return _language_task(readings, heads, is_open=is_open)
    if meanings <= {frozenset({answer}) for answer in (YES, NO, NONE)}:
        true = {cell: _yes_or_no(reading, cell) for cell, reading in readings.items()}
        return Task(YES_OR_NO, YesNo(head, is_open), true)
    return _label_task(head, readings, is_open=is_open)


def _language_task(readings: dict[Any, Reading], heads: Heads, *, is_open: bool) -> Task:
    present = sorted(
        {code for each in readings.values() for said in each.meanings for code in said}
    )
    asking = Languages.among(present, heads.columns, is_open=is_open)
    true: dict[Any, int | str] = {}
    for cell, reading in readings.items():
        codes = [code for said in reading.meanings for code in said]
        if len(codes) == 1 and codes[0] in asking.classes:
            true[cell] = 1 << asking.classes.index(codes[0])
        else:
            true[cell] = NOT_ASKED if codes else _why(reading, cell)
    return Task(ONE, asking, true)


def _yes_or_no(reading: Reading, cell: Any) -> int | str:
    if not reading.meanings:
        return _why(reading, cell)
    return 2 if frozenset({YES}) in reading.meanings else 1


def _label_task(head: str, readings: dict[Any, Reading], *, is_open: bool) -> Task:
    everything = frozenset(f"{head}.{name}" for name in labels.HEADS[head])
    plain = {
        frozenset({YES}): everything,
        frozenset({NO}): frozenset({NONE}),
        frozenset({NONE}): frozenset({NONE}),
    }
    said = {
        cell: tuple(dict.fromkeys(plain.get(each, each) for each in reading.meanings))
        for cell, reading in readings.items()
    }
    has_several = any(
        len(meanings) > 1 or (readings[cell].is_list and not meanings and _is_empty(cell))
        for cell, meanings in said.items()
    )
    meanings = sorted(set().union(*said.values()), key=_place)
    if has_several:
        meanings = [meaning for meaning in meanings if NONE not in meaning]
    elif is_open and frozenset({NONE}) not in meanings:
        meanings.append(frozenset({NONE}))
    if len(meanings) > _MOST_CLASSES:
        raise LabelledError(f"The map makes more than {_MOST_CLASSES} classes; map fewer.")
    names = tuple(_name(meaning, head) for meaning in meanings)
    true: dict[Any, int | str] = {}
    for cell, own in said.items():
        mask = sum(1 << meanings.index(each) for each in own if each in meanings)
        is_known = bool(own) or (has_several and readings[cell].is_list and _is_empty(cell))
        true[cell] = mask if is_known else _why(readings[cell], cell)
    if has_several:
        return Task(SEVERAL, Several(tuple(meanings), names, is_open), true)
    return Task(ONE, OneOf(head, tuple(meanings), names, is_open), true)


def _place(meaning: Meaning) -> tuple[int, ...]:
    """Return where a class stands among others: in the order of the code book, none last."""
    return tuple(sorted(labels.BIT.get(key, len(labels.BIT)) for key in meaning))


def _name(meaning: Meaning, head: str) -> str:
    for name, keys in COARSE.items():
        if meaning == frozenset(keys) and len(keys) > 1:
            return name
    short = (key.removeprefix(f"{head}.") for key in sorted(meaning))
    return "+".join(short)


def _is_empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, tuple) and not cell) or cell in ("", "[]")


def _why(reading: Reading, cell: Any) -> str:
    if reading.unknown:
        return UNKNOWN
    return NO_LABEL if _is_empty(cell) else IGNORED
