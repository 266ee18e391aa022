"""Writing an item, sending it, and what each recipient says to it."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor, Role
from tansiq.access.log import record
from tansiq.access.models import Marking, Membership, Organisation, Person
from tansiq.access.notices import notify, notify_each, notify_readers, register
from tansiq.access.queries import people_of
from tansiq.core.editing import save_changes
from tansiq.exchange.actions import obligations, outbox
from tansiq.exchange.actions.delivery import hand_over
from tansiq.exchange.audience import Choice, organisations_for
from tansiq.exchange.events import item_sent, receipt_acknowledged, reply_written
from tansiq.exchange.models import ACKNOWLEDGED, Item, ItemKind, Receipt, ReceiptState, Reply
from tansiq.exchange.models.items import direction_of, level_of
from tansiq.exchange.queries.agreements import refusal_of
from tansiq.exchange.queries.checks import refusal_to_send

register("exchange.sent", gettext_lazy("%(from)s sends you: %(title)s."))
register("exchange.acknowledged", gettext_lazy("%(by)s says “%(state)s” to %(title)s."))
register("exchange.answered", gettext_lazy("%(by)s answered: %(title)s."))


class ExchangeError(Exception):
    """The step makes no sense now; the message says why, and nothing was changed."""


@dataclass(frozen=True)
class Draft:
    """What is written, for whom, and until when it holds."""

    kind: ItemKind
    title: str
    text: str
    language: str
    expires_on: date
    audience: Sequence[Choice] = ()
    # Under RED: the persons who may read it.
    people: Sequence[int] = ()
    marking: str = Marking.AMBER
    is_hub_wide: bool = False
    purpose: str = ""
    reply_by: datetime | None = None
    is_list_open: bool = True
    answers: Item | None = None
    fullest: Item | None = None
    origin: Item | None = None
    client_key: uuid.UUID | None = field(default=None, compare=False)


@transaction.atomic
def write_item(owner: Organisation, draft: Draft, *, by: Actor, at: datetime) -> Item:
    """Begin an item; nobody else sees it before it is sent. A key that came before gives its item.

    Raises ExchangeError for a title of several lines.
    """
    known = Item.objects.filter(owner=owner, client_key=draft.client_key or uuid.uuid4())
    if before := known.first():
        return before
    try:
        with transaction.atomic():
            item = Item.objects.create(
                owner=owner, changed_at=at, client_key=draft.client_key, **_fields(draft)
            )
    except IntegrityError:
        # The same post came twice at once, and the other one was quicker.
        if before := known.first():
            return before
        raise ExchangeError(_("This page is used up. Open it anew and write there.")) from None
    item.named_people.set(_readers(draft, by))
    record(by, "exchange.write", item, at=at, detail={"kind": item.kind, "marking": item.marking})
    return item


@transaction.atomic
def change_item(item: Item, draft: Draft, *, revision: int, by: Actor, at: datetime) -> None:
    """Change a draft. Raises ExchangeError once it is sent, and ChangedMeanwhileError."""
    if not _locked(item).is_draft:
        raise ExchangeError(_("This was sent meanwhile. What was sent stays as it is."))
    fields = _fields(draft)
    # What it must be checked against stays, whoever wrote the draft anew.
    fields |= {"fullest": item.fullest, "origin": item.origin}
    save_changes(item, fields, revision=revision, at=at)
    item.named_people.set(_readers(draft, by))
    record(by, "exchange.edit", item, at=at, detail={"marking": item.marking})


def _readers(draft: Draft, by: Actor) -> set[int]:
    """Return the persons who may read it under RED; who writes it is one of them."""
    if draft.marking != Marking.RED:
        return set()
    return {*draft.people, *([by.person_id] if by.person_id is not None else [])}


def _fields(draft: Draft) -> dict[str, Any]:
    if len(draft.title.splitlines()) > 1:
        raise ExchangeError(_("A title is one line. What comes after it belongs into the text."))
    return {
        "kind": draft.kind,
        "title": draft.title,
        "text": draft.text,
        "language": draft.language,
        "expires_on": draft.expires_on,
        "audience": list(draft.audience),
        "marking": draft.marking,
        "is_hub_wide": draft.is_hub_wide and draft.marking in {Marking.CLEAR, Marking.GREEN},
        "purpose": draft.purpose,
        "reply_by": draft.reply_by,
        "is_list_open": draft.is_list_open,
        "answers": draft.answers,
        "fullest": draft.fullest,
        "origin": draft.origin,
    }


class ReachChangedError(ExchangeError):
    """Who would get it, or what it says, is not what the sender looked at before."""


def seal_of_reach(item: Item, receipts: Iterable[Receipt]) -> str:
    """Return what stands for the text and the recipients as the sender saw them."""
    reached = sorted((one.organisation_id, one.person_id or 0) for one in receipts)
    return sha256(repr((item.pk, item.revision, reached)).encode()).hexdigest()[:24]


def reach_of(item: Item, *, by: Actor, at: datetime) -> list[Receipt]:
    """Return the receipts that sending would make now; nothing is saved."""
    return _red_receipts(item, at=at) if item.is_red else _receipts(item, by, at=at)


@transaction.atomic
def send_item(item: Item, *, by: Actor, at: datetime, seen: str = "") -> list[Receipt]:
    """Send a draft to whom it is for today; return the receipts.

    `seen` is the seal of what the sender looked at; without it, whoever it reaches now gets it.
    Raises ExchangeError when it was sent already, when its last day has passed, and when it
    reaches nobody; ReachChangedError when it is not what the sender looked at.
    """
    current = _locked(item)
    if not current.is_draft:
        raise ExchangeError(_("This was sent already."))
    # What a colleague changed since it was fetched counts.
    item.refresh_from_db()
    if current.is_over(at.date()):
        raise ExchangeError(_("Its last day has passed. Choose a later one."))
    if refusal := refusal_of(current) or refusal_to_send(current):
        raise ExchangeError(refusal)
    receipts = reach_of(current, by=by, at=at)
    if not receipts:
        raise ExchangeError(_("This reaches nobody. Choose whom it is for."))
    if seen and seen != seal_of_reach(current, receipts):
        raise ReachChangedError(
            _("Whom this reaches, or its text, changed meanwhile. Look once more, then send it.")
        )
    item.sent_at, item.sent_by_id = at, by.person_id
    item.published_at = at if item.marking == Marking.CLEAR else None
    item.save(update_fields=["sent_at", "sent_by", "published_at"])
    made = Receipt.objects.bulk_create(receipts, batch_size=500)
    record(by, "exchange.send", item, at=at, detail={"recipients": len(made)})
    obligations.note_sent(item, made, at=at)
    outbox.note_sent(item)
    item_sent.send(Item, item=item, receipts=made, at=at)
    _tell_recipients(item, made, at=at)
    return made


def _receipts(item: Item, by: Actor, *, at: datetime) -> list[Receipt]:
    reached = organisations_for(item.audience, by=by).exclude(pk=item.owner_id)
    return [receipt_for(item, one, at=at) for one in reached]


def _red_receipts(item: Item, *, at: datetime) -> list[Receipt]:
    """Return one receipt a person, at the organisation in which that person reads it."""
    terms = (
        Membership.objects.in_force(at.date())
        .filter(person__in=item.named_people.all(), organisation__is_active=True)
        .exclude(role=Role.OVERSEER)
        .exclude(organisation=item.owner_id)
        .select_related("organisation__place")
        .order_by("person", "-organisation__is_lead_of_place", "pk")
    )
    first: dict[int, Organisation] = {}
    for term in terms:
        first.setdefault(term.person_id, term.organisation)
    return [receipt_for(item, body, at=at, person=pk) for pk, body in first.items()]


def receipt_for(
    item: Item, organisation: Organisation, *, at: datetime, person: int | None = None
) -> Receipt:
    """Return a new receipt, not saved, with what the figures need to know."""
    from_level, to_level = level_of(item.owner), level_of(organisation)
    return Receipt(
        item=item,
        organisation=organisation,
        person_id=person,
        sent_at=at,
        reply_by=item.reply_by,
        direction=direction_of(from_level, to_level),
        from_level=from_level,
        to_level=to_level,
    )


def _tell_recipients(item: Item, receipts: Iterable[Receipt], *, at: datetime) -> None:
    if item.is_red:
        people = Person.objects.filter(pk__in=[one.person_id for one in receipts])
    else:
        people = people_of([one.organisation_id for one in receipts], at=at, least=Role.CONTRIBUTOR)
    facts = {"from": str(item.owner), "title": item.title}
    # Mails about items leave by their own door, with the answer's address or in a digest.
    # Who holds a receipt of an organisation reads the item; of RED the gate is asked.
    tell = notify_each if item.is_red else notify_readers
    notices = tell(
        [(one, facts) for one in people],
        "exchange.sent",
        item,
        url=item.get_absolute_url(),
        at=at,
        mailed_at=at,
    )
    hand_over(item, list(receipts), notices)


@transaction.atomic
def mark_received(receipts: Sequence[int], *, at: datetime) -> int:
    """Write down that these came before somebody's eyes; return for how many it is new."""
    new = Receipt.objects.filter(pk__in=receipts, state=ReceiptState.SENT)
    number = int(new.update(state=ReceiptState.RECEIVED, received_at=at))
    if number:
        outbox.touch(Receipt.objects.filter(pk__in=receipts).values("item"))
    return number


@transaction.atomic
def mark_read(item: Item, *, by: Actor, at: datetime) -> None:
    """Write down that the recipients for whom this person reads have opened the item."""
    own = Receipt.objects.filter(
        Q(person__isnull=True) | Q(person=by.person_id),
        item=item,
        organisation__in=by.organisation_ids,
    )
    new = own.filter(state__in=[ReceiptState.SENT, ReceiptState.RECEIVED])
    own.filter(received_at__isnull=True).update(received_at=at)
    if new.update(state=ReceiptState.READ, read_at=at):
        outbox.touch([item.pk])


@transaction.atomic
def acknowledge(
    receipt: Receipt, state: ReceiptState, *, reason: str = "", by: Actor, at: datetime
) -> None:
    """Say what the recipient makes of it; saying it anew changes the state, not the first time.

    Raises ExchangeError when "cannot" has no reason.
    """
    if state not in ACKNOWLEDGED:
        message = f"{state} comes by itself; choose one of {sorted(ACKNOWLEDGED)}."
        raise ValueError(message)
    if state == ReceiptState.CANNOT and not reason.strip():
        raise ExchangeError(_("Say why, so that they can help or look elsewhere."))
    current = Receipt.objects.select_for_update(of=("self",)).get(pk=receipt.pk)
    receipt.state = state
    receipt.reason = reason.strip()
    receipt.received_at = current.received_at or at
    receipt.read_at = current.read_at or at
    receipt.acknowledged_at = current.acknowledged_at or at
    receipt.acknowledged_by_id = by.person_id
    receipt.save(
        update_fields=[
            "state",
            "reason",
            "received_at",
            "read_at",
            "acknowledged_at",
            "acknowledged_by",
        ]
    )
    record(by, "exchange.acknowledge", receipt, at=at, detail={"state": state})
    obligations.note_acknowledged(receipt, at=at)
    outbox.touch([receipt.item_id])
    receipt_acknowledged.send(Receipt, receipt=receipt, at=at)
    facts = {
        "by": str(receipt.organisation),
        "state": str(state.label),
        "title": receipt.item.title,
    }
    _tell_sender(receipt, "exchange.acknowledged", facts, at=at)


@transaction.atomic
def write_reply(
    receipt: Receipt,
    organisation: Organisation,
    text: str,
    *,
    language: str,
    by: Actor,
    at: datetime,
    client_key: uuid.UUID | None = None,
) -> Reply:
    """Write in the exchange between the sender and this recipient; the other side is told."""
    if client_key is not None:
        before = Reply.objects.filter(client_key=client_key).first()
        if before is not None:
            return before
    reply = Reply.objects.create(
        item=receipt.item,
        receipt=receipt,
        organisation=organisation,
        person_id=by.person_id,
        text=text,
        language=language,
        at=at,
        client_key=client_key,
    )
    is_of_recipient = organisation.pk == receipt.organisation_id
    if is_of_recipient:
        note_answer(receipt, at=at)
    record(by, "exchange.reply", receipt, at=at, detail={"reply": reply.pk})
    obligations.note_reply(reply, at=at)
    outbox.touch([receipt.item_id])
    reply_written.send(Reply, reply=reply, at=at)
    facts = {"by": str(organisation), "title": receipt.item.title}
    if is_of_recipient:
        _tell_sender(receipt, "exchange.answered", facts, at=at)
    else:
        people = people_of([receipt.organisation_id], at=at, least=Role.CONTRIBUTOR)
        url = receipt.item.get_absolute_url()
        notify(people, "exchange.answered", receipt.item, url=url, facts=facts, at=at)
    return reply


def note_answer(receipt: Receipt, *, at: datetime) -> None:
    """Note that it came and was read, too: who answers has read."""
    Receipt.objects.filter(pk=receipt.pk, answered_at__isnull=True).update(answered_at=at)
    Receipt.objects.filter(pk=receipt.pk, received_at__isnull=True).update(received_at=at)
    Receipt.objects.filter(pk=receipt.pk, read_at__isnull=True).update(read_at=at)
    Receipt.objects.filter(pk=receipt.pk, state__in=["sent", "received"]).update(
        state=ReceiptState.READ
    )
    receipt.refresh_from_db()


def _tell_sender(receipt: Receipt, code: str, facts: dict[str, Any], *, at: datetime) -> None:
    item = receipt.item
    people = people_of([item.owner_id], at=at, least=Role.CONTRIBUTOR)
    notify(people, code, item, url=item.get_absolute_url(), facts=facts, at=at)


def _locked(item: Item) -> Item:
    return Item.objects.select_for_update(of=("self",)).get(pk=item.pk)
