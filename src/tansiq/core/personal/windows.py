"""Which pieces of a text are worth a closer look.

Most of a text holds no long number; to look for one only around those that are there makes the
search about as quick as reading the text once.
"""

import re
from collections.abc import Iterator

DIGIT = re.compile(r"\d")
# As many digits as the shortest telephone, identity number or passport has.
SEVEN_DIGITS = re.compile(r"\d(?:[ .()/\-\n]{0,2}\d){6}")
SIX_SIGNS = re.compile(r"\d(?:[ .\n-]?[\dA-Z]){5}")
# Letters and digits side by side, as on a number plate.
LETTER_AND_DIGIT = re.compile(r"[A-Z\u0621-\u064a][ /-]?\d|\d[ /-]?[A-Z\u0621-\u064a]|\d-\d{3}")
STROKE = re.compile(r"[/:]")
# A word that says what a number is stands at most this far before it.
_BEFORE, _AFTER = 90, 60

Windows = list[tuple[int, int]]


def around(sign: re.Pattern[str], text: str, *, after: int = _AFTER) -> Windows:
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
