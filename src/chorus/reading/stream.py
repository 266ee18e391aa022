"""Opening a stream of posts, whatever it is packed in and written like."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl

from chorus.reading.container import REPLACED, Container
from chorus.reading.containers import container_of
from chorus.reading.detection import detect
from chorus.reading.errors import (
    ChangedStreamError,
    EmptyStreamError,
    ForbiddenStreamError,
    MappingError,
    ReadingError,
)
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
        self,
        source: Source,
        container: Container,
        *,
        name: str | None,
        zone: str,
        mapping: Mapping,
        is_followed: bool = False,
    ) -> None:
        self._source = source
        self._container = container
        self._is_followed = is_followed
        self._time_format = mapping.time_format
        if mapping.columns is not None:
            self._form = table_format(mapping.columns, words="as the mapping file says")
            because = ""
        else:
            found = detect(container.sample(), name=name, is_table=container.is_table)
            self._form, because = found.form, f" ({found.because})"
        self._zone = mapping.zone or self._form.zone or zone
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
        zone = f"Times that name no zone are taken to be in {self._zone}."
        return [*self._container.remarks, *trouble, zone]

    def batches(self, start: Position = START) -> Iterator[tuple[pl.DataFrame, Position]]:
        """Yield raw batches with the position after each.

        Raises ChangedStreamError where the start was saved for another file; a followed file that
        was replaced since is read from its beginning.
        """
        if self._is_another(start):
            if not self._is_followed:
                raise ChangedStreamError(
                    f"{self._source.path.name} is not the file that was read before, or was cut"
                    " short; start anew, or name the file that was read."
                )
            self._container.remarks.append(REPLACED)
            start = START
        try:
            for rows, position in self._container.portions(self._form, self.faults, start):
                yield batch_of(rows, self._zone, self._time_format), position
        except OSError as error:
            message = (
                f"{self._source.path.name} cannot be read on: {error.strerror}; what was read"
                " before is kept, start again from there."
            )
            raise ReadingError(message) from error

    def _is_another(self, start: Position) -> bool:
        is_other = start.identity not in ("", identity_of(self._source.path))
        return is_other or (self._source.is_plain and start.offset > self._source.size)


class Folder:
    """The files of a folder, read in the order of their names; speaks as a Stream does.

    Line numbers count within each file. `remarks` name the files that were passed over.
    """

    def __init__(self, streams: dict[str, Stream], passed_over: list[str]) -> None:
        self._streams = streams
        self._passed_over = passed_over
        formats = dict.fromkeys(stream.format for stream in streams.values())
        self.format = f"{len(streams)} files: {'; '.join(formats)}"
        self.size = sum(stream.size for stream in streams.values())
        self.faults = Faults()
        for stream in streams.values():
            stream.faults = self.faults

    @property
    def consumed(self) -> int:
        """How many bytes of the files on disk were read so far; `size` is the whole."""
        return sum(stream.consumed for stream in self._streams.values())

    @property
    def remarks(self) -> list[str]:
        """Sentences about the files, for the report."""
        said = (
            f"{name}: {remark}"
            for name, stream in self._streams.items()
            for remark in stream.remarks
        )
        return [*self._passed_over, *said]

    def batches(self, start: Position = START) -> Iterator[tuple[pl.DataFrame, Position]]:
        """Yield raw batches with the position after each, file by file."""
        for name, stream in self._streams.items():
            if name < start.file:
                continue
            begun = start if name == start.file else START
            for batch, position in stream.batches(begun):
                yield batch, replace(position, file=name)


def _folder(
    path: Path, mapping: Mapping, *, is_followed: bool, name: str | None, zone: str
) -> Folder:
    if is_followed:
        raise ReadingError(f"{path.name} is a folder; name the one file in it to follow.")
    streams, passed_over = {}, []
    for file in _files(path):
        try:
            source = Source(file)
            container = container_of(source, mapping, None)
            streams[file.name] = Stream(source, container, name=name, zone=zone, mapping=mapping)
        except ReadingError as error:
            passed_over.append(f"{file.name} was passed over: {error}")
    if not streams:
        seen = passed_over[0] if passed_over else f"{path.name} is a folder without files"
        raise EmptyStreamError(f"{seen.rstrip('.')}; name a file, or a folder with posts in it.")
    return Folder(streams, passed_over)


def _files(path: Path) -> list[Path]:
    try:
        found = [file for file in path.iterdir() if not file.name.startswith(".")]
    except PermissionError as error:
        message = f"The folder {path.name} may not be read by this account; ask for access."
        raise ForbiddenStreamError(message) from error
    return sorted((file for file in found if not file.is_dir()), key=lambda file: file.name)


def open_stream(
    path: Path,
    *,
    mapping: Path | None = None,
    follow: Wait | None = None,
    format_name: str | None = None,
    zone: str = "UTC",
) -> Stream | Folder:
    """Return a stream of posts of a file, or of the files of a folder one after the other.

    `mapping` names a mapping file. `follow` makes a file that is still being written wait for more:
    it is called at each end and returns False to stop. `format_name` overrides the detection. A
    time without a zone is taken to be in `zone`. Raises a ReadingError whose sentence says what
    to do.
    """
    if not is_zone(zone):
        raise MappingError(f"There is no time zone {zone}; write one such as Asia/Jakarta.")
    said = Mapping() if mapping is None else load_mapping(mapping)
    if path.is_dir():
        return _folder(path, said, is_followed=follow is not None, name=format_name, zone=zone)
    source = Source(path)
    container = container_of(source, said, follow)
    return Stream(
        source,
        container,
        name=format_name,
        zone=zone,
        mapping=said,
        is_followed=follow is not None,
    )
