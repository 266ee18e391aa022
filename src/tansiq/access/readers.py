"""In plain words: who may read a thing now, and whom one could add."""

from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.urls import NoReverseMatch

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Marking, Organisation, Person, Shared
from tansiq.access.standing import bodies_under


class Readers(NamedTuple):
    """What the page lists. Lists that do not count under the present marking are empty."""

    owner: Organisation
    organisations: list[Organisation]
    handed_on: list[Organisation]
    people: list[Person]


def readers_of(thing: Shared) -> Readers:
    is_red = thing.marking == Marking.RED
    named = thing.named_organisations.order_by("name", "pk")
    handed_on = thing.handed_on_to.order_by("name", "pk")
    people: Any = thing.named_people.order_by("name", "pk")
    return Readers(
        owner=thing.owner,
        organisations=[] if is_red else list(named),
        handed_on=list(handed_on) if thing.marking == Marking.AMBER else [],
        people=list(people) if is_red else [],
    )


def page_of_thing(thing: Any) -> str:
    """Return the address of the thing's own page, or nothing for a kind without pages."""
    try:
        return str(thing.get_absolute_url())
    except (AttributeError, NoReverseMatch):
        return ""


class Choices(NamedTuple):
    organisations: QuerySet[Organisation]
    people: QuerySet[Person]
    under: QuerySet[Organisation]


def choices_for(thing: Shared, actor: Actor) -> Choices:
    """Return whom this actor could add: those it knows, less those who are there already."""
    known = Organisation.objects.visible_to(actor).filter(is_active=True)
    there = [thing.owner_id, *thing.named_organisations.values_list("pk", flat=True)]
    mine = thing.named_organisations.filter(pk__in=actor.organisations_as(Role.COORDINATOR))
    under = bodies_under(mine.values_list("pk", flat=True))
    people = Person.objects.visible_to(actor).filter(is_active=True)
    return Choices(
        organisations=known.exclude(pk__in=there).order_by("name", "pk"),
        people=people.exclude(pk__in=thing.named_people.values("pk")).order_by("name", "pk"),
        under=under.exclude(pk__in=thing.handed_on_to.values("pk")).exclude(pk__in=there),
    )
