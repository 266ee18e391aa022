"""Text that people wrote, made safe to stand in a file without changing what it says.

Nothing is interpreted: markup stays letters. What no file format can hold (control characters,
half characters) becomes U+FFFD, and a mark that turns the direction of writing is closed where
its line ends, so that it cannot turn what follows.
"""

import re
import unicodedata

from tansiq.core import formats

REPLACED = "\ufffd"
# Tab and line feed are text; the other controls, half characters and non-characters are not.
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# The last two of each plane beyond the first are no characters either.
_BEYOND = re.compile(
    "[" + "".join(chr(n * 0x10000 + e) for n in range(1, 17) for e in (0xFFFE, 0xFFFF)) + "]"
)
_ENDS_OF_LINE = re.compile("\r\n|[\r\u2028\u2029\x85\x0b\x0c]")
_EMBED, _ISOLATE = "\u202a\u202b\u202d\u202e", "\u2066\u2067\u2068"
_POP, _POP_ISOLATE = "\u202c", "\u2069"
_STEERING = re.compile(f"[{_EMBED}{_ISOLATE}{_POP}{_POP_ISOLATE}]")
_LONGEST_WORD = re.compile(r"\S{27,}")
_PIECE = 13


def clean(text: object) -> str:
    """Return a text that every format can hold, each of its lines steady in its direction."""
    lines = _ENDS_OF_LINE.sub("\n", str(text)).split("\n")
    return "\n".join(_steady(_BEYOND.sub(REPLACED, _NOT_TEXT.sub(REPLACED, one))) for one in lines)


def _steady(line: str) -> str:
    """Close what turns the direction, and leave out what closes nothing."""
    if not _STEERING.search(line):
        return line
    written: list[str] = []
    open_marks: list[str] = []
    for letter in line:
        if letter in (_POP, _POP_ISOLATE):
            if not open_marks or open_marks[-1] != letter:
                continue
            open_marks.pop()
        elif letter in _EMBED:
            open_marks.append(_POP)
        elif letter in _ISOLATE:
            open_marks.append(_POP_ISOLATE)
        written.append(letter)
    return "".join(written + open_marks[::-1])


def paragraphs_of(text: str) -> list[str]:
    """Return the paragraphs of what a person wrote: lines that are not empty."""
    return [line.strip() for line in clean(text).split("\n") if line.strip()]


def is_rtl(language: str) -> bool:
    return formats.locale_of(language).text_direction == "rtl"


def runs_rtl(text: str, language: str) -> bool:
    """Return whether a text runs from right to left: by its first letter, else by its language."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in {"R", "AL"}:
            return True
        if kind == "L":
            return False
    return is_rtl(language)


def breakable(text: str) -> str:
    """Let very long words break, so that none runs over the edge of its column."""
    return _LONGEST_WORD.sub(_with_breaks, text)


def _with_breaks(match: re.Match[str]) -> str:
    word = match.group()
    written = []
    for place, letter in enumerate(word):
        # Never inside a letter with its marks, nor beside a joiner.
        is_seam = place and place % _PIECE == 0
        if is_seam and not unicodedata.combining(letter) and _is_plain(word[place - 1] + letter):
            written.append("\u200b")
        written.append(letter)
    return "".join(written)


def _is_plain(pair: str) -> bool:
    return not any(unicodedata.category(one) == "Cf" for one in pair)
