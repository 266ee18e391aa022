"""Features and scores in plain Python: the specification of features.c and score.c.

A feature is a word, a pair of neighbours, or some characters in a row inside a word, where the
spaces around it count as characters. Every feature has a row of the weight matrix by its hash; a
text has each row once.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from chorus.kernel.reference_fingerprint import hash_word
from chorus.kernel.reference_normalise import normalise
from chorus.kernel.reference_phrases import WORD_BITS, Finder

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chorus.kernel.phrasebook import Phrasebook
    from chorus.kernel.weights import Weights

SHORTEST_ORDER: Final = 2
LONGEST_ORDER: Final = 7
_32_BITS: Final = (1 << 32) - 1
_64_BITS: Final = (1 << 64) - 1
_FACTORS: Final = (
    0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1, 0xD3A2646D, 0xFD7046C5,
)  # fmt: skip


def features(
    strings: Any, orders: int, book: "Phrasebook | None"
) -> "tuple[NDArray[np.int64], NDArray[np.uint32]]":
    """Return where each text's rows begin, and the rows; see chorus.kernel.features."""
    finder = Finder(book) if book else None
    found = [rows_of(text, orders, finder) for text in strings.to_pylist()]
    starts = np.cumsum([0, *map(len, found)], dtype=np.int64)
    return starts, np.array([row for rows in found for row in rows], np.uint32)


def score(strings: Any, weights: "Weights") -> "NDArray[np.float32]":
    """Return the score of each text and column; see chorus.kernel.score."""
    finder = Finder(weights.phrasebook) if weights.phrasebook else None
    found = [rows_of(text, weights.orders, finder) for text in strings.to_pylist()]
    rows = [np.array(each, np.int64) for each in found]
    shape = (len(rows), len(weights.columns))
    sums = np.array([weights.rows[each].sum(0, dtype=np.int32) for each in rows])
    squares = np.array([weights.squares[each].sum(dtype=np.uint32) for each in rows], np.uint32)
    norms = np.sqrt(squares.astype(np.float32) * np.float32(weights.square_scale))
    shares = np.divide(np.float32(1), norms, out=np.zeros_like(norms), where=squares > 0)
    steps = weights.scales * shares[:, None]
    return np.asarray(sums.reshape(shape).astype(np.float32) * steps + weights.bias)


def rows_of(text: str | None, orders: int, finder: Finder | None = None) -> list[int]:
    """Return the rows of a text's features in the order in which they are first met."""
    if text is None:
        return []
    words = normalise(text).split(" ")[1:-1]
    found = [*_words(words)]
    for order in range(SHORTEST_ORDER, LONGEST_ORDER + 1):
        if orders >> order & 1:
            found += _windows(words, order)
    if finder:
        found += finder.concept_rows(text)
    return list(dict.fromkeys(found))


def _words(words: list[str]) -> Iterator[int]:
    before = 0
    for place, word in enumerate(words):
        hashed = hash_word(word.encode())
        yield _row(hashed)
        if place:
            yield _row(before * 0xA0761D6478BD642F + hashed)
        before = hashed


def _row(hashed: int) -> int:
    return (hashed * 0x9FB21C651E98DF25 & _64_BITS) >> 64 - WORD_BITS


def _windows(words: list[str], order: int) -> Iterator[int]:
    for word in words:
        padded = f" {word} "
        for start in range(len(padded) - order + 1):
            yield _window(padded[start : start + order])


def _window(characters: str) -> int:
    order = len(characters)
    total = sum(ord(one) * factor for one, factor in zip(characters, _FACTORS, strict=False))
    total = total + order * 0x9E3779B1 & _32_BITS
    return ((total ^ total >> 15) * 0x2C1B3C6D & _32_BITS) >> 32 - WORD_BITS
