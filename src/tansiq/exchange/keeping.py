"""What becomes of each table when the time of an item is over: one line a table.

A test walks all tables of the exchange that belong to an item and demands that every column in
which words, a file or a person may stand is named here. Whoever adds a table adds its line.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Case, Value, When

# "Cannot" always has a reason; what stands there when its words are gone.
NO_WORDS: Final = "–"


@dataclass(frozen=True)
class Table:
    """Rows of `label` that belong to an item by `path`."""

    label: str
    path: str
    # What stands in these columns afterwards; of a table whose rows go, nothing.
    emptied: Mapping[str, Any] = field(default_factory=dict)
    # Columns that stay as they are, and why they may.
    kept: Mapping[str, str] = field(default_factory=dict)
    goes: bool = False


# The item itself: its envelope (kind, owner, marking, days) stays for the figures.
ENVELOPE: Final[Mapping[str, Any]] = {
    "title": "",
    "text": "",
    "purpose": "",
    "recall_reason": "",
    "audience": [],
    "sent_by": None,
    "client_key": None,
}

TABLES: Final = (
    Table("exchange.Handling", "item", goes=True),
    Table("exchange.Release", "item", goes=True),
    Table("exchange.ForwardRequest", "item", goes=True),
    Table("exchange.Correction", "item", goes=True),
    Table("exchange.Dispatch", "receipt__item", goes=True),
    Table("exchange.Comment", "item", goes=True),
    Table("exchange.Response", "item", goes=True),
    Table("exchange.Portion", "item", goes=True),
    Table("exchange.Consultation", "item", goes=True),
    Table("exchange.Reply", "item", goes=True),
    Table("exchange.Attachment", "item", goes=True),
    Table(
        "exchange.Receipt",
        "item",
        emptied={
            "acknowledged_by": None,
            "decision": "",
            "reason": Case(When(state="cannot", then=Value(NO_WORDS)), default=Value("")),
        },
        kept={"person": "rows of single persons go"},
    ),
    Table(
        "exchange.Obligation",
        "item",
        emptied={
            "note": "",
            "what": Case(When(receipt__isnull=True, then=Value(NO_WORDS)), default=Value("")),
        },
    ),
    Table("exchange.Reminder", "obligation__item"),
    Table("exchange.Escalation", "obligation__item"),
    # The other platform is told by these that the words are gone.
    Table("exchange.Passage", "item"),
    Table(
        "exchange.Carried",
        "passage__item",
        emptied={"digest": ""},
        kept={"kind": "of the platform"},
    ),
    Table(
        "exchange.Hold",
        "item",
        emptied={"placed_by": None, "reason": ""},
    ),
    Table("exchange.Purge", "item", kept={"digest": "keyed", "seal": "of the log", "counts": ""}),
)
