"""What goes into the checks, and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Weight(StrEnum):
    STOP = "stop"
    HINT = "hint"


@dataclass(frozen=True)
class Text:
    """The words in one language."""

    headline: str = ""
    body: str = ""
    short: str = ""

    @property
    def whole(self) -> str:
        """All that is read; each part ends as a sentence does, so that they stay apart."""
        return "\n".join(part for part in (self.headline, self.body, self.short) if part)


@dataclass(frozen=True)
class Draft:
    """A statement as the checks see it; `languages` are those of the city."""

    kind: str
    texts: Mapping[str, Text]
    languages: tuple[str, ...] = ()
    # Whether the incident is still in its first hour: then speed counts more.
    is_first_hour: bool = False
    is_for_everybody: bool = True
    promises_update: bool = False
    is_correction_linked: bool = False
    shows_victims: bool = False
    goes_out_as_message: bool = False
    helpline: str = ""
    # Facts that it rests on and that no longer stand, or never stood firm.
    withdrawn_facts: tuple[str, ...] = ()
    unconfirmed_facts: tuple[str, ...] = ()
    # Numbers that a confirmed fact carries, such as {"3"}.
    confirmed_numbers: frozenset[str] = frozenset()
    # Bodies and places, whose names are no persons' names.
    known_names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Finding:
    """One thing to look at: what, how grave, in which language, and the words that were read."""

    code: str
    weight: Weight
    language: str = ""
    quote: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Names it when a leader sets it aside: the same words in the same language."""
        return f"{self.code}:{self.language}:{self.quote}"[:300]

    @property
    def is_stop(self) -> bool:
        return self.weight is Weight.STOP
