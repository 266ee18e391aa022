"""Weights of linear heads, packed for the kernel: a signed byte for each feature and column.

A column's weights are whole multiples of its own step. The step is the one that loses least where
texts are: an error counts as often as its feature occurs, which the idf tells.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from chorus.kernel.phrasebook import Phrasebook
from chorus.kernel.reference_features import LONGEST_ORDER, SHORTEST_ORDER
from chorus.kernel.reference_phrases import CONCEPT_BITS, WORD_BITS

if TYPE_CHECKING:
    from numpy.typing import NDArray

WORD_ROWS: Final = 1 << WORD_BITS
ROWS: Final = WORD_ROWS + (1 << CONCEPT_BITS)
CONCEPT_VALUE: Final = 1.5  # what a concept counts, where a word counts 1
DEFAULT_ORDERS: Final = (4,)

_PHRASES: Final = "phrases_"
_CACHE_LINE: Final = 64
_GREATEST: Final = 127
_GREATEST_SQUARE: Final = (1 << 16) - 1
# What share of its greatest weight a column may cut off; the best is taken.
_CUTS: Final = (1.0, 0.85, 0.7, 0.6, 0.5, 0.4, 0.32, 0.25, 0.2, 0.15)


class WeightsError(ValueError):
    """The arrays are not weights that the kernel can use; the message says why."""


@dataclass(frozen=True, eq=False)
class Weights:
    """Weights of some columns over the kernel's features; make them with `from_float`.

    A score is (sum of rows * scales) / sqrt(sum of squares * square_scale) + bias.
    The phrasebook belongs to them: it must be the one that they were fitted with.
    """

    columns: tuple[str, ...]
    orders: int  # bit k stands for n-grams of k characters
    rows: "NDArray[np.int8]"  # ROWS x columns
    squares: "NDArray[np.uint16]"  # of the weights that the features themselves have
    square_scale: float
    scales: "NDArray[np.float32]"
    bias: "NDArray[np.float32]"
    phrasebook: Phrasebook | None = None  # of concepts; None: there are no concepts

    @classmethod
    def from_float(
        cls,
        matrix: "NDArray[Any]",
        bias: "NDArray[Any]",
        idf: "NDArray[Any]",
        *,
        columns: Sequence[str],
        orders: Sequence[int] = DEFAULT_ORDERS,
        phrasebook: Phrasebook | None = None,
    ) -> "Weights":
        """Return the packed form of coefficients (ROWS x columns) that were fitted on unit rows.

        The features of a text are its rows' `idf * value_of(row)`, divided by the root of the sum
        of their squares; a row whose idf is 0 takes no part. Raises WeightsError for other shapes
        or numbers that are not finite.
        """
        matrix, bias, idf = (np.asarray(each, np.float32) for each in (matrix, bias, idf))
        columns = tuple(columns)
        _check(matrix, bias, idf, columns)
        own = idf * value_of(np.arange(ROWS))
        rows = np.empty(matrix.shape, np.int8)
        scales = np.empty(len(columns), np.float32)
        # log(texts / texts with the feature) + 1 is what training takes for the idf.
        often = np.where(idf > 0, np.exp(1 - idf), 0)
        for column in range(len(columns)):
            rows[:, column], scales[column] = _rounded(matrix[:, column] * own, often)
        square_scale = float(np.float32((own * own).max(initial=0) / _GREATEST_SQUARE)) or 1.0
        # A feature that takes part must not vanish by rounding.
        squares = np.maximum(np.rint(own * own / square_scale), own > 0).astype(np.uint16)
        mask = orders_mask(orders)
        return cls(columns, mask, rows, squares, square_scale, scales, bias, phrasebook)

    def to_float(self) -> "NDArray[np.float32]":
        """Return the weights (ROWS x columns), idf folded in, as the kernel takes them."""
        return np.asarray(self.rows * self.scales, np.float32)

    @property
    def idf(self) -> "NDArray[np.float32]":
        """The idf of each row, as `from_float` takes it."""
        own = np.sqrt(self.squares * np.float32(self.square_scale))
        return np.asarray(own / value_of(np.arange(ROWS)), np.float32)

    def coefficients(self) -> "NDArray[np.float32]":
        """Return the coefficients (ROWS x columns) on unit rows, as `from_float` takes them.

        Learning goes on from here; what rounding lost is lost.
        """
        own = (self.idf * value_of(np.arange(ROWS)))[:, None]
        none = np.zeros(self.rows.shape, np.float32)
        return np.asarray(np.divide(self.to_float(), own, out=none, where=own > 0))

    @property
    def ngrams(self) -> tuple[int, ...]:
        """How many characters the n-grams have that these weights know."""
        return tuple(order for order in range(LONGEST_ORDER + 1) if self.orders >> order & 1)

    def arrays(self) -> "dict[str, NDArray[Any]]":
        """Return what `from_arrays` needs, for numpy.savez to save; empty rows are left out."""
        live = np.flatnonzero(self.live)
        phrases = self.phrasebook.arrays() if self.phrasebook else {}
        return {
            **{f"{_PHRASES}{name}": array for name, array in phrases.items()},
            "columns": np.array(self.columns, np.str_),
            "orders": np.array(self.orders, np.uint32),
            "live": live.astype(np.uint32),
            "rows": self.rows[live],
            "squares": self.squares[live],
            "square_scale": np.array(self.square_scale, np.float32),
            "scales": self.scales,
            "bias": self.bias,
        }

    @classmethod
    def from_arrays(cls, arrays: "Mapping[str, NDArray[Any]]") -> "Weights":
        """Return the weights that `arrays` gave. Raises WeightsError if something is amiss."""
        try:
            live, columns = arrays["live"], tuple(map(str, arrays["columns"]))
            rows = np.zeros((ROWS, len(columns)), np.int8)
            squares = np.zeros(ROWS, np.uint16)
            rows[live], squares[live] = arrays["rows"], arrays["squares"]
            scale, orders = float(arrays["square_scale"]), int(arrays["orders"])
            scales, bias = (arrays[name].astype(np.float32) for name in ("scales", "bias"))
        except (KeyError, IndexError, ValueError) as problem:
            message = f"These are not the weights of heads ({problem}); take a file of chorus."
            raise WeightsError(message) from problem
        if scales.shape != bias.shape or bias.shape != (len(columns),):
            raise WeightsError("The weights name other columns than they hold; take another file.")
        orders_mask([order for order in range(orders.bit_length()) if orders >> order & 1])
        return cls(columns, orders, rows, squares, scale, scales, bias, _phrasebook(arrays))

    @property
    def live(self) -> "NDArray[np.bool_]":
        """Say of each row whether a feature that has it takes part."""
        return np.asarray((self.squares > 0) | self.rows.any(axis=1))

    @functools.cached_property
    def packed(self) -> "Packed":
        """The rows as score.c reads them."""
        return Packed.of(self)


@dataclass(frozen=True, eq=False)
class Packed:
    """Rows on the borders of cache lines, a row's square at its end, and which are not empty."""

    rows: "NDArray[np.int8]"  # ROWS x stride
    live: "NDArray[np.uint8]"  # bits
    stride: int

    @classmethod
    def of(cls, weights: Weights) -> "Packed":
        wanted = len(weights.columns) + weights.squares.itemsize
        # Two narrow rows share a cache line; a wide one takes as many as it needs.
        stride = _CACHE_LINE // 2 if wanted <= _CACHE_LINE // 2 else -(-wanted // 64) * _CACHE_LINE
        spare = np.zeros(ROWS * stride + _CACHE_LINE, np.int8)
        start = -spare.ctypes.data % _CACHE_LINE
        rows = spare[start : start + ROWS * stride].reshape(ROWS, stride)
        rows[:, : len(weights.columns)] = weights.rows
        rows[:, -2:] = weights.squares.view(np.int8).reshape(ROWS, 2)
        return cls(rows, np.packbits(weights.live, bitorder="little"), stride)


def _phrasebook(arrays: "Mapping[str, NDArray[Any]]") -> Phrasebook | None:
    parts = {name.removeprefix(_PHRASES): arrays[name] for name in arrays if _PHRASES in name}
    if not parts:
        return None
    book = Phrasebook.from_arrays(parts)
    if not book.names:
        raise WeightsError("The phrasebook of these weights names no concepts; take another file.")
    return book


def orders_mask(orders: Sequence[int]) -> int:
    """Return the bits of some n-gram orders. Raises WeightsError for one that the kernel lacks."""
    if not all(SHORTEST_ORDER <= order <= LONGEST_ORDER for order in orders):
        message = f"N-grams have {SHORTEST_ORDER} to {LONGEST_ORDER} characters; ask for such."
        raise WeightsError(message)
    return sum({1 << order for order in orders})


def value_of(rows: "NDArray[Any]") -> "NDArray[np.float32]":
    """Return what a feature counts before its idf: CONCEPT_VALUE for a concept, 1 for all else."""
    return np.where(rows < WORD_ROWS, 1, CONCEPT_VALUE).astype(np.float32)


def _check(
    matrix: "NDArray[np.float32]",
    bias: "NDArray[np.float32]",
    idf: "NDArray[np.float32]",
    columns: tuple[str, ...],
) -> None:
    shapes = (matrix.shape, bias.shape, idf.shape)
    if shapes != ((ROWS, len(columns)), (len(columns),), (ROWS,)):
        message = f"Weights of {len(columns)} columns and {ROWS} rows are wanted, not {shapes}."
        raise WeightsError(message)
    if not all(np.isfinite(each).all() for each in (matrix, bias, idf)) or (idf < 0).any():
        raise WeightsError("A weight is not a finite number, or an idf is negative; fit anew.")


def _rounded(
    weights: "NDArray[np.float32]", often: "NDArray[np.float32]"
) -> "tuple[NDArray[np.int8], np.float32]":
    """Return weights as multiples of a step, and the step that loses least."""
    greatest = np.abs(weights).max(initial=0)
    if greatest == 0:
        return np.zeros(len(weights), np.int8), np.float32(1)
    used = np.flatnonzero(weights)
    some, count = weights[used], often[used]

    def loss(step: np.float32) -> float:
        missed = _multiples(some, step) * step - some
        return float((count * missed * missed).sum())

    steps = [np.float32(greatest * cut / _GREATEST) for cut in _CUTS]
    best = min(steps, key=loss)
    return _multiples(weights, best).astype(np.int8), best


def _multiples(weights: "NDArray[np.float32]", step: np.float32) -> "NDArray[np.float32]":
    return np.asarray(np.clip(np.rint(weights / step), -_GREATEST, _GREATEST))
