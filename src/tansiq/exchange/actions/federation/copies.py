"""What one record of another platform changes here: a state is set, so twice is as good as once."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile

from tansiq.access.actor import Actor, Role
from tansiq.access.log import record
from tansiq.access.models import Marking, Organisation
from tansiq.access.notices import notify
from tansiq.access.queries import people_of
from tansiq.core.uploads import BadFileError, clean_file
from tansiq.exchange.actions import obligations
from tansiq.exchange.actions.items import receipt_for
from tansiq.exchange.actions.purging import purge_at_once
from tansiq.exchange.events import (
    item_recalled,
    item_sent,
    receipt_acknowledged,
    reply_written,
)
from tansiq.exchange.federation import canonical, records
from tansiq.exchange.federation.records import Record
from tansiq.exchange.models import (
    ACKNOWLEDGED,
    Attachment,
    Carried,
    Item,
    Passage,
    Peer,
    PeerBody,
    Receipt,
    ReceiptState,
    Reply,
)

Contents = Mapping[str, bytes]
_LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)
_MOMENTS = ("received_at", "read_at", "acknowledged_at", "answered_at", "decided_at")


class Refused(Exception):  # noqa: N818 -- not an error of ours: an answer to the other side
    """The record is not taken; `reason` is a word of `models.Reason`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def take_record(peer: Peer, one: Record, contents: Contents, *, at: datetime) -> Sequence[str]:
    """Make here what the record says. Raises Refused; returns what alone was left out."""
    return _TAKERS[one["type"]](peer, one, contents, at)


def _take_item(peer: Peer, one: Record, contents: Contents, at: datetime) -> Sequence[str]:
    owner = _body_of(peer, one["owner"])
    _check_item(peer, one, at)
    found = _organisations(one["recipients"])
    left_out = ["partly"] if len(found) < len(one["recipients"]) else []
    if not found and not one["hub_wide"]:
        raise Refused("recipient")
    passage = Passage.objects.filter(peer=peer, uuid=one["uuid"]).select_related("item").first()
    if passage is not None and not passage.is_incoming:
        raise Refused("fault")
    if passage is None:
        passage = _make_copy(peer, owner, one, at=at)
        left_out += _take_files(passage, one, contents, at=at)
    else:
        _change_copy(passage.item, owner, one, at=at)
    _add_receipts(passage, found, at=at)
    return left_out


def _check_item(peer: Peer, one: Record, at: datetime) -> None:
    if not peer.is_taking:
        raise Refused("paused")
    if one["marking"] not in peer.markings:
        raise Refused("marking")
    if peer.kinds and one["kind"] not in peer.kinds:
        raise Refused("kind")
    if one["language"] not in _LANGUAGES:
        raise Refused("language")
    if date.fromisoformat(one["expires_on"]) < at.date():
        raise Refused("over")


def _make_copy(peer: Peer, owner: Organisation, one: Record, *, at: datetime) -> Passage:
    sent_at = _not_after(one["sent_at"], at) or at
    known = Passage.objects.filter(peer=peer)
    answered = known.filter(uuid=one["answers"]).first() if one["answers"] else None
    item = Item.objects.create(
        owner=owner,
        kind=one["kind"],
        title=one["title"],
        text=one["text"],
        language=one["language"],
        purpose=one["purpose"],
        is_list_open=one["list_open"],
        answers_id=answered.item_id if answered else None,
        sent_at=sent_at,
        published_at=sent_at if one["marking"] == Marking.CLEAR else None,
        changed_at=at,
        **_what_may_change(one),
    )
    detail = {"marking": item.marking, "kind": item.kind}
    record(_actor(peer), "exchange.copy", item, at=at, detail=detail)
    return Passage.objects.create(
        peer=peer, item=item, uuid=one["uuid"], is_incoming=True, is_dirty=False, carried_at=at
    )


def _what_may_change(one: Record) -> dict[str, Any]:
    """Return what the sender may set anew after sending; the words stay as they were sent."""
    return {
        "marking": one["marking"],
        "is_hub_wide": one["hub_wide"] and one["marking"] in {Marking.CLEAR, Marking.GREEN},
        "expires_on": date.fromisoformat(one["expires_on"]),
        "reply_by": records.read_moment(one["reply_by"]),
    }


def _change_copy(item: Item, owner: Organisation, one: Record, *, at: datetime) -> None:
    if item.owner_id != owner.pk:
        raise Refused("sender")
    if item.is_purged:
        # Deleted here by our own rules; what is gone does not come back by itself.
        raise Refused("over")
    changes = _what_may_change(one)
    if item.recalled_at is not None:
        changes |= {"recalled_at": None, "recall_reason": ""}
    changed = [name for name, value in changes.items() if getattr(item, name) != value]
    if changed:
        Item.objects.filter(pk=item.pk).update(**{name: changes[name] for name in changed})
        record(_system(), "exchange.copy", item, at=at, detail={"changed": changed})


def _add_receipts(passage: Passage, found: list[Organisation], *, at: datetime) -> None:
    item = passage.item
    item.refresh_from_db()
    sent_at = item.sent_at or at
    before = {one.organisation_id: one for one in Receipt.objects.filter(item=item)}
    new = [receipt_for(item, one, at=sent_at) for one in found if one.pk not in before]
    made = Receipt.objects.bulk_create(new, batch_size=500)
    mine = [before[one.pk] for one in found if one.pk in before] + made
    Carried.objects.bulk_create(
        [Carried(passage=passage, kind="receipt", local=one.pk, is_incoming=True) for one in mine],
        ignore_conflicts=True,
    )
    if made:
        item.audience = [{"to": "organisation", "pk": one.organisation_id} for one in mine]
        item.save(update_fields=["audience"])
        obligations.note_sent(item, made, at=at)
        item_sent.send(Item, item=item, receipts=made, at=at)
        people = people_of([one.organisation_id for one in made], at=at, least=Role.CONTRIBUTOR)
        facts = {"from": str(item.owner), "title": item.title}
        notify(people, "exchange.sent", item, url=item.get_absolute_url(), facts=facts, at=at)


def _take_files(passage: Passage, one: Record, contents: Contents, *, at: datetime) -> list[str]:
    left_out = []
    for place, file in enumerate(one["files"]):
        try:
            clean = clean_file(ContentFile(contents[file["sha256"]], name=file["name"]))
        except BadFileError:
            left_out.append("file")
            continue
        row = Attachment(item=passage.item, name=clean.name, size=len(clean.content), added_at=at)
        row.sha256 = canonical.digest(clean.content)
        # Always the same name: what a killed process left is written over by the next attempt.
        path = f"exchange/copies/{passage.uuid}-{place}.{clean.kind}"
        row.file.storage.delete(path)
        row.file.name = row.file.storage.save(path, ContentFile(clean.content))
        row.save()
    return left_out


def _take_receipt(peer: Peer, one: Record, _contents: Contents, at: datetime) -> Sequence[str]:
    passage = _passage(peer, one, is_incoming=False)
    organisation = _body_of(peer, one["recipient"], else_refused="recipient")
    receipt = Receipt.objects.filter(
        item=passage.item_id, organisation=organisation, person__isnull=True
    ).first()
    if receipt is None:
        raise Refused("recipient")
    was = receipt.state
    receipt.state, receipt.reason = one["state"], one["reason"]
    receipt.decision = one["decision"]
    for name in _MOMENTS:
        told = _not_after(one[name], at)
        setattr(receipt, name, max(told, receipt.sent_at) if told else None)
    receipt.save(update_fields=["state", "reason", "decision", *_MOMENTS])
    obligations.note_carried(receipt, at=at)
    if receipt.state in ACKNOWLEDGED and receipt.state != was:
        receipt_acknowledged.send(Receipt, receipt=receipt, at=at)
        facts = {
            "by": str(organisation),
            "state": str(ReceiptState(receipt.state).label),
            "title": passage.item.title,
        }
        _tell([passage.item.owner_id], "exchange.acknowledged", passage.item, facts, at=at)
    return ()


def _take_reply(peer: Peer, one: Record, _contents: Contents, at: datetime) -> Sequence[str]:
    passage = Passage.objects.filter(peer=peer, uuid=one["uuid"]).select_related("item").first()
    if passage is None:
        raise Refused("unknown")
    if Carried.objects.filter(passage=passage, uuid=one["reply"]).exists():
        return ()
    item = passage.item
    if item.is_purged:
        raise Refused("over")
    if one["language"] not in _LANGUAGES:
        raise Refused("language")
    writer = _body_of(peer, one["by"])
    receipt = _thread(passage, writer, one)
    reply = Reply.objects.create(
        item=item,
        receipt=receipt,
        organisation=writer,
        text=one["text"],
        language=one["language"],
        at=_not_after(one["at"], at) or at,
        is_to_all=one["to_all"],
    )
    Carried.objects.create(
        passage=passage, kind="reply", local=reply.pk, uuid=one["reply"], is_incoming=True
    )
    record(_actor(peer), "exchange.copy", item, at=at, detail={"reply": reply.pk})
    obligations.note_reply(reply, at=at)
    reply_written.send(Reply, reply=reply, at=at)
    told = [item.owner_id]
    if passage.is_incoming:
        told = [receipt.organisation_id] if receipt else _recipients(item)
    _tell(told, "exchange.answered", item, {"by": str(writer), "title": item.title}, at=at)
    return ()


def _thread(passage: Passage, writer: Organisation, one: Record) -> Receipt | None:
    """Return whose exchange with the sender it belongs to. Raises Refused when it has no right."""
    receipts = Receipt.objects.filter(item=passage.item_id, person__isnull=True)
    if passage.is_incoming:
        if writer.pk != passage.item.owner_id:
            raise Refused("sender")
        found = _organisations([one["recipient"]]) if one["recipient"] else []
        receipt = receipts.filter(organisation__in=[body.pk for body in found]).first()
    else:
        receipt = receipts.filter(organisation=writer).first()
    if receipt is None and not (passage.is_incoming and one["to_all"]):
        raise Refused("recipient")
    return receipt


def _take_recall(peer: Peer, one: Record, _contents: Contents, at: datetime) -> Sequence[str]:
    item = _passage(peer, one, is_incoming=True).item
    if item.is_recalled or item.is_purged:
        return ()
    item.recalled_at, item.recall_reason = _not_after(one["at"], at) or at, one["reason"]
    item.save(update_fields=["recalled_at", "recall_reason"])
    record(_actor(peer), "exchange.recall", item, at=at)
    obligations.withdraw_of(item, at=at)
    item_recalled.send(Item, item=item, at=at)
    return ()


def _take_purge(peer: Peer, one: Record, _contents: Contents, at: datetime) -> Sequence[str]:
    passage = Passage.objects.filter(peer=peer, uuid=one["uuid"], is_incoming=True).first()
    if passage is None:
        # It never came here; there is nothing to delete.
        return ()
    delete_copy(passage.item, at=at)
    Passage.objects.filter(pk=passage.pk).update(is_dirty=True)
    return ()


def _take_purged(peer: Peer, one: Record, _contents: Contents, at: datetime) -> Sequence[str]:
    passage = _passage(peer, one, is_incoming=False)
    if passage.deleted_at is None:
        passage.deleted_at = _not_after(one["at"], at) or at
        passage.save(update_fields=["deleted_at"])
        record(_actor(peer), "exchange.copy_deleted", passage.item, at=at)
    return ()


def delete_copy(item: Item, *, at: datetime) -> None:
    """Delete a copy whose origin is deleted, with a proof of its own.

    While somebody holds it here, nobody reads it, and it goes when the hold ends.
    """
    if item.is_purged or purge_at_once(item, at=at):
        return
    item.expires_on = min(item.expires_on, at.date() - timedelta(days=1))
    item.save(update_fields=["expires_on"])


def _passage(peer: Peer, one: Record, *, is_incoming: bool) -> Passage:
    found: Passage | None = (
        Passage.objects.filter(peer=peer, uuid=one["uuid"], is_incoming=is_incoming)
        .select_related("item__owner")
        .first()
    )
    if found is None:
        raise Refused("unknown")
    return found


def _body_of(peer: Peer, body: Record, *, else_refused: str = "sender") -> Organisation:
    """Return the organisation that stands here for a body of the peer. Raises Refused."""
    found = (
        PeerBody.objects.filter(peer=peer, slug=body["slug"], country=body["country"])
        .select_related("organisation__place")
        .first()
    )
    if found is None:
        raise Refused(else_refused)
    return found.organisation


def _organisations(bodies: Sequence[Record]) -> list[Organisation]:
    """Return the active organisations of these names that live here, each once."""
    if not bodies:
        return []
    wanted = {(one["slug"], one["country"]) for one in bodies}
    here = Organisation.objects.filter(is_active=True, lives_at__isnull=True)
    named = here.filter(slug__in=[slug for slug, _country in wanted]).select_related("place")
    return [one for one in named.order_by("pk") if (one.slug, one.country_code) in wanted]


def _recipients(item: Item) -> list[int]:
    return list(Receipt.objects.filter(item=item).values_list("organisation", flat=True))


def _tell(
    organisations: list[int], code: str, item: Item, facts: dict[str, Any], *, at: datetime
) -> None:
    people = people_of(organisations, at=at, least=Role.CONTRIBUTOR)
    notify(people, code, item, url=item.get_absolute_url(), facts=facts, at=at)


def _not_after(text: str, at: datetime) -> datetime | None:
    """Return the moment the other side told, but none that is still to come here."""
    told = records.read_moment(text)
    return min(told, at) if told else None


def _actor(peer: Peer) -> Actor:
    return Actor.system(f"Platform {peer.pk}")


def _system() -> Actor:
    return Actor.system("Another platform")


_TAKERS: dict[str, Callable[[Peer, Record, Contents, datetime], Sequence[str]]] = {
    "item": _take_item,
    "receipt": _take_receipt,
    "reply": _take_reply,
    "recall": _take_recall,
    "purge": _take_purge,
    "purged": _take_purged,
}
