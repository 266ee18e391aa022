"""Counts by key that add up: columns of numbers and distinct authors behind each of many keys.

A key is a number of 64 bits. Rows are numbered in the order in which their keys first came, and
keep their number until something is dropped. Two tallies of the same content give equal arrays,
whatever the order, since `arrays` sorts by key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from chorus.foldable import Arrays
from chorus.keys import KeyIndex, Keys, Rows
from chorus.sketches import DistinctCounter

# How a column takes what is added: it adds up, or keeps the least or the most.
SUM: Final = "sum"
LEAST: Final = "least"
MOST: Final = "most"

NEVER: Final = np.iinfo(np.int64).max
LONG_AGO: Final = np.iinfo(np.int64).min
_START: Final = {SUM: 0, LEAST: NEVER, MOST: LONG_AGO}
_AT: Final = {SUM: np.add, LEAST: np.minimum, MOST: np.maximum}
_SMALLEST: Final = 1024


@dataclass(frozen=True)
class Column:
    """A column: how it takes what is added, and how many numbers a row has (0 for a plain one)."""

    how: str = SUM
    width: int = 0

    def empty(self, rows: int) -> NDArray[np.int64]:
        shape = (rows, self.width) if self.width else (rows,)
        return np.full(shape, _START[self.how], np.int64)


class Tally:
    """Columns of numbers, and distinct authors, by key."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self._columns = dict(columns)
        self._stored = {name: column.empty(_SMALLEST) for name, column in columns.items()}
        self._index = KeyIndex()
        self.authors = DistinctCounter()

    def __len__(self) -> int:
        return len(self._index)

    def __getitem__(self, name: str) -> NDArray[np.int64]:
        """Return a column, a row for each key; to be read, not written."""
        return self._stored[name][: len(self)]

    def keys(self) -> Keys:
        """Return the key of each row."""
        return self._index.keys()

    def rows(self, keys: Keys) -> Rows:
        """Return the rows of distinct keys; new keys get new rows."""
        rows = self._index.rows_for(keys)
        self._grow()
        return rows

    def find(self, keys: Keys) -> Rows:
        """Return the rows of keys, ABSENT (-1) for those that are not there."""
        return self._index.find(keys)

    def add(self, name: str, rows: Rows, values: NDArray[Any]) -> None:
        """Add values[i] to a column at rows[i]; a row may stand there many times."""
        _AT[self._columns[name].how].at(self._stored[name], rows, values.astype(np.int64))

    def merge(self, other: "Tally", keys: Keys | None = None) -> Rows:
        """Count what another tally counted, under its own keys or the given ones.

        Several of its rows may have the same key. Returns the row here of each row there.
        """
        keys = other.keys() if keys is None else keys
        distinct, back = np.unique(keys, return_inverse=True)
        rows = self.rows(distinct)[back]
        for name in self._columns:
            self.add(name, rows, other[name])
        self.authors.merge(other.authors, rows)
        return rows

    def kept(self, rows: Rows) -> "Tally":
        """Return a tally of some rows, in the order given, each once."""
        made = Tally(self._columns)
        made._index = KeyIndex(self.keys()[rows])
        made._grow()
        for name in self._columns:
            made._stored[name][: len(rows)] = self[name][rows]
        targets = np.full(len(self), -1, np.int64)
        targets[rows] = np.arange(len(rows))
        made.authors = self.authors.fold(targets, len(rows))
        return made

    def in_order(self) -> Rows:
        """Return the rows in the order of their keys."""
        return np.argsort(self.keys())

    def arrays(self, name: str) -> Arrays:
        """Return all of it in canonical form; `name` stands before each array's name."""
        ordered = self.kept(self.in_order())
        arrays: Arrays = {f"{name}.keys": ordered.keys()}
        arrays |= {f"{name}.{column}": ordered[column].copy() for column in self._columns}
        counted = ordered.authors.arrays()
        return arrays | {f"{name}.authors.{part}": array for part, array in counted.items()}

    def take(self, name: str, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take in what `arrays` gave. Raises ValueError when it does not fit."""
        keys = arrays[f"{name}.keys"].astype(np.uint64)
        start = f"{name}.authors."
        authors = DistinctCounter.from_arrays(
            {key.removeprefix(start): part for key, part in arrays.items() if key.startswith(start)}
        )
        columns = {column: arrays[f"{name}.{column}"] for column in self._columns}
        lengths = {len(keys), len(authors), *(len(column) for column in columns.values())}
        if len(lengths) > 1 or (keys[1:] <= keys[:-1]).any():
            raise ValueError(f"The table of {name} is not whole; use another copy of the state.")
        rows = self.rows(keys)
        for column, values in columns.items():
            self.add(column, rows, self._widened(column, values))
        self.authors.merge(authors, rows)

    def _widened(self, column: str, values: NDArray[Any]) -> NDArray[Any]:
        """Return values with a zero for each number that a row has come to hold since."""
        missing = self._columns[column].width - (values.shape[1] if values.ndim > 1 else 0)
        return np.pad(values, ((0, 0), (0, missing))) if missing > 0 else values

    def _grow(self) -> None:
        needed = len(self)
        for name, column in self._columns.items():
            stored = self._stored[name]
            if len(stored) < needed:
                # Twice as much each time, so that a row is copied a constant number of times.
                more = column.empty(max(needed, 2 * len(stored)) - len(stored))
                self._stored[name] = np.concatenate([stored, more])
        self.authors.grow(needed)
