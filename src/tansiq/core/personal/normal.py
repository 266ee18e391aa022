"""A text in one way of writing, with the way back to where each sign stood.

Digits of every script become 0 to 9, full-width and other look-alike signs their plain ones, and
what is not seen goes, so that none of it hides a number or an address.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Signs drawn like another one, which no normal form joins.
_ALIKE = {
    "ⓐ": "@",
    "Ⓐ": "@",
    "\u066b": ".",
    "\u066c": ",",
    "\u060c": ",",
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "-",
    "\u2013": "-",
    "\u2212": "-",
    "\u2018": "'",
    "\u2019": "'",
    "\u02bc": "'",
    "\u2032": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u2033": '"',
    "º": "°",
    "\u0640": "",
}


@dataclass(frozen=True)
class Plain:
    """`text` is the plain writing; `at[i]` is where its sign `i` stood."""

    text: str
    at: list[int]
    length: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a piece of the plain writing stood in the text as it was given."""
        if not self.at:
            return start, end
        last = self.at[end - 1] + 1 if end > start else self.at[start]
        return self.at[start], last


def plain(text: str) -> Plain:
    if text.isascii():
        return Plain(text, [], len(text))
    pieces: list[str] = []
    at: list[int] = []
    for place, sign in enumerate(text):
        written = _plain_sign(sign)
        if len(written) == 1:
            pieces.append(written)
            at.append(place)
        elif written:
            pieces.extend(written)
            at.extend([place] * len(written))
    return Plain("".join(pieces), at, len(text))


@lru_cache(maxsize=4096)
def _plain_sign(sign: str) -> str:
    if sign in _ALIKE:
        return _ALIKE[sign]
    category = unicodedata.category(sign)
    # What is not seen, and the vowel signs that may stand on an Arabic letter.
    if category == "Cf" or "\u064b" <= sign <= "\u0652":
        return ""
    if category == "Nd":
        return str(unicodedata.digit(sign))
    if category == "Zs":
        return " "
    return unicodedata.normalize("NFKC", sign)
