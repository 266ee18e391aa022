"""Parquet files, one row group after the other, only the columns that are needed."""

from collections.abc import Iterator
from typing import Any, Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from chorus.reading.blocks import POSTS_IN_A_BLOCK
from chorus.reading.container import SAMPLE, Portion
from chorus.reading.errors import ExpansionError, UnknownFormatError
from chorus.reading.faults import Faults, Reason
from chorus.reading.formats.base import Format
from chorus.reading.formats.table import columns_of, table_rows
from chorus.reading.packed import seekable
from chorus.reading.position import Position, identity_of
from chorus.reading.source import Source

_MOST_IN_A_GROUP: Final = 1 << 30


class ParquetFile:
    """A Parquet file. Raises UnknownFormatError and ExpansionError."""

    words = "Parquet"
    is_table = True

    def __init__(self, source: Source) -> None:
        self._source = source
        self.remarks: list[str] = []
        self._whole = seekable(source) if source.packing else str(source.path)
        try:
            with self._opened() as file:
                self._names = list(file.schema_arrow.names)
                count = file.metadata.num_row_groups
                groups = [file.metadata.row_group(index) for index in range(count)]
        except (pa.ArrowException, OSError) as error:
            message = f"{source.path.name} is a damaged Parquet file; export it again."
            raise UnknownFormatError(message) from error
        self._sizes = [group.num_rows for group in groups]
        largest = max((group.total_byte_size for group in groups), default=0)
        if largest > _MOST_IN_A_GROUP:
            raise ExpansionError(
                f"A row group of {source.path.name} unpacks to more than a gigabyte; write it anew"
                " with smaller groups."
            )

    @property
    def consumed(self) -> int:
        """How many bytes of the file on disk were read so far: all that is known is the whole."""
        return self._source.size

    def sample(self) -> list[Any]:
        """Return the first rows as objects."""
        for batch in self._batches(0, self._names, SAMPLE):
            return batch.rows(named=True) or [dict.fromkeys(self._names)]
        return [dict.fromkeys(self._names)]

    def portions(self, form: Format, faults: Faults, start: Position) -> Iterator[Portion]:
        """Yield the posts of the rows after those that were read before."""
        identity = identity_of(self._source.path)
        columns = columns_of(form)
        done = 0
        for group, size in enumerate(self._sizes):
            if done + size <= start.line:
                done += size
                continue
            try:
                for batch in self._batches(group, columns.names, POSTS_IN_A_BLOCK):
                    left = batch[max(0, start.line - done) :]
                    first = done + len(batch) - len(left) + 1
                    done += len(batch)
                    numbers = range(first, done + 1)
                    values = {name: left[name].to_list() for name in left.columns}
                    yield (
                        [table_rows(values, numbers, columns)],
                        Position(line=done, identity=identity),
                    )
            except (pa.ArrowException, OSError):
                faults.add(Reason.REMAINDER, done + 1)
                self.remarks.append(f"The file could be read up to its row {done} only.")
                return

    def _batches(self, group: int, names: list[str], size: int) -> Iterator[pl.DataFrame]:
        if not self._sizes:
            return
        known = [name for name in names if name in self._names]
        with self._opened() as file:
            for batch in file.iter_batches(size, row_groups=[group], columns=known):
                frame = pl.DataFrame(pa.Table.from_batches([batch]))
                yield frame.select(_as_text(frame[name]) for name in frame.columns)

    def _opened(self) -> pq.ParquetFile:
        return pq.ParquetFile(self._whole)


def _as_text(values: pl.Series) -> pl.Series:
    """Return a column as text; times with their zone, what is nested as nothing."""
    kind = values.dtype
    if kind.is_nested():
        return pl.Series(values.name, [None], dtype=pl.String).new_from_index(0, len(values))
    if isinstance(kind, pl.Datetime):
        if kind.time_zone is None:
            return values.dt.to_string("%Y-%m-%dT%H:%M:%S%.6f")
        return values.dt.convert_time_zone("UTC").dt.to_string("%Y-%m-%dT%H:%M:%S%.6fZ")
    return values.cast(pl.String, strict=False)
