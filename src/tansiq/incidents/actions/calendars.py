"""The secret address under which a person's own calendar program reads what is due."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Person
from tansiq.incidents.models import CalendarFeed


@transaction.atomic
def make_feed(person: Person, *, by: Actor, at: datetime) -> str:
    """Return a new secret, shown this once; an address given before ends."""
    secret = secrets.token_urlsafe(32)
    values = {"digest": _digest(secret), "made_at": at}
    feed, _made = CalendarFeed.objects.update_or_create(person=person, defaults=values)
    record(by, "incidents.calendar", feed, at=at)
    return secret


@transaction.atomic
def end_feed(person: Person, *, by: Actor, at: datetime) -> None:
    """End the address at once; without one nothing happens."""
    feed = CalendarFeed.objects.filter(person=person).first()
    if feed is not None:
        record(by, "incidents.calendar_end", feed, at=at)
        feed.delete()


def person_of_feed(secret: str) -> Person | None:
    """Return whose calendar this is, if the address stands and the person takes part."""
    feeds = CalendarFeed.objects.filter(digest=_digest(secret), person__is_active=True)
    feed = feeds.select_related("person").first()
    return feed.person if feed else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
