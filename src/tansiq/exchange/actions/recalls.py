"""Taking back what was sent, within a time; the trace stays."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor, Role
from tansiq.access.log import record
from tansiq.access.models import Membership, Notice
from tansiq.access.notices import notify, register
from tansiq.access.queries import people_of
from tansiq.core.search import take_out
from tansiq.exchange.actions import outbox
from tansiq.exchange.actions.items import ExchangeError
from tansiq.exchange.actions.obligations import withdraw_of
from tansiq.exchange.events import item_recalled
from tansiq.exchange.models import Answer, Correction, ForwardRequest, Item, Receipt, Reply
from tansiq.exchange.queries.handling import messages_that_left
from tansiq.exchange.queries.purging import ITEM
from tansiq.exchange.rules.handling import recall_ends

register("exchange.taken_back", gettext_lazy("%(from)s took back what it sent you."))
# What notices become that named an item which was taken back afterwards.
register("exchange.was_taken_back", gettext_lazy("%(from)s sent you something and took it back."))


@dataclass(frozen=True)
class Trace:
    """How far an item had come when it was taken back."""

    read: int
    mailed: int


@transaction.atomic
def recall_item(
    item: Item, reason: str, *, by: Actor, at: datetime, with_lesser: bool = False
) -> Trace:
    """Take an item back from all who have it, also from whom it was forwarded to.

    Raises ExchangeError without a reason, when it is too late, and when it was taken back before.
    `with_lesser` takes back its lesser versions, too, as far as their time has not run out.
    """
    if not reason.strip():
        raise ExchangeError(_("Say why. Those who received it read the reason."))
    current = Item.objects.select_for_update(of=("self",)).get(pk=item.pk)
    _check(current, at)
    current.recalled_at, current.recall_reason = at, reason.strip()
    current.save(update_fields=["recalled_at", "recall_reason"])
    item.recalled_at, item.recall_reason = current.recalled_at, current.recall_reason
    trace = Trace(
        read=Receipt.objects.filter(item=item, read_at__isnull=False).count(),
        mailed=_reword_notices(current) + messages_that_left(current),
    )
    _close_what_is_open(current, at=at)
    take_out(ITEM, [item.pk])
    withdraw_of(current, at=at)
    outbox.touch([item.pk])
    withdraw_of(item, at=at)
    detail = {"read": trace.read, "mailed": trace.mailed}
    record(by, "exchange.recall", item, at=at, detail=detail)
    item_recalled.send(Item, item=item, at=at)
    _tell_recipients(current, at=at)
    if with_lesser:
        for lesser in Item.objects.filter(fullest=item).holding():
            if _is_in_time(lesser, at):
                recall_item(lesser, reason, by=by, at=at)
    return trace


def _check(item: Item, at: datetime) -> None:
    if item.is_draft:
        raise ExchangeError(_("This was not sent yet."))
    if item.is_recalled:
        raise ExchangeError(_("This was taken back already."))
    if item.is_purged:
        raise ExchangeError(_("Its time is over."))
    if not _is_in_time(item, at):
        raise ExchangeError(
            _("It is too late to take this back. Send a correction to all who have it.")
        )


def _is_in_time(item: Item, at: datetime) -> bool:
    ends = recall_ends(item)
    return ends is not None and at <= ends


def _reword_notices(item: Item) -> int:
    """Take the title out of what others were told; return how many mails had left with it."""
    about = Q(target_kind="exchange.item", target_id=item.pk)
    for model in (Receipt, Reply, ForwardRequest, Correction):
        keys = model.objects.filter(item=item).values("pk")
        about |= Q(target_kind=model._meta.label_lower, target_id__in=keys)
    own = Membership.objects.filter(organisation=item.owner_id).values("person")
    quoting = Notice.objects.filter(about).exclude(person__in=own)
    mailed = quoting.filter(mailed_at__isnull=False).count() if item.may_leave_in_mail else 0
    quoting.update(code="exchange.was_taken_back", facts={"from": str(item.owner)})
    return int(mailed)


def _close_what_is_open(item: Item, *, at: datetime) -> None:
    for model in (ForwardRequest, Correction):
        model.objects.filter(item=item, state=Answer.OPEN).update(
            state=Answer.CLOSED, answered_at=at
        )


def _tell_recipients(item: Item, *, at: datetime) -> None:
    """Tell that it is gone, in words that say nothing of what it was."""
    receipts = list(Receipt.objects.filter(item=item).select_related("organisation"))
    facts = {"from": str(item.owner)}
    url = reverse("exchange:taken_back", args=[item.pk])
    if item.may_leave_in_mail:
        bodies = [one.organisation_id for one in receipts]
        people = people_of(bodies, at=at, least=Role.CONTRIBUTOR)
        notify(people, "exchange.taken_back", item.owner, url=url, facts=facts, at=at)
        return
    for receipt in receipts:
        colleagues = people_of([receipt.organisation_id], at=at, least=Role.CONTRIBUTOR)
        told = [receipt.person] if receipt.person is not None else list(colleagues)
        notify(told, "exchange.taken_back", receipt, url=url, facts=facts, at=at)
