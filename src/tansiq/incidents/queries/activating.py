"""What the first minute needs to know: where, with whom, by which playbook, and who is called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Organisation, Person, Place
from tansiq.access.queries import people_of
from tansiq.incidents.models import Level, PlaybookVersion, Trigger
from tansiq.incidents.queries.calls import roles_called, standing_posts
from tansiq.incidents.queries.posts import organisations_with_posts, versions_for


@dataclass(frozen=True)
class Consequence:
    """What one tap will do."""

    people: int
    roles: int
    # Roles that are needed and have nobody.
    empty: int


def activating_for(actor: Actor) -> list[Organisation]:
    """Return the bodies whose playbook this actor may activate, those that lead a place first."""
    mine = Organisation.objects.filter(
        pk__in=actor.organisations_as(Role.COORDINATOR), is_active=True, place__isnull=False
    )
    return list(mine.select_related("place").order_by("-is_lead_of_place", "name", "pk"))


def who_may_activate(actor: Actor, *, at: datetime) -> list[Person]:
    """Return the colleagues who could, for somebody who may not."""
    return list(people_of(actor.organisation_ids, at=at)) if actor.organisation_ids else []


def places_for(organisation: Organisation) -> QuerySet[Place]:
    """Return the body's own place and those one step below it."""
    place = organisation.place
    if place is None:
        return Place.objects.none()
    near: QuerySet[Place] = Place.objects.under(place).filter(level__lte=place.level + 1)
    return near.order_by("level", "name", "pk")


def playbooks_for(actor: Actor, organisation: Organisation) -> list[PlaybookVersion]:
    """Return the latest published version of each playbook it may use, its own first."""
    latest: dict[int, PlaybookVersion] = {}
    for version in versions_for(actor, organisation).defer("document_json"):
        latest.setdefault(version.playbook_id, version)
    return list(latest.values())


def bodies_above(organisation: Organisation) -> list[Organisation]:
    """Return who leads the places above, the nearest first."""
    leads = Organisation.objects.filter(
        is_lead_of_place=True, is_active=True, place__links_down__place=organisation.place_id
    )
    return list(leads.exclude(pk=organisation.pk).order_by("-place__level", "pk"))


def bodies_of_holders(organisation: Organisation, *, at: datetime) -> list[Organisation]:
    """Return the other bodies to which those belong who hold a role here."""
    held = standing_posts(organisation, on=at.date())
    posts = [post for ranked in held.values() for post in ranked]
    found = Organisation.objects.filter(pk__in=organisations_with_posts(posts, on=at.date()))
    return list(found.filter(is_active=True).exclude(pk=organisation.pk).order_by("name", "pk"))


def consequence_of(
    organisation: Organisation,
    playbook: PlaybookVersion,
    *,
    trigger: Trigger,
    level: Level,
    answers: Mapping[str, bool],
    at: datetime,
) -> Consequence:
    """Return how many people would be called at this moment, to how many roles."""
    roles = roles_called(playbook.document, trigger=trigger, level=level, answers=answers, at=at)
    posts = standing_posts(organisation, on=at.date())
    held = [posts[role][0] for role in roles if posts.get(role)]
    people = {(post.person_id, post.contact_id) for post in held}
    return Consequence(people=len(people), roles=len(held), empty=len(roles) - len(held))


def rows_among(model: Any, rows: Iterable[Any]) -> QuerySet[Any]:
    """Return these very rows as a queryset, for a field of a form to choose among."""
    found: QuerySet[Any] = model.objects.filter(pk__in=[one.pk for one in rows])
    return found
