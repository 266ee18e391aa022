"""Kinds of characters, as text.h has them: ranges, not Python's own tables, so that both agree."""

from typing import Final

DIGITS: Final = (0x30, 0x660, 0x6F0, 0xFF10)  # ASCII, Arabic-Indic, Persian, full width

# Neither letter, mark nor digit; between them stand the words of every script.
_NO_WORD: Final = (
    (0x80, 0xA9), (0xAB, 0xB4), (0xB6, 0xB9), (0xBB, 0xBF), (0xD7, 0xD7), (0xF7, 0xF7),
    (0x60C, 0x60D), (0x61B, 0x61F), (0x66A, 0x66D), (0x6D4, 0x6D4), (0x2000, 0x206F),
    (0x20A0, 0x20FF), (0x2190, 0x2BFF), (0x2E00, 0x2E7F), (0x3000, 0x303F), (0xFD3E, 0xFD3F),
    (0xFE00, 0xFE6F), (0xFEFF, 0xFEFF), (0xFF00, 0xFF0F), (0xFF1A, 0xFF20), (0xFF3B, 0xFF40),
    (0xFF5B, 0xFF65), (0xFFF0, 0xFFFF), (0x1F000, 0x1FAFF), (0xE0000, 0xE0FFF),
)  # fmt: skip

_INVISIBLE: Final = (
    (0xAD, 0xAD), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x2069), (0xFEFF, 0xFEFF),
)  # fmt: skip
_SPACE: Final = (
    (0x00, 0x20), (0x7F, 0x7F), (0x85, 0x85), (0xA0, 0xA0), (0x2000, 0x200A), (0x2028, 0x2029),
    (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000),
)  # fmt: skip


def digit(character: str) -> int:
    """Return the value of a digit, -1 of anything else."""
    for zero in DIGITS:
        if zero <= ord(character) < zero + 10:
            return ord(character) - zero
    return -1


def is_ascii_letter(character: str) -> bool:
    return "a" <= character <= "z" or "A" <= character <= "Z"


def is_word(character: str) -> bool:
    """Return whether a character can be part of a word or a name; `_` can."""
    if character < "\x80":  # the end of a text, "", too
        return is_ascii_letter(character) or "0" <= character <= "9" or character == "_"
    return not is_in(character, _NO_WORD)


def is_invisible(character: str) -> bool:
    """Return whether a character has no width: joiners, marks of direction, the soft hyphen."""
    return is_in(character, _INVISIBLE)


def is_space(character: str) -> bool:
    return is_in(character, _SPACE)


def is_in(character: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= ord(character) <= last for first, last in ranges)


# First and last capital, the step between capitals, how far the small letter is from it. Where
# capitals and small letters alternate, the step is 2.
_CAPITALS: Final = (
    (0x41, 0x5A, 1, 32), (0xC0, 0xD6, 1, 32), (0xD8, 0xDE, 1, 32), (0x100, 0x12E, 2, 1),
    (0x130, 0x130, 1, 0x69 - 0x130), (0x132, 0x136, 2, 1), (0x139, 0x147, 2, 1),
    (0x14A, 0x176, 2, 1), (0x178, 0x178, 1, 0xFF - 0x178), (0x179, 0x17D, 2, 1),
    (0x218, 0x21A, 2, 1), (0x391, 0x3A1, 1, 32), (0x3A3, 0x3A9, 1, 32), (0x400, 0x40F, 1, 80),
    (0x410, 0x42F, 1, 32), (0x1E00, 0x1E94, 2, 1), (0x1E9E, 0x1E9E, 1, 0xDF - 0x1E9E),
    (0x1EA0, 0x1EFE, 2, 1), (0xFF21, 0xFF3A, 1, 0x61 - 0xFF21), (0xFF41, 0xFF5A, 1, 0x61 - 0xFF41),
)  # fmt: skip
_STYLED: Final = range(0x1D400, 0x1D6A4)  # bold, italic, ... letters, an alphabet after the other


def lower(character: str) -> str:
    """Return the small letter of a capital, the plain one of a styled or full-width letter."""
    point = ord(character)
    for first, last, step, distance in _CAPITALS:
        if first <= point <= last and (point - first) % step == 0:
            return chr(point + distance)
    if point in _STYLED:
        return chr(ord("a") + (point - _STYLED.start) % 26)
    return character
