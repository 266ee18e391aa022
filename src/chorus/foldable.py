"""What every table of the state can do, so that parts of a stream can be counted apart and joined.

A table takes observed batches in any order and any size; the result does not depend on either.
`State` (state.py) keeps one table of each kind, and saves, merges and compares them by this alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any, Final, Protocol, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from chorus.kernel.results import SLOTS

QUARTER_HOUR: Final = 15 * 60 * 1_000_000  # microseconds

# What `process` makes of a batch of posts: the only thing that tables see of them.
OBSERVED: Final = pa.schema(
    [
        ("id", pa.uint64()),  # keyed hash of the post's id; 0 where it has none
        ("at", pa.int64()),  # microseconds since 1970, UTC
        ("author", pa.uint64()),  # keyed hash; 0 for unknown, who never counts as an author
        ("repost", pa.bool_()),
        ("official", pa.bool_()),
        ("exact", pa.uint64()),  # the same for the same masked text; 0 for none
        ("signature", pa.binary(2 * SLOTS)),  # SLOTS MinHash values of 16 bits, little-endian
        ("labels", pa.uint64()),  # the label mask of labels.py
        ("language", pa.uint8()),  # place in labels.LANGUAGES
        ("place", pa.uint32()),  # row of the gazetteer; 0 for none
        ("tags", pa.list_(pa.large_string())),
        ("text", pa.large_string()),  # masked; in memory only
    ]
)

Arrays = dict[str, NDArray[Any]]


class SettingsDifferError(Exception):
    """Two states do not count the same thing; the message says what differs and what to do."""


@dataclass(frozen=True)
class Settings:
    """What two parts of a stream must share to be added up."""

    incident_at: int  # microseconds since 1970, UTC
    key: str = ""  # fingerprint of the incident's key
    k: int = 10  # distinct authors below which nothing is shown, and no text is kept
    gazetteer: str = ""  # fingerprint of the place names
    heads: str = ""  # version of the heads that gave the labels
    texts_kept: int = 2_000_000  # rows of the table of distinct texts
    ids_kept: int = 16_000_000  # post ids remembered to find duplicates

    @property
    def incident_bucket(self) -> int:
        """The quarter-hour in which the incident began; earlier ones are the baseline."""
        return self.incident_at // QUARTER_HOUR

    def require_same(self, other: "Settings") -> None:
        """Raise SettingsDifferError, naming what differs, unless both count the same thing."""
        differing = [
            _PLAIN_NAMES[field.name]
            for field in fields(self)
            if getattr(self, field.name) != getattr(other, field.name)
        ]
        if differing:
            message = (
                f"The two states differ in {' and '.join(differing)}, so they cannot be added up; "
                "analyse both parts again with the same settings."
            )
            raise SettingsDifferError(message)


_PLAIN_NAMES: Final = {
    "incident_at": "the time of the incident",
    "key": "the key of the incident",
    "k": "the least number of authors",
    "gazetteer": "the place names",
    "heads": "the heads",
    "texts_kept": "the number of texts kept",
    "ids_kept": "the number of post ids kept",
}


class Foldable(Protocol):
    """A table that batches are folded into and that can be joined with another of its kind."""

    def __init__(self, settings: Settings) -> None:
        """Make an empty table."""

    def fold(self, observed: pa.Table) -> None:
        """Count the posts of a batch of the OBSERVED schema."""

    def merge(self, other: Self) -> None:
        """Count what another table counted; `other` stays as it is."""

    def arrays(self) -> Arrays:
        """Return all of the table, in canonical order: equal content gives equal bytes.

        Plain dtypes only (no objects); texts go through `packed`.
        """

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], settings: Settings) -> Self:
        """Make the table that gave these arrays. Raises ValueError when they do not fit."""


def column(observed: pa.Table, name: str) -> NDArray[Any]:
    """Return a column of numbers as a numpy array; of booleans, as bool."""
    values = observed[name].combine_chunks()
    return np.asarray(values.to_numpy(zero_copy_only=False))


def same_arrays(one: Mapping[str, NDArray[Any]], other: Mapping[str, NDArray[Any]]) -> bool:
    """Whether two tables are equal: the same names, types, shapes and bytes."""
    return one.keys() == other.keys() and all(
        one[name].dtype == other[name].dtype and np.array_equal(one[name], other[name])
        for name in one
    )


def packed(name: str, texts: Iterable[str]) -> Arrays:
    """Return texts as two arrays: `<name>.bytes` (UTF-8) and `<name>.ends`."""
    encoded = [text.encode() for text in texts]
    ends = np.cumsum([len(text) for text in encoded], dtype=np.int64)
    return {
        f"{name}.bytes": np.frombuffer(b"".join(encoded), dtype=np.uint8),
        f"{name}.ends": ends,
    }


def unpacked(name: str, arrays: Mapping[str, NDArray[Any]]) -> list[str]:
    """Return the texts that `packed` was given. Raises ValueError when they are not whole."""
    content = arrays[f"{name}.bytes"].tobytes()
    ends = [0, *arrays[f"{name}.ends"].tolist()]
    if ends[-1] != len(content) or any(end < start for start, end in pairwise(ends)):
        raise ValueError(f"The texts of {name} are not whole; use another copy of the state.")
    return [content[start:end].decode() for start, end in pairwise(ends)]
