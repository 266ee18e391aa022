"""The compiled kernel: finds or builds the library, hands it Arrow buffers without copying.

ctypes lets go of Python's lock during a call, so threads run beside each other.
"""

import ctypes
import functools
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from chorus.kernel.results import SLOTS, Bytes, Fingerprints, Lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

POINTER = ctypes.c_void_p
NUMBER = ctypes.c_int64

# What each function takes; it returns nothing unless RETURNS says so.
TAKES = {
    "chorus_count_lines": (POINTER, NUMBER),
    "chorus_scan_lines": (POINTER, NUMBER, NUMBER, NUMBER, POINTER, POINTER, POINTER),
    "chorus_digest": (POINTER, POINTER, POINTER),
    "chorus_mask": (POINTER, POINTER, POINTER),
    "chorus_normalise": (POINTER, POINTER, POINTER),
    "chorus_fingerprint": (POINTER, ctypes.c_char_p, POINTER, POINTER),
    "chorus_features": (POINTER, ctypes.c_uint32, POINTER, POINTER, POINTER, NUMBER),
    "chorus_places": (POINTER, POINTER, POINTER),
    "chorus_score": (POINTER, POINTER, POINTER),
}
RETURNS = dict.fromkeys(TAKES.keys() - {"chorus_scan_lines", "chorus_digest"}, NUMBER)


class SlowKernelWarning(UserWarning):
    """No compiled kernel: the same answers come from plain Python, hundreds of times slower."""


class Texts(ctypes.Structure):
    """A large_string array as the C functions see it (`Texts` in text.h)."""

    _fields_ = [
        ("data", POINTER),
        ("offsets", POINTER),
        ("valid", POINTER),
        ("valid_from", NUMBER),
        ("count", NUMBER),
    ]

    def __init__(self, array: Any) -> None:
        valid, offsets, data = array.buffers()
        # The structure holds bare addresses; the array must live as long as it does.
        self.array = array
        super().__init__(
            data=data.address if data else None,
            offsets=offsets.address + 8 * array.offset if offsets else None,
            valid=valid.address if valid else None,
            valid_from=array.offset,
            count=len(array) if offsets else 0,
        )


def as_large_strings(texts: Any) -> Any:
    """Return texts (Arrow array or chunks, polars Series, list) as one large_string array."""
    if hasattr(texts, "to_arrow"):
        texts = texts.to_arrow()
    if not isinstance(texts, pa.Array | pa.ChunkedArray):
        return pa.array(texts, pa.large_string())
    if texts.type != pa.large_string():
        texts = texts.cast(pa.large_string())
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    return texts


@functools.cache
def library() -> ctypes.CDLL | None:
    """Return the compiled kernel, made now if need be; None, with a warning, where it cannot be."""
    # Not above: `python -m chorus.kernel.build` would import itself twice.
    from chorus.kernel import build  # noqa: PLC0415 -- see above

    try:
        found = ctypes.CDLL(str(build.find_or_build()))
        return _declared(found)
    except (build.CannotBuildError, OSError, AttributeError) as problem:
        message = (
            f"{problem}. Until then chorus reads texts with plain Python, "
            "which gives the same answers many times more slowly."
        )
        warnings.warn(message, SlowKernelWarning, stacklevel=3)
        return None


def scan_lines(kernel: ctypes.CDLL, data: Bytes, *, longest: int, deepest: int) -> Lines:
    """Return the lines of some bytes; see chorus.kernel.scan_lines."""
    view = np.frombuffer(data, np.uint8)
    count = kernel.chorus_count_lines(view.ctypes.data, len(view))
    starts, ends = np.empty(count, np.int64), np.empty(count, np.int64)
    verdicts = np.empty(count, np.uint8)
    kernel.chorus_scan_lines(
        view.ctypes.data, len(view), longest, deepest,
        starts.ctypes.data, ends.ctypes.data, verdicts.ctypes.data,
    )  # fmt: skip
    return Lines(starts, ends, verdicts)


def digest(kernel: ctypes.CDLL, strings: Any, key: bytes) -> "NDArray[np.uint64]":
    """Return a keyed hash of each string; see chorus.kernel.digest."""
    texts = Texts(strings)
    digests = np.empty(texts.count, np.uint64)
    kernel.chorus_digest(ctypes.byref(texts), key, digests.ctypes.data)
    return digests


def mask(kernel: ctypes.CDLL, strings: Any) -> Any:
    """Return the texts with tokens for what is private; see chorus.kernel.mask."""
    # mask.c says why.
    return _rewritten(kernel.chorus_mask, strings, most=3 * bytes_in(strings) + 16)


def normalise(kernel: ctypes.CDLL, strings: Any) -> Any:
    """Return the normal form of each text; see chorus.kernel.normalise."""
    # normalise.c says why.
    most = 2 * bytes_in(strings) + 2 * len(strings) + 8192
    return _rewritten(kernel.chorus_normalise, strings, most=most)


def fingerprint(kernel: ctypes.CDLL, strings: Any, key: bytes) -> Fingerprints:
    """Return what tells whether texts are the same; see chorus.kernel.fingerprint."""
    texts = Texts(strings)
    exact = np.empty(texts.count, np.uint64)
    signature = np.empty((texts.count, SLOTS), np.uint16)
    places = exact.ctypes.data, signature.ctypes.data
    if kernel.chorus_fingerprint(ctypes.byref(texts), key, *places) < 0:
        raise MemoryError("There is no memory for the longest text; give shorter ones.")
    return Fingerprints(exact, signature)


def _rewritten(function: Any, strings: Any, *, most: int) -> Any:
    """Return texts that a function of the kernel wrote, of not more than `most` bytes."""
    texts = Texts(strings)
    # Pages that stay empty cost nothing.
    written = pa.allocate_buffer(most, resizable=True)
    offsets = pa.allocate_buffer(8 * (texts.count + 1))
    used = function(ctypes.byref(texts), written.address, offsets.address)
    written.resize(used, shrink_to_fit=True)
    valid = strings.is_valid().buffers()[1] if strings.null_count else None
    return pa.LargeStringArray.from_buffers(texts.count, offsets, written, valid)


def bytes_in(strings: Any) -> int:
    """Return how many bytes the texts have together."""
    offsets = strings.buffers()[1]
    if not offsets or not len(strings):
        return 0
    places = np.frombuffer(offsets, np.int64)
    return int(places[strings.offset + len(strings)] - places[strings.offset])


def _declared(found: ctypes.CDLL) -> ctypes.CDLL:
    for name, takes in TAKES.items():
        function = getattr(found, name)
        function.argtypes = takes
        function.restype = RETURNS.get(name)
    return found
