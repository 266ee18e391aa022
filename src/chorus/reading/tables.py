"""Tables as text, with commas, semicolons, tabs or bars between the columns.

A quote that is never closed would swallow the rows after it. So where a record of several lines
does not have as many columns as the head, only its first line is given up, and reading goes on
with the second.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from chorus.reading.blocks import Block, Cutter
from chorus.reading.container import HEAD, REPLACED, SAMPLE, Portion
from chorus.reading.errors import UnknownFormatError
from chorus.reading.faults import Faults, Reason
from chorus.reading.formats.base import Format
from chorus.reading.formats.table import rows_of_table, usual_columns
from chorus.reading.position import Position, identity_of
from chorus.reading.source import Source, Wait

_WORDS: Final = {
    ",": "a table with commas",
    "\t": "a table with tabs",
    ";": "a table with semicolons",
    "|": "a table with bars",
}
# A record may hold so many bytes over several lines before its quote counts as never closed.
_LONGEST_RECORD: Final = 1 << 17

# The number of a row's first line, and what stands in its columns.
Row = tuple[int, list[str]]


@dataclass
class _Lines:
    """Decoded lines, handed to the parser one by one, from any of them on."""

    texts: list[str] = field(default_factory=list)
    is_asked_for_more: bool = False

    def since(self, index: int) -> Iterator[str]:
        self.is_asked_for_more = False
        while index < len(self.texts):
            yield self.texts[index]
            index += 1
        self.is_asked_for_more = True


class TableFile:
    """A table as text. Raises UnknownFormatError where it has no head."""

    is_table = True

    def __init__(
        self, source: Source, *, delimiter: str | None = None, wait: Wait | None = None
    ) -> None:
        self._source = source
        self._wait = wait
        self.remarks: list[str] = []
        head = _decoded(source)
        self._delimiter = delimiter or _sniffed(head)
        self.head = _head(head, self._delimiter)
        self.words = _WORDS.get(self._delimiter, "a table as text")

    @property
    def consumed(self) -> int:
        """How many bytes of the file on disk were read so far."""
        return self._source.consumed

    def sample(self) -> list[Any]:
        """Return the first rows as objects."""
        rows = _rows_with(_decoded(self._source), self._delimiter)[1:]
        whole = [row for row in rows if len(row) == len(self.head)]
        return [dict(zip(self.head, row, strict=True)) for row in whole or [self.head]]

    def portions(self, form: Format, faults: Faults, start: Position) -> Iterator[Portion]:
        """Yield the posts of the rows from a place on."""
        while True:
            identity = identity_of(self._source.path)
            cutter = Cutter(faults, offset=start.offset, line=start.line)
            rows = _Rows(self._delimiter, len(self.head), faults, line=start.line)
            for block in cutter.blocks(self._source.pieces(start.offset, self._wait)):
                found = rows.of(block)
                offset, line = cutter.place
                place = Position(
                    offset - rows.held_bytes, line - rows.held_lines, identity=identity
                )
                yield [rows_of_table(form, self.head, found)], place
            if self._wait is None or self._source.has_moved:
                yield from self._last(form, cutter, rows, identity)
            if not self._source.has_moved:
                return
            self.remarks.append(REPLACED)
            start = Position()

    def _last(
        self, form: Format, cutter: Cutter, rows: "_Rows", identity: str
    ) -> Iterator[Portion]:
        rest = cutter.rest()
        if rest is None and not rows.held_lines:
            return
        found = rows.last(rest)
        offset, line = cutter.place
        if rest is not None:
            offset, line = rest.end, line + 1
        yield [rows_of_table(form, self.head, found)], Position(offset, line, identity=identity)


class _Rows:
    """Turns blocks into rows; holds back a record that goes on in the next block."""

    def __init__(self, delimiter: str, width: int, faults: Faults, *, line: int) -> None:
        self._delimiter = delimiter
        self._width = width
        self._faults = faults
        self._line = line
        self._lines = _Lines()
        self._is_before_head = line == 0
        self._held = b""

    @property
    def held_lines(self) -> int:
        """How many lines wait for the rest of their record."""
        return len(self._lines.texts)

    @property
    def held_bytes(self) -> int:
        """How many bytes wait for the rest of their record."""
        return len(self._held)

    def of(self, block: Block) -> list[Row]:
        """Return the rows that end within a block, with the numbers of their first lines."""
        if not self._lines.texts:
            self._line = block.line
        held, self._lines = self._lines.texts, _Lines(_split(block))
        self._lines.texts[:0] = held
        rows = list(self._read(is_last=False))
        self._held = _latest(self._held + block.data, self.held_lines)
        return rows

    def last(self, rest: Block | None) -> list[Row]:
        """Return the rows of what is left, when nothing more comes."""
        if rest is not None:
            self._lines.texts += _split(rest)
        rows = list(self._read(is_last=True))
        self._held = b""
        return rows

    def _read(self, *, is_last: bool) -> Iterator[Row]:
        texts = self._lines.texts
        done = 0
        while done < len(texts):
            for row, end in self._records(done):
                is_open = self._lines.is_asked_for_more
                if is_open and not is_last and _is_short(texts[done:end]):
                    self._let_go(done)
                    return
                number = self._line + done + 1
                if end - done > 1 and (is_open or len(row) != self._width):
                    self._faults.add(Reason.QUOTE, number)
                    done += 1
                    break
                done = end
                yield from self._kept(row, number)
        self._let_go(done)

    def _kept(self, row: list[str], number: int) -> Iterator[Row]:
        if not row:
            return
        if self._is_before_head:
            self._is_before_head = False
        elif len(row) != self._width:
            self._faults.add(Reason.COLUMNS, number)
        else:
            yield number, row

    def _records(self, index: int) -> Iterator[tuple[list[str], int]]:
        """Yield records from a line on, with the number of lines up to their end."""
        reader = csv.reader(self._lines.since(index), delimiter=self._delimiter)
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                row = [""] * (self._width + 1)
            yield row, index + reader.line_num

    def _let_go(self, done: int) -> None:
        self._lines.texts = self._lines.texts[done:]
        self._line += done


def _latest(data: bytes, lines: int) -> bytes:
    """Return the bytes of the last lines; what they decode to may have another length."""
    if not lines:
        return b""
    before = data.rsplit(b"\n", lines + 1)
    return data[len(before[0]) + 1 :] if len(before) == lines + 2 else data


def _is_short(texts: list[str]) -> bool:
    return sum(map(len, texts)) <= _LONGEST_RECORD


def _split(block: Block) -> list[str]:
    # A wrong byte costs a character, not the row. Lines end at \n only: texts may hold U+2028.
    text = block.data.decode("utf-8", "replace")
    lines = io.StringIO(text, newline="\n").readlines()
    if block.line == 0 and lines:
        lines[0] = lines[0].removeprefix("\ufeff")
    return lines


def _decoded(source: Source) -> list[str]:
    """Return the first lines; the last of them may be cut."""
    head = source.head(HEAD)
    text = head.decode(source.encoding, "replace").removeprefix("\ufeff")
    return io.StringIO(text, newline="\n").readlines()[: 4 * SAMPLE]


def _rows_with(lines: list[str], delimiter: str) -> list[list[str]]:
    found = []
    try:
        for row in csv.reader(lines, delimiter=delimiter):
            if row:
                found.append(row)
            if len(found) > SAMPLE:
                break
    except csv.Error:
        pass
    return found


def _sniffed(lines: list[str]) -> str:
    """Return the delimiter under which the most rows are as wide as a head with usual names."""

    def fit(delimiter: str) -> tuple[bool, int, int]:
        rows = _rows_with(lines, delimiter)
        width = len(rows[0]) if rows else 0
        alike = sum(len(row) == width for row in rows) if width > 1 else 0
        return bool(rows) and usual_columns(rows[0]) is not None and width > 1, alike, width

    return max(_WORDS, key=fit)


def _head(lines: list[str], delimiter: str) -> list[str]:
    rows = _rows_with(lines, delimiter)
    if not rows:
        raise UnknownFormatError("The table has no head; its first row must name the columns.")
    return [name.strip() for name in rows[0]]
