"""The unpacked bytes of one file, from any place on, in pieces of bounded size.

What a file is packed with is told by its first bytes, never by its name. A packed stream that ends
too early, is damaged, or unpacks to more than any stream of posts does, gives what could be read;
`trouble` then says what happened.
"""

import codecs
import os
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, Protocol

import zstandard

from chorus.reading.errors import (
    EmptyStreamError,
    ForbiddenStreamError,
    MissingStreamError,
    ReadingError,
)

_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_PIECE: Final = 1 << 20

# So much is fed to an unpacker at once. Gzip makes at most 1,032 bytes of one; a zstd block of four
# bytes can make 128 KB, so that less is fed to it: either way a piece stays under 64 MB.
_FED: Final = {"gzip": 1 << 15, "zstd": 1 << 11}
_ZSTD_WINDOW: Final = 1 << 27

# Real streams of posts shrink to a fifth or a twentieth. Past both of these it is a bomb.
MOST_EXPANSION: Final = 400
EXPANSION_FREE: Final = 1 << 28


# Called when a followed file has no more for now; returns False to stop.
Wait = Callable[[], bool]


class _Unpacker(Protocol):
    """What zlib and zstandard have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


class Source:
    """One file on disk. Raises a ReadingError for what is not there or may not be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = _size(path)
        head = self._open_head()
        self.packing = _packing_of(head)
        self.encoding = "utf-8"
        self.consumed = 0
        self.trouble = ""
        self.has_moved = False

    @property
    def is_plain(self) -> bool:
        """Whether byte offsets of the stream are those of the file."""
        return not self.packing and self.encoding == "utf-8"

    def head(self, size: int) -> bytes:
        """Return the first bytes of the unpacked stream, before any change of encoding."""
        found = b""
        with self.path.open("rb") as file:
            for piece in self._unpacked(file):
                found += piece
                if len(found) >= size:
                    break
        if not found:
            message = f"{self.path.name} unpacks to nothing; it is empty or damaged, name another."
            raise EmptyStreamError(message)
        self.consumed, self.trouble = 0, ""
        return found[:size]

    def pieces(self, offset: int = 0, wait: Wait | None = None) -> Iterator[bytes]:
        """Yield the stream from a byte offset on, as UTF-8 where `encoding` is another.

        With `wait`, the end of a plain file is not the end: an empty piece is given, `wait` is
        called, and reading goes on, until it returns False or the file is replaced or cut short;
        `has_moved` then says so.
        """
        self.has_moved = False
        with self.path.open("rb") as file:
            if self.is_plain:
                file.seek(offset)
                self.consumed = offset
                yield from self._plain(file) if wait is None else self._followed(file, wait)
            else:
                yield from _skipped(self._recoded(self._unpacked(file)), offset)

    def _open_head(self) -> bytes:
        try:
            with self.path.open("rb") as file:
                return file.read(4)
        except PermissionError as error:
            message = f"{self.path.name} may not be read by this account; ask its owner for access."
            raise ForbiddenStreamError(message) from error
        except OSError as error:
            message = f"{self.path.name} cannot be opened: {error.strerror}."
            raise ReadingError(message) from error

    def _plain(self, file: BinaryIO) -> Iterator[bytes]:
        while piece := file.read(_PIECE):
            self.consumed += len(piece)
            yield piece

    def _followed(self, file: BinaryIO, wait: Wait) -> Iterator[bytes]:
        while True:
            yield from self._plain(file)
            yield b""
            if self._is_another(file):
                # Somebody may have written into the old file until it was moved.
                yield from self._plain(file)
                self.has_moved = True
                return
            if not wait():
                return

    def _is_another(self, file: BinaryIO) -> bool:
        status = os.fstat(file.fileno())
        if status.st_size < file.tell():
            return True
        try:
            return not os.path.samestat(status, self.path.stat())
        except FileNotFoundError:
            # Moved away, and the new one is not there yet.
            return False

    def _unpacked(self, file: BinaryIO) -> Iterator[bytes]:
        if not self.packing:
            yield from self._plain(file)
            return
        made = 0
        for piece in self._members(file):
            made += len(piece)
            yield piece
            if made > EXPANSION_FREE and made > MOST_EXPANSION * self.consumed:
                self.trouble = (
                    f"The file unpacks to more than {MOST_EXPANSION} times its size, as no stream"
                    " of posts does; the rest of it was not read."
                )
                return

    def _members(self, file: BinaryIO) -> Iterator[bytes]:
        unpacker: _Unpacker | None = None
        rest = b""
        while fed := rest or file.read(_FED[self.packing]):
            self.consumed = file.tell()
            if unpacker is None:
                fed = fed.lstrip(b"\0")  # what some tools pad the last member with
                if not fed:
                    rest = b""
                    continue
                unpacker = self._unpacker()
            try:
                piece = unpacker.decompress(fed)
            except (zlib.error, zstandard.ZstdError):
                self.trouble = "The packed file is damaged; what stands before the damage was read."
                return
            if piece:
                yield piece
            rest = unpacker.unused_data if unpacker.eof else b""
            unpacker = None if unpacker.eof else unpacker
        if unpacker is not None:
            self.trouble = "The packed file ends too early; what it holds was read."

    def _unpacker(self) -> _Unpacker:
        if self.packing == "gzip":
            return zlib.decompressobj(wbits=31)
        return zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()

    def _recoded(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        if self.encoding == "utf-8":
            yield from pieces
            return
        decoder = codecs.getincrementaldecoder(self.encoding)(errors="replace")
        for piece in pieces:
            yield decoder.decode(piece).encode("utf-8", "replace")
        yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _size(path: Path) -> int:
    try:
        size = path.stat().st_size
    except FileNotFoundError as error:
        raise MissingStreamError(
            f"There is no {path.name}; check the name and the folder."
        ) from error
    except PermissionError as error:
        message = f"The folder of {path.name} may not be read by this account; ask for access."
        raise ForbiddenStreamError(message) from error
    if not path.is_file():
        raise ReadingError(f"{path.name} is not a file; name a file or a folder of files.")
    if not size:
        raise EmptyStreamError(f"{path.name} is empty; wait until it is written, or name another.")
    return size


def _packing_of(head: bytes) -> str:
    if head.startswith(_GZIP):
        return "gzip"
    return "zstd" if head.startswith(_ZSTD) else ""


def _skipped(pieces: Iterator[bytes], offset: int) -> Iterator[bytes]:
    for piece in pieces:
        if offset >= len(piece):
            offset -= len(piece)
            continue
        yield piece[offset:]
        offset = 0
