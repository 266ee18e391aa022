"""Features, scores and places of texts: bindings of features.c, score.c and phrases.c."""

import ctypes
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from chorus.kernel import native, reference_features, reference_phrases
from chorus.kernel.native import NUMBER, POINTER, Texts, as_large_strings
from chorus.kernel.phrasebook import FOLDS, MOST_CONCEPTS, Phrasebook
from chorus.kernel.weights import DEFAULT_ORDERS, Weights, orders_mask, value_of

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Features(NamedTuple):
    """The feature rows of texts, as a sparse matrix (CSR) has them; each text has a row once."""

    indptr: "NDArray[np.int64]"  # text i has indices[indptr[i]:indptr[i + 1]]
    indices: "NDArray[np.uint32]"

    @property
    def values(self) -> "NDArray[np.float32]":
        """What each counts before its idf."""
        return value_of(self.indices)


class PackedPhrases(ctypes.Structure):
    """A phrasebook as phrases.c sees it (`Phrasebook` in phrases.h)."""

    _fields_ = [
        ("nodes", POINTER),
        ("firsts", POINTER),
        ("shift", NUMBER),
        ("prefix_filter", POINTER),
        ("end_filter", POINTER),
        ("next_filter", POINTER),
        ("points", POINTER),
        ("points_from", POINTER),
        ("numbers", POINTER),
        ("numbers_from", POINTER),
        ("folds", POINTER),
        ("codes", POINTER),
    ]

    def __init__(self, book: Phrasebook) -> None:
        # The structure holds bare addresses; the phrasebook must live as long as it does.
        self.book = book
        parts = {"folds": FOLDS, "numbers": book.numbers, "numbers_from": book.numbers_from}
        parts |= vars(book.compiled)
        addresses = {name: getattr(part, "ctypes", None) for name, part in parts.items()}
        super().__init__(
            **{name: address.data for name, address in addresses.items() if address},
            shift=book.compiled.shift,
        )


class PackedWeights(ctypes.Structure):
    """Weights as score.c sees them (`Weights` there)."""

    _fields_ = [
        ("rows", POINTER),
        ("stride", NUMBER),
        ("columns", NUMBER),
        ("live", POINTER),
        ("scales", POINTER),
        ("bias", POINTER),
        ("square_scale", ctypes.c_float),
        ("orders", ctypes.c_uint32),
        ("book", POINTER),
    ]

    def __init__(self, weights: Weights) -> None:
        # The structure holds bare addresses; the weights must live as long as it does.
        self.weights = weights
        self.phrases = PackedPhrases(weights.phrasebook) if weights.phrasebook else None
        packed = weights.packed
        super().__init__(
            rows=packed.rows.ctypes.data,
            stride=packed.stride,
            columns=len(weights.columns),
            live=packed.live.ctypes.data,
            scales=weights.scales.ctypes.data,
            bias=weights.bias.ctypes.data,
            square_scale=weights.square_scale,
            orders=weights.orders,
            book=ctypes.addressof(self.phrases) if self.phrases else None,
        )


def features(
    texts: Any,
    phrasebook: Phrasebook | None = None,
    *,
    orders: Sequence[int] = DEFAULT_ORDERS,
) -> Features:
    """Return the rows of the weight matrix that each text calls.

    Rows are hashes of words, of pairs of words, of as many characters in a row inside a word as
    `orders` says, and, with a phrasebook of concepts, of the first twelve concepts and of their
    ordered pairs. Raises WeightsError for an order of one character or too many.
    """
    mask, strings = orders_mask(orders), as_large_strings(texts)
    kernel = native.library()
    if kernel is None:
        return Features(*reference_features.features(strings, mask, phrasebook))
    given = Texts(strings)
    most = _most_features(strings, len(set(orders)))
    starts, rows = np.empty(given.count + 1, np.int64), np.empty(most, np.uint32)
    starts[:1] = 0
    phrases = PackedPhrases(phrasebook) if phrasebook else None
    arguments = (ctypes.byref(given), mask, phrases and ctypes.byref(phrases))
    count = kernel.chorus_features(*arguments, starts.ctypes.data, rows.ctypes.data, most)
    _check(count)
    return Features(starts, rows[:count].copy())


def features_for(texts: Any, weights: Weights) -> Features:
    """Return the rows that some weights add up for each text, those without a weight too."""
    return features(texts, weights.phrasebook, orders=weights.ngrams)


def score(texts: Any, weights: Weights) -> "NDArray[np.float32]":
    """Return the score of each text (row) and column of the weights.

    The same on every machine: 8-bit weights are added up as whole numbers and scaled once. A text
    without a feature that takes part, a null too, scores the bias.
    """
    strings = as_large_strings(texts)
    kernel = native.library()
    if kernel is None:
        return reference_features.score(strings, weights)
    given, packed = Texts(strings), PackedWeights(weights)
    scores = np.empty((given.count, len(weights.columns)), np.float32)
    _check(kernel.chorus_score(ctypes.byref(given), ctypes.byref(packed), scores.ctypes.data))
    return scores


def places(texts: Any, phrasebook: Phrasebook) -> "NDArray[np.uint32]":
    """Return the number of the first place that each text names, 0 where it names none.

    Where several names begin with the same word, the longest is meant. Names are compared
    character by character, but for case, marks and accents.
    """
    strings = as_large_strings(texts)
    kernel = native.library()
    if kernel is None:
        return reference_phrases.places(strings, phrasebook)
    given, phrases = Texts(strings), PackedPhrases(phrasebook)
    found = np.empty(given.count, np.uint32)
    _check(kernel.chorus_places(ctypes.byref(given), ctypes.byref(phrases), found.ctypes.data))
    return found


def _most_features(strings: Any, orders: int) -> int:
    """Return more features than the texts can have; pages that stay empty cost nothing."""
    # A hashtag's normal form has at most twice its bytes. A word of two bytes has itself and a
    # pair, and each character begins one n-gram of an order.
    normal = 2 * native.bytes_in(strings) + 2 * len(strings)
    return (orders + 1) * normal + len(strings) * MOST_CONCEPTS * (MOST_CONCEPTS + 1) // 2


def _check(answer: int) -> None:
    if answer < 0:
        raise MemoryError("There is no memory for the kernel's work; give smaller batches.")
