"""`tansiq begin`: from an empty database to an administrator who can sign in."""

import re

import pytest
from django.core.management import CommandError, call_command

from tansiq.access.models import LogEntry, Membership, Organisation, Person, Place
from tansiq.access.queries import actor_for
from tests.factories import OrganisationFactory, PersonFactory, PlaceFactory

pytestmark = pytest.mark.django_db
WHO = {"organisation": "Badan Koordinasi", "email": "Siti@Example.org", "name": "Siti"}
PASSWORD = "a long and quiet river"


def begin(**options):
    call_command("begin", **WHO | options)


def link_in(text):
    (found,) = re.findall(r"http://127\.0\.0\.1:8000(/\S+)", text)
    return found


def test_a_country_begins_with_its_places_and_one_administrator(client, capsys):
    begin(country="MK")

    organisation = Organisation.objects.get()
    assert (organisation.place.code, organisation.kind) == ("mk", "national_body")
    assert organisation.is_lead_of_place
    assert Place.objects.filter(country_code="mk").count() > 80
    link = link_in(capsys.readouterr().out)
    client.post(link, {"password": PASSWORD, "again": PASSWORD})
    membership = Membership.objects.get()
    client.force_login(membership.person)
    client.post(f"/consent/{membership.pk}/", {"answer": "agree"})
    membership.refresh_from_db()
    assert membership.person.email == "siti@example.org"
    assert membership.person.check_password(PASSWORD)
    assert membership.consented_at is not None
    actor = actor_for(membership.person, at=membership.consented_at)
    assert actor.roles == {(organisation.pk, "administrator")}


def test_a_city_may_begin_alone_by_its_name(capsys):
    country = PlaceFactory(country_code="fr", code="fr")
    city = PlaceFactory(parent=country, name="Lyon", kind="city")

    begin(country="fr", place="lyon")

    assert Organisation.objects.get().place == city


def test_a_country_that_does_not_ship_begins_with_its_name(capsys):
    with pytest.raises(CommandError, match="Add --country-name"):
        begin(country="fr")

    begin(country="fr", country_name="France", place="Lyon")

    assert set(Place.objects.values_list("code", "level")) == {("fr", 0), ("fr-lyon", 1)}
    assert Organisation.objects.get().place.code == "fr-lyon"


def test_a_place_nobody_knows_is_refused_with_a_hint_and_nothing_is_kept():
    with pytest.raises(CommandError, match=r"Did you mean .*Bitola"):
        begin(country="mk", place="Bitol")

    assert not Place.objects.exists()
    assert not Person.objects.exists()


def test_a_place_that_has_a_lead_is_left_to_it():
    lead = OrganisationFactory(place__code="id", place__name="Indonesia", is_lead_of_place=True)

    with pytest.raises(CommandError, match="leads Indonesia already"):
        begin(country="id")

    assert set(Organisation.objects.all()) == {lead}


def test_two_places_of_one_name_are_asked_for_by_code():
    country = PlaceFactory(country_code="fr", code="fr")
    PlaceFactory(parent=country, name="Saint-Denis", code="fr-1")
    PlaceFactory(parent=country, name="Saint-Denis", code="fr-2")

    with pytest.raises(CommandError, match=r"fr-1 .*fr-2"):
        begin(country="fr", place="Saint-Denis")


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("email", "not an address", "valid email"),
        ("name", "", "Add --name"),
        ("organisation", " ", "Add --org"),
    ],
)
def test_what_is_missing_or_wrong_is_said(option, value, words):
    PlaceFactory(country_code="fr", code="fr")

    with pytest.raises(CommandError, match=words):
        begin(country="fr", **{option: value})


def test_somebody_who_has_an_account_is_led_to_agree(capsys):
    PlaceFactory(country_code="fr", code="fr")
    person = PersonFactory(email="siti@example.org")
    person.set_password(PASSWORD)
    person.save()

    begin(country="fr")

    assert link_in(capsys.readouterr().out) == "/consent/"
    assert Membership.objects.get().person == person


def test_the_log_tells_that_the_operator_did_it(capsys):
    PlaceFactory(country_code="fr", code="fr")

    begin(country="fr")

    rows = LogEntry.objects.order_by("pk").values_list("rule", "system_reason")
    assert [row for row in rows if row[0] != "places.load"] == [
        ("organisations.create", "tansiq begin"),
        ("people.invite", "tansiq begin"),
    ]
