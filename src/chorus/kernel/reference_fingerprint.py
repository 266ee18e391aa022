"""`fingerprint` in plain Python: what tells that two texts are the same or nearly so."""

import functools
import re
import struct
from typing import TYPE_CHECKING, Final

from chorus.kernel.characters import is_in, is_invisible, is_space, lower
from chorus.kernel.reference_hashes import siphash
from chorus.kernel.reference_normalise import normalise
from chorus.kernel.results import SLOTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_32_BITS: Final = (1 << 32) - 1
_64_BITS: Final = (1 << 64) - 1
_REPOST: Final = re.compile(r"[rR][tT](.*?)\[user\]:?", re.DOTALL)
_SELECTORS: Final = ((0xFE00, 0xFE0F),)
_NOTHING: Final = (1 << 16) - 1


def exact(text: str, key: bytes) -> int:
    """Return a hash of a masked text without case, spaces, [user] and [link]; 0 if nothing is left.

    "RT [user]:" at the beginning does not count, so a repost is the same text.
    """
    folded = fold(text).encode()
    return (siphash(folded, key) or 1) if folded else 0


def fold(text: str) -> str:
    left = text[_past_repost(text) :].replace("[user]", "\0").replace("[link]", "\0")
    return "".join(lower(one) for one in left if not _is_gap(one))


def _past_repost(text: str) -> int:
    start = 0
    while start < len(text) and _is_blank(text[start]):
        start += 1
    found = _REPOST.match(text, start)
    return found.end() if found and all(map(_is_blank, found[1])) else 0


def _is_blank(character: str) -> bool:
    return is_space(character) or is_invisible(character)


def _is_gap(character: str) -> bool:
    return _is_blank(character) or is_in(character, _SELECTORS)


def signature(text: str, functions: "Sequence[tuple[int, int]]") -> list[int]:
    """Return SLOTS MinHash values (Broder, 1997) over the words and pairs of words of a text."""
    found = list(shingles(normalise(text)))
    return [
        min((shingle * factor + term & _32_BITS for shingle in found), default=_32_BITS) >> 16
        for factor, term in functions
    ]


def shingles(normal: str) -> "Iterator[int]":
    """Return the hashes of the words and of each two neighbours; a leading "rt" does not count."""
    words = normal.split(" ")[1:-1]
    hashes = [hash_word(word.encode()) for word in words[words[:1] == ["rt"] :]]
    for place, word in enumerate(hashes):
        yield _mixed(word)
        if place:
            yield _mixed(hashes[place - 1] * 0xA0761D6478BD642F + word)


def hash_word(word: bytes) -> int:
    """Return the hash of a word of a normalised text, 64 bits."""
    result = 0x9E3779B97F4A7C15 ^ len(word)
    for (part,) in struct.iter_unpack("<Q", word + bytes(-len(word) % 8)):
        result = (result ^ part) * 0xD6E8FEB86659FD93 & _64_BITS
        result ^= result >> 32
    return result


def _mixed(word: int) -> int:
    return (word * 0x9FB21C651E98DF25 & _64_BITS) >> 32


@functools.cache
def functions_of(key: bytes) -> tuple[tuple[int, int], ...]:
    """Return the functions of a key: SplitMix64 from its seed."""
    return tuple(_functions(siphash(b"signature", key)))


def _functions(seed: int) -> "Iterator[tuple[int, int]]":
    for place in range(1, SLOTS + 1):
        word = seed + place * 0x9E3779B97F4A7C15 & _64_BITS
        word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9 & _64_BITS
        word = (word ^ word >> 27) * 0x94D049BB133111EB & _64_BITS
        word ^= word >> 31
        yield word & _32_BITS | 1, word >> 32
