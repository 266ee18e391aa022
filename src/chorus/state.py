"""All that is known of a stream: tables that add up, and where reading stands.

Counting two parts apart and merging gives what counting the whole gives; batches, threads and
order do not matter. No text of fewer than k authors is in it, and nobody's name.
"""

import io
from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, Self, cast

import pyarrow as pa

from chorus.capped import Capped
from chorus.cells import Cells
from chorus.claim_times import ClaimTimes
from chorus.foldable import Arrays, Foldable, Settings, SettingsDifferError, column, same_arrays
from chorus.hashtags import HashtagTable
from chorus.ledger import COUNTING, SEEN_BEFORE, Ledger
from chorus.seen import SeenIds
from chorus.storage import StateFileError, as_bytes, read_arrays, replace_file
from chorus.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["TABLES", "Foldable", "Settings", "SettingsDifferError", "State", "StateFileError"]

# The tables of a state by name. A new kind of table is one line here.
TABLES: Final[dict[str, type[Foldable]]] = {
    "cells": Cells,
    "texts": Texts,
    "hashtags": HashtagTable,
    "capped": Capped,
    "claims": ClaimTimes,
}

VERSION: Final = 1
FILE: Final = "state.chorus"

_FORMAT: Final = "chorus state"
_SEEN: Final = "seen"


class State:
    """The tables of a stream, its ledger, and the position up to which it was read.

    `position` is plain data (for JSON) of whoever reads the stream. It is saved in the same file as
    the counts: after a crash, reading on from there counts every post once.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.tables: dict[str, Foldable] = {name: table(settings) for name, table in TABLES.items()}
        self.ledger = Ledger()
        self.seen = SeenIds(settings)
        self.position: Mapping[str, Any] = {}

    @property
    def cells(self) -> Cells:
        return cast("Cells", self.tables["cells"])

    @property
    def texts(self) -> Texts:
        return cast("Texts", self.tables["texts"])

    @property
    def hashtags(self) -> HashtagTable:
        return cast("HashtagTable", self.tables["hashtags"])

    @property
    def claims(self) -> ClaimTimes:
        return cast("ClaimTimes", self.tables["claims"])

    @property
    def capped(self) -> Capped:
        return cast("Capped", self.tables["capped"])

    def fold(self, observed: pa.Table) -> int:
        """Count the posts of a batch that were not counted before; return how many these are."""
        is_first = self.seen.take(column(observed, "id"))
        kept = int(is_first.sum())
        if kept < len(is_first):
            observed = observed.filter(pa.array(is_first))
            self.ledger.drop(COUNTING, {SEEN_BEFORE: len(is_first) - kept})
        for table in self.tables.values():
            table.fold(observed)
        self.ledger.keep(kept)
        return kept

    def merge(self, other: Self) -> int:
        """Count what another state counted; return how many post ids both had seen.

        These posts are counted twice. The position stays the one of this state. Raises
        SettingsDifferError when the two do not count the same thing.
        """
        self.settings.require_same(other.settings)
        in_both = self.seen.merge(other.seen)
        for name, table in self.tables.items():
            table.merge(other.tables[name])
        self.ledger.add(other.ledger)
        self.ledger.counted_twice += in_both
        return in_both

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, State):
            return NotImplemented
        return self._manifest() == other._manifest() and same_arrays(
            self._arrays(), other._arrays()
        )

    __hash__ = None  # type: ignore[assignment]  # -- it changes with every batch

    def save(self, folder: Path) -> Path:
        """Save everything in one file of a folder and return it; a crash leaves the old one whole.

        Raises StateFileError if it cannot be written.
        """
        path = folder / FILE
        replace_file(path, self._manifest(), self._arrays())
        return path

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Return the state of a folder. Raises StateFileError if there is none that is whole."""
        try:
            with (folder / FILE).open("rb") as file:
                return cls._read(file)
        except FileNotFoundError as error:
            message = f"There is no state in {folder.name}; name the folder it was saved in."
            raise StateFileError(message) from error
        except OSError as error:
            raise StateFileError(f"The state cannot be read: {error.strerror}.") from error

    def to_bytes(self) -> bytes:
        """Return what `save` writes, to travel between machines. Equal states, equal bytes."""
        return as_bytes(self._manifest(), self._arrays())

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Return the state that gave these bytes. Raises StateFileError when they do not fit."""
        return cls._read(io.BytesIO(content))

    @classmethod
    def _read(cls, file: IO[bytes]) -> Self:
        manifest, arrays = read_arrays(file)
        if manifest.get("format") != _FORMAT or manifest.get("version") != VERSION:
            message = "The state is of another version of chorus; analyse the posts again."
            raise StateFileError(message)
        try:
            settings = Settings(**manifest["settings"])
            state = cls(settings)
            state.ledger = Ledger.from_plain(manifest["ledger"])
            state.position = manifest["position"]
            state.seen = SeenIds.from_arrays(_of(_SEEN, arrays), settings)
            for name, table in TABLES.items():
                state.tables[name] = table.from_arrays(_of(name, arrays), settings)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise StateFileError("The state is not whole; use another copy of it.") from error
        return state

    def _manifest(self) -> dict[str, Any]:
        return {
            "format": _FORMAT,
            "version": VERSION,
            "settings": asdict(self.settings),
            "ledger": self.ledger.plain(),
            "position": dict(self.position),
        }

    def _arrays(self) -> Arrays:
        parts = {_SEEN: self.seen.arrays()}
        parts |= {name: table.arrays() for name, table in self.tables.items()}
        return {
            f"{name}/{array}": values
            for name, arrays in parts.items()
            for array, values in arrays.items()
        }


def _of(name: str, arrays: Arrays) -> Arrays:
    """Return the arrays of one part by their own names."""
    prefix = f"{name}/"
    return {
        array.removeprefix(prefix): values
        for array, values in arrays.items()
        if array.startswith(prefix)
    }
