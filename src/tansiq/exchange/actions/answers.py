"""Words of the sender to all recipients, and what an item led to at one of them."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor, Role
from tansiq.access.log import record
from tansiq.access.models import Organisation, Person
from tansiq.access.notices import notify, register
from tansiq.access.queries import people_of
from tansiq.exchange.actions.items import ExchangeError
from tansiq.exchange.actions.obligations import note_reply, settle_answer
from tansiq.exchange.events import reply_written
from tansiq.exchange.models import Item, Receipt, Reply

register("exchange.answered_all", gettext_lazy("%(by)s wrote to all about: %(title)s."))
register("exchange.decided", gettext_lazy("%(by)s says what came of: %(title)s."))


@transaction.atomic
def write_to_all(
    item: Item,
    text: str,
    *,
    language: str,
    by: Actor,
    at: datetime,
    client_key: uuid.UUID | None = None,
) -> Reply:
    """Write something that every recipient reads; all of them are told."""
    known = Reply.objects.filter(item=item, client_key=client_key or uuid.uuid4())
    if before := known.first():
        return before
    reply = Reply.objects.create(
        item=item,
        organisation_id=item.owner_id,
        person_id=by.person_id,
        text=text,
        language=language,
        at=at,
        is_to_all=True,
        client_key=client_key,
    )
    record(by, "exchange.answer_all", item, at=at, detail={"reply": reply.pk})
    note_reply(reply, at=at)
    reply_written.send(Reply, reply=reply, at=at)
    facts = {"by": str(item.owner), "title": item.title}
    url = item.get_absolute_url()
    notify(_readers_of(item, at), "exchange.answered_all", item, url=url, facts=facts, at=at)
    return reply


def _readers_of(item: Item, at: datetime) -> list[Person]:
    receipts = Receipt.objects.filter(item=item)
    if item.is_red:
        return list(Person.objects.filter(pk__in=receipts.values("person")))
    return list(
        people_of(receipts.values_list("organisation", flat=True), at=at, least=Role.CONTRIBUTOR)
    )


@transaction.atomic
def note_decision(receipt: Receipt, words: str, *, by: Actor, at: datetime) -> None:
    """Say what the item led to at this recipient; the sender is told, and both see it.

    Said anew, the words change and the first day stays. Raises ExchangeError without words.
    """
    if not words.strip():
        raise ExchangeError(_("Say in a sentence what it led to, also if that was nothing."))
    current = Receipt.objects.select_for_update(of=("self",)).get(pk=receipt.pk)
    receipt.decision = words.strip()
    receipt.decided_at = current.decided_at or at
    receipt.save(update_fields=["decision", "decided_at"])
    settle_answer(receipt, receipt.organisation_id, at=at)
    record(by, "exchange.decide", receipt, at=at)
    item, organisation = receipt.item, receipt.organisation
    people = people_of([item.owner_id], at=at, least=Role.CONTRIBUTOR)
    facts = {"by": str(organisation), "title": item.title}
    notify(people, "exchange.decided", item, url=item.get_absolute_url(), facts=facts, at=at)


def speaker_of(receipt: Receipt, by: Actor) -> Organisation:
    """Return for which of the two sides this actor writes; of both, the recipient."""
    is_recipient = by.is_at_least(Role.CONTRIBUTOR, in_organisation=receipt.organisation_id)
    return receipt.organisation if is_recipient else receipt.item.owner
