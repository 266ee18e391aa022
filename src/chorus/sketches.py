"""How many different authors stand behind each of many keys, without keeping who they are.

Each row keeps the exact set of 32-bit hashes up to 256 of them, and beyond that a HyperLogLog of
1,024 one-byte registers (Flajolet, Fusy, Gandouet and Meunier, AofA 2007). What a row holds is a
function of the set of hashes it was given, so order, batches and merging do not matter. Up to 256
the count is exact but for hashes that collide (fewer than one row of 100,000 is one too low);
beyond, its standard error is 1.04 / sqrt(1024) = 3.25 %.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from chorus.foldable import Arrays

EXACT_UP_TO: Final = 256
REGISTERS: Final = 1024
STANDARD_ERROR: Final = 1.04 / REGISTERS**0.5

_INDEX_BITS: Final = 10
_RANK_BITS: Final = 32 - _INDEX_BITS
_ALPHA: Final = 0.7213 / (1 + 1.079 / REGISTERS)
_MANY_PENDING: Final = 1 << 19
_NOT_DENSE: Final = -1

Rows = NDArray[np.int64]
Hashes = NDArray[np.uint32]


def author_hashes(authors: NDArray[np.uint64]) -> Hashes:
    """Return the 32 bits of each keyed author hash that are counted."""
    return authors.astype(np.uint32)


class Content(NamedTuple):
    """What a counter holds: small sets as sorted pairs of row and hash, large ones as sketches."""

    pairs: NDArray[np.uint64]
    dense_rows: Rows
    registers: NDArray[np.uint8]


class DistinctCounter:
    """Counts distinct hashes for many rows at once. Rows are numbered from 0 without gaps."""

    def __init__(self, rows: int = 0) -> None:
        # Row and hash of small sets in one number, sorted and distinct; then what came since.
        self._pairs = np.empty(0, np.uint64)
        self._pending: list[NDArray[np.uint64]] = []
        self._pending_size = 0
        # Where in `_registers` a row's sketch stands; _NOT_DENSE while its set is small.
        self._dense = np.full(rows, _NOT_DENSE, np.int64)
        self._registers = np.zeros((0, REGISTERS), np.uint8)
        self._dense_rows = np.empty(0, np.int64)

    def __len__(self) -> int:
        return len(self._dense)

    def grow(self, rows: int) -> None:
        """Have at least so many rows; new ones are empty."""
        missing = rows - len(self._dense)
        if missing > 0:
            added = np.full(missing, _NOT_DENSE, np.int64)
            self._dense = np.concatenate([self._dense, added])

    def add(self, rows: Rows, hashes: Hashes) -> None:
        """Count hashes[i] for rows[i]. Raises IndexError for a row that is not there."""
        if not len(rows):
            return
        dense = self._dense[rows]
        is_dense = dense != _NOT_DENSE
        if is_dense.any():
            _raise_registers(self._registers, dense[is_dense], hashes[is_dense])
            is_small = ~is_dense
            rows, hashes = rows[is_small], hashes[is_small]
        self._append(_paired(rows, hashes))

    def counts(self) -> NDArray[np.int64]:
        """Return how many distinct hashes each row was given; estimated beyond EXACT_UP_TO."""
        self._settle()
        counts = np.bincount(_rows_of(self._pairs), minlength=len(self)).astype(np.int64)
        counts[self._dense_rows] = _estimates(self._registers)
        return counts

    def counts_of(self, rows: Rows) -> NDArray[np.int64]:
        """Return the counts of some rows only; cheap while they are few."""
        wanted = np.zeros(len(self), bool)
        wanted[rows] = True
        pending = [pairs[wanted[_rows_of(pairs)]] for pairs in self._pending]
        pairs = distinct(np.concatenate([self._settled(np.flatnonzero(wanted)), *pending]))
        counts = _ends_of(pairs, rows + 1) - _ends_of(pairs, rows)
        dense = self._dense[rows]
        is_dense = dense != _NOT_DENSE
        if (counts[~is_dense] > EXACT_UP_TO).any():
            self._settle()
            return self.counts_of(rows)
        counts[is_dense] = _estimates(self._registers[dense[is_dense]])
        return counts

    def merge(self, other: "DistinctCounter", rows: Rows | None = None) -> None:
        """Count what another counter counted: its row i for rows[i] here, or for row i.

        A row with a negative target is left out.
        """
        content = other.content()
        places = np.arange(len(other), dtype=np.int64) if rows is None else rows
        self.grow(int(places.max(initial=-1)) + 1)
        targets = places[content.dense_rows]
        is_kept = targets >= 0
        targets = targets[is_kept]
        self._open_sketches(np.unique(targets))
        np.maximum.at(self._registers, self._dense[targets], content.registers[is_kept])
        pair_rows = places[_rows_of(content.pairs)]
        is_kept = pair_rows >= 0
        self.add(pair_rows[is_kept], _hashes_of(content.pairs[is_kept]))

    def fold(self, rows: Rows, length: int) -> "DistinctCounter":
        """Return a counter of `length` rows where row rows[i] counts the union of all such i.

        A row with a negative target is left out.
        """
        folded = DistinctCounter(length)
        folded.merge(self, rows)
        return folded

    def content(self) -> "Content":
        """Return what the rows hold, for another counter to take over."""
        self._settle()
        return Content(self._pairs, self._dense_rows, self._registers)

    def arrays(self) -> Arrays:
        """Return all of it in canonical form."""
        self._settle()
        sizes = np.bincount(_rows_of(self._pairs), minlength=len(self))
        order = np.argsort(self._dense_rows)
        return {
            "sizes": sizes.astype(np.uint16),
            "hashes": _hashes_of(self._pairs),
            "dense_rows": self._dense_rows[order].astype(np.uint32),
            "registers": self._registers[order],
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return the counter that gave these arrays. Raises ValueError when they do not fit."""
        sizes, hashes = arrays["sizes"], arrays["hashes"]
        dense_rows, registers = arrays["dense_rows"].astype(np.int64), arrays["registers"]
        fits = (
            int(sizes.sum(dtype=np.int64)) == len(hashes)
            and registers.shape == (len(dense_rows), REGISTERS)
            and int(dense_rows.max(initial=-1)) < len(sizes)
        )
        if not fits:
            raise ValueError("The counts of authors are not whole; use another copy of the state.")
        counter = cls(len(sizes))
        counter._open_sketches(dense_rows)
        np.maximum.at(counter._registers, counter._dense[dense_rows], registers)
        counter.add(np.repeat(np.arange(len(sizes)), sizes), hashes.astype(np.uint32))
        return counter

    def _append(self, pairs: NDArray[np.uint64]) -> None:
        self._pending.append(pairs)
        self._pending_size += len(pairs)
        # As much again as is settled, so that settling costs each pair a constant number of sorts.
        if self._pending_size > max(_MANY_PENDING, len(self._pairs)):
            self._settle()

    def _settle(self) -> None:
        """Sort what is pending in, and turn sets that grew too large into sketches."""
        if not self._pending:
            return
        pairs = distinct(np.concatenate([self._pairs, *self._pending]))
        self._pairs = np.empty(0, np.uint64)
        self._pending, self._pending_size = [], 0
        rows = _rows_of(pairs)
        self._open_sketches(np.flatnonzero(np.bincount(rows) > EXACT_UP_TO))
        dense = self._dense[rows]
        is_dense = dense != _NOT_DENSE
        if is_dense.any():
            _raise_registers(self._registers, dense[is_dense], _hashes_of(pairs[is_dense]))
            pairs = pairs[~is_dense]
        self._pairs = pairs

    def _open_sketches(self, rows: Rows) -> None:
        """Give distinct rows an empty sketch where they have none.

        Their small sets are put back among the pending, to be counted when those are sorted in.
        """
        new = rows[self._dense[rows] == _NOT_DENSE]
        if not len(new):
            return
        self._dense[new] = np.arange(len(self._dense_rows), len(self._dense_rows) + len(new))
        empty = np.zeros((len(new), REGISTERS), np.uint8)
        self._registers = np.concatenate([self._registers, empty])
        self._dense_rows = np.concatenate([self._dense_rows, new])
        if len(self._pairs):
            self._pending.append(self._pairs)
            self._pending_size += len(self._pairs)
            self._pairs = np.empty(0, np.uint64)

    def _settled(self, rows: Rows) -> NDArray[np.uint64]:
        """Return the settled pairs of sorted rows."""
        starts = _ends_of(self._pairs, rows)
        sizes = _ends_of(self._pairs, rows + 1) - starts
        return self._pairs[ranges(starts, sizes)]


def ranges(starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return start, start + 1, ... of each range, one after the other."""
    offsets = np.cumsum(sizes) - sizes
    return np.repeat(starts - offsets, sizes) + np.arange(int(sizes.sum()))


def _paired(rows: Rows, hashes: Hashes) -> NDArray[np.uint64]:
    return (rows.astype(np.uint64) << np.uint64(32)) | hashes


def _rows_of(pairs: NDArray[np.uint64]) -> Rows:
    return (pairs >> np.uint64(32)).astype(np.int64)


def _hashes_of(pairs: NDArray[np.uint64]) -> Hashes:
    return pairs.astype(np.uint32)


def _ends_of(pairs: NDArray[np.uint64], rows: Rows) -> NDArray[np.int64]:
    """Return how many sorted pairs stand before each row."""
    ends: NDArray[np.int64] = np.searchsorted(pairs, rows.astype(np.uint64) << np.uint64(32))
    return ends


def distinct(pairs: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return distinct numbers, sorted. What was given is sorted too."""
    # Not np.unique: it builds a hash table first, which is slower than this on numbers.
    pairs.sort()
    is_first = np.ones(len(pairs), bool)
    np.not_equal(pairs[1:], pairs[:-1], out=is_first[1:])
    return pairs[is_first]


def _raise_registers(
    registers: NDArray[np.uint8], sketches: NDArray[np.int64], hashes: Hashes
) -> None:
    """Show hashes to sketches: the register keeps the longest run of zeros it has seen, plus 1."""
    index = (hashes >> np.uint32(_RANK_BITS)).astype(np.int64)
    rest = hashes & np.uint32((1 << _RANK_BITS) - 1)
    # frexp gives the place of the highest bit; 0 for a rest without one.
    ranks = (_RANK_BITS + 1 - np.frexp(rest.astype(np.float32))[1]).astype(np.uint8)
    np.maximum.at(registers.reshape(-1), sketches * REGISTERS + index, ranks)


def _estimates(registers: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return how many distinct hashes each sketch has seen, by the harmonic mean of Flajolet et al.

    With many registers still empty the share of these says more (linear counting). The correction
    for ranges near 2^32 is left out: a stream of 100 million authors would be 1 % too low.
    """
    sums = np.ldexp(np.float32(1), -registers.astype(np.int32)).sum(axis=1, dtype=np.float64)
    estimates = _ALPHA * REGISTERS**2 / sums if len(sums) else sums
    empty = (registers == 0).sum(axis=1)
    is_small = (estimates <= 2.5 * REGISTERS) & (empty > 0)
    linear = REGISTERS * np.log(REGISTERS / np.maximum(empty, 1))
    # A row becomes a sketch only when it has seen more than the exact set holds.
    rounded: NDArray[np.float64] = np.rint(np.where(is_small, linear, estimates))
    return np.maximum(rounded, EXACT_UP_TO + 1).astype(np.int64, copy=False)
