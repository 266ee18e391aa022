"""A room of the shipped playbook with many people in it, made by the actions that pages use."""

from datetime import datetime, timedelta

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Membership, Organisation, Person, Place, PlaceLink
from tansiq.incidents.actions.opening import Opening, open_room
from tansiq.incidents.models import Incident, Level, Playbook, PlaybookVersion, Trigger
from tansiq.incidents.playbook.shipped import shipped_playbook

SYSTEM = Actor.system("benchmark")


def make_city() -> Organisation:
    """Return the government of a city in a country of its own."""
    country = Place.objects.create(code="ph", country_code="ph", level=0, kind="country", name="PH")
    city = Place.objects.create(
        code="ph-1", parent=country, country_code="ph", level=1, kind="city", name="City"
    )
    PlaceLink.objects.create(ancestor=country, place=country, depth=0)
    PlaceLink.objects.create(ancestor=country, place=city, depth=1)
    PlaceLink.objects.create(ancestor=city, place=city, depth=0)
    return Organisation.objects.create(
        slug="city", name="City", kind="city", place=city, country_code="ph", is_lead_of_place=True
    )


def make_people(city: Organisation, number: int, *, at: datetime) -> list[Person]:
    """Return so many contributors of the city."""
    people = Person.objects.bulk_create(
        Person(email=f"p{one}@example.org", name=f"P {one}", language="en") for one in range(number)
    )
    Membership.objects.bulk_create(
        Membership(
            person=person,
            organisation=city,
            role=Role.CONTRIBUTOR,
            starts_on=(at - timedelta(days=9)).date(),
            consented_at=at,
        )
        for person in people
    )
    return people


def shipped_version(city: Organisation, *, at: datetime) -> PlaybookVersion:
    """Return the shipped playbook as this city's own."""
    playbook = Playbook.objects.create(owner=city, slug="response", title="City response")
    return PlaybookVersion.objects.create(
        playbook=playbook,
        number=1,
        document_json=shipped_playbook().as_json(),
        made_at=at,
        published_at=at,
    )


def make_room(people: int, *, at: datetime) -> Incident:
    """Open a room of the whole playbook with so many people who may write in it."""
    city = make_city()
    make_people(city, people, at=at)
    assert city.place is not None
    opening = Opening(
        owner=city,
        place=city.place,
        title="Explosion at the market",
        language="en",
        trigger=Trigger.ATTACK_IN_CITY,
        playbook=shipped_version(city, at=at),
        level=Level.FULL,
    )
    return open_room(opening, by=SYSTEM, at=at)


def people_in(room: Incident) -> list[Person]:
    """Return the people who may write in the room."""
    terms = Membership.objects.filter(organisation=room.owner_id)
    return [term.person for term in terms.select_related("person").order_by("pk")]
