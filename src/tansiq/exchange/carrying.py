"""Bundles carried as a file where there is no line: what waits, one bundle behind the other."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.exchange.actions.federation.packing import leave_out_gone, pack
from tansiq.exchange.actions.federation.taking import refuse, take
from tansiq.exchange.federation import bundles
from tansiq.exchange.federation.errors import BundleError
from tansiq.exchange.line import own_keys
from tansiq.exchange.models import Outbound, OutboundState, Peer
from tansiq.exchange.queries.federation import peer_of

# So many bundles in one file.
MOST: Final = 50


@dataclass(frozen=True)
class Brought:
    """What became of a file: bundles that were new, that were known, and why it stopped."""

    new: int = 0
    known: int = 0
    refused_records: int = 0
    problem: str = ""


def file_for(peer: Peer, *, by: Actor, at: datetime) -> bytes:
    """Return all that waits for this peer as one file; empty when nothing does."""
    leave_out_gone(peer, at=at)
    own = own_keys()
    while pack(peer, own, at=at) is not None:
        pass
    waiting = Outbound.objects.filter(peer=peer, state=OutboundState.WAITING)
    found = list(waiting.order_by("sequence")[:MOST])
    if found:
        record(by, "export:exchange.carry", peer, at=at, detail={"bundles": len(found)})
    return b"".join(bytes(one.content) for one in found)


def bring(content: bytes, *, at: datetime) -> Brought:
    """Take the bundles of a file in their order; stop at the first that does not fit."""
    own = own_keys()
    new = known = refused = start = 0
    sender: Peer | None = None
    try:
        while start < len(content) and new + known < MOST:
            bundle, start = bundles.open_first(content, most=settings.FEDERATION_LIMIT, start=start)
            sender = peer_of(bundle.head.sender)
            taken = take(bundle, own, is_carried=True, at=at)
            new, known = new + taken.is_new, known + (not taken.is_new)
            refused += len(taken.inbound.refused) if taken.is_new else 0
    except BundleError as problem:
        refuse(problem, sender, at=at)
        return Brought(new, known, refused, problem.reason)
    return Brought(new, known, refused)
