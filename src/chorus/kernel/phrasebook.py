"""Words and phrases to be found in texts, compiled for phrases.c: a lexicon or a gazetteer.

A pattern is a word, a phrase, or the beginning of one with a `*` behind it. Patterns are brought
to the normal form that texts have, Latin letters without accents.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from chorus.kernel import native, reference

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDED: Final = 0x180  # letters from here on keep their accents
FILTER_BITS: Final = 17
MOST_CONCEPTS: Final = 12
MOST_NUMBERS: Final = 4  # concepts that one pattern can stand for
MOST_CHARACTERS: Final = 80  # of a pattern
LEAST_CHARACTERS: Final = 2  # of the beginning of a word

_FACTOR: Final = np.uint64(0xD6E8FEB86659FD93)
_HALF: Final = np.uint64(32)
_NO_MARK: Final = {"ø": "o", "đ": "d", "ł": "l", "ß": "s", "ı": "i", "ħ": "h"}
_NODE: Final = np.dtype(
    [("key", "u8"), ("exact", "i4"), ("prefix", "i4"), ("goes_on", "u4"), ("spare", "u4")]
)


class PhrasebookError(ValueError):
    """A pattern cannot be used, or the arrays are not a phrasebook; the message says why."""


@dataclass(frozen=True, eq=False)
class Phrasebook:
    """Patterns and the numbers they stand for; make it with `of_concepts` or `of_places`."""

    patterns: tuple[str, ...]  # in normal form, without accents
    is_prefix: "NDArray[np.bool_]"
    numbers: "NDArray[np.uint32]"
    numbers_from: "NDArray[np.uint32]"  # pattern p has numbers[numbers_from[p]:numbers_from[p+1]]
    names: tuple[str, ...]  # of the concepts; a concept's number is its place here

    @classmethod
    def of_concepts(cls, lexicon: Mapping[str, Iterable[str]]) -> "Phrasebook":
        """Return the phrasebook of concepts, each with the patterns that stand for it.

        A pattern under several concepts stands for the first four. Raises PhrasebookError for a
        pattern that nothing is left of, or with a `*` elsewhere than at its end.
        """
        names = tuple(lexicon)
        given = [
            (pattern, number) for number, name in enumerate(names) for pattern in lexicon[name]
        ]
        return cls._of(given, names=names, most=MOST_NUMBERS)

    @classmethod
    def of_places(cls, names: Iterable[tuple[str, int]]) -> "Phrasebook":
        """Return the phrasebook of names of places, each with the number (from 1) of its place.

        A name of several places stands for the one given first. Raises PhrasebookError for a name
        that nothing is left of, with a `*`, or with a digit: in a text all digits are alike.
        """
        given = list(names)
        for name, number in given:
            if "*" in name or any(one.isdigit() for one in name):
                raise PhrasebookError(f"The place name {name!r} has a digit or *; write it out.")
            if number < 1:
                raise PhrasebookError(f"The place {name!r} has the number {number}; count from 1.")
        return cls._of(given, names=(), most=1)

    @classmethod
    def _of(
        cls, given: list[tuple[str, int]], *, names: tuple[str, ...], most: int
    ) -> "Phrasebook":
        found: dict[tuple[str, bool], list[int]] = {}
        normal = _normal_forms([pattern.removesuffix("*") for pattern, _ in given])
        for (pattern, number), words in zip(given, normal, strict=True):
            _check(pattern, words)
            for spelling in _spellings(words):
                numbers = found.setdefault((spelling, pattern.endswith("*")), [])
                if number not in numbers and len(numbers) < most:
                    numbers.append(number)
        return cls(
            patterns=tuple(pattern for pattern, _ in found),
            is_prefix=np.array([is_prefix for _, is_prefix in found], np.bool_),
            numbers=np.array([one for numbers in found.values() for one in numbers], np.uint32),
            numbers_from=np.cumsum([0, *map(len, found.values())], dtype=np.uint32),
            names=names,
        )

    def arrays(self) -> "dict[str, NDArray[Any]]":
        """Return what `from_arrays` needs, for numpy.savez to save."""
        return {
            "patterns": np.frombuffer("\n".join(self.patterns).encode(), np.uint8),
            "is_prefix": self.is_prefix,
            "numbers": self.numbers,
            "numbers_from": self.numbers_from,
            "names": np.array(self.names, np.str_),
        }

    @classmethod
    def from_arrays(cls, arrays: "Mapping[str, NDArray[Any]]") -> "Phrasebook":
        """Return the phrasebook that `arrays` gave. Raises PhrasebookError if one is amiss."""
        try:
            joined = arrays["patterns"].tobytes().decode()
            patterns = tuple(joined.split("\n")) if joined else ()
            is_prefix = arrays["is_prefix"].astype(np.bool_)
            numbers, starts = (
                arrays[each].astype(np.uint32) for each in ("numbers", "numbers_from")
            )
            names = tuple(map(str, arrays["names"]))
        except (KeyError, ValueError) as problem:
            message = f"This is not a phrasebook ({problem}); take a file of chorus."
            raise PhrasebookError(message) from problem
        book = cls(patterns, is_prefix, numbers, starts, names)
        book.check()
        return book

    def check(self) -> None:
        """Raise PhrasebookError where the parts do not fit together."""
        count, ends = len(self.patterns), self.numbers_from
        fits = (
            len(self.is_prefix) == count
            and len(ends) == count + 1
            and ends[0] == 0
            and ends[-1] == len(self.numbers)
            and bool((np.diff(ends.astype(np.int64)) > 0).all())
            and all(map(_is_normal, self.patterns, self.is_prefix))
            and (not self.names or self.numbers.max(initial=0) < len(self.names))
        )
        if not fits:
            raise PhrasebookError("The parts of the phrasebook do not fit; take another file.")

    @property
    def codes(self) -> "NDArray[np.uint32]":
        """What stands for each concept in the hashes of features: of its name, not its number."""
        keys = _keys(_matrix(self.names))[np.arange(len(self.names)), [*map(len, self.names)]]
        return (keys >> _HALF).astype(np.uint32)

    @functools.cached_property
    def compiled(self) -> "Compiled":
        """The tables that phrases.c reads."""
        return Compiled.of(self)


@dataclass(frozen=True, eq=False)
class Compiled:
    """Beginnings of patterns by the hash of their characters (`Phrasebook` in phrases.h)."""

    nodes: "NDArray[Any]"
    firsts: "NDArray[np.uint32]"
    shift: int
    prefix_filter: "NDArray[np.uint64]"
    end_filter: "NDArray[np.uint64]"
    next_filter: "NDArray[np.uint64]"
    points: "NDArray[np.uint32]"
    points_from: "NDArray[np.uint32]"
    codes: "NDArray[np.uint32]"

    @classmethod
    def of(cls, book: Phrasebook) -> "Compiled":
        count, lengths = len(book.patterns), np.array([*map(len, book.patterns)], np.int64)
        # What ends with a word has a space behind it.
        kinds = zip(book.patterns, book.is_prefix, strict=True)
        matrix = _matrix([pattern if is_prefix else f"{pattern} " for pattern, is_prefix in kinds])
        keys = _keys(matrix)
        own = keys[np.arange(count), lengths]
        # Where a space is next, a phrase goes on; the two characters behind it tell most.
        row, column = np.nonzero(matrix == ord(" "))
        row, column = row[column < lengths[row]], column[column < lengths[row]]
        beginnings = keys[row, column]
        known = np.unique(np.concatenate([own, beginnings]))
        nodes = np.zeros(len(known), _NODE)
        nodes["key"] = known
        nodes["exact"] = nodes["prefix"] = -1
        place = np.searchsorted(nodes["key"], own)
        pattern = np.arange(len(own), dtype=np.int32)
        nodes["exact"][place[~book.is_prefix]] = pattern[~book.is_prefix]
        nodes["prefix"][place[book.is_prefix]] = pattern[book.is_prefix]
        nodes["goes_on"][np.searchsorted(nodes["key"], beginnings)] = 1
        bits = max(1, len(nodes).bit_length())
        buckets = nodes["key"] >> np.uint64(64 - bits)
        return cls(
            nodes=nodes,
            firsts=np.searchsorted(buckets, np.arange((1 << bits) + 1)).astype(np.uint32),
            shift=64 - bits,
            prefix_filter=_filter(own[book.is_prefix]),
            end_filter=_filter(np.concatenate([own[~book.is_prefix], beginnings])),
            next_filter=_filter(keys[row, column + 3]),
            points=np.frombuffer("".join(book.patterns).encode("utf-32-le"), "<u4"),
            points_from=np.concatenate([[0], np.cumsum(lengths)]).astype(np.uint32),
            codes=book.codes,
        )


def without_accents(normal: str) -> str:
    """Return a text with plain Latin letters; `œ` and `æ` stay as they are."""
    return normal.translate(_FOLDS)


def _folded(character: str) -> str:
    return _NO_MARK.get(character, unicodedata.normalize("NFD", character)[0])


FOLDS: Final = np.array([ord(_folded(chr(point))) for point in range(FOLDED)], np.uint32)
_FOLDS: Final = {point: int(FOLDS[point]) for point in range(0x80, FOLDED)}


def _check(pattern: str, words: str) -> None:
    if "*" in pattern[:-1]:
        raise PhrasebookError(f"The pattern {pattern!r} has a * before its end; give the words.")
    if pattern.endswith("*") and len(words.rpartition(" ")[2]) < LEAST_CHARACTERS:
        message = f"The beginning {pattern!r} is too short; give {LEAST_CHARACTERS} letters of it."
        raise PhrasebookError(message)
    if not words:
        raise PhrasebookError(f"Nothing is left of the pattern {pattern!r}; give letters.")
    if len(words) > MOST_CHARACTERS:
        message = f"The pattern {pattern!r} has over {MOST_CHARACTERS} characters; shorten it."
        raise PhrasebookError(message)


def _is_normal(pattern: str, is_prefix: bool) -> bool:  # noqa: FBT001 -- a column of the book
    words = pattern.split(" ")
    return (
        "\0" not in pattern
        and len(pattern) <= MOST_CHARACTERS
        and all(words)
        and (not is_prefix or len(words[-1]) >= LEAST_CHARACTERS)
    )


def _normal_forms(patterns: list[str]) -> list[str]:
    strings = pa.array(patterns, pa.large_string())
    kernel = native.library()
    normal = reference.normalise(strings) if kernel is None else native.normalise(kernel, strings)
    return [without_accents(words[1:-1]) for words in normal.to_pylist()]


def _spellings(words: str) -> set[str]:
    """Return a pattern as it may be written: French has cœur and coeur."""
    return {words, words.replace("œ", "oe"), re.sub("oe", "œ", words)}


def _matrix(patterns: Sequence[str]) -> "NDArray[np.uint32]":
    """Return a row of characters for each pattern, with zeros behind the shorter ones."""
    width = max(map(len, patterns), default=0)
    if not width:
        return np.empty((len(patterns), 0), np.uint32)
    rows = np.array(patterns, f"<U{width}").view("<u4").reshape(len(patterns), width)
    return np.asfortranarray(rows)  # it is read by columns


def _keys(matrix: "NDArray[np.uint32]") -> "NDArray[np.uint64]":
    """Return the hashes of all beginnings: column k is that of the first k characters."""
    keys = np.zeros((matrix.shape[0], matrix.shape[1] + 1), np.uint64, order="F")
    for column in range(matrix.shape[1]):
        mixed = (keys[:, column] ^ matrix[:, column]) * _FACTOR
        keys[:, column + 1] = mixed ^ mixed >> _HALF
    return keys


def _filter(keys: "NDArray[np.uint64]") -> "NDArray[np.uint64]":
    """Return the bits that say which keys there may be."""
    bits = np.zeros(1 << FILTER_BITS, np.bool_)
    bits[keys >> np.uint64(64 - FILTER_BITS)] = True
    return np.packbits(bits, bitorder="little").view("<u8")
