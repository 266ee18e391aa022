"""What a person is told that the exchange keeps about them, and what goes when they leave."""

from typing import Any

from django.dispatch import receiver

from tansiq.access.events import person_leaves
from tansiq.access.models import Person
from tansiq.access.self_record import further
from tansiq.exchange.models import Dispatch, Item, MailChoice, Receipt, Reply


@further("exchange_mails")
def _mails(person: Person) -> list[dict[str, Any]]:
    return [
        dict(row) for row in MailChoice.objects.filter(person=person).values("rhythm", "last_on")
    ]


@further("exchange_sent")
def _sent(person: Person) -> list[dict[str, Any]]:
    return [
        dict(row)
        for row in Item.objects.filter(sent_by=person).values("id", "kind", "title", "sent_at")
    ]


@further("exchange_said")
def _said(person: Person) -> list[dict[str, Any]]:
    rows = Receipt.objects.filter(acknowledged_by=person)
    return [dict(row) for row in rows.values("item_id", "state", "reason", "acknowledged_at")]


@further("exchange_answers")
def _answers(person: Person) -> list[dict[str, Any]]:
    return [
        dict(row) for row in Reply.objects.filter(person=person).values("item_id", "text", "at")
    ]


@receiver(person_leaves)
def _forget(person: Person, **_more: Any) -> None:
    """Delete how they were told; what they wrote stays as words of their organisation."""
    MailChoice.objects.filter(person=person).delete()
    Dispatch.objects.filter(person=person).delete()
    Reply.objects.filter(person=person).update(person=None)
    Item.objects.filter(sent_by=person).update(sent_by=None)
    Receipt.objects.filter(acknowledged_by=person).update(acknowledged_by=None)
