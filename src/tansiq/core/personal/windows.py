"""Which pieces of a text are worth a closer look.

Most of a text holds no digit; to look for numbers only around those that are there makes the
search about as quick as reading the text once.
"""

import re
from collections.abc import Iterator

_DIGIT = re.compile(r"\d")
_STROKE = re.compile(r"[/:]")
# A word that says what a number is stands at most this far before it.
_BEFORE, _AFTER = 90, 60

Windows = list[tuple[int, int]]


def near_digits(text: str) -> Windows:
    return _around(_DIGIT, text)


def near_strokes(text: str) -> Windows:
    """Return where an address of the web may stand."""
    return _around(_STROKE, text, after=320)


def _around(sign: re.Pattern[str], text: str, after: int = _AFTER) -> Windows:
    found: Windows = []
    for match in sign.finditer(text):
        start, end = max(0, match.start() - _BEFORE), match.end() + after
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def scan(pattern: re.Pattern[str], text: str, windows: Windows) -> Iterator[re.Match[str]]:
    for start, end in windows:
        yield from pattern.finditer(text, start, end)
