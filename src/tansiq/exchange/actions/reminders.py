"""Reminding who owes or has said nothing, by the rule and by hand; telling the level above."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor, Role
from tansiq.access.log import record
from tansiq.access.models import Organisation, Person
from tansiq.access.notices import notify, register
from tansiq.access.queries import people_of
from tansiq.exchange.actions.obligations import ObligationError, target_of, words_in_notice
from tansiq.exchange.models import (
    Escalation,
    EscalationEnd,
    Item,
    Obligation,
    Receipt,
    Reminder,
)
from tansiq.exchange.queries.obligations import CircularBodiesError, bodies_above

register("exchange.owed_one", gettext_lazy("You owe %(to)s by %(due_on)s: %(what)s."))
register(
    "exchange.owed_many",
    gettext_lazy("You owe others: due or late %(count)s, the first since %(due_on)s."),
)
register("exchange.wanted", gettext_lazy("%(by)s reminds you: %(what)s."))
register("exchange.unacknowledged", gettext_lazy("%(from)s waits for a sign from you: %(title)s."))
register(
    "exchange.escalated",
    gettext_lazy("%(from)s is late since %(due_on)s with something it owes %(to)s."),
)

A_DAY: Final = timedelta(days=1)
# An item is not brought to mind again and again: who said nothing three times will not.
MOST_SIGNS: Final = 3
# What was sent longer ago than this is not looked at any more.
_LOOK_BACK: Final = timedelta(days=60)
_CLOCK = Actor.system("a day came")


# --- by the rule


def remind_of_duties(*, at: datetime) -> int:
    """Remind whoever owes something before its day, on it, and then at intervals.

    One notice a day and organisation, however much it owes; return how many were reminded.
    """
    rows = Obligation.objects.filter(_to_be_reminded(at), debtor__is_active=True).active()
    reminded = 0
    by_debtor = rows.order_by("debtor", "due_at", "pk").values_list("debtor", "pk")
    for debtor, keys in groupby(by_debtor.iterator(chunk_size=2000), key=lambda row: row[0]):
        reminded += _remind_debtor(debtor, [pk for _debtor, pk in keys], at=at)
    return reminded


def _to_be_reminded(at: datetime) -> Q:
    soon = at + timedelta(days=settings.REMIND_BEFORE_DAYS)
    again = at - timedelta(days=settings.REMIND_EVERY_DAYS)
    never = Q(reminded_at__isnull=True, due_at__lte=soon)
    fell_due = Q(due_at__lte=at, reminded_at__lt=F("due_at"))
    still_late = Q(due_at__lte=at, reminded_at__lte=again)
    # Who learned of it within the last day needs no reminder yet.
    return (never | fell_due | still_late) & Q(made_at__lte=at - A_DAY)


@transaction.atomic
def _remind_debtor(debtor: int, keys: Sequence[int], *, at: datetime) -> int:
    rows = Obligation.objects.filter(_to_be_reminded(at), pk__in=keys).active()
    locked = rows.select_for_update(of=("self",))
    owed = list(locked.select_related("creditor", "debtor", "item", "receipt").order_by("due_at"))
    if not owed:
        return 0
    _note_reminders(owed, at=at)
    people = people_of([debtor], at=at, least=Role.CONTRIBUTOR)
    plain = [one for one in owed if not one.is_red]
    if plain:
        record(_CLOCK, "exchange.remind", plain[0].debtor, at=at, detail={"duties": len(plain)})
    if len(plain) == 1:
        _remind_of_one(plain[0], people, at=at)
    elif plain:
        facts = {"count": len(plain), "due_on": plain[0].due_on.isoformat()}
        url = f"{reverse('exchange:owed')}?way=by_us"
        notify(people, "exchange.owed_many", plain[0], url=url, facts=facts, at=at)
    for one in owed:
        if one.is_red:
            _remind_of_one(one, _people_under_red(one, people), at=at)
    return 1


def _remind_of_one(obligation: Obligation, people: Iterable[Person], *, at: datetime) -> None:
    facts = {
        "to": str(obligation.creditor),
        "what": words_in_notice(obligation, at=at),
        "due_on": obligation.due_on.isoformat(),
    }
    url = obligation.get_absolute_url()
    notify(people, "exchange.owed_one", target_of(obligation), url=url, facts=facts, at=at)


def _people_under_red(obligation: Obligation, people: Iterable[Person]) -> Iterable[Person]:
    """Return the person whose receipt it is; the gate leaves out the others all the same."""
    receipt = obligation.receipt
    if receipt is None or receipt.organisation_id != obligation.debtor_id:
        return people
    return list(Person.objects.filter(pk=receipt.person_id))


def _note_reminders(
    owed: Sequence[Obligation], *, at: datetime, organisation: Organisation | None = None
) -> None:
    keys = [one.pk for one in owed]
    Obligation.objects.filter(pk__in=keys).update(reminders=F("reminders") + 1, reminded_at=at)
    Reminder.objects.bulk_create(
        [Reminder(obligation=one, at=at, organisation=organisation) for one in owed],
        batch_size=500,
    )


def remind_of_signs(*, at: datetime) -> int:
    """Remind recipients that have said nothing to an item, a few times; return how many."""
    waited = at - timedelta(days=settings.REMIND_UNACKNOWLEDGED_DAYS)
    items = (
        Item.objects.filter(sent_at__gt=at - _LOOK_BACK, sent_at__lte=waited)
        .holding()
        .filter(expires_on__gte=at.date())
        .order_by("pk")
    )
    return sum(_remind_silent(item, at=at) for item in items.iterator(chunk_size=500))


@transaction.atomic
def _remind_silent(item: Item, *, at: datetime) -> int:
    again = at - timedelta(days=settings.REMIND_EVERY_DAYS)
    silent = (
        Receipt.objects.filter(item=item, acknowledged_at__isnull=True)
        .filter(answered_at__isnull=True, organisation__is_active=True)
        .annotate(times=Count("reminded"), latest=Max("reminded__at"))
        .filter(Q(latest__isnull=True) | Q(latest__lte=again), times__lt=MOST_SIGNS)
    )
    return _bring_to_mind(item, list(silent), at=at, by=_CLOCK)


def _bring_to_mind(
    item: Item,
    receipts: Sequence[Receipt],
    *,
    at: datetime,
    by: Actor,
    organisation: Organisation | None = None,
) -> int:
    if not receipts:
        return 0
    Reminder.objects.bulk_create(
        [Reminder(receipt=one, at=at, organisation=organisation) for one in receipts],
        batch_size=500,
    )
    record(by, "exchange.remind", item, at=at, detail={"recipients": len(receipts)})
    if item.is_red:
        people = Person.objects.filter(pk__in=[one.person_id for one in receipts])
    else:
        people = people_of([one.organisation_id for one in receipts], at=at, least=Role.CONTRIBUTOR)
    facts = {"from": str(item.owner), "title": item.title}
    url = item.get_absolute_url()
    notify(people, "exchange.unacknowledged", item, url=url, facts=facts, at=at)
    return len(receipts)


# --- by hand


@transaction.atomic
def remind(obligation: Obligation, organisation: Organisation, *, by: Actor, at: datetime) -> None:
    """Remind whoever owes it, as the one that waits.

    Raises ObligationError within a day of the last reminder, and when nothing is owed any more.
    """
    rows = Obligation.objects.select_for_update(of=("self",))
    current = rows.select_related("debtor", "creditor", "item", "receipt").get(pk=obligation.pk)
    if not current.is_active:
        raise ObligationError(_("This is not open any more."))
    if current.reminded_at is not None and at - current.reminded_at < A_DAY:
        raise ObligationError(_("A reminder went out less than a day ago."))
    _note_reminders([current], at=at, organisation=organisation)
    record(by, "exchange.remind", current, at=at)
    people = people_of([current.debtor_id], at=at, least=Role.CONTRIBUTOR)
    told = _people_under_red(current, people) if current.is_red else people
    facts = {"by": str(organisation), "what": words_in_notice(current, at=at)}
    url = current.get_absolute_url()
    notify(told, "exchange.wanted", target_of(current), url=url, facts=facts, at=at)


@transaction.atomic
def remind_recipients(item: Item, *, by: Actor, at: datetime) -> int:
    """Remind, as the sender, every recipient that said nothing yet; return how many.

    Raises ObligationError when it no longer holds, when nobody is silent, and when all of the
    silent ones were reminded within a day.
    """
    if item.sent_at is None or item.is_recalled or item.is_purged or item.is_over(at.date()):
        raise ObligationError(_("This does not hold any more."))
    # Two that press the button at once: the second waits here, and finds the first one's reminders.
    Item.objects.select_for_update(of=("self",)).get(pk=item.pk)
    silent = Receipt.objects.filter(item=item, acknowledged_at__isnull=True).filter(
        answered_at__isnull=True, organisation__is_active=True
    )
    if not silent.exists():
        raise ObligationError(_("Everybody has said something."))
    due = silent.annotate(latest=Max("reminded__at")).filter(
        Q(latest__isnull=True) | Q(latest__lte=at - A_DAY)
    )
    count = _bring_to_mind(item, list(due), at=at, by=by, organisation=item.owner)
    if not count:
        raise ObligationError(_("A reminder went out less than a day ago."))
    return count


# --- to the level above


def escalate_late(*, at: datetime) -> int:
    """Tell the next level above of what is late; return how many were told.

    Never of what came from an item under RED, never beyond the nation, nobody twice.
    """
    waited = at - timedelta(days=settings.ESCALATE_DAYS)
    rows = (
        Obligation.objects.filter(is_red=False, escalation_end="", due_at__lte=waited)
        .active()
        .filter(Q(escalated_at__isnull=True) | Q(escalated_at__lte=waited))
        .filter(debtor__is_active=True)
        .select_related("debtor__place", "creditor", "item")
        .order_by("pk")
    )
    chains: dict[int, list[Organisation] | None] = {}
    told = 0
    for obligation in rows.iterator(chunk_size=500):
        if obligation.debtor_id not in chains:
            chains[obligation.debtor_id] = _chain_of(obligation.debtor)
        told += _escalate(obligation, chains[obligation.debtor_id], at=at)
    return told


def _chain_of(debtor: Organisation) -> list[Organisation] | None:
    try:
        return bodies_above(debtor)
    except CircularBodiesError:
        return None


@transaction.atomic
def _escalate(obligation: Obligation, chain: list[Organisation] | None, *, at: datetime) -> int:
    if chain is None:
        _end(obligation, EscalationEnd.CIRCLE, at=at)
        return 0
    told = set(Escalation.objects.filter(obligation=obligation).values_list("told", flat=True))
    left = [one for one in chain if one.pk not in told and one.pk != obligation.creditor_id]
    if not left:
        _end(obligation, EscalationEnd.TOP, at=at)
        return 0
    step, next_one = len(told) + 1, left[0]
    row, made = Escalation.objects.get_or_create(
        obligation=obligation, told=next_one, defaults={"step": step, "at": at}
    )
    if not made:
        return 0
    Obligation.objects.filter(pk=obligation.pk).update(escalations_made=step, escalated_at=at)
    record(_CLOCK, "exchange.escalate", obligation, at=at, detail={"told": next_one.pk})
    facts = {
        "from": str(obligation.debtor),
        "to": str(obligation.creditor),
        "due_on": obligation.due_on.isoformat(),
    }
    people = people_of([row.told_id], at=at)
    url = obligation.get_absolute_url()
    notify(people, "exchange.escalated", obligation, url=url, facts=facts, at=at)
    return 1


def _end(obligation: Obligation, why: EscalationEnd, *, at: datetime) -> None:
    Obligation.objects.filter(pk=obligation.pk).update(escalation_end=why)
    if why == EscalationEnd.CIRCLE:
        record(_CLOCK, "refused:exchange.escalate", obligation, at=at, detail={"why": why})
