"""A stream cut into blocks of whole lines.

Memory is bounded by the size of a block and by the longest line that is kept; a longer line is
counted and passed over as it is read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from chorus.reading.faults import Faults, Reason

# A page of five hundred posts with all that belongs to them is about two megabytes.
LONGEST_LINE: Final = 1 << 22

# The first block is small so that a first picture comes early.
FIRST_BLOCK: Final = 1 << 20
_SMALLEST_BLOCK: Final = 1 << 18
_LARGEST_BLOCK: Final = 1 << 23
POSTS_IN_A_BLOCK: Final = 32_768


@dataclass(frozen=True)
class Block:
    """Some whole lines. `line` and `offset` count what stands before the block."""

    data: bytes
    line: int
    offset: int
    is_finished: bool = True

    @property
    def end(self) -> int:
        """The byte offset after the block."""
        return self.offset + len(self.data)


class Cutter:
    """Cuts pieces of bytes into blocks; keeps the count of lines and bytes."""

    def __init__(self, faults: Faults, *, offset: int = 0, line: int = 0) -> None:
        self._faults = faults
        self._offset = offset
        self._line = line
        self._held: list[bytes] = []
        self._held_size = 0
        self._wanted = FIRST_BLOCK
        self._is_passing_over = False

    @property
    def place(self) -> tuple[int, int]:
        """The byte offset and the number of lines after the latest block."""
        return self._offset, self._line

    def blocks(self, pieces: Iterator[bytes]) -> Iterator[Block]:
        """Yield blocks until the pieces end. An unfinished last line stays held.

        An empty piece means that there is no more for now: all whole lines are then given.
        """
        for piece in pieces:
            yield from self._take(piece)
        yield from self._cut()

    def rest(self) -> Block | None:
        """Return the unfinished last line, if there is one, and let go of it."""
        data = b"".join(self._held)
        self._held, self._held_size = [], 0
        if not data:
            return None
        return Block(data, self._line, self._offset, is_finished=False)

    def _take(self, piece: bytes) -> Iterator[Block]:
        if not piece:
            yield from self._cut()
        if self._is_passing_over:
            piece = self._pass_over(piece)
        # A piece of a packed stream may be many blocks long.
        for start in range(0, len(piece), _LARGEST_BLOCK):
            part = piece[start : start + _LARGEST_BLOCK]
            if self._is_passing_over:
                part = self._pass_over(part)
            self._held.append(part)
            self._held_size += len(part)
            if self._held_size >= self._wanted:
                yield from self._cut()

    def _cut(self) -> Iterator[Block]:
        data = b"".join(self._held)
        end = data.rfind(b"\n") + 1
        if end:
            yield self._block(data[:end])
        rest = data[end:]
        if len(rest) > LONGEST_LINE:
            self._faults.add(Reason.TOO_LONG, self._line + 1)
            self._offset += len(rest)
            self._is_passing_over = True
            rest = b""
        self._held, self._held_size = [rest] if rest else [], len(rest)

    def _block(self, data: bytes) -> Block:
        block = Block(data, self._line, self._offset)
        lines = data.count(b"\n")
        self._line += lines
        self._offset += len(data)
        fitting = POSTS_IN_A_BLOCK * len(data) // lines
        self._wanted = min(max(fitting, _SMALLEST_BLOCK), _LARGEST_BLOCK)
        return block

    def _pass_over(self, piece: bytes) -> bytes:
        end = piece.find(b"\n") + 1
        if not end:
            self._offset += len(piece)
            return b""
        self._line += 1
        self._offset += end
        self._is_passing_over = False
        return piece[end:]
