"""Taking a bundle of another platform: all of it in one transaction, once, or nothing."""

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.exchange.actions.federation.copies import Refused, take_record
from tansiq.exchange.actions.federation.packing import receipt_for, settle
from tansiq.exchange.federation import bundles, keys, records
from tansiq.exchange.federation.bundles import GENESIS, Bundle, Head
from tansiq.exchange.federation.errors import BundleError
from tansiq.exchange.federation.keys import Key
from tansiq.exchange.models import Inbound, Outbound, Peer, PeerState, Refusal
from tansiq.exchange.queries.federation import peer_of

logger = logging.getLogger("tansiq.federation")

_CLOSED = {
    PeerState.NEW: "untrusted",
    PeerState.PAUSED: "paused",
    PeerState.ENDED: "ended",
}


@dataclass(frozen=True)
class Taken:
    """What became of a bundle: its receipt, and whether it was new."""

    inbound: Inbound
    is_new: bool


def take(bundle: Bundle, own: Sequence[Key], *, is_carried: bool = False, at: datetime) -> Taken:
    """Take a bundle that was read. Raises BundleError; then nothing of it is here.

    Refused records do not stop the others; they stand in the receipt with their reason.
    """
    peer = known_peer(bundle.head.sender)
    bundle.check_signature(_key_of(peer, bundle.head.sender))
    if bundle.head.receiver not in {key.fingerprint for key in own}:
        raise BundleError("addressee")
    check_open(peer)
    with transaction.atomic():
        current = Peer.objects.select_for_update().get(pk=peer.pk)
        before = Inbound.objects.filter(
            peer=current, chain=bundle.head.chain, sequence=bundle.head.sequence
        ).first()
        if before is not None:
            return _again(before, bundle)
        _check_time(bundle.head, at)
        _check_place(current, bundle.head)
        _check_key(current, bundle.head)
        return Taken(_take_new(current, bundle, is_carried=is_carried, at=at), is_new=True)


def known_peer(fingerprint: str) -> Peer:
    """Return the peer with this key, or that had it before. Raises BundleError."""
    peer = peer_of(fingerprint)
    if peer is None:
        raise BundleError("stranger", fingerprint)
    return peer


def check_open(peer: Peer) -> None:
    """Return if something is exchanged with this peer today. Raises BundleError."""
    if not peer.is_open:
        raise BundleError(_CLOSED[PeerState(peer.state)])


def refuse(problem: BundleError, peer: Peer | None, *, at: datetime) -> None:
    """Write down that something was not taken, and why: for the keeper, the log and the operator.

    One row a day, a peer and a reason; a stranger who tries a thousand times makes no thousand.
    """
    logger.warning("Not taken (%s) from %s: %s", problem.reason, peer or "a stranger", problem)
    same = Refusal.objects.filter(peer=peer, on=at.date(), reason=problem.reason)
    news = {"times": F("times") + 1, "latest_at": at, "detail": problem.detail}
    if same.update(**news):
        return
    try:
        with transaction.atomic():
            Refusal.objects.create(
                peer=peer,
                on=at.date(),
                reason=problem.reason,
                detail=problem.detail,
                latest_at=at,
            )
            detail = {"why": problem.reason}
            record(_actor(peer), "refused:exchange.take", peer, at=at, detail=detail)
    except IntegrityError:
        # Somebody else made the row of this day a moment ago.
        same.update(**news)


def _actor(peer: Peer | None) -> Actor:
    return Actor.system(f"Platform {peer.pk}" if peer else "A platform that nobody knows")


def _key_of(peer: Peer, fingerprint: str) -> str:
    return peer.public_key if peer.fingerprint == fingerprint else peer.former_key


def _again(before: Inbound, bundle: Bundle) -> Taken:
    if before.digest != bundle.digest:
        raise BundleError("fork", f"bundle {before.sequence}")
    return Taken(before, is_new=False)


def _check_time(head: Head, at: datetime) -> None:
    made = _made_at(head)
    if made > at + timedelta(minutes=settings.FEDERATION_SKEW_MINUTES):
        raise BundleError("clock", f"made at {head.made_at}")
    if made < at - timedelta(days=settings.FEDERATION_FILE_DAYS):
        raise BundleError("old", f"made at {head.made_at}")


def _made_at(head: Head) -> datetime:
    return datetime.fromisoformat(head.made_at)


def _check_place(peer: Peer, head: Head) -> None:
    """Return if this is the next of its chain, or the first of a new one. Raises BundleError."""
    if head.chain == str(peer.in_chain):
        if head.sequence != peer.in_sequence + 1:
            raise BundleError("gap", f"{head.sequence} came, {peer.in_sequence + 1} is next")
        if head.previous != peer.in_digest:
            raise BundleError("fork", f"bundle {head.sequence}")
        return
    if head.sequence != 1 or head.previous != GENESIS:
        raise BundleError("gap", f"{head.sequence} of a chain that did not begin here")
    # What was left out when a newer chain began must not come back with it.
    is_left = Inbound.objects.filter(peer=peer, chain=head.chain).exists()
    if is_left or (peer.in_made_at is not None and _made_at(head) <= peer.in_made_at):
        raise BundleError("fork", "a chain that was left")


def _check_key(peer: Peer, head: Head) -> None:
    """Return unless the former key signs something new; it may only announce the present one."""
    if head.sender == peer.fingerprint:
        return
    first = head.records[0] if head.records else {}
    if first.get("type") != "key" or first.get("public") != peer.public_key:
        raise BundleError("signature", "signed by a key that has a successor")


def _take_new(peer: Peer, bundle: Bundle, *, is_carried: bool, at: datetime) -> Inbound:
    head = bundle.head
    for told in head.receipts:
        _take_receipt(peer, bundles.plain_receipt(told), at=at)
    refused: list[dict[str, Any]] = []
    for place, one in enumerate(head.records):
        reasons = _take_one(peer, one, bundle, at=at)
        refused += [{"n": place, "reason": str(reason)} for reason in reasons]
    peer.in_chain, peer.in_sequence, peer.in_digest = (
        uuid.UUID(head.chain),
        head.sequence,
        bundle.digest,
    )
    peer.in_made_at, peer.met_at = _made_at(head), at
    peer.save(
        update_fields=[
            "in_chain",
            "in_sequence",
            "in_digest",
            "in_made_at",
            "met_at",
            "public_key",
            "fingerprint",
            "former_key",
            "former_fingerprint",
        ]
    )
    taken = Inbound.objects.create(
        peer=peer,
        chain=head.chain,
        sequence=head.sequence,
        digest=bundle.digest,
        taken_at=at,
        records=len(head.records),
        refused=refused,
        # Over the line the receipt is the answer, and can be asked for again.
        is_told=not is_carried,
    )
    detail = {"number": head.sequence, "records": taken.records, "refused": refused[:20]}
    record(_actor(peer), "exchange.take", peer, at=at, detail=detail)
    return taken


def _take_one(peer: Peer, one: records.Record, bundle: Bundle, *, at: datetime) -> Sequence[str]:
    """Take one record, or nothing of it; return why not, or which recipients are unknown."""
    if one["type"] == "key":
        return _take_key(peer, one)
    try:
        with transaction.atomic():
            return take_record(peer, one, bundle.contents, at=at)
    except Refused as problem:
        logger.warning("A record of %s was refused: %s", peer, problem.reason)
        return [problem.reason]
    except IntegrityError as problem:
        logger.warning("A record of %s does not fit: %s", peer, problem)
        return ["fault"]


def _take_key(peer: Peer, one: records.Record) -> Sequence[str]:
    if one["public"] == peer.public_key:
        return []
    try:
        public = bundles.check_key_record(one, known_as=peer.fingerprint)
    except BundleError:
        return ["signature"]
    if Peer.objects.filter(fingerprint=keys.fingerprint_of(public)).exists():
        return ["fault"]
    peer.former_key, peer.former_fingerprint = peer.public_key, peer.fingerprint
    peer.public_key, peer.fingerprint = public, keys.fingerprint_of(public)
    return []


def _take_receipt(peer: Peer, receipt: bundles.Receipt, *, at: datetime) -> None:
    sent = Outbound.objects.filter(
        peer=peer, chain=receipt.chain, sequence=receipt.sequence, digest=receipt.digest
    ).first()
    if sent is not None:
        settle(sent, receipt, at=at)


def signed_receipt(inbound: Inbound, own: Sequence[Key]) -> bytes:
    """Return the receipt that answers a call, signed by the key of ours that the peer knows."""
    peer = inbound.peer
    key = next((one for one in own if one.fingerprint == peer.our_fingerprint), own[0])
    return bundles.sign_receipt(receipt_for(inbound, peer), key)
