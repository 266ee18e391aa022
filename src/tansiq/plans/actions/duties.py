"""What the higher level owes each place, tracked like any other action."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Place
from tansiq.core.editing import save_changes
from tansiq.plans.models import Action, ActionStatus, Delivery
from tansiq.plans.notices import tell_giver, tell_place

A_DAY = timedelta(days=1)


class DeliveryError(Exception):
    """The step makes no sense now; the message says why."""


@transaction.atomic
def owe(duty: Action, place: Place, *, due_on: date, by: Actor, at: datetime) -> Delivery:
    """Owe a duty to one place on one day; the same day twice is the same delivery."""
    delivery, made = Delivery.objects.get_or_create(
        action=duty, place=place, due_on=due_on, defaults={"changed_at": at}
    )
    if made:
        record(by, "plans.owe", delivery, at=at)
    return delivery


@transaction.atomic
def update_delivery(
    delivery: Delivery,
    *,
    status: str,
    note: str,
    revision: int,
    by: Actor,
    at: datetime,
    on: date | None = None,
) -> None:
    """Say how a delivery stands; `done` gives it on this day, or today.

    Giving what falls due again owes the next one. Raises ChangedMeanwhileError, and
    DeliveryError for a day that has not come.
    """
    changes: dict[str, Any] = {"status": status, "note": note, "delivered_on": None}
    if status == ActionStatus.DONE:
        changes["delivered_on"] = on or delivery.delivered_on or at.date()
        _refuse_future(changes["delivered_on"], at)
    else:
        # The place may have confirmed what is now said to be open; that no longer stands.
        changes["received_on"] = None
    save_changes(delivery, changes, revision=revision, at=at)
    record(by, "plans.deliver", delivery, at=at, detail={"to": status})
    if status == ActionStatus.DONE:
        tell_place(delivery, "plans.delivery_given", at=at)
        owe_next(delivery, by=by, at=at)


def _refuse_future(day: date, at: datetime) -> None:
    if day > at.date():
        raise DeliveryError(_("This day has not come yet. Write the day on which it was given."))


@transaction.atomic
def give_to_places(
    duty: Action, deliveries: Iterable[Delivery], *, on: date, by: Actor, at: datetime
) -> int:
    """Mark these deliveries of one duty as given on one day; return how many were open.

    Raises DeliveryError for a day that has not come.
    """
    _refuse_future(on, at)
    wanted = [one.pk for one in deliveries]
    rows = (
        Delivery.objects.select_for_update(of=("self",))
        .open()
        .filter(action=duty, pk__in=wanted)
        .select_related("action__plan", "place")
        .order_by("pk")
    )
    given = list(rows)
    for delivery in given:
        delivery.status, delivery.delivered_on = ActionStatus.DONE, on
        delivery.revision, delivery.changed_at = delivery.revision + 1, at
    fields = ["status", "delivered_on", "revision", "changed_at"]
    Delivery.objects.bulk_update(given, fields, batch_size=500)
    if given:
        detail = {"places": [one.place_id for one in given], "on": on.isoformat()}
        record(by, "plans.give", duty, at=at, detail=detail)
        for delivery in given:
            tell_place(delivery, "plans.delivery_given", at=at)
        owe_next_of(duty, given, at=at)
    return len(given)


def owe_next(delivery: Delivery, *, by: Actor, at: datetime) -> Delivery | None:
    """Owe what falls due again, one interval later; None if it does not, or the plan ends."""
    due_on = next_due_on(delivery)
    if due_on is None:
        return None
    return owe(delivery.action, delivery.place, due_on=due_on, by=by, at=at)


def owe_next_of(duty: Action, given: Iterable[Delivery], *, at: datetime) -> int:
    """Owe the next of many deliveries of one duty at once; return how many were new."""
    rows = []
    for delivery in given:
        delivery.action = duty
        due_on = next_due_on(delivery)
        if due_on is not None:
            rows.append(
                Delivery(action=duty, place_id=delivery.place_id, due_on=due_on, changed_at=at)
            )
    before = Delivery.objects.filter(action=duty).count()
    Delivery.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return Delivery.objects.filter(action=duty).count() - before


def next_due_on(delivery: Delivery) -> date | None:
    """Return when a recurring duty falls due after this delivery, within the plan's term."""
    duty = delivery.action
    if not duty.every_months:
        return None
    due_on = months_later(delivery.due_on, duty.every_months)
    return due_on if due_on <= duty.plan.ends_on else None


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@transaction.atomic
def confirm_receipt(delivery: Delivery, *, by: Actor, at: datetime) -> None:
    """Confirm as the place that it received what it was owed.

    Raises DeliveryError before it was given.
    """
    current = _locked(delivery)
    if current.status != ActionStatus.DONE:
        raise DeliveryError(_("This was not marked as given yet. Send a reminder instead."))
    current.received_on, current.changed_at = at.date(), at
    current.revision += 1
    current.save(update_fields=["received_on", "changed_at", "revision"])
    record(by, "plans.confirm", current, at=at)
    tell_giver(current, "plans.delivery_confirmed", at=at)


@transaction.atomic
def dispute_receipt(delivery: Delivery, *, note: str, by: Actor, at: datetime) -> None:
    """Say as the place that it did not receive what was marked as given; it is open again.

    Raises DeliveryError without a note, or if it was not marked as given.
    """
    if not note.strip():
        raise DeliveryError(_("Say what is missing, so that they can act on it."))
    current = _locked(delivery)
    if current.status != ActionStatus.DONE:
        raise DeliveryError(_("This was not marked as given yet. Send a reminder instead."))
    current.status, current.changed_at = ActionStatus.DELAYED, at
    current.delivered_on = current.received_on = None
    current.note = note.strip()
    current.revision += 1
    current.save(
        update_fields=["status", "delivered_on", "received_on", "note", "changed_at", "revision"]
    )
    record(by, "plans.dispute", current, at=at)
    tell_giver(current, "plans.delivery_disputed", at=at)


@transaction.atomic
def remind(delivery: Delivery, *, by: Actor, at: datetime) -> None:
    """Remind the level that owes. Raises DeliveryError within a day of the last reminder."""
    current = _locked(delivery)
    if current.reminded_at is not None and at - current.reminded_at < A_DAY:
        raise DeliveryError(_("A reminder went out less than a day ago."))
    if current.is_closed:
        raise DeliveryError(_("This was already given."))
    current.reminded_at = at
    current.save(update_fields=["reminded_at"])
    record(by, "plans.remind", current, at=at)
    tell_giver(current, "plans.delivery_wanted", at=at)


def _locked(delivery: Delivery) -> Delivery:
    return (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("action__plan", "place")
        .get(pk=delivery.pk)
    )
