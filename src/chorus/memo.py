"""What the heads said of texts that came before, so that a text is scored once.

Only a cache: what it answers is what scoring would answer, so that neither its size nor the order
of posts changes a count. It holds hashes and answers, no text.
"""

import threading
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Forms = NDArray[np.uint64]

ANSWER: Final = np.dtype([("labels", "u8"), ("place", "u4"), ("language", "u1")])
Answers = NDArray[np.void]

# With 24 bytes each, both generations stay under 50 MB.
MOST: Final = 1_000_000
_SMALL: Final = 1 << 15


class Memo:
    """The answers for the latest texts, by the hash of their normal form; safe between threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._levels: tuple[_Level, ...] = (_EMPTY, _EMPTY, _EMPTY)
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return sum(len(level.forms) for level in self._levels)

    def find(self, forms: Forms) -> tuple[Answers, NDArray[np.bool_]]:
        """Return the answer for each form, and which of them are known; the others are zeros."""
        answers = np.zeros(len(forms), ANSWER)
        is_known = np.zeros(len(forms), bool)
        # Taken once: another thread may put new levels in their place meanwhile.
        for level in self._levels:
            if not len(level.forms):
                continue
            places = np.minimum(np.searchsorted(level.forms, forms), len(level.forms) - 1)
            is_here = level.forms[places] == forms
            answers[is_here] = level.answers[places[is_here]]
            is_known |= is_here
        return answers, is_known

    def add(self, forms: Forms, answers: Answers) -> None:
        """Remember answers for sorted, distinct forms."""
        with self._lock:
            small, large, older = self._levels
            small = small.joined(forms, answers)
            if len(small.forms) > max(_SMALL, len(large.forms) // 8):
                large, small = large.joined(small.forms, small.answers), _EMPTY
            if len(large.forms) >= self._most // 2:
                older, large = large, _EMPTY
            self._levels = (small, large, older)


class _Level(NamedTuple):
    """Sorted forms with their answers; never changed once made."""

    forms: Forms
    answers: Answers

    def joined(self, forms: Forms, answers: Answers) -> "_Level":
        if not len(self.forms):
            return _Level(forms, answers)
        places = np.searchsorted(self.forms, forms)
        at = np.minimum(places, len(self.forms) - 1)
        # Two threads may have scored the same text.
        is_new = self.forms[at] != forms
        return _Level(
            np.insert(self.forms, places[is_new], forms[is_new]),
            np.insert(self.answers, places[is_new], answers[is_new]),
        )


_EMPTY: Final = _Level(np.empty(0, np.uint64), np.empty(0, ANSWER))
