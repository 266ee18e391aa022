"""The kernel in plain Python: its specification, and what runs where no compiler was found.

The C files do the same faster; the tests hold both against each other on any text.
"""

import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from chorus.kernel.reference_mask import mask as mask_text
from chorus.kernel.results import Bytes, Lines, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_64_BITS = (1 << 64) - 1


def scan_lines(data: Bytes, *, longest: int, deepest: int) -> Lines:
    """Return the lines of some bytes; see chorus.kernel.scan_lines."""
    found = list(_lines(bytes(data), longest=longest, deepest=deepest))
    starts, ends, verdicts = zip(*found, strict=True) if found else ((), (), ())
    return Lines(np.array(starts, np.int64), np.array(ends, np.int64), np.array(verdicts, np.uint8))


def _lines(data: bytes, *, longest: int, deepest: int) -> "Iterator[tuple[int, int, Verdict]]":
    start = 0
    while (stop := data.find(b"\n", start)) >= 0:
        line = data[start:stop].removesuffix(b"\r")
        yield start, start + len(line), _verdict(line, longest=longest, deepest=deepest)
        start = stop + 1
    if start < len(data):
        yield start, len(data), Verdict.UNFINISHED


def _verdict(line: bytes, *, longest: int, deepest: int) -> Verdict:
    if not line.strip(b" \t\r"):
        return Verdict.BLANK
    if len(line) > longest:
        return Verdict.TOO_LONG
    try:
        line.decode()
    except UnicodeDecodeError:
        return Verdict.NOT_UTF8
    return Verdict.TOO_DEEP if _depth(line) > deepest else Verdict.GOOD


def _depth(line: bytes) -> int:
    """Return how deep [ and { are nested, those inside strings not counted."""
    depth = greatest = 0
    in_string = escaped = False
    for byte in line:
        if in_string:
            in_string = escaped or byte != ord('"')
            escaped = byte == ord("\\") and not escaped
        elif byte == ord('"'):
            in_string = True
        elif byte in b"[{":
            depth += 1
            greatest = max(greatest, depth)
        elif byte in b"]}":
            depth -= 1
    return greatest


def digest(strings: Any, key: bytes) -> "NDArray[np.uint64]":
    """Return a keyed hash of each string; see chorus.kernel.digest."""
    hashes = [siphash(text.encode(), key) or 1 if text else 0 for text in strings.to_pylist()]
    return np.array(hashes, np.uint64)


def mask(strings: Any) -> Any:
    """Return the texts with tokens for what is private; see chorus.kernel.mask."""
    masked = [None if text is None else mask_text(text) for text in strings.to_pylist()]
    return pa.array(masked, pa.large_string())


def siphash(message: bytes, key: bytes) -> int:
    """Return SipHash-2-4 of a message under a key of 16 bytes (Aumasson and Bernstein, 2012)."""
    low, high = struct.unpack("<QQ", key)
    state: list[int] = [
        low ^ 0x736F6D6570736575,
        high ^ 0x646F72616E646F6D,
        low ^ 0x6C7967656E657261,
        high ^ 0x7465646279746573,
    ]
    padded = message + bytes(-(len(message) + 1) % 8) + bytes([len(message) & 255])
    for (word,) in struct.iter_unpack("<Q", padded):
        state[3] ^= word
        _rounds(state, 2)
        state[0] ^= word
    state[2] ^= 0xFF
    _rounds(state, 4)
    a, b, c, d = state
    return a ^ b ^ c ^ d


def _rounds(state: list[int], times: int) -> None:
    a, b, c, d = state
    for _ in range(times):
        a = a + b & _64_BITS
        b = _turned(b, 13) ^ a
        a = _turned(a, 32)
        c = c + d & _64_BITS
        d = _turned(d, 16) ^ c
        a = a + d & _64_BITS
        d = _turned(d, 21) ^ a
        c = c + b & _64_BITS
        b = _turned(b, 17) ^ c
        c = _turned(c, 32)
    state[:] = a, b, c, d


def _turned(word: int, by: int) -> int:
    return (word << by | word >> (64 - by)) & _64_BITS
