"""Opening a stream of posts, whatever it is packed in and written like."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from chorus.reading.container import Container
from chorus.reading.containers import container_of
from chorus.reading.detection import detect
from chorus.reading.errors import ChangedStreamError, MappingError
from chorus.reading.faults import Faults
from chorus.reading.formats.table import table_format
from chorus.reading.mapping import Mapping, load_mapping
from chorus.reading.position import Position, identity_of
from chorus.reading.rows import batch_of
from chorus.reading.source import Source, Wait
from chorus.reading.times import is_zone

START: Final = Position()


class Stream:
    """One file of posts, open to be read from any saved position.

    `format` says in words what was detected and why. `faults` counts what gave no post, for what
    was handed out so far. `remarks` are sentences for the report.
    """

    def __init__(
        self, source: Source, container: Container, *, name: str | None, zone: str, mapping: Mapping
    ) -> None:
        self._source = source
        self._container = container
        self._zone = mapping.zone or zone
        self._time_format = mapping.time_format
        if mapping.columns is not None:
            self._form = table_format(mapping.columns, words="as the mapping file says")
            because = ""
        else:
            found = detect(container.sample(), name=name, is_table=container.is_table)
            self._form, because = found.form, f" ({found.because})"
        self.format = f"{container.words}: {self._form.words}{because}"
        self.size = source.size
        self.faults = Faults()

    @property
    def consumed(self) -> int:
        """How many bytes of the file on disk were read so far; `size` is the whole."""
        return self._container.consumed

    @property
    def remarks(self) -> list[str]:
        """Sentences about the stream as a whole, for the report."""
        trouble = [self._source.trouble] if self._source.trouble else []
        zone = f"Times without a zone were read as {self._zone}."
        return [*self._container.remarks, *trouble, zone]

    def batches(self, start: Position = START) -> Iterator[tuple[pl.DataFrame, Position]]:
        """Yield raw batches with the position after each.

        Raises ChangedStreamError where the start was saved for another file.
        """
        self._check(start)
        for rows, position in self._container.portions(self._form, self.faults, start):
            yield batch_of(rows, self._zone, self._time_format), position

    def _check(self, start: Position) -> None:
        is_other = start.identity not in ("", identity_of(self._source.path))
        is_shorter = self._source.is_plain and start.offset > self._source.size
        if is_other or is_shorter:
            message = (
                f"{self._source.path.name} is not the file that was read before, or was cut short;"
                " start anew, or name the file that was read."
            )
            raise ChangedStreamError(message)


def open_stream(
    path: Path,
    *,
    mapping: Path | None = None,
    follow: Wait | None = None,
    format_name: str | None = None,
    zone: str = "UTC",
) -> Stream:
    """Return a stream of posts of a file.

    `mapping` names a mapping file. `follow` makes a file that is still being written wait for more:
    it is called at each end and returns False to stop. `format_name` overrides the detection. A
    time without a zone is taken to be in `zone`. Raises a ReadingError whose sentence says what
    to do.
    """
    if not is_zone(zone):
        raise MappingError(f"There is no time zone {zone}; write one such as Asia/Jakarta.")
    said = Mapping() if mapping is None else load_mapping(mapping)
    source = Source(path)
    container = container_of(source, said, follow)
    return Stream(source, container, name=format_name, zone=zone, mapping=said)
