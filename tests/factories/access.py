"""The plainest valid places, organisations and people."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Contact, Membership, Organisation, Person, Place, PlaceLink
from tansiq.access.queries import actor_for

# The moment at which tests happen; terms, plans and periods below are in force then.
NOON = dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC)

TODAY = NOON.date()


class PlaceFactory(DjangoModelFactory):
    """A country; with `parent`, a place one level below it. Links are made like real ones."""

    class Meta:
        model = Place
        skip_postgeneration_save = True

    parent = None
    level = factory.LazyAttribute(lambda place: place.parent.level + 1 if place.parent else 0)
    kind = factory.LazyAttribute(lambda place: _KINDS[min(place.level, 2)])
    country_code = factory.LazyAttribute(
        lambda place: place.parent.country_code if place.parent else "id"
    )
    code = factory.LazyAttributeSequence(lambda place, n: f"{place.country_code}-{n}")
    name = factory.Sequence(lambda n: f"Place {n}")

    @factory.post_generation
    def links(self, create, extracted, **_more):
        if not create:
            return
        above = PlaceLink.objects.filter(place=self.parent) if self.parent else []
        PlaceLink.objects.bulk_create(
            [
                PlaceLink(ancestor=self, place=self, depth=0),
                *(
                    PlaceLink(ancestor_id=link.ancestor_id, place=self, depth=link.depth + 1)
                    for link in above
                ),
            ]
        )


_KINDS = ("country", "province", "city")


class OrganisationFactory(DjangoModelFactory):
    """A city's government in a country of its own, unless `place` says where."""

    class Meta:
        model = Organisation
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"organisation-{n}")
    name = factory.Sequence(lambda n: f"Organisation {n}")
    kind = "city"
    place = factory.SubFactory(PlaceFactory)
    country_code = factory.LazyAttribute(
        lambda organisation: organisation.place.country_code if organisation.place else ""
    )


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    email = factory.Sequence(lambda n: f"person-{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = "!"


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    person = factory.SubFactory(PersonFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = "lead"
    starts_on = dt.date(2020, 1, 1)
    consented_at = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = Contact

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Contact {n}")
    function = "Head of the health service"
    email = factory.Sequence(lambda n: f"contact-{n}@example.org")
    consented_on = dt.date(2026, 1, 1)
    consent_note = "By letter"


def actor_of(organisation: Organisation, role: str = Role.LEAD, *, at: dt.datetime = NOON) -> Actor:
    """Return who asks when a new member of the organisation with this role does."""
    return actor_for(MembershipFactory(organisation=organisation, role=role).person, at=at)
