"""What was not read, counted by reason, with the first line numbers and never with the content."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

# So many line numbers of a reason are kept: enough to look the fault up in the file.
FIRST_LINES: Final = 5


class Reason(StrEnum):
    """Why a line, a row or an element gave no post."""

    NOT_JSON = "not JSON"
    NOT_AN_OBJECT = "JSON, but not an object"
    NOT_UTF8 = "not UTF-8"
    TOO_LONG = "too long"
    TOO_DEEP = "nested too deeply"
    NO_POST = "holds no public post"
    UNFINISHED = "unfinished at the end of the file"
    COLUMNS = "another number of columns than the head"
    QUOTE = "a quote that is never closed"
    REMAINDER = "could not be read from here on"


@dataclass
class Faults:
    """The counts of wrong lines by reason, and where the first of each are."""

    counts: Counter[str] = field(default_factory=Counter)
    first_lines: dict[str, list[int]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many lines gave no post."""
        return self.counts.total()

    def add(self, reason: Reason, line: int) -> None:
        """Count one line; lines count from 1."""
        self.counts[reason.value] += 1
        known = self.first_lines.setdefault(reason.value, [])
        if len(known) < FIRST_LINES or line < known[-1]:
            known[:] = sorted([*known, line])[:FIRST_LINES]

    def add_all(self, reason: Reason, lines: Iterable[int]) -> None:
        """Count several lines of one reason."""
        for line in lines:
            self.add(reason, line)

    def copy(self) -> "Faults":
        """Return what is counted so far, untouched by what comes."""
        kept = {reason: list(lines) for reason, lines in self.first_lines.items()}
        return Faults(Counter(self.counts), kept)
