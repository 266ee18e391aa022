"""Every page of the part, opened by those it is for and by those it is not for."""

import pytest
from django.urls import reverse

from tansiq.access.actor import Role
from tests.factories import (
    ContactFactory,
    MembershipFactory,
    OrganisationFactory,
    PlaceFactory,
    PlanFactory,
)
from tests.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    country = PlaceFactory(code="id", country_code="id")
    return OrganisationFactory(slug="surabaya", place=PlaceFactory(parent=country))


def pages_of(city):
    plan = PlanFactory(owner=city)
    contact = ContactFactory(organisation=city)
    member = MembershipFactory(organisation=city, role="viewer")
    names = {
        "me": [],
        "tokens": [],
        "my_data": [],
        "my_data_file": [],
        "delete_me": [],
        "notices": [],
        "places": [],
        "place": [city.place.code],
        "download_places": [city.place.code],
        "organisations": [],
        "organisation": [city.slug],
        "edit_organisation": [city.slug],
        "invite": [city.slug],
        "add_contact": [city.slug],
        "edit_contact": [contact.pk],
        "change_role": [member.pk],
        "sharing": ["plan", plan.pk],
        "log": [],
        "export_log": [],
        "log_of_object": ["plans.plan", plan.pk],
        "about_data": [],
    }
    return {name: reverse(f"access:{name}", args=args) for name, args in names.items()}


def test_an_administrator_opens_every_page_of_the_organisation(client, city):
    addresses = pages_of(city)
    sign_in(client, city, role=Role.ADMINISTRATOR)

    answers = {name: client.get(address).status_code for name, address in addresses.items()}

    assert answers == dict.fromkeys(addresses, 200)


def test_a_viewer_is_refused_with_a_reason_where_the_role_does_not_reach(client, city):
    addresses = pages_of(city)
    sign_in(client, city, role=Role.VIEWER)

    answers = {name: client.get(address) for name, address in addresses.items()}

    refused = {name for name, answer in answers.items() if answer.status_code == 403}
    assert refused == {
        "edit_organisation",
        "invite",
        "add_contact",
        "edit_contact",
        "change_role",
        "log",
        "export_log",
        "log_of_object",
    }
    reason = "Only an administrator of this organisation can invite members."
    assert reason in answers["invite"].content.decode()


def test_a_passer_by_sees_places_and_the_page_about_data_and_is_led_to_sign_in_elsewhere(
    client, city
):
    addresses = pages_of(city)

    answers = {name: client.get(address) for name, address in addresses.items()}

    open_to_all = {name for name, answer in answers.items() if answer.status_code == 200}
    assert open_to_all == {"places", "place", "download_places", "about_data"}
    others = {
        answer.headers.get("Location", "").partition("?")[0]
        for name, answer in answers.items()
        if name not in open_to_all
    }
    assert others == {reverse("account_login")}


def test_a_member_of_another_country_does_not_learn_that_things_exist(client, city):
    addresses = pages_of(city)
    elsewhere = OrganisationFactory(place=PlaceFactory(country_code="ke"))
    sign_in(client, elsewhere, role=Role.ADMINISTRATOR)

    answers = {name: client.get(address).status_code for name, address in addresses.items()}

    hidden = {name for name, status in answers.items() if status == 404}
    assert hidden == {
        "organisation",
        "edit_organisation",
        "invite",
        "add_contact",
        "edit_contact",
        "change_role",
        "sharing",
    }


@pytest.mark.parametrize("language", ["ar", "id"])
def test_pages_speak_the_language_of_the_person(client, city, language):
    addresses = pages_of(city)
    sign_in(client, city, role=Role.ADMINISTRATOR, language=language)

    page = client.get(addresses["me"], headers={"Accept-Language": "fr"})

    assert f'<html lang="{language}"' in page.content.decode()
