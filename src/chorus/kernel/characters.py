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
    if character < "\x80":
        return is_ascii_letter(character) or "0" <= character <= "9" or character == "_"
    return not _is_in(character, _NO_WORD)


def is_invisible(character: str) -> bool:
    """Return whether a character has no width: joiners, marks of direction, the soft hyphen."""
    return _is_in(character, _INVISIBLE)


def is_space(character: str) -> bool:
    return _is_in(character, _SPACE)


def _is_in(character: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= ord(character) <= last for first, last in ranges)
