"""Finding patterns in plain Python: the specification of phrases.c.

Of the patterns that begin with a word, the longest is found; its words are not looked at again.
In Arabic, what is written together with a word is taken off where the word as it stands is not
found: و and ف, then ب, ل and ك, then the article.
"""

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from chorus.kernel.phrasebook import MOST_CONCEPTS, Phrasebook, without_accents
from chorus.kernel.reference_normalise import normalise

if TYPE_CHECKING:
    from numpy.typing import NDArray

WORD_BITS: Final = 18
CONCEPT_BITS: Final = 15
_64_BITS: Final = (1 << 64) - 1
_ARTICLE: Final = "ال"
_BEFORE_ARTICLE: Final = 3  # what is left of a word is a word with so many letters
_AFTER_ARTICLE: Final = 2


def places(strings: Any, book: Phrasebook) -> "NDArray[np.uint32]":
    """Return the number of the first place in each text; see chorus.kernel.places."""
    finder = Finder(book)
    return np.array([finder.first(text) for text in strings.to_pylist()], np.uint32)


class Finder:
    """Finds the patterns of one phrasebook."""

    def __init__(self, book: Phrasebook) -> None:
        kinds = list(zip(book.patterns, book.is_prefix.tolist(), strict=True))
        self.exact = {words: place for place, (words, prefix) in enumerate(kinds) if not prefix}
        self.prefix = {words: place for place, (words, prefix) in enumerate(kinds) if prefix}
        self.beginnings = {
            words[:end] for words, _ in kinds for end, one in enumerate(words) if one == " "
        }
        self.codes = book.codes.tolist()
        bounds = book.numbers_from.tolist()
        self.numbers = [
            book.numbers[start:stop].tolist() for start, stop in itertools.pairwise(bounds)
        ]

    def first(self, text: str | None) -> int:
        """Return the number of the first pattern in a text, 0 for none."""
        return next((numbers[0] for numbers in self.found(text)), 0)

    def concept_rows(self, text: str | None) -> Iterator[int]:
        """Return the rows of a text's concepts and of their ordered pairs."""
        numbers = dict.fromkeys(number for found in self.found(text) for number in found)
        codes = [self.codes[number] for number in list(numbers)[:MOST_CONCEPTS]]
        for place, code in enumerate(codes):
            yield _row(code)
            for later in codes[place + 1 :]:
                yield _row(code * 0xA0761D6478BD642F + later)

    def found(self, text: str | None) -> Iterator[list[int]]:
        """Return what the patterns in a text stand for, in their order."""
        words = [] if text is None else without_accents(normalise(text)).split(" ")[1:-1]
        place = 0
        while place < len(words):
            pattern, read = self._match(words, place)
            if pattern >= 0:
                yield self.numbers[pattern]
            place += read

    def _match(self, words: list[str], place: int) -> tuple[int, int]:
        """Return the pattern that begins with a word, -1 for none, and how many words it has."""
        for reading, unseen in [(words[place], 0), *readings(words[place])]:
            found = self._longest(reading, words[place + 1 :], unseen)
            if found[0] >= 0:
                return found
        return -1, 1

    def _longest(self, word: str, following: list[str], unseen: int) -> tuple[int, int]:
        found, read, beginning = -1, 1, word
        of_found = 1
        while True:
            known = [beginning[:end] for end in range(unseen + 1, len(beginning) + 1)]
            ids = [self.prefix[each] for each in known if each in self.prefix]
            ids += [self.exact[beginning]] if beginning in self.exact else []
            if ids:
                found, of_found = ids[-1], read
            if beginning not in self.beginnings or not following:
                return found, of_found
            unseen = len(beginning) + 1
            beginning, following = f"{beginning} {following[0]}", following[1:]
            read += 1


def readings(word: str) -> Iterator[tuple[str, int]]:
    """Return ways to read an Arabic word, and how many letters of them are not in the text.

    The one that takes least away comes first.
    """
    if word[:1] and word[0] in "وف":
        word = word[1:]
        yield from _with_letters(word, _BEFORE_ARTICLE)
    if word.startswith("لل"):
        # The alef of the article is not written here.
        yield from _with_letters(word[2:], _AFTER_ARTICLE, article=_ARTICLE)
        yield from _with_letters(word[2:], _AFTER_ARTICLE)
        return
    if word[:1] and word[0] in "بلك":
        word = word[1:]
        yield from _with_letters(word, _BEFORE_ARTICLE)
    if word.startswith(_ARTICLE):
        yield from _with_letters(word[2:], _AFTER_ARTICLE)


def _with_letters(word: str, least: int, *, article: str = "") -> Iterator[tuple[str, int]]:
    if len(word) >= least:
        yield article + word, len(article)


def _row(hashed: int) -> int:
    return (1 << WORD_BITS) + ((hashed * 0x9FB21C651E98DF25 & _64_BITS) >> 64 - CONCEPT_BITS)
