"""What goes to another platform: the present state of an item, as records of a bundle."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from tansiq.access.models import Marking, Organisation
from tansiq.exchange.federation import records
from tansiq.exchange.federation.records import Record
from tansiq.exchange.models import (
    Attachment,
    Carried,
    Inbound,
    Item,
    Outbound,
    OutboundState,
    Passage,
    Peer,
    PeerBody,
    Reason,
    Receipt,
    Reply,
)

# Whatever the keeper of a connection allows, these stay.
NEVER = frozenset({Marking.RED, Marking.AMBER_STRICT})


@dataclass(frozen=True)
class State:
    """One thing as it is now: its record, and by what it is known here."""

    record: Record
    kind: str
    local: int = 0
    number: uuid.UUID | None = None


def why_not(item: Item, peer: Peer) -> str:
    """Return why an item may not go there; empty when it may."""
    if item.marking in NEVER or item.marking not in peer.markings:
        return Reason.MARKING
    if peer.kinds and item.kind not in peer.kinds:
        return Reason.KIND
    return ""


def states_of(passage: Passage, *, on: date) -> Iterator[State]:
    """Yield what the peer of this passage should know, as it is today."""
    if passage.is_incoming:
        yield from _states_back(passage)
    else:
        yield from _states_out(passage, on)


def _states_out(passage: Passage, on: date) -> Iterator[State]:
    item, peer = passage.item, passage.peer
    if item.is_purged:
        yield State(_at(passage, "purge", item.purged_at), "purge")
    elif item.is_recalled:
        yield State(_recall(passage, item.recalled_at, item.recall_reason), "recall")
    elif why_not(item, peer) or not peer.is_sending:
        # Marked tighter since it went: there it is taken back.
        yield State(_recall(passage, item.changed_at or item.sent_at, ""), "recall")
    elif not item.is_over(on):
        yield State(item_record(passage), "item")
        yield from _answers_out(passage)


def _states_back(passage: Passage) -> Iterator[State]:
    item = passage.item
    if item.is_purged:
        yield State(_at(passage, "purged", item.purged_at), "purged")
    came = Carried.objects.filter(passage=passage, kind="receipt", is_incoming=True)
    receipts = Receipt.objects.filter(pk__in=came.values("local")).select_related("organisation")
    for receipt in receipts.order_by("pk"):
        if receipt.state != "sent" or receipt.answered_at:
            yield State(receipt_record(passage, receipt), "receipt", receipt.pk)
    if item.is_purged:
        return
    replies = Reply.objects.filter(receipt__in=receipts).exclude(organisation=item.owner_id)
    yield from _replies(passage, replies.exclude(organisation__lives_at__isnull=False))


def _answers_out(passage: Passage) -> Iterator[State]:
    """Yield what the sender wrote: to bodies of this peer, and to all."""
    theirs = PeerBody.objects.filter(peer=passage.peer_id).values("organisation")
    replies = Reply.objects.filter(item=passage.item_id, organisation=passage.item.owner_id)
    yield from _replies(
        passage, replies.filter(Q(receipt__organisation__in=theirs) | Q(is_to_all=True))
    )


def _replies(passage: Passage, replies: "QuerySet[Reply]") -> Iterator[State]:
    known = dict(Carried.objects.filter(passage=passage, kind="reply").values_list("local", "uuid"))
    for reply in replies.select_related("organisation", "receipt__organisation").order_by("pk"):
        number = known.get(reply.pk) or uuid.uuid4()
        yield State(_reply_record(passage, reply, number), "reply", reply.pk, number)


def item_record(passage: Passage) -> Record:
    item, peer = passage.item, passage.peer
    bodies = PeerBody.objects.filter(
        peer=peer, organisation__in=Receipt.objects.filter(item=item).values("organisation")
    )
    answered = Passage.objects.filter(peer=peer, item=item.answers_id).first()
    files = Attachment.objects.filter(item=item).order_by("pk")
    return {
        "type": "item",
        "uuid": str(passage.uuid),
        "owner": _body(item.owner),
        "kind": item.kind,
        "title": records.one_line(item.title),
        "text": records.plain_text(item.text),
        "language": item.language,
        "marking": item.marking,
        "hub_wide": item.is_hub_wide and peer.is_hub_wide_shared,
        "purpose": records.one_line(item.purpose),
        "reply_by": records.moment(item.reply_by),
        "expires_on": item.expires_on.isoformat(),
        "list_open": item.is_list_open,
        "answers": str(answered.uuid) if item.answers_id and answered else "",
        "sent_at": records.moment(item.sent_at),
        "recipients": [
            {"slug": one.slug, "country": one.country}
            for one in bodies.order_by("pk")[: records.MOST_RECIPIENTS]
        ],
        "files": [
            {"name": records.one_line(one.name), "size": one.size, "sha256": one.sha256}
            for one in files[: records.MOST_FILES]
        ],
    }


def receipt_record(passage: Passage, receipt: Receipt) -> Record:
    return {
        "type": "receipt",
        "uuid": str(passage.uuid),
        "recipient": _body(receipt.organisation),
        "state": receipt.state,
        "reason": records.one_line(receipt.reason),
        "received_at": records.moment(receipt.received_at),
        "read_at": records.moment(receipt.read_at),
        "acknowledged_at": records.moment(receipt.acknowledged_at),
        "answered_at": records.moment(receipt.answered_at),
        "decided_at": records.moment(receipt.decided_at),
        "decision": records.one_line(receipt.decision),
    }


def _reply_record(passage: Passage, reply: Reply, number: uuid.UUID) -> Record:
    return {
        "type": "reply",
        "uuid": str(passage.uuid),
        "reply": str(number),
        "by": _name_there(passage, reply.organisation),
        "recipient": _name_there(passage, reply.receipt.organisation) if reply.receipt else "",
        "text": records.plain_text(reply.text)[: records.LONGEST_REPLY],
        "language": reply.language,
        "at": records.moment(reply.at),
        "to_all": reply.is_to_all,
    }


def _name_there(passage: Passage, organisation: Organisation) -> Record | str:
    """Return the body under its own name on the platform where it lives; empty if elsewhere."""
    at = PeerBody.objects.filter(organisation=organisation).first()
    if at is None:
        return _body(organisation)
    return {"slug": at.slug, "country": at.country} if at.peer_id == passage.peer_id else ""


def _body(organisation: Organisation) -> Record:
    return {"slug": organisation.slug, "country": organisation.country_code}


def _at(passage: Passage, kind: str, moment: datetime | None) -> Record:
    return {"type": kind, "uuid": str(passage.uuid), "at": records.moment(moment)}


def _recall(passage: Passage, moment: datetime | None, reason: str) -> Record:
    return _at(passage, "recall", moment) | {"reason": records.one_line(reason)}


def taken_before(peer: Peer, chain: uuid.UUID, sequence: int, digest: str) -> Inbound | None:
    """Return this very bundle if it was taken before."""
    return Inbound.objects.filter(peer=peer, chain=chain, sequence=sequence, digest=digest).first()


def waiting_for(peer: Peer, digest: str) -> Outbound | None:
    """Return the bundle with this digest while the peer has not taken it."""
    waiting = Outbound.objects.filter(peer=peer, state=OutboundState.WAITING)
    return waiting.filter(digest=digest).first()


def peer_of(fingerprint: str) -> Peer | None:
    """Return the peer with this key, or that had it before."""
    if not fingerprint:
        # A peer that never had another key has none before it, either.
        return None
    present = Peer.objects.filter(fingerprint=fingerprint).first()
    return present or Peer.objects.filter(former_fingerprint=fingerprint).first()
