"""What must be fast, in C with a plain Python specification: lines, hashes, masks, scores.

Texts come in as Arrow arrays, polars Series or lists; the answers are numpy arrays or an Arrow
array. Every function is pure, lets go of Python's lock and never fails on any text. Without a
compiler `reference` answers the same, slowly, after one warning.
"""

from typing import TYPE_CHECKING, Any

from chorus.kernel import native, reference
from chorus.kernel.native import SlowKernelWarning, as_large_strings
from chorus.kernel.phrasebook import Phrasebook, PhrasebookError
from chorus.kernel.results import Bytes, Fingerprints, Lines, Verdict
from chorus.kernel.scoring import Features, features, features_for, places, score
from chorus.kernel.weights import ROWS, Weights, WeightsError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "KEY_BYTES",
    "ROWS",
    "Features",
    "Fingerprints",
    "Lines",
    "Phrasebook",
    "PhrasebookError",
    "SlowKernelWarning",
    "Verdict",
    "Weights",
    "WeightsError",
    "digest",
    "features",
    "features_for",
    "fingerprint",
    "mask",
    "normalise",
    "places",
    "scan_lines",
    "score",
]

KEY_BYTES = 16


def scan_lines(data: Bytes, longest: int = 1_000_000, deepest: int = 64) -> Lines:
    r"""Split bytes at \n or \r\n and say of each line whether a JSON parser may have it.

    The verdict is the first that fits: blank; longer than `longest` bytes; not UTF-8 (overlong
    forms, surrogates and numbers past U+10FFFF are not); [ and { nested deeper than `deepest`
    outside strings; good. What follows the last \n is one more line, unfinished.
    """
    kernel = native.library()
    if kernel is None:
        return reference.scan_lines(data, longest=longest, deepest=deepest)
    return native.scan_lines(kernel, data, longest=longest, deepest=deepest)


def digest(strings: Any, key: bytes) -> "NDArray[np.uint64]":
    """Return SipHash-2-4 of each string under a key of 16 bytes.

    0 stands for null and for the empty string; a hash that would be 0 is 1.
    Raises ValueError when the key has another length.
    """
    if len(key) != KEY_BYTES:
        raise ValueError(f"The key has {len(key)} bytes; give one of {KEY_BYTES}.")
    kernel = native.library()
    strings = as_large_strings(strings)
    if kernel is None:
        return reference.digest(strings, key)
    return native.digest(kernel, strings, key)


def mask(texts: Any) -> Any:
    """Return the texts (a large_string array) with what is private as a short token.

    `[user]` stands for a handle, `[link]` for a link, `[mail]` for a mail address and `[number]`
    for what may be a phone, card or document number; hashtags stay, and dates, times, years,
    counts and sums of money where they cannot be anything else. Null stays null. Masking twice
    is masking once. Names of persons without an @ are not found.
    """
    kernel = native.library()
    texts = as_large_strings(texts)
    return reference.mask(texts) if kernel is None else native.mask(kernel, texts)


def normalise(texts: Any) -> Any:
    """Return what features, look-ups and signatures are made of, as a large_string array.

    Words in small letters between single spaces, one before the first and one behind the last;
    links, mentions and the mask's tokens gone, digits as 0, an emoji a word of its own. A normal
    form has at most 8,192 bytes; what follows in a longer text is not read. Null stays null.
    """
    kernel = native.library()
    texts = as_large_strings(texts)
    return reference.normalise(texts) if kernel is None else native.normalise(kernel, texts)


def fingerprint(texts: Any, key: bytes = bytes(KEY_BYTES)) -> Fingerprints:
    """Return what tells whether masked texts are the same (`exact`) or nearly so (`signature`).

    `exact` (uint64, n) is a hash of all of a text but case, spaces, `[user]`, `[link]` and a
    leading "RT [user]:"; 0 where nothing is left. `signature` (uint16, n x 32) are MinHash
    values over words and pairs of words: the share of equal ones estimates how much two texts
    have in common (Jaccard), with a standard error of at most 0.09.

    Both depend on the key, so that whoever has them but not the key cannot ask whether a text of
    his is among them. Raises ValueError when the key has another length than 16 bytes.
    """
    if len(key) != KEY_BYTES:
        raise ValueError(f"A key has {KEY_BYTES} bytes; this one has {len(key)}.")
    kernel = native.library()
    texts = as_large_strings(texts)
    if kernel is None:
        return reference.fingerprint(texts, key)
    return native.fingerprint(kernel, texts, key)
