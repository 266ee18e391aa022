"""The letters our documents are set in: Noto Sans and Noto Sans Arabic, shipped with the code."""

import struct
import unicodedata
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "fonts"
FAMILIES = ("Noto Sans", "Noto Sans Arabic")
_UNICODE_TABLES = {(0, 3), (0, 4), (3, 1), (3, 10)}
_SEGMENTS, _GROUPS = 4, 12
# Steers or joins and needs no shape of its own.
_UNSEEN = frozenset("\n\t\u061c\u200b\u200c\u200d\u200e\u200f\u2060") | frozenset(
    map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
)
# The byte order mark may not stand in an accessible file; a soft hyphen breaks the layout where
# the direction turns.
_SAYS_NOTHING = "\ufeff\u00ad"


def displayable(text: str) -> str:
    """Write out as [U+1F600] what our letters have no shape for, instead of losing it.

    An accessible PDF may not hold a sign without a shape.
    """
    known = covered()
    if known.issuperset(text) and not any(map(unicodedata.combining, text)):
        return text
    written, base = [], ""
    for letter in text:
        if not unicodedata.combining(letter):
            base = letter
        written.append(letter if _stands(letter, base) else _spelt(letter))
    return "".join(written)


def plain(text: str) -> str:
    """Leave out all that has no shape of its own, and spell out marks that no letter takes in."""
    kept = covered() - _UNSEEN | frozenset("\n\t")
    letters = unicodedata.normalize("NFC", displayable(text))
    return "".join(
        one if not unicodedata.combining(one) else _spelt(one) for one in letters if one in kept
    )


def _stands(letter: str, base: str) -> bool:
    """Say whether a letter can be shown: a mark above or below only with its letter's font."""
    if letter == base:
        return letter in covered()
    return any({letter, base} <= characters for characters in characters_by_family().values())


def _spelt(letter: str) -> str:
    if unicodedata.category(letter) == "Zs":
        return " "
    # A sign that only varies the one before it says nothing alone.
    if "\ufe00" <= letter <= "\ufe0f" or letter in _SAYS_NOTHING:
        return ""
    return f"[U+{ord(letter):04X}]"


@lru_cache(maxsize=1)
def covered() -> frozenset[str]:
    """Return the characters that our letters can show, or that need no shape."""
    return _UNSEEN.union(*characters_by_family().values())


@lru_cache(maxsize=1)
def characters_by_family() -> dict[str, frozenset[str]]:
    """Return the characters that both weights of each family can show."""
    return {family: _characters_of_both(family.replace(" ", "")) for family in FAMILIES}


def _characters_of_both(name: str) -> frozenset[str]:
    regular, bold = (_characters_of(FOLDER / f"{name}-{one}.ttf") for one in ("Regular", "Bold"))
    return frozenset(map(chr, regular & bold)) - set(_SAYS_NOTHING)


def _characters_of(file: Path) -> frozenset[int]:
    """Read the table of a TrueType file that says for which characters it has a shape."""
    data = file.read_bytes()
    count = struct.unpack_from(">H", data, 4)[0]
    for place in range(count):
        tag, _sum, offset, _length = struct.unpack_from(">4sLLL", data, 12 + 16 * place)
        if tag == b"cmap":
            return _read_map(data, offset)
    message = f"{file.name} is not a font with a table of characters."
    raise ValueError(message)


def _read_map(data: bytes, start: int) -> frozenset[int]:
    found: set[int] = set()
    for place in range(struct.unpack_from(">H", data, start + 2)[0]):
        *system, offset = struct.unpack_from(">HHL", data, start + 4 + 8 * place)
        form = struct.unpack_from(">H", data, start + offset)[0]
        if tuple(system) in _UNICODE_TABLES and form == _SEGMENTS:
            found |= _segments(data, start + offset)
        elif tuple(system) in _UNICODE_TABLES and form == _GROUPS:
            found |= _groups(data, start + offset)
    return frozenset(found - {0xFFFF})


def _segments(data: bytes, at: int) -> set[int]:
    count = struct.unpack_from(">H", data, at + 6)[0] // 2
    ends, starts, deltas, ranges = (
        struct.unpack_from(f">{count}H", data, at + 14 + 2 * (count * n + (n > 0)))
        for n in range(4)
    )
    found = set()
    for n in range(count):
        for character in range(starts[n], ends[n] + 1):
            glyph = character
            if ranges[n]:
                table = at + 16 + 6 * count + 2 * n
                where = table + ranges[n] + 2 * (character - starts[n])
                glyph = struct.unpack_from(">H", data, where)[0]
                if not glyph:
                    continue
            if (glyph + deltas[n]) & 0xFFFF:
                found.add(character)
    return found


def _groups(data: bytes, at: int) -> set[int]:
    found: set[int] = set()
    for n in range(struct.unpack_from(">L", data, at + 12)[0]):
        first, last, glyph = struct.unpack_from(">LLL", data, at + 16 + 12 * n)
        found.update(range(first + (glyph == 0), last + 1))
    return found
