"""Lines of JSON, read a block at a time, so that one wrong line never costs its neighbours.

A block is given whole to a parser of columns that knows only the fields we read. Where that
refuses, lines that are no JSON or oddly nested are put aside first, and should it still refuse, the
rest is halved until that line stands alone; such lines are read as objects. So what a line gives
never depends on its block.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import orjson
import polars as pl

from chorus.kernel import Verdict, scan_lines
from chorus.reading.blocks import LONGEST_LINE, Block
from chorus.reading.container import posts_of_record, rows_of_records
from chorus.reading.faults import Faults, Reason
from chorus.reading.formats.base import Format, Quick
from chorus.reading.rows import Post, rows_of

# A line with its number in the file.
Line = tuple[int, bytes]
# Some lines, and the rows that the parser of columns made of them; None where it would not.
Part = tuple[list[Line], pl.DataFrame | None]

# A page of posts with all that belongs to them is nested about ten deep.
DEEPEST: Final = 64

_REASONS: Final = {
    Verdict.TOO_LONG: Reason.TOO_LONG,
    Verdict.NOT_UTF8: Reason.NOT_UTF8,
    Verdict.TOO_DEEP: Reason.TOO_DEEP,
}


class LineReader:
    """Reads blocks of lines of one format; counts in `faults` what gives no post."""

    def __init__(self, form: Format, faults: Faults) -> None:
        self._form = form
        self._faults = faults

    def rows(self, block: Block) -> list[pl.DataFrame]:
        """Return the posts of a block as raw rows, in several frames, each with line numbers."""
        if not block.is_finished:
            return self._unfinished(block)
        found = scan_lines(block.data, longest=LONGEST_LINE, deepest=DEEPEST)
        numbers = np.arange(block.line + 1, block.line + len(found) + 1, dtype=np.int64)
        for verdict, reason in _REASONS.items():
            self._faults.add_all(reason, numbers[found.verdicts == verdict].tolist())

        def line_at(number: int) -> bytes:
            index = number - block.line - 1
            return block.data[found.starts[index] : found.ends[index]]

        is_good = found.verdicts == Verdict.GOOD
        quick = self._form.quick
        if quick is not None and (is_good | (found.verdicts == Verdict.BLANK)).all():
            frame = _quickly(block.data, numbers[is_good], quick)
            if frame is not None:
                return self._checked(frame, line_at)
        return self._carefully([(number, line_at(number)) for number in numbers[is_good].tolist()])

    def _unfinished(self, block: Block) -> list[pl.DataFrame]:
        number = block.line + 1
        try:
            record = orjson.loads(block.data)
        except orjson.JSONDecodeError:
            if block.data.strip():
                self._faults.add(Reason.UNFINISHED, number)
            return []
        return [rows_of_records(self._form, [(number, record)], self._faults)]

    def _checked(self, frame: pl.DataFrame, line_at: Callable[[int], bytes]) -> list[pl.DataFrame]:
        """Read as objects the lines whose columns do not hold plain texts; keep the others."""
        doubtful = frame["text"].is_null()
        for name in ("id", "author", "text"):
            column = frame[name].str
            doubtful |= (column.starts_with("{") | column.starts_with("[")).fill_null(value=False)
        if not doubtful.any():
            return [frame]
        numbers = frame["line"].filter(doubtful)
        again = self._as_objects([(number, line_at(number)) for number in numbers])
        return [frame.filter(~doubtful), again]

    def _carefully(self, lines: list[Line]) -> list[pl.DataFrame]:
        """Read lines that stood beside wrong ones, or that are only read as objects."""
        quick = self._form.quick
        if quick is None:
            return [self._as_objects(lines)]
        frames: list[pl.DataFrame] = []
        refused: list[Line] = []
        for part, frame in _taken(lines, quick):
            if frame is None:
                refused += part
            else:
                frames += self._checked(frame, dict(part).__getitem__)
        return [*frames, self._as_objects(sorted(refused))]

    def _as_objects(self, lines: list[Line]) -> pl.DataFrame:
        return rows_of(post for line in lines for post in self._read(*line))

    def _read(self, number: int, line: bytes) -> Iterator[tuple[int, Post]]:
        try:
            record = _object(line)
        except ValueError:
            self._faults.add(Reason.NOT_JSON, number)
        except RecursionError:
            self._faults.add(Reason.TOO_DEEP, number)
        else:
            yield from posts_of_record(self._form, number, record, self._faults)


def _quickly(
    data: bytes, numbers: npt.NDArray[np.int64] | list[int], quick: Quick
) -> pl.DataFrame | None:
    """Return the lines as rows, or None where the parser refuses or miscounts."""
    try:
        frame = pl.read_ndjson(data, schema=quick.schema)
    except pl.exceptions.PolarsError:
        return None
    if len(frame) != len(numbers):
        return None
    lines = pl.Series("line", numbers, dtype=pl.Int64)
    return frame.select(*quick.columns).with_columns(lines)


def _taken(lines: list[Line], quick: Quick) -> Iterator[Part]:
    """Yield parts that the parser takes, with their rows, and with None what it does not."""
    frame = _joined(lines, quick)
    if frame is not None:
        yield lines, frame
        return
    sound: list[Line] = []
    broken: list[Line] = []
    for line in lines:
        (sound if _suits(line[1], quick) else broken).append(line)
    yield broken, None
    yield from _halved(sound, quick)


def _halved(lines: list[Line], quick: Quick) -> Iterator[Part]:
    if not lines:
        return
    frame = _joined(lines, quick)
    if frame is not None or len(lines) == 1:
        yield lines, frame
        return
    middle = len(lines) // 2
    yield from _halved(lines[:middle], quick)
    yield from _halved(lines[middle:], quick)


def _joined(lines: list[Line], quick: Quick) -> pl.DataFrame | None:
    data = b"".join(line + b"\n" for _, line in lines)
    return _quickly(data, [number for number, _ in lines], quick)


def _suits(line: bytes, quick: Quick) -> bool:
    """Return whether a line is JSON whose nested fields are nested as the parser expects."""
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return isinstance(record, dict) and all(
        _is_nested_as(record.get(name), kind) for name, kind in quick.nested.items()
    )


def _is_nested_as(value: Any, kind: Any) -> bool:
    match kind:
        case _ if value is None:
            return True
        case pl.Struct():
            return isinstance(value, dict) and all(
                _is_nested_as(value.get(field.name), field.dtype) for field in kind.fields
            )
        case pl.List():
            return isinstance(value, list) and all(_is_nested_as(v, kind.inner) for v in value)
        case _:
            return True


def _object(line: bytes) -> Any:
    """Return what a line of JSON says. Raises ValueError or RecursionError."""
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        # Half a pair of surrogates, or a control character within a text, is a fault of the
        # exporter that costs a character, not a post.
        return json.loads(line, strict=False)
