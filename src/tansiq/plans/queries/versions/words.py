"""What changed in a text, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

# A word with the marks that belong to it (Arabic vowels are marks), a stretch of space, or a sign.
_PIECES = re.compile(r"\w[\w\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670'’\-]*|\s+|[^\w\s]")
KEPT, ADDED, REMOVED = "kept", "added", "removed"
# Above this length single words tell nothing any more, and comparing them takes long.
_MOST_PIECES = 4000


@dataclass(frozen=True)
class Stretch:
    """Some words that were kept, added or removed."""

    sort: str
    text: str

    @property
    def is_added(self) -> bool:
        return self.sort == ADDED

    @property
    def is_removed(self) -> bool:
        return self.sort == REMOVED


def compare_words(before: str, after: str) -> list[Stretch]:
    """Return the stretches of a text that were kept, removed and added.

    What is kept and removed makes up the text before; what is kept and added, the text after.
    """
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    if len(old) + len(new) > _MOST_PIECES:
        return _joined([Stretch(REMOVED, before), Stretch(ADDED, after)])
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    found = []
    for _tag, i, j, k, m in matcher.get_opcodes():
        if old[i:j] == new[k:m]:
            found.append(Stretch(KEPT, "".join(old[i:j])))
        else:
            found += [Stretch(REMOVED, "".join(old[i:j])), Stretch(ADDED, "".join(new[k:m]))]
    return _joined(_without_lone_spaces(found))


def _without_lone_spaces(found: list[Stretch]) -> list[Stretch]:
    """Let a single space between two changed stretches change with them: it reads better."""
    made: list[Stretch] = []
    for number, one in enumerate(found):
        is_between = 0 < number < len(found) - 1 and one.sort == KEPT and one.text.isspace()
        if is_between:
            made += [Stretch(REMOVED, one.text), Stretch(ADDED, one.text)]
        else:
            made.append(one)
    return made


def _joined(found: list[Stretch]) -> list[Stretch]:
    """Put what is removed and what is added between two kept stretches into one of each."""
    made: list[Stretch] = []
    removed = added = ""
    for one in [*found, Stretch(KEPT, "")]:
        if one.sort == KEPT:
            changed = (Stretch(REMOVED, removed), Stretch(ADDED, added))
            made += [stretch for stretch in changed if stretch.text]
            removed = added = ""
            made += [one] if one.text else []
        elif one.sort == REMOVED:
            removed += one.text
        else:
            added += one.text
    return made
