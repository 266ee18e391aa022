"""A text in the pieces that a writer keeps back or lets go: its sentences."""

import hashlib
import re

from tansiq.core.words import words_of

# A sentence ends with its sign and a blank, or with the line; a line of a list is one, too.
_END = re.compile(r"(?<=[.!?؟…。])[\"'”’»)]*\s+|\n+")
_SHORTEST = 3


def passages(text: str) -> list[str]:
    """Return the sentences of a text in order; what is too short to be one joins the next."""
    found: list[str] = []
    held = ""
    for piece in _END.split(text):
        whole = f"{held} {piece.strip()}".strip()
        if len(words_of(whole)) < _SHORTEST and whole and not piece.endswith("\n"):
            held = whole
            continue
        held = ""
        if whole:
            found.append(whole)
    if held:
        found.append(held)
    return found


def passage_key(passage: str) -> str:
    """Return a sign for a passage that says nothing of its words."""
    plain = " ".join(words_of(passage))
    return hashlib.sha256(plain.encode()).hexdigest()[:20]
