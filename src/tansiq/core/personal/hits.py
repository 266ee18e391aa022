from typing import NamedTuple

from tansiq.core.personal.found import Certainty, Kind


class Hit(NamedTuple):
    """Something found in the plain writing of a text."""

    start: int
    end: int
    kind: Kind
    certainty: Certainty = Certainty.SURE
    country: str = ""
