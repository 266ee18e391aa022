"""How a duty arises from what was sent, and what becomes of it: given, confirmed, waived."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor, Role
from tansiq.access.log import record
from tansiq.access.models import Organisation
from tansiq.access.notices import notify, register
from tansiq.access.queries import people_of
from tansiq.exchange.models import (
    Direction,
    Item,
    ItemKind,
    Obligation,
    ObligationKind,
    ObligationState,
    Receipt,
    ReceiptState,
    Reply,
)
from tansiq.exchange.states import ACTIVE

register("exchange.given", gettext_lazy("%(by)s says that it gave what it owes you: %(what)s."))
register("exchange.confirmed", gettext_lazy("%(by)s confirms: %(what)s."))
register("exchange.disputed", gettext_lazy("%(by)s did not receive it: %(what)s."))
register("exchange.waived", gettext_lazy("%(by)s does not wait for it any more: %(what)s."))


class ObligationError(Exception):
    """The step makes no sense now; the message says why, and nothing was changed."""


# --- how it arises


def owe_answers(item: Item, receipts: Iterable[Receipt], *, at: datetime) -> int:
    """Owe the sender an answer wherever it asks for one, or is a level below; return how many.

    Whoever contributes upward is owed an answer, also without asking: by the day it names, or by
    the days that the settings give for its kind.
    """
    owed = [
        _answer_owed(item, one, one.organisation_id, at=at)
        for one in receipts
        if one.reply_by is not None or one.direction == Direction.UP
    ]
    Obligation.objects.bulk_create(owed, batch_size=500, ignore_conflicts=True)
    return len(owed)


def owe_response(receipt: Receipt, *, at: datetime) -> None:
    """Owe whoever commented in a consultation a response; a second comment waits for the same."""
    item = receipt.item
    if item.kind != ItemKind.CONSULTATION:
        return
    before = Obligation.objects.filter(receipt=receipt, debtor=item.owner_id)
    if before.filter(state__in=ACTIVE).exists():
        return
    if not before.exists():
        _response_owed(item, receipt, at=at).save()
        return
    due_at = at + _days_for(item)
    before.update(state=ObligationState.OPEN, due_at=due_at, done_at=None, note="")


def _response_owed(item: Item, receipt: Receipt, *, at: datetime) -> Obligation:
    owed = _answer_owed(item, receipt, item.owner_id, at=at)
    owed.creditor_id = receipt.organisation_id
    owed.due_at = at + _days_for(item)
    return owed


def _answer_owed(item: Item, receipt: Receipt, debtor: int, *, at: datetime) -> Obligation:
    return Obligation(
        debtor_id=debtor,
        creditor_id=item.owner_id,
        kind=ObligationKind.ANSWER,
        item=item,
        receipt=receipt,
        is_red=item.is_red,
        made_at=at,
        due_at=receipt.reply_by or at + _days_for(item),
    )


def _days_for(item: Item) -> timedelta:
    return timedelta(days=settings.ANSWER_DAYS[item.kind])


# --- what happens to it by itself


def note_sent(item: Item, receipts: Iterable[Receipt], *, at: datetime) -> None:
    """Draw the consequences of sending: answers are owed, and what this item answers is given."""
    made = list(receipts)
    owe_answers(item, made, at=at)
    if item.answers_id is None:
        return
    answered = Obligation.objects.filter(
        item=item.answers_id,
        debtor=item.owner_id,
        creditor__in=[one.organisation_id for one in made],
        state__in=ACTIVE,
    )
    answered.update(state=ObligationState.DONE, done_at=at, done_with=item, note="")
    Receipt.objects.filter(
        item=item.answers_id, organisation=item.owner_id, answered_at__isnull=True
    ).update(answered_at=at)


def note_reply(reply: Reply, *, at: datetime) -> None:
    """Words came: what was to be answered is answered; a comment waits for a response."""
    if reply.receipt is None:
        _note_words_to_all(reply, at=at)
        return
    settle_answer(reply.receipt, reply.organisation_id, at=at)
    if reply.organisation_id == reply.receipt.organisation_id:
        owe_response(reply.receipt, at=at)


def _note_words_to_all(reply: Reply, *, at: datetime) -> None:
    Obligation.objects.filter(
        item=reply.item_id, debtor=reply.organisation_id, state__in=ACTIVE
    ).update(state=ObligationState.DONE, done_at=at)


def settle_answer(receipt: Receipt, debtor: int, *, at: datetime, note: str = "") -> int:
    """Note that this side of an exchange has answered; return whether something was owed."""
    owed = Obligation.objects.filter(receipt=receipt, debtor=debtor, state__in=ACTIVE)
    return int(owed.update(state=ObligationState.DONE, done_at=at, note=note[:500]))


def note_acknowledged(receipt: Receipt, *, at: datetime) -> None:
    """Count "cannot, because" as an answer; whoever takes it back owes words again."""
    if receipt.state == ReceiptState.CANNOT:
        settle_answer(receipt, receipt.organisation_id, at=at, note=receipt.reason)
    elif receipt.answered_at is None and receipt.decided_at is None:
        Obligation.objects.filter(
            receipt=receipt, debtor=receipt.organisation_id, state=ObligationState.DONE
        ).update(state=ObligationState.OPEN, done_at=None, note="")


def note_carried(receipt: Receipt, *, at: datetime) -> None:
    """Note what a receipt says that came back from another platform."""
    if receipt.answered_at is not None or receipt.decided_at is not None:
        settle_answer(receipt, receipt.organisation_id, at=at)
    else:
        note_acknowledged(receipt, at=at)


def forget_words(items: Iterable[int]) -> int:
    """Delete what was written about duties of these items; what was owed and given stays."""
    noted = Obligation.objects.filter(item__in=list(items)).exclude(note="")
    return int(noted.update(note=""))


def withdraw_of(item: Item, *, at: datetime) -> int:
    """Owe nothing any more for an item that was taken back or deleted; return how many."""
    owed = Obligation.objects.filter(item=item, state__in=ACTIVE)
    return int(owed.update(state=ObligationState.WITHDRAWN, settled_at=at))


# --- what somebody decides


@transaction.atomic
def give(
    obligation: Obligation,
    *,
    with_item: Item | None = None,
    note: str = "",
    by: Actor,
    at: datetime,
) -> None:
    """Say as the debtor that it was given: with an item that was sent, or in words.

    Raises ObligationError when it is not open, without either, and for an item that did not
    reach the creditor.
    """
    current = _locked(obligation)
    if not current.is_active:
        raise ObligationError(_("This is not open any more."))
    if with_item is None and not note.strip():
        raise ObligationError(_("Choose what you sent, or write how it was given."))
    if with_item is not None and not _reached(with_item, current):
        raise ObligationError(_("They did not receive this. Choose something that they received."))
    _settle(current, ObligationState.DONE, note=note, at=at, done_at=at, done_with=with_item)
    record(by, "exchange.give", current, at=at)
    _tell(current, current.creditor, "exchange.given", current.debtor, at=at)


def _reached(item: Item, obligation: Obligation) -> bool:
    receipts = item.receipts.filter(organisation=obligation.creditor_id)
    return item.owner_id == obligation.debtor_id and receipts.exists()


@transaction.atomic
def give_to_all(rows: Iterable[Obligation], item: Item, *, by: Actor, at: datetime) -> int:
    """Say that one item gave what is owed to all of these whom it reached; return how many."""
    reached = set(item.receipts.values_list("organisation", flat=True))
    owed = Obligation.objects.filter(
        pk__in=[one.pk for one in rows],
        debtor=item.owner_id,
        creditor__in=reached,
        state__in=ACTIVE,
    )
    given = list(owed.select_for_update(of=("self",)).select_related("debtor", "creditor"))
    owed.update(state=ObligationState.DONE, done_at=at, done_with=item, note="")
    for one in given:
        record(by, "exchange.give", one, at=at, detail={"item": item.pk})
    return len(given)


@transaction.atomic
def confirm(obligation: Obligation, *, by: Actor, at: datetime) -> None:
    """Say as the creditor that it arrived. Raises ObligationError before it was given."""
    current = _locked(obligation)
    if current.state != ObligationState.DONE:
        raise ObligationError(_("This was not marked as given yet. Send a reminder instead."))
    _settle(current, ObligationState.CONFIRMED, note=current.note, at=at)
    record(by, "exchange.confirm", current, at=at)
    _tell(current, current.debtor, "exchange.confirmed", current.creditor, at=at)


@transaction.atomic
def dispute(obligation: Obligation, *, note: str, by: Actor, at: datetime) -> None:
    """Say as the creditor that it did not arrive, or is no answer; it is open again.

    Raises ObligationError without a note, and before it was given.
    """
    current = _locked(obligation)
    if not note.strip():
        raise ObligationError(_("Say what is missing, so that they can act on it."))
    if current.state != ObligationState.DONE:
        raise ObligationError(_("This was not marked as given yet. Send a reminder instead."))
    _settle(current, ObligationState.DISPUTED, note=note, at=at, done_at=None, done_with=None)
    record(by, "exchange.dispute", current, at=at)
    _tell(current, current.debtor, "exchange.disputed", current.creditor, at=at)


@transaction.atomic
def waive(obligation: Obligation, *, reason: str, by: Actor, at: datetime) -> None:
    """Wait for it no longer, as the creditor. Raises ObligationError without a reason."""
    current = _locked(obligation)
    if not reason.strip():
        raise ObligationError(_("Say why you do not wait for it any more."))
    if not current.is_active:
        raise ObligationError(_("This is not open any more."))
    _settle(current, ObligationState.WAIVED, note=reason, at=at)
    record(by, "exchange.waive", current, at=at)
    _tell(current, current.debtor, "exchange.waived", current.creditor, at=at)


def _settle(
    obligation: Obligation, state: ObligationState, *, note: str, at: datetime, **more: Any
) -> None:
    changes = {"state": state, "note": note.strip()[:500], "settled_at": at, **more}
    for name, value in changes.items():
        setattr(obligation, name, value)
    obligation.save(update_fields=list(changes))


def _locked(obligation: Obligation) -> Obligation:
    rows = Obligation.objects.select_for_update(of=("self",))
    found: Obligation = rows.select_related("debtor", "creditor", "item").get(pk=obligation.pk)
    return found


def _tell(
    obligation: Obligation, to: Organisation, code: str, by: Organisation, *, at: datetime
) -> None:
    """Tell those who do the work there; words of an item only as far as its marking lets them."""
    people = people_of([to.pk], at=at, least=Role.CONTRIBUTOR)
    facts = {"by": str(by), "what": words_in_notice(obligation, at=at)}
    url = obligation.get_absolute_url()
    notify(people, code, target_of(obligation), url=url, facts=facts, at=at)


def words_in_notice(obligation: Obligation, *, at: datetime) -> str:
    """Return what it is about; a number where the item is over and must not be told anew."""
    item = obligation.item
    if item is None:
        return obligation.what
    is_readable = not item.is_over(at.date()) and not item.is_recalled
    return item.title if is_readable and item.title else f"#{obligation.pk}"


def target_of(obligation: Obligation) -> Obligation | Item:
    """Return what decides who is told: the item where its marking keeps words out of mails."""
    item = obligation.item
    return item if item is not None and not item.may_leave_in_mail else obligation
