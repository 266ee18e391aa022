"""What every kind of file gives: a sample for detection, and rows with the place after them."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final, Protocol, TypeVar

import polars as pl

from chorus.reading.blocks import POSTS_IN_A_BLOCK
from chorus.reading.faults import Faults, Reason
from chorus.reading.formats.base import Format
from chorus.reading.position import Position
from chorus.reading.rows import Post, rows_of

# So many records are looked at to tell a format.
SAMPLE: Final = 100
# So many bytes are looked at to tell what a file is.
HEAD: Final = 1 << 20

FIRST_BATCH: Final = 4_096

REPLACED: Final = "The file was replaced or cut short; the new one was read on."

# Some raw rows and the place after them.
Portion = tuple[list[pl.DataFrame], Position]

Item = TypeVar("Item")


class Container(Protocol):
    """One file of one kind."""

    words: str
    remarks: list[str]
    is_table: bool

    def sample(self) -> list[Any]:
        """Return the first records, for detection only; nothing of them is counted."""
        ...

    def portions(self, form: Format, faults: Faults, start: Position) -> Iterator[Portion]:
        """Yield the posts from a place on; count in `faults` what gives none."""
        ...

    @property
    def consumed(self) -> int:
        """How many bytes of the file on disk were read so far."""
        ...


def in_batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Yield items in lists: a small first one, so that a first picture comes early."""
    source = iter(items)
    size = FIRST_BATCH
    while batch := list(islice(source, size)):
        yield batch
        size = POSTS_IN_A_BLOCK


def posts_of_record(
    form: Format, number: int, record: Any, faults: Faults
) -> Iterator[tuple[int, Post]]:
    """Yield the posts of one record with its number, or count why it has none."""
    if not isinstance(record, dict):
        faults.add(Reason.NOT_AN_OBJECT, number)
        return
    found = False
    for post in form.posts(record):
        found = True
        yield number, post
    if not found:
        faults.add(Reason.NO_POST, number)


def rows_of_records(
    form: Format, records: Iterable[tuple[int, Any]], faults: Faults
) -> pl.DataFrame:
    """Return the posts of numbered records as raw rows; count in `faults` what has none."""
    return rows_of(
        post for number, record in records for post in posts_of_record(form, number, record, faults)
    )
