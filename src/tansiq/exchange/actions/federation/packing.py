"""Making the next bundle for a peer, and what happens when the other side has taken it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.exchange.federation import bundles, canonical, records
from tansiq.exchange.federation.bundles import GENESIS
from tansiq.exchange.federation.errors import BundleError
from tansiq.exchange.federation.keys import Key
from tansiq.exchange.federation.records import Record
from tansiq.exchange.models import (
    Attachment,
    Carried,
    Inbound,
    Outbound,
    OutboundState,
    Passage,
    Peer,
    PeerState,
    Reason,
)
from tansiq.exchange.queries.federation import State, states_of, why_not

# A head must stay well under the format's limit; files are counted against the setting.
_LONGEST_RECORDS = bundles.LARGEST_HEAD // 2
# A bundle is taken in one transaction while people wait to write: many small ones are better.
_MOST_RECORDS = 200
_MOST_BYTES = 4 * 1024 * 1024
_MOST_PASSAGES = 200
_GONE = frozenset({"recall", "purge"})
_BY = Actor.system("Bundles are exchanged with other platforms")


@dataclass
class _Load:
    """What goes into one bundle, and how large it is so far."""

    records: list[Record] = field(default_factory=list)
    passages: list[int | None] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    length: int = 0

    def has_room_for(self, record: Record) -> bool:
        """Return whether one more fits; the first always does."""
        grown = self.length + len(canonical.write(record))
        heavy = sum(map(len, self.files.values())) + sum(
            one["size"] for one in record.get("files", ())
        )
        fits = grown <= _LONGEST_RECORDS and heavy + grown <= _MOST_BYTES
        return not self.records or (fits and len(self.records) < _MOST_RECORDS)

    def add(self, record: Record, passage: int | None) -> None:
        self.records.append(record)
        self.passages.append(passage)
        self.length += len(canonical.write(record))


@transaction.atomic
def pack(peer: Peer, keys: Sequence[Key], *, at: datetime) -> Outbound | None:
    """Make the next bundle of what has changed for this peer; None when there is nothing.

    `keys` are the keys of this platform, the present one first.
    """
    current = Peer.objects.select_for_update().get(pk=peer.pk)
    if current.state != PeerState.TRUSTED:
        return None
    key = _known_key(current, keys)
    load = _Load()
    if key != keys[0] and not _has_announced(current, keys[0]):
        load.add(bundles.key_record(keys[0], known_as=current.our_fingerprint), None)
    _load_passages(current, load, on=at.date())
    untold = _untold(current)
    if not load.records and not any(one.records for one in untold):
        return None
    return _sealed(current, load, untold, (key, keys[0]), at=at)


def _sealed(
    peer: Peer, load: _Load, untold: list[Inbound], pair: tuple[Key, Key], *, at: datetime
) -> Outbound:
    key, newest = pair
    head = bundles.Head(
        sender=key.fingerprint,
        receiver=peer.fingerprint,
        chain=str(peer.chain),
        sequence=peer.sequence + 1,
        previous=peer.digest,
        made_at=records.moment(at),
        records=load.records,
        receipts=[receipt_for(one, peer).plain() for one in untold],
        files=[(name, len(content)) for name, content in load.files.items()],
    )
    content = bundles.seal(head, load.files, key)
    announces = load.records and load.records[0]["type"] == "key"
    made = Outbound.objects.create(
        peer=peer,
        chain=peer.chain,
        sequence=head.sequence,
        digest=bundles.digest_of(head),
        content=content,
        size=len(content),
        made_at=at,
        records=len(load.records),
        passages=load.passages,
        receipts=[one.pk for one in untold],
        new_key=newest.fingerprint if announces else "",
    )
    peer.sequence, peer.digest = made.sequence, made.digest
    peer.save(update_fields=["sequence", "digest"])
    record(_BY, "exchange.pack", peer, at=at, detail={"number": made.sequence})
    return made


def receipt_for(inbound: Inbound, peer: Peer) -> bundles.Receipt:
    """Return the receipt of a bundle that was taken; the same one each time it is asked for."""
    return bundles.Receipt(
        sender=peer.our_fingerprint,
        receiver=peer.fingerprint,
        chain=str(inbound.chain),
        sequence=inbound.sequence,
        digest=inbound.digest,
        taken_at=records.moment(inbound.taken_at),
        refused=inbound.refused,
    )


@transaction.atomic
def settle(outbound: Outbound, receipt: bundles.Receipt, *, at: datetime) -> None:
    """Note that the other side has taken the bundle; its content is deleted here.

    A receipt for another content says that two different bundles had one number.
    """
    current = Outbound.objects.select_for_update(of=("self",)).get(pk=outbound.pk)
    if current.digest != receipt.digest:
        raise BundleError("fork", "the receipt is for another content")
    if current.state != OutboundState.WAITING:
        return
    current.state, current.taken_at, current.content = OutboundState.TAKEN, at, b""
    current.refused = list(receipt.refused)
    current.save(update_fields=["state", "taken_at", "content", "refused"])
    Inbound.objects.filter(pk__in=current.receipts).update(is_told=True)
    gone = Passage.objects.filter(pk__in=[pk for pk in current.passages if pk])
    gone.filter(carried_at__isnull=True).update(carried_at=at)
    for one in receipt.refused:
        if one["n"] < len(current.passages):
            Passage.objects.filter(pk=current.passages[one["n"]]).update(kept_back=one["reason"])
    if current.new_key:
        Peer.objects.filter(pk=current.peer_id).update(our_fingerprint=current.new_key)
    detail = {"number": current.sequence, "refused": len(receipt.refused)}
    record(_BY, "exchange.delivered", current.peer, at=at, detail=detail)


@transaction.atomic
def begin_anew(peer: Peer, *, by: Actor, at: datetime) -> None:
    """Begin a new chain: what still holds is packed again, what waits is left out.

    For a side that restored a backup, and for words that must not wait any longer. What the other
    side has already makes no difference there.
    """
    current = Peer.objects.select_for_update().get(pk=peer.pk)
    Outbound.objects.filter(peer=current, state=OutboundState.WAITING).update(
        state=OutboundState.DROPPED, content=b""
    )
    current.chain, current.sequence, current.digest = uuid.uuid4(), 0, GENESIS
    current.save(update_fields=["chain", "sequence", "digest"])
    mine = Passage.objects.filter(peer=current)
    Carried.objects.filter(passage__in=mine).update(digest="")
    mine.filter(Q(item__expires_on__gte=at.date()) | Q(is_incoming=True)).update(is_dirty=True)
    # Receipts that a bundle left out carried are told once more.
    if current.in_chain is not None:
        Inbound.objects.filter(peer=current, chain=current.in_chain).update(is_told=False)
    record(by, "exchange.begin_anew", current, at=at)


def leave_out_gone(peer: Peer, *, at: datetime) -> bool:
    """Begin anew when a waiting bundle holds words of an item that was deleted or taken back."""
    waiting = Outbound.objects.filter(peer=peer, state=OutboundState.WAITING)
    for bundle in waiting.defer("content"):
        gone = Q(item__purged_at__gt=bundle.made_at) | Q(item__recalled_at__gt=bundle.made_at)
        if Passage.objects.filter(gone, pk__in=[pk for pk in bundle.passages if pk]).exists():
            begin_anew(peer, by=_BY, at=at)
            return True
    return False


def _untold(peer: Peer) -> list[Inbound]:
    """Return the bundles that were taken, and whose receipt is in no bundle that waits."""
    waiting = Outbound.objects.filter(peer=peer, state=OutboundState.WAITING)
    on_the_way = {pk for some in waiting.values_list("receipts", flat=True) for pk in some}
    untold = Inbound.objects.filter(peer=peer, is_told=False).exclude(pk__in=on_the_way)
    return list(untold.order_by("pk")[:500])


def _known_key(peer: Peer, keys: Sequence[Key]) -> Key:
    for key in keys:
        if key.fingerprint == peer.our_fingerprint:
            return key
    raise BundleError("signature", "the key that this platform knows of us is gone")


def _has_announced(peer: Peer, key: Key) -> bool:
    waiting = Outbound.objects.filter(peer=peer, state=OutboundState.WAITING)
    return bool(waiting.filter(new_key=key.fingerprint).exists())


def _load_passages(peer: Peer, load: _Load, *, on: date) -> None:
    dirty = Passage.objects.filter(peer=peer, is_dirty=True).select_related("item__owner", "peer")
    for passage in dirty.order_by("pk")[:_MOST_PASSAGES]:
        if not _load_passage(passage, load, on=on):
            return


def _load_passage(passage: Passage, load: _Load, *, on: date) -> bool:
    """Put what is new about this item into the bundle; return whether all of it found room."""
    known = {(one.kind, one.local): one for one in Carried.objects.filter(passage=passage)}
    has_gone = passage.is_incoming or any(kind == "item" for kind, _local in known)
    news = 0
    for state in states_of(passage, on=on):
        digest = canonical.digest(canonical.write(state.record))
        before = known.get((state.kind, state.local))
        if before is not None and (before.digest == digest or _is_theirs(before)):
            continue
        if state.kind in _GONE and not has_gone:
            continue
        if not load.has_room_for(state.record):
            return False
        files = _files_of(passage, state.record)
        if files is None:
            return _hold(passage, Reason.FILE)
        load.files |= files
        load.add(state.record, passage.pk)
        _remember(passage, state, digest)
        news += 1
    held = "" if passage.is_incoming else why_not(passage.item, passage.peer)
    return _hold(passage, held if news else held or passage.kept_back)


def _is_theirs(before: Carried) -> bool:
    """Return whether the other side wrote this: an answer that came from there."""
    return before.kind == "reply" and before.is_incoming


def _hold(passage: Passage, reason: str) -> bool:
    passage.kept_back = reason
    passage.is_dirty = False
    passage.save(update_fields=["kept_back", "is_dirty"])
    return True


def _files_of(passage: Passage, told: Record) -> dict[str, bytes] | None:
    """Return the files of an item; None when one is gone, changed or all are too large."""
    wanted = {one["sha256"] for one in told.get("files", ())}
    if sum(one["size"] for one in told.get("files", ())) > settings.FEDERATION_LIMIT // 2:
        return None
    found = {}
    for one in Attachment.objects.filter(item=passage.item_id, sha256__in=wanted):
        try:
            with one.file.open() as file:
                content = file.read()
        except OSError:
            return None
        if canonical.digest(content) != one.sha256:
            return None
        found[one.sha256] = content
    return found


def _remember(passage: Passage, state: State, digest: str) -> None:
    values = {"digest": digest} | ({"uuid": state.number} if state.number else {})
    Carried.objects.update_or_create(
        passage=passage, kind=state.kind, local=state.local, defaults=values
    )
