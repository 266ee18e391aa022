"""Putting right what was sent: proposed by a recipient, or of the sender's own accord."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor, Role
from tansiq.access.log import record
from tansiq.access.models import Organisation
from tansiq.access.notices import notify, register
from tansiq.access.queries import people_of
from tansiq.exchange.actions import obligations, outbox
from tansiq.exchange.actions.forwarding import locked_holding
from tansiq.exchange.actions.items import (
    Draft,
    ExchangeError,
    receipt_for,
    send_item,
    write_item,
)
from tansiq.exchange.models import Answer, Correction, Item, ItemKind, Receipt

register("exchange.correction_proposed", gettext_lazy("%(by)s says that %(title)s is not right."))
register("exchange.correction_made", gettext_lazy("%(title)s was put right, as you proposed."))
register("exchange.correction_refused", gettext_lazy("%(title)s stays as it is: %(why)s"))

# A correction of what is about to end is read at least this long.
_AT_LEAST = timedelta(days=7)


@dataclass(frozen=True)
class Wrong:
    """What is wrong, what is right, and how one knows."""

    wrong: str
    right: str
    basis: str
    language: str


@transaction.atomic
def propose_correction(
    receipt: Receipt,
    what: Wrong,
    *,
    by: Actor,
    at: datetime,
    client_key: uuid.UUID | None = None,
) -> Correction:
    """Tell the owner of an item what is wrong in it. A repeated post proposes once."""
    if client_key is not None:
        before = Correction.objects.filter(client_key=client_key).first()
        if before is not None:
            return before
    item = locked_holding(receipt.item, at=at)
    correction = _write(item, receipt.organisation, what, by=by, at=at, client_key=client_key)
    record(by, "exchange.propose_correction", item, at=at)
    people = people_of([item.owner_id], at=at, least=Role.CONTRIBUTOR)
    facts = {"by": str(receipt.organisation), "title": item.title}
    url = item.get_absolute_url()
    notify(people, "exchange.correction_proposed", correction, url=url, facts=facts, at=at)
    return correction


def _write(
    item: Item,
    organisation: Organisation,
    what: Wrong,
    *,
    by: Actor,
    at: datetime,
    client_key: uuid.UUID | None,
) -> Correction:
    return Correction.objects.create(
        item=item,
        organisation=organisation,
        person_id=by.person_id,
        wrong=what.wrong,
        right=what.right,
        basis=what.basis,
        language=what.language,
        at=at,
        client_key=client_key,
    )


@transaction.atomic
def accept_correction(
    correction: Correction, title: str, text: str, *, by: Actor, at: datetime
) -> Item:
    """Send what is right to all who have the item; who proposed it is told and not named.

    Raises ExchangeError when it was answered meanwhile or the item was taken back.
    """
    _answer(correction, Answer.YES, "", by=by, at=at)
    made = _send_correction(correction, title, text, by=by, at=at)
    _tell_proposer(correction, "exchange.correction_made", at=at)
    return made


@transaction.atomic
def correct_item(
    item: Item,
    title: str,
    text: str,
    *,
    by: Actor,
    at: datetime,
    client_key: uuid.UUID | None = None,
) -> Item:
    """Put right what one sent oneself, for all who have it."""
    if client_key is not None:
        before = Correction.objects.filter(client_key=client_key).first()
        if before is not None and before.made is not None:
            return before.made
    what = Wrong(wrong="", right=title, basis="", language=item.language)
    correction = _write(item, item.owner, what, by=by, at=at, client_key=client_key)
    _answer(correction, Answer.YES, "", by=by, at=at)
    return _send_correction(correction, title, text, by=by, at=at)


@transaction.atomic
def refuse_correction(correction: Correction, why: str, *, by: Actor, at: datetime) -> None:
    """Leave the item as it is, and say why."""
    if not why.strip():
        raise ExchangeError(_("Say why not."))
    _answer(correction, Answer.NO, why.strip(), by=by, at=at)
    record(by, "exchange.answer_correction", correction.item, at=at, detail={"answer": "no"})
    _tell_proposer(correction, "exchange.correction_refused", at=at)


def _answer(correction: Correction, state: Answer, answer: str, *, by: Actor, at: datetime) -> None:
    """Write the answer unless somebody was faster: the database lets one of two through."""
    waiting = Correction.objects.filter(pk=correction.pk, state=Answer.OPEN)
    if not waiting.update(state=state, answer=answer, answered_at=at, answered_by_id=by.person_id):
        raise ExchangeError(_("This was answered meanwhile."))
    correction.refresh_from_db()


def _send_correction(
    correction: Correction, title: str, text: str, *, by: Actor, at: datetime
) -> Item:
    item: Item = (
        Item.objects.select_for_update(of=("self",))
        .select_related("owner__place")
        .get(pk=correction.item_id)
    )
    if item.is_recalled or item.is_purged or item.is_draft:
        raise ExchangeError(_("This was taken back, or its time is over."))
    receipts = list(Receipt.objects.filter(item=item).select_related("organisation__place"))
    made = write_item(item.owner, _draft(item, title, text, receipts=receipts, at=at), by=by, at=at)
    sent = send_item(made, by=by, at=at)
    _also_to(made, [one.organisation for one in receipts], sent, at=at)
    Correction.objects.filter(pk=correction.pk).update(made=made)
    correction.made = made
    record(by, "exchange.correct", item, at=at, detail={"recipients": len(receipts)})
    return made


def _draft(
    item: Item, title: str, text: str, *, receipts: Sequence[Receipt], at: datetime
) -> Draft:
    asks_nothing = item.kind in {ItemKind.CONSULTATION, ItemKind.INFORMATION, ItemKind.SUPPORT}
    return Draft(
        kind=ItemKind.NOTICE if asks_nothing else ItemKind(item.kind),
        title=title,
        text=text,
        language=item.language,
        expires_on=max(item.expires_on, (at + _AT_LEAST).date()),
        audience=[{"to": "organisation", "pk": one.organisation_id} for one in receipts],
        people=list(item.named_people.values_list("pk", flat=True)),
        marking=item.marking,
        is_hub_wide=item.is_hub_wide,
        purpose=item.purpose,
        is_list_open=item.is_list_open,
        answers=item,
        # The checks of the item hold for what puts it right, too.
        fullest=item.fullest,
        origin=item.origin,
    )


def _also_to(
    made: Item, wanted: Sequence[Organisation], sent: Sequence[Receipt], *, at: datetime
) -> None:
    """Reach those, too, whom the sender cannot find any more: they have what is wrong."""
    if made.is_red:
        return
    there = {one.organisation_id for one in sent}
    missing = [one for one in wanted if one.pk not in there]
    late = Receipt.objects.bulk_create([receipt_for(made, one, at=at) for one in missing])
    obligations.note_sent(made, late, at=at)
    outbox.note_sent(made)
    people = people_of([one.pk for one in missing], at=at, least=Role.CONTRIBUTOR)
    facts = {"from": str(made.owner), "title": made.title}
    notify(people, "exchange.sent", made, url=made.get_absolute_url(), facts=facts, at=at)


def _tell_proposer(correction: Correction, code: str, *, at: datetime) -> None:
    if correction.organisation_id == correction.item.owner_id:
        return
    people = people_of([correction.organisation_id], at=at, least=Role.CONTRIBUTOR)
    facts = {"title": correction.item.title, "why": correction.answer}
    url = correction.item.get_absolute_url()
    notify(people, code, correction, url=url, facts=facts, at=at)
