"""What labels of other people mean in our code book.

A scheme says of each foreign label which keys of ours it covers. Our own names are always
understood; a file of the user, or the best fitting of the widely used schemes, says the rest.
"""

import ast
import csv
import io
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import orjson

from chorus import labels
from chorus.heads import COARSE

YES: Final = "yes"
NO: Final = "no"
NONE: Final = "none"  # none of the head's labels
_IGNORE: Final = "ignore"
_ANSWERS: Final = {
    **dict.fromkeys(("yes", "true", "1", "y", "t"), YES),
    **dict.fromkeys(("no", "false", "0", "n", "f"), NO),
    "none": NONE,
}
_SEPARATED: Final = re.compile(r"\s*[;|]\s*")
# Tried where a cell as a whole is unknown, and taken when all parts are known.
_PERHAPS_SEPARATED: Final = (re.compile(r"\s*,\s*"), re.compile("_"), re.compile(r"\s+"))
_LISTED: Final = 40

# The codes of languages that people write, and ours.
_LANGUAGE_NAMES: Final = {
    "ar": "ar ara arb arabic ar_sa ar_eg arz apc ajp acm",
    "en": "en eng english en_us en_gb",
    "fr": "fr fra fre french fr_fr",
    "id": "id ind in indonesian bahasa_indonesia id_id",
    "ms": "ms msa zsm may zlm malay bahasa_melayu ms_my bahasa_malaysia",
    "fil": "fil tl tgl tagalog filipino fil_ph tl_ph",
    "es": "es spa spanish",
    "pt": "pt por portuguese",
    "it": "it ita italian",
    "de": "de deu ger german",
    "nl": "nl nld dut dutch",
    "tr": "tr tur turkish",
    "vi": "vi vie vietnamese",
    "sw": "sw swa swh swahili",
    "hi": "hi hin hindi",
    "ur": "ur urd urdu",
    "fa": "fa fas per pes persian farsi",
    "th": "th tha thai",
    "mixed": "mixed mix code_mixed codemixed taglish manglish",
    "other": "other",
    "und": "und unknown undetermined",
}


class ForeignError(ValueError):
    """A map of labels cannot be used; the message says why and what to do."""


# What a foreign label covers: keys of ours, or one of YES, NO, NONE. Nothing: it is to be ignored.
Meaning = frozenset[str]


@dataclass(frozen=True)
class Scheme:
    """What foreign labels mean for one head, by their folded names."""

    name: str
    head: str
    meanings: Mapping[str, Meaning]

    def meaning(self, label: str) -> Meaning | None:
        """Return what one label means; None when nobody said."""
        return self.meanings.get(fold(label))

    def read(self, cell: Any) -> "Reading":
        """Return what a cell with one or several labels means."""
        if _is_list(cell):
            parts = [_said(part) for part in cell if _said(part)]
            return Reading.of(self, parts, is_list=True)
        said = _said(cell)
        if self.meaning(said) is not None:
            return Reading.of(self, [said])
        listed = _listed(said)
        if listed is not None:
            return self.read(listed)
        parts = [part for part in _SEPARATED.split(said) if part]
        if len(parts) == 1:
            parts = next(filter(self._knows_all, _splits(said)), parts)
        return Reading.of(self, parts)

    def _knows_all(self, parts: Sequence[str]) -> bool:
        return len(parts) > 1 and all(self.meaning(part) is not None for part in parts)


@dataclass(frozen=True)
class Reading:
    """What one cell says: the meanings of its labels, and the labels that nobody knows."""

    meanings: tuple[Meaning, ...]
    unknown: tuple[str, ...] = ()
    is_list: bool = False

    @classmethod
    def of(cls, scheme: Scheme, parts: Sequence[str], *, is_list: bool = False) -> "Reading":
        """Return what some labels of one post say together."""
        found = [(part, scheme.meaning(part)) for part in parts]
        known = dict.fromkeys(meaning for _, meaning in found if meaning)
        unknown = tuple(part for part, meaning in found if meaning is None)
        return cls(tuple(known), unknown, is_list or len(parts) > 1)


def fold(name: str) -> str:
    """Return a label's name without case, spaces, hyphens and other signs between words."""
    return re.sub(r"[\W_]+", "_", name.casefold()).strip("_")


def language_of(name: str) -> str | None:
    """Return our code of a language that a file names in its own way."""
    folded = fold(name)
    return _language_codes().get(folded) or _language_codes().get(folded.split("_")[0])


def scheme_for(head: str, cells: Counter[Any], path: Path | None = None) -> Scheme:
    """Return what labels mean: the user's map, or the widely used scheme that fits a file best.

    `cells` counts the cells of the label column. Raises ForeignError for a map that cannot be used.
    """
    own = _own(head)
    if path is not None:
        return Scheme(f"the map {path.name}", head, {**own, **_map_of(path, head)})
    if head == labels.LANGUAGE:
        return Scheme("codes and names of languages", head, own)
    plain = Scheme("our own names", head, own)
    if _known(Scheme("", head, _own_labels(head)), cells) == cells.total():
        return plain
    return max([plain, *_built_in(head, own)], key=lambda scheme: _fit(scheme, own, cells))


def _built_in(head: str, own: Mapping[str, Meaning]) -> Iterable[Scheme]:
    for table in _tables().values():
        if head in table:
            meanings = {fold(name): _meaning(head, said) for name, said in table[head].items()}
            # What a scheme says of a name goes before what the same name would mean to us.
            yield Scheme(f"built in: {table['name']}", head, {**own, **meanings})


def _fit(scheme: Scheme, own: Mapping[str, Meaning], cells: Counter[Any]) -> tuple[int, int]:
    """Return how many rows a scheme knows, and how many of them by what it says itself."""
    itself = {name: said for name, said in scheme.meanings.items() if own.get(name) is not said}
    return _known(scheme, cells), _known(Scheme("", scheme.head, itself), cells)


def _known(scheme: Scheme, cells: Counter[Any]) -> int:
    return sum(times for cell, times in cells.items() if not scheme.read(cell).unknown)


@cache
def _tables() -> dict[str, dict[str, Any]]:
    text = resources.files("chorus.training").joinpath("foreign_labels.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _language_codes() -> dict[str, str]:
    return {name: code for code, names in _LANGUAGE_NAMES.items() for name in names.split()}


def _own(head: str) -> dict[str, Meaning]:
    """Return what our own names mean: of the head's labels, of labels of other heads, of types."""
    if head == labels.LANGUAGE:
        return {name: frozenset({code}) for name, code in _language_codes().items()}
    if head in {labels.INFORMATION, labels.SOLIDARITY}:
        types = {fold(name): frozenset(keys) for name, keys in COARSE.items()}
        types[labels.SOLIDARITY] = frozenset(COARSE["sympathy_and_support"])
        return {**types, **_own_labels(head)}
    return _own_labels(head)


def _own_labels(head: str) -> dict[str, Meaning]:
    found = {fold(label.key): frozenset({label.key}) for label in labels.LABELS}
    names = labels.HEADS[head]
    if len(names) == 1:
        # A head of one label answers yes or no.
        found |= dict.fromkeys((head, fold(f"{head}.{head}")), frozenset({YES}))
        found |= dict.fromkeys((f"not_{head}", f"non_{head}", "none"), frozenset({NO}))
    else:
        found |= {name: frozenset({f"{head}.{name}"}) for name in names}
        found[NONE] = frozenset({NONE})
    answers = {said: answer for said, answer in _ANSWERS.items() if said not in found}
    return found | {said: frozenset({answer}) for said, answer in answers.items()}


def _meaning(head: str, said: Any) -> Meaning:
    """Return what the right side of a map means."""
    parts = said if _is_list(said) else [part for part in _SEPARATED.split(_said(said)) if part]
    found: set[str] = set()
    for part in parts:
        folded = fold(_said(part))
        if folded == _IGNORE:
            continue
        keys = _own(head).get(folded)
        if keys is None:
            raise ForeignError(f"{_said(part)!r} is no label of {head}; {_choices(head)}.")
        found |= keys
    return frozenset(found)


def _choices(head: str) -> str:
    if head == labels.LANGUAGE:
        return "give a code such as en, id or fil, or ignore"
    names = labels.HEADS[head]
    known = (YES, NO) if len(names) == 1 else (*names, YES, NO, NONE)
    types = f"; the types {', '.join(COARSE)}" if head == labels.INFORMATION else ""
    return f"give one of {', '.join(known)}{types}; or ignore"


# -- Maps of the user ------------------------------------------------------------------------------


def _map_of(path: Path, head: str) -> dict[str, Meaning]:
    found: dict[str, Meaning] = {}
    for name, said in _pairs(path):
        try:
            found[fold(_said(name))] = _meaning(head, said)
        except ForeignError as problem:
            raise ForeignError(f"{path.name}, {_said(name)!r}: {problem}") from problem
    if not found:
        message = f'{path.name} maps nothing; write lines such as "their label" = "our label".'
        raise ForeignError(message)
    return found


def _pairs(path: Path) -> Iterable[tuple[Any, Any]]:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "it is not UTF-8"
        raise ForeignError(f"The map {path} cannot be read: {reason}.") from problem
    try:
        return _read(path.suffix.lower(), text)
    except (tomllib.TOMLDecodeError, orjson.JSONDecodeError, ValueError) as problem:
        message = f"{path.name} is not a map: {problem}. Give TOML, JSON or CSV with two columns."
        raise ForeignError(message) from problem


def _read(suffix: str, text: str) -> Iterable[tuple[Any, Any]]:
    if suffix in {".csv", ".tsv"}:
        return _csv_pairs(text, "\t" if suffix == ".tsv" else ",")
    found = orjson.loads(text) if suffix == ".json" else tomllib.loads(text)
    if not isinstance(found, dict):
        raise ValueError("it is no table of labels")  # noqa: TRY004 -- the file is wrong, not we
    # A table named `map` or `labels` may hold the pairs.
    inner = [value for value in found.values() if isinstance(value, dict)]
    return (inner[0] if len(inner) == len(found) == 1 else found).items()


def _csv_pairs(text: str, delimiter: str) -> list[tuple[str, str]]:
    pairs = []
    for row in csv.reader(io.StringIO(text), delimiter=delimiter):
        if len(row) < 2:  # noqa: PLR2004 -- theirs and ours
            if row:
                raise ValueError(f"the line {row[0]!r} has one column")
            continue
        pairs.append((row[0].strip(), row[1].strip()))
    if pairs and fold(pairs[0][0]) in {"foreign", "theirs", "label", "from", "foreign_label"}:
        pairs.pop(0)
    return pairs


# -- Cells -----------------------------------------------------------------------------------------


def _said(value: Any) -> str:
    """Return a label as text: 1.0 is 1, True is true."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    said = str(value).strip() if value is not None else ""
    return said[:-2] if re.fullmatch(r"[01]\.0", said) else said


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple | set | frozenset)


def _listed(said: str) -> list[Any] | None:
    """Return the labels of a cell that holds a list, as JSON or as Python writes it."""
    if not said.startswith(("[", "(", "{")):
        return None
    try:
        found = orjson.loads(said)
    except orjson.JSONDecodeError:
        try:
            found = ast.literal_eval(said)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return None
    if isinstance(found, dict):
        return [name for name, value in found.items() if value]
    return list(found) if _is_list(found) else None


def _splits(said: str) -> Iterable[list[str]]:
    for separator in _PERHAPS_SEPARATED:
        yield [part for part in separator.split(said) if part]


def unknown_among(scheme: Scheme, cells: Counter[Any]) -> dict[str, int]:
    """Return the labels that a scheme does not know and how often they occur, most first."""
    found: Counter[str] = Counter()
    for cell, times in cells.items():
        for label in scheme.read(cell).unknown:
            found[label] += times
    return dict(found.most_common(_LISTED))
