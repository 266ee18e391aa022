"""Taking items out of the platform as files: each taking is written down."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.exchange.models import Item


@transaction.atomic
def note_export(items: Iterable[Item], form: str, *, by: Actor, at: datetime) -> None:
    """Write down for each item that it was taken in this form, such as "stix"."""
    for item in items:
        record(by, "export:exchange.export", item, at=at, detail={"form": form})
