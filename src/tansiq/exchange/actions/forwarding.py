"""Handing an item on to others, and asking its owner where the marking demands it."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor, Role
from tansiq.access.log import record
from tansiq.access.models import Organisation
from tansiq.access.notices import notify, register
from tansiq.access.queries import people_of
from tansiq.exchange.actions import obligations, outbox
from tansiq.exchange.actions.items import ExchangeError, receipt_for
from tansiq.exchange.actions.obligations import owe_answers
from tansiq.exchange.events import item_sent
from tansiq.exchange.models import Answer, ForwardRequest, Item, Receipt
from tansiq.exchange.queries.reach import askable, forwardable

register("exchange.forwarded", gettext_lazy("%(by)s forwards to you: %(title)s."))
register("exchange.forwarded_on", gettext_lazy("%(by)s forwarded %(title)s to: %(to)s."))
register("exchange.forward_asked", gettext_lazy("%(by)s asks to forward %(title)s to: %(to)s."))
register("exchange.forward_allowed", gettext_lazy("You may forward %(title)s; it was sent on."))
register("exchange.forward_refused", gettext_lazy("%(title)s stays with you: %(why)s"))
register(
    "exchange.forward_waits",
    gettext_lazy("%(by)s still waits to hear whether %(title)s may be forwarded."),
)


def locked_holding(item: Item, *, at: datetime) -> Item:
    """Return the item as it stands, held against changes until the transaction ends.

    Raises ExchangeError when it was taken back, has ended, or was never sent.
    """
    current: Item = (
        Item.objects.select_for_update(of=("self",)).select_related("owner__place").get(pk=item.pk)
    )
    if current.is_draft:
        raise ExchangeError(_("This was not sent yet."))
    if current.is_recalled:
        raise ExchangeError(_("The sender took this back meanwhile."))
    if current.is_purged or current.is_over(at.date()):
        raise ExchangeError(_("Its time is over."))
    return current


@transaction.atomic
def forward_item(
    receipt: Receipt, to: Iterable[Organisation], *, by: Actor, at: datetime
) -> list[Receipt]:
    """Hand an item on, under the same marking; the owner is told to whom.

    Raises ExchangeError for whom the marking does not let a recipient reach, and when the item
    does not hold any more. Who has it already is left out.
    """
    item = locked_holding(receipt.item, at=at)
    wanted = {one.pk: one for one in to}
    there = _recipients_among(item, wanted)
    allowed = set(forwardable(item, receipt, by=by).values_list("pk", flat=True))
    beyond = [one for pk, one in wanted.items() if pk not in allowed | there]
    if beyond:
        names = ", ".join(str(one) for one in beyond)
        raise ExchangeError(
            _("Its marking does not let you forward this to: %(names)s. Ask the sender.")
            % {"names": names}
        )
    return _hand_on(item, receipt.organisation, wanted.values(), by=by, at=at)


def _recipients_among(item: Item, wanted: Iterable[int]) -> set[int]:
    there = Receipt.objects.filter(item=item, organisation__in=list(wanted))
    return set(there.values_list("organisation", flat=True)) | {item.owner_id}


def _hand_on(
    item: Item, via: Organisation, to: Iterable[Organisation], *, by: Actor, at: datetime
) -> list[Receipt]:
    bodies = list(to)
    there = _recipients_among(item, [one.pk for one in bodies])
    new = [one for one in bodies if one.pk not in there and one.is_active]
    if not new:
        raise ExchangeError(_("They have it already."))
    receipts = [receipt_for(item, one, at=at) for one in new]
    for receipt in receipts:
        receipt.forwarded_by = via
        if item.reply_by is not None and item.reply_by <= at:
            # Nobody is late with what came after its time.
            receipt.reply_by = None
    made = Receipt.objects.bulk_create(receipts)
    detail = {"via": via.pk, "to": [one.pk for one in new]}
    record(by, "exchange.forward", item, at=at, detail=detail)
    owe_answers(item, made, at=at)
    obligations.note_sent(item, made, at=at)
    outbox.note_sent(item)
    item_sent.send(Item, item=item, receipts=made, at=at)
    facts = {"by": str(via), "title": item.title, "to": ", ".join(str(one) for one in new)}
    reached = people_of([one.pk for one in new], at=at, least=Role.CONTRIBUTOR)
    url = item.get_absolute_url()
    notify(reached, "exchange.forwarded", item, url=url, facts=facts, at=at)
    owners = people_of([item.owner_id], at=at, least=Role.CONTRIBUTOR)
    notify(owners, "exchange.forwarded_on", item, url=url, facts=facts, at=at)
    return made


@transaction.atomic
def ask_to_forward(
    receipt: Receipt,
    to: Iterable[Organisation],
    why: str,
    *,
    by: Actor,
    at: datetime,
    client_key: uuid.UUID | None = None,
) -> ForwardRequest:
    """Ask the owner whether the item may go to these, too. A repeated post asks once."""
    if client_key is not None:
        before = ForwardRequest.objects.filter(client_key=client_key).first()
        if before is not None:
            return before
    item = locked_holding(receipt.item, at=at)
    if item.is_red:
        raise ExchangeError(_("TLP:RED stays with the persons named."))
    wanted = list(to)
    possible = set(askable(item, receipt, by=by).values_list("pk", flat=True))
    possible |= set(forwardable(item, receipt, by=by).values_list("pk", flat=True))
    wanted = [one for one in wanted if one.pk in possible]
    if not wanted:
        raise ExchangeError(_("Choose at least one organisation that does not have it yet."))
    if not why.strip():
        raise ExchangeError(_("Say why they need it, so that the sender can decide."))
    request = ForwardRequest.objects.create(
        item=item,
        receipt=receipt,
        asked_by_id=by.person_id,
        why=why.strip(),
        asked_at=at,
        due_at=at + timedelta(hours=settings.FORWARD_HOURS),
        client_key=client_key,
    )
    request.to.set(wanted)
    detail = {"to": [one.pk for one in wanted]}
    record(by, "exchange.ask_forward", item, at=at, detail=detail)
    _tell_owner(request, "exchange.forward_asked", at=at)
    return request


@transaction.atomic
def allow_forward(request: ForwardRequest, *, by: Actor, at: datetime) -> list[Receipt]:
    """Let the item go to whom a recipient asked for. The first answer counts."""
    item = locked_holding(request.item, at=at)
    _answer(request, Answer.YES, "", by=by, at=at)
    made = _hand_on(item, request.receipt.organisation, request.to.all(), by=by, at=at)
    record(by, "exchange.answer_forward", item, at=at, detail={"answer": "yes"})
    _tell_asker(request, "exchange.forward_allowed", at=at)
    return made


@transaction.atomic
def refuse_forward(request: ForwardRequest, why: str, *, by: Actor, at: datetime) -> None:
    """Keep the item with whom it was sent to, and say why."""
    if not why.strip():
        raise ExchangeError(_("Say why not."))
    _answer(request, Answer.NO, why.strip(), by=by, at=at)
    record(by, "exchange.answer_forward", request.item, at=at, detail={"answer": "no"})
    _tell_asker(request, "exchange.forward_refused", at=at)


def _answer(
    request: ForwardRequest, state: Answer, answer: str, *, by: Actor, at: datetime
) -> None:
    """Write the answer unless somebody was faster: the database lets one of two through."""
    waiting = ForwardRequest.objects.filter(pk=request.pk, state=Answer.OPEN)
    if not waiting.update(state=state, answer=answer, answered_at=at, answered_by_id=by.person_id):
        raise ExchangeError(_("This was answered meanwhile."))
    request.refresh_from_db()


def remind_of_requests(*, at: datetime) -> int:
    """Remind owners, once, of requests whose time is over; return of how many."""
    late = ForwardRequest.objects.waiting().filter(due_at__lte=at, reminded_at__isnull=True)
    count = 0
    for request in late.select_related("item", "receipt__organisation").order_by("pk"):
        with transaction.atomic():
            if not late.filter(pk=request.pk).update(reminded_at=at):
                continue
            if request.item.is_recalled or request.item.is_over(at.date()):
                ForwardRequest.objects.filter(pk=request.pk).update(state=Answer.CLOSED)
                continue
            _tell_owner(request, "exchange.forward_waits", at=at)
            count += 1
    return count


def _facts(request: ForwardRequest) -> dict[str, str]:
    return {
        "by": str(request.receipt.organisation),
        "title": request.item.title,
        "to": ", ".join(str(one) for one in request.to.order_by("name", "pk")),
        "why": request.answer,
    }


def _tell_owner(request: ForwardRequest, code: str, *, at: datetime) -> None:
    people = people_of([request.item.owner_id], at=at)
    url = request.item.get_absolute_url()
    notify(people, code, request, url=url, facts=_facts(request), at=at)


def _tell_asker(request: ForwardRequest, code: str, *, at: datetime) -> None:
    people = people_of([request.receipt.organisation_id], at=at, least=Role.CONTRIBUTOR)
    url = request.item.get_absolute_url()
    notify(people, code, request, url=url, facts=_facts(request), at=at)
