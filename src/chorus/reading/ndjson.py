"""Files with one JSON object a line."""

from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson

from chorus.reading.blocks import Block, Cutter
from chorus.reading.container import HEAD, REPLACED, SAMPLE, Portion
from chorus.reading.faults import Faults
from chorus.reading.formats.base import Format
from chorus.reading.lines import LineReader
from chorus.reading.position import Position, identity_of
from chorus.reading.source import Source, Wait


class LineFile:
    """A file of JSON lines; with `wait`, one that is still being written."""

    words = "JSON lines"
    is_table = False

    def __init__(self, source: Source, wait: Wait | None = None) -> None:
        self._source = source
        self._wait = wait
        self.remarks: list[str] = []

    @property
    def consumed(self) -> int:
        """How many bytes of the file on disk were read so far."""
        return self._source.consumed

    def sample(self) -> list[Any]:
        """Return the objects of the first lines."""
        found = []
        for line in self._source.head(HEAD).removeprefix(BOM_UTF8).split(b"\n")[:SAMPLE]:
            try:
                found.append(orjson.loads(line))
            except orjson.JSONDecodeError:
                continue
        return found

    def portions(self, form: Format, faults: Faults, start: Position) -> Iterator[Portion]:
        """Yield the posts of the lines from a place on."""
        reader = LineReader(form, faults)
        while True:
            identity = identity_of(self._source.path)
            cutter = Cutter(faults, offset=start.offset, line=start.line)
            for block in cutter.blocks(self._source.pieces(start.offset, self._wait)):
                rows = reader.rows(_without_mark(block))
                yield rows, Position(*cutter.place, identity=identity)
            if self._wait is None or self._source.has_moved:
                yield from self._last(cutter, reader, identity)
            if not self._source.has_moved:
                return
            self.remarks.append(REPLACED)
            start = Position()

    def _last(self, cutter: Cutter, reader: LineReader, identity: str) -> Iterator[Portion]:
        offset, line = cutter.place
        rest = cutter.rest()
        if rest is None:
            return
        rows = reader.rows(rest)
        if any(len(part) for part in rows):
            yield rows, Position(rest.end, line + 1, identity=identity)
        else:
            # It may be whole the next time: it is counted, but not passed.
            yield rows, Position(offset, line, identity=identity)


def _without_mark(block: Block) -> Block:
    """Return the block with spaces where the file begins with a byte order mark."""
    if block.line or not block.data.startswith(BOM_UTF8):
        return block
    return replace(block, data=b"   " + block.data[len(BOM_UTF8) :])
