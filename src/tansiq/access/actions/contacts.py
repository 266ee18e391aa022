"""People outside the platform who agreed to be listed, until they no longer do."""

from datetime import datetime
from typing import Any

from django.db import transaction

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Contact
from tansiq.core.editing import save_changes


@transaction.atomic
def add_contact(contact: Contact, *, by: Actor, at: datetime) -> None:
    """List somebody who agreed to it."""
    contact.full_clean()
    contact.save()
    detail = {"agreed_on": contact.consented_on.isoformat()}
    record(by, "contacts.add", contact, at=at, detail=detail)


@transaction.atomic
def edit_contact(
    contact: Contact, changes: dict[str, Any], *, revision: int, by: Actor, at: datetime
) -> None:
    """Correct an entry. Raises ChangedMeanwhileError if somebody else was quicker."""
    save_changes(contact, changes, revision=revision, at=at)
    record(by, "contacts.edit", contact, at=at, detail={"fields": sorted(changes)})


@transaction.atomic
def withdraw_contact(contact: Contact, *, by: Actor, at: datetime) -> None:
    """Erase the entry of somebody who no longer agrees; the record keeps only that it was done."""
    record(by, "contacts.withdraw", contact, at=at)
    contact.delete()
