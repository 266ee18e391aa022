"""What a person is told that incidents keep about them, and what goes when they leave."""

from typing import Any

from django.dispatch import receiver

from tansiq.access.events import person_leaves
from tansiq.access.models import Person
from tansiq.access.self_record import further
from tansiq.incidents.models import CalendarFeed, Outgoing, Post, Seat


@further("incident_posts")
def _posts(person: Person) -> list[dict[str, Any]]:
    rows = Post.objects.filter(person=person)
    return [
        dict(row) for row in rows.values("organisation__name", "role", "rank", "phone", "languages")
    ]


@further("incident_seats")
def _seats(person: Person) -> list[dict[str, Any]]:
    return [
        dict(row)
        for row in Seat.objects.filter(holder=person).values("incident_id", "role", "held_since")
    ]


@further("incident_messages")
def _messages(person: Person) -> list[dict[str, Any]]:
    rows = Outgoing.objects.filter(address=person.email)
    return [dict(row) for row in rows.values("incident_id", "channel", "address", "made_at")]


@receiver(person_leaves)
def _forget(person: Person, **_more: Any) -> None:
    """Free their roles and forget their telephone and addresses."""
    phones = set(Post.objects.filter(person=person).values_list("phone", flat=True)) - {""}
    Outgoing.objects.filter(address__in=[person.email, *phones]).delete()
    Post.objects.filter(person=person).delete()
    Seat.objects.filter(holder=person).update(holder=None)
    CalendarFeed.objects.filter(person=person).delete()
