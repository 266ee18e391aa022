from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    NAME = "name"
    ACCOUNT = "account"
    TELEPHONE = "telephone"
    IDENTITY = "identity"
    PASSPORT = "passport"
    EMAIL = "email"
    PLATE = "plate"
    COORDINATES = "coordinates"
    ADDRESS = "address"


class Certainty(StrEnum):
    # Its form or its check digit says so.
    SURE = "sure"
    # It may be something else: an office, a code.
    LIKELY = "likely"


@dataclass(frozen=True)
class Found:
    """One thing of a person in a text; `start` and `end` count in the text as it was given."""

    start: int
    end: int
    kind: Kind
    words: str
    certainty: Certainty
    # The country whose format it has, such as "id"; empty where that cannot be said.
    country: str = ""
