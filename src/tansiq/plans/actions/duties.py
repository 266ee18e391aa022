"""What the higher level owes each place, tracked like any other action."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Place
from tansiq.core.editing import save_changes
from tansiq.plans.models import Action, ActionStatus, Delivery


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
    delivery: Delivery, *, status: str, note: str, revision: int, by: Actor, at: datetime
) -> None:
    """Say how a delivery stands; `done` gives it. Raises ChangedMeanwhileError."""
    changes: dict[str, Any] = {"status": status, "note": note, "delivered_on": None}
    if status == ActionStatus.DONE:
        changes["delivered_on"] = delivery.delivered_on or at.date()
    save_changes(delivery, changes, revision=revision, at=at)
    record(by, "plans.deliver", delivery, at=at, detail={"to": status})


@transaction.atomic
def confirm_receipt(delivery: Delivery, *, by: Actor, at: datetime) -> None:
    """Confirm as the place that it received what it was owed.

    Raises DeliveryError before it was given.
    """
    if delivery.status != ActionStatus.DONE:
        raise DeliveryError(_("This was not marked as given yet. Send a reminder instead."))
    delivery.received_on = at.date()
    delivery.save(update_fields=["received_on"])
    record(by, "plans.confirm", delivery, at=at)


@transaction.atomic
def dispute_receipt(delivery: Delivery, *, note: str, by: Actor, at: datetime) -> None:
    """Say as the place that it did not receive what was marked as given; it is open again."""
    delivery.status = ActionStatus.DELAYED
    delivery.delivered_on = None
    delivery.received_on = None
    delivery.note = note
    delivery.save(update_fields=["status", "delivered_on", "received_on", "note"])
    record(by, "plans.dispute", delivery, at=at)


@transaction.atomic
def remind(delivery: Delivery, *, by: Actor, at: datetime) -> None:
    """Remind the level that owes. Raises DeliveryError within a day of the last reminder."""
    if delivery.reminded_at is not None and (at - delivery.reminded_at).days < 1:
        raise DeliveryError(_("A reminder went out less than a day ago."))
    if delivery.is_closed:
        raise DeliveryError(_("This was already given."))
    delivery.reminded_at = at
    delivery.save(update_fields=["reminded_at"])
    record(by, "plans.remind", delivery, at=at)
