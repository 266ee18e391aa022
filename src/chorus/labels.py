"""The code book: what a post can be said to hold, and where each answer stands in the label mask.

A post's labels travel as one 64-bit mask, so that a million posts cost eight megabytes and a cell
can be asked for with one AND. A label's place in the mask is its place in `LABELS`; it is written
into saved states and model files, so new labels are only ever added at the end.

The seeds of the code book are the reaction, need, rumour, hate-target and solidarity codes in use
in crisis research; `docs/explanation/listening.md` names them.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Label:
    """One answer of one head, such as `blood` of `information`."""

    head: str
    name: str

    @property
    def key(self) -> str:
        """What stands in files: unlike the name, it is unique over all heads."""
        return f"{self.head}.{self.name}"


ABOUT: Final = "about"
INFORMATIVE: Final = "informative"
INFORMATION: Final = "information"
SOLIDARITY: Final = "solidarity"
CLAIM: Final = "claim"
HARM: Final = "harm"
HOSTILITY: Final = "hostility"
TARGET: Final = "target"
LANGUAGE: Final = "language"

# The labels of each head. A head of one label answers yes or no.
HEADS: Final[dict[str, tuple[str, ...]]] = {
    ABOUT: ("about",),
    INFORMATION: (
        "affected_people",
        "missing_people",
        "medical",
        "blood",
        "shelter_transport",
        "food_water",
        "psychosocial",
        "financial",
        "information_wanted",
        "offers_volunteering",
        "caution_advice",
        "infrastructure_services",
        "other",
    ),
    SOLIDARITY: (
        "condolence",
        "unity",
        "thanks_responders",
        "offer_help",
        "do_not_share_images",
        "against_rumours",
    ),
    CLAIM: ("claim",),
    HARM: ("panic", "retaliation", "obstructs_responders", "fraud", "health", "political"),
    HOSTILITY: ("hostility",),
    TARGET: ("faith", "ethnicity", "nationality", "gender", "political"),
    INFORMATIVE: ("informative",),
}

LABELS: Final = tuple(Label(head, name) for head, names in HEADS.items() for name in names)
BIT: Final = {label.key: position for position, label in enumerate(LABELS)}

# What people need, as a response room reads it: the labels of `information` that ask or offer.
NEEDS: Final = (
    "missing_people",
    "medical",
    "blood",
    "shelter_transport",
    "food_water",
    "psychosocial",
    "financial",
    "information_wanted",
)

# A label of these heads says nothing without the head before it.
DEPENDS_ON: Final = {HARM: CLAIM, TARGET: HOSTILITY}

# The languages of a post. A post's language travels as its place in this list.
LANGUAGES: Final = ("und", "ar", "en", "fr", "id", "ms", "fil", "id/ms", "mixed", "other")
UNDETERMINED: Final = "und"


def mask_of(*keys: str) -> int:
    """Return the label mask of some keys, such as `information.blood`.

    Raises KeyError for a key that is not in the code book.
    """
    return sum({1 << BIT[key] for key in keys})


def keys_in(mask: int) -> tuple[str, ...]:
    """Return the keys whose bits are set in a mask, in the order of the code book."""
    return tuple(label.key for label in LABELS if mask >> BIT[label.key] & 1)
