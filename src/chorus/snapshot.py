"""The picture of a state at a moment: what a report is made from while a run goes on, and after."""

from dataclasses import dataclass
from datetime import datetime

from chorus.ledger import Ledger as Counts
from chorus.picture import Coarseness, Incident, Ledger, LedgerRow, Picture, Settings
from chorus.places import Gazetteer
from chorus.state import State


@dataclass(frozen=True)
class Progress:
    """How far reading has come: the share of the input, None where nobody knows, and the end."""

    share: float | None = None
    is_complete: bool = True


def snapshot(
    state: State,
    incident: Incident,
    *,
    now: datetime,
    gazetteer: Gazetteer,
    progress: Progress,
) -> Picture:
    """Return what may be shown of a state."""
    return Picture(
        incident=incident,
        made_at=now,
        settings=Settings(k=state.settings.k, places=bool(gazetteer.places)),
        ledger=ledger_of(state.ledger, progress),
        coarseness=Coarseness(),
    )


def ledger_of(counts: Counts, progress: Progress) -> Ledger:
    """Return the ledger as a picture shows it."""
    plain = sorted(counts.dropped.items())
    return Ledger(
        read=counts.read,
        kept=counts.kept,
        dropped=tuple(LedgerRow(step, reason, posts) for (step, reason), posts in plain),
        share_read=progress.share,
        is_complete=progress.is_complete,
    )
