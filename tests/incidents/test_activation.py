import datetime as dt

import pytest

from tansiq.incidents.models import Activation, Call, Incident, Seat
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    PlaceFactory,
    PlaybookVersionFactory,
    PostFactory,
)
from tests.people import sign_in

pytestmark = pytest.mark.django_db
ADDRESS = "/incidents/activate/"


def a_city(client, role="coordinator"):
    nation = OrganisationFactory(place=PlaceFactory(country_code="ph"), is_lead_of_place=True)
    city = OrganisationFactory(place=PlaceFactory(parent=nation.place), is_lead_of_place=True)
    PlaybookVersionFactory(playbook__owner=city)
    sign_in(client, city, role=role)
    return city, nation


def filled(client, **changes):
    """Return what the form sends when a person taps the two answers that nobody gives for them."""
    form = client.get(ADDRESS).context["form"]
    initial = {name: form[name].value() for name in form.fields}
    sent = {
        "trigger": "attack_in_city",
        "is_exercise": "no",
        "place": initial["place"],
        "began_at": "2026-05-04T12:00",
        "level": initial["level"],
        "marking": initial["marking"],
        "playbook": initial["playbook"],
        "client_key": str(initial["client_key"]),
        "taking_part": list(initial["taking_part"]),
    }
    return {name: value for name, value in (sent | changes).items() if value is not None}


def test_four_answers_open_the_room_and_the_nation_sees_it(client):
    city, nation = a_city(client)
    post = PostFactory(organisation=city)

    asked = client.post(ADDRESS, filled(client))
    given = filled(client) | {"confirmed": "yes"}
    done = client.post(ADDRESS, given)

    assert "1 person is called now." in asked.content.decode()
    incident = Incident.objects.get()
    assert done.url == incident.get_absolute_url()
    assert (incident.owner, incident.place, incident.is_exercise) == (city, city.place, False)
    assert set(incident.named_organisations.all()) == {nation}
    assert incident.time_zone == "Asia/Manila"
    assert incident.began_at == dt.datetime(2026, 5, 4, 4, tzinfo=dt.UTC)
    assert Call.objects.get().person == post.person
    assert Seat.objects.count() == 2


def test_nothing_happens_before_the_confirmation(client):
    a_city(client)

    client.post(ADDRESS, filled(client))

    assert not Incident.objects.exists()


def test_whether_it_is_real_is_never_chosen_beforehand(client):
    a_city(client)

    page = client.post(ADDRESS, filled(client, is_exercise=None) | {"confirmed": "yes"})

    assert page.context["form"].errors.keys() == {"is_exercise"}
    assert not Incident.objects.exists()


def test_an_exercise_of_the_playbook_cannot_be_real(client):
    a_city(client)

    page = client.post(ADDRESS, filled(client, trigger="exercise") | {"confirmed": "yes"})

    assert page.context["form"].errors.keys() == {"is_exercise"}


def test_a_second_tap_leads_to_the_same_room(client):
    a_city(client)
    given = filled(client) | {"confirmed": "yes"}

    first, second = client.post(ADDRESS, given), client.post(ADDRESS, given)

    assert first.url == second.url
    assert (Incident.objects.count(), Activation.objects.count()) == (1, 1)


def test_a_real_incident_cannot_begin_tomorrow(client):
    a_city(client)

    page = client.post(ADDRESS, filled(client, began_at="2199-01-01T00:00") | {"confirmed": "yes"})

    assert page.status_code == 409
    assert "began_at" in page.context["form"].errors
    assert not Incident.objects.exists()


@pytest.mark.parametrize("moment", ["", "now", "2026-13-01T00:00", "1026-01-01T00:00", "9" * 400])
def test_a_moment_that_is_none_is_refused(client, moment):
    a_city(client)

    page = client.post(ADDRESS, filled(client, began_at=moment) | {"confirmed": "yes"})

    assert page.context["form"].errors.keys() == {"began_at"}


def test_what_happened_elsewhere_brings_no_scene(client):
    a_city(client)
    given = filled(client, trigger="attack_elsewhere_same_country", hazards="gas", access="north")

    client.post(ADDRESS, given | {"confirmed": "yes"})

    assert (Incident.objects.get().hazards, Incident.objects.get().access) == ("", "")


def test_a_title_makes_itself_from_kind_and_place(client):
    city, _nation = a_city(client)

    client.post(ADDRESS, filled(client) | {"confirmed": "yes"})

    assert Incident.objects.get().title == f"attack in this city, {city.place}"


def test_bodies_of_those_who_hold_a_role_are_offered_and_chosen(client):
    city, nation = a_city(client)
    police = OrganisationFactory(place=city.place, kind="police")
    PostFactory(organisation=city, person=MembershipFactory(organisation=police).person)

    client.post(ADDRESS, filled(client) | {"confirmed": "yes"})

    assert set(Incident.objects.get().named_organisations.all()) == {nation, police}


def test_going_back_keeps_what_was_typed(client):
    a_city(client)

    page = client.post(ADDRESS, filled(client, title="Explosion at the market") | {"back": "yes"})

    assert "Explosion at the market" in page.content.decode()
    assert not Incident.objects.exists()


def test_who_may_not_activate_is_told_whom_to_call(client):
    city, _nation = a_city(client, role="contributor")
    lead = MembershipFactory(organisation=city).person

    page = client.get(ADDRESS)

    assert list(page.context["people"]) == [lead]


def test_nobody_activates_for_a_body_of_others(client):
    a_city(client)
    other = OrganisationFactory()

    page = client.post(ADDRESS, {"organisation": other.slug})

    assert page.status_code in {403, 404}
    assert not Incident.objects.exists()


def test_without_a_playbook_the_page_says_what_is_missing(client):
    city = OrganisationFactory()
    sign_in(client, city)

    page = client.get(ADDRESS)

    assert "No playbook is published" in page.content.decode()
