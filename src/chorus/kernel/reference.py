"""The kernel in plain Python: its specification, and what runs where no compiler was found.

The C files do the same faster; the tests hold both against each other on any text.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from chorus.kernel.reference_fingerprint import exact, functions_of, signature
from chorus.kernel.reference_hashes import siphash
from chorus.kernel.reference_mask import mask as mask_text
from chorus.kernel.reference_normalise import normalise as normalise_text
from chorus.kernel.results import SLOTS, Bytes, Fingerprints, Lines, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


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


def normalise(strings: Any) -> Any:
    """Return the normal form of each text; see chorus.kernel.normalise."""
    normal = [None if text is None else normalise_text(text) for text in strings.to_pylist()]
    return pa.array(normal, pa.large_string())


def fingerprint(strings: Any, key: bytes = bytes(16)) -> Fingerprints:
    """Return what tells whether texts are the same; see chorus.kernel.fingerprint."""
    texts = [text or "" for text in strings.to_pylist()]
    functions = functions_of(key)
    signatures = np.array([signature(text, functions) for text in texts], np.uint16)
    hashes = np.array([exact(text, key) for text in texts], np.uint64)
    return Fingerprints(hashes, signatures.reshape(-1, SLOTS))
