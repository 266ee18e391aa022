"""A place on one page: everything that concerns it, and only what its reader may see."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from tests.factories import (
    ActionFactory,
    ActivityFactory,
    AlignmentFactory,
    ContactFactory,
    CostFactory,
    DeliveryFactory,
    DutyFactory,
    OrganisationFactory,
    PlaceFactory,
    StageFactory,
)
from tests.people import sign_in
from tests.plans.reporting import JULY, make_country

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_july")]


def page_of(client, place):
    return client.get(reverse("plans:one_page", args=[place.code]))


def test_page_shows_who_leads_what_is_planned_and_what_is_owed(client):
    country = make_country()
    local = country.plan.local_plans.get(owner=country.city)
    late = ActionFactory(plan=local, ends_on=dt.date(2026, 7, 1))
    ActionFactory(plan=local, status="done")
    asked = ActionFactory(plan=country.plan, local_role="Train village heads.")
    refused = ActionFactory(plan=country.plan, local_role="Look after the prison.")
    AlignmentFactory(national_action=refused, place=country.place)
    delivery = DeliveryFactory(action=DutyFactory(plan=country.plan), place=country.place)
    StageFactory(plan=country.plan, place=country.place, name="funded")
    sign_in(client, country.city, "viewer")

    one = page_of(client, country.place).context["one"]

    assert (one.lead, one.above, one.nation) == (country.city, country.province, country.nation)
    assert (one.plan, one.stage) == (local, "funded")
    assert one.actions == [late]
    assert (one.line.done, one.line.late) == (1, 1)
    assert [(role.action, role.relation) for role in one.roles] == [
        (asked, ""),
        (refused, "not_applicable"),
    ]
    assert one.owed_to == [delivery]
    assert [report.period for report in one.owed_by] == [country.period]


def test_contacts_are_three_who_agreed_one_of_each_level_first(client):
    country = make_country()
    ours = [ContactFactory(organisation=country.city) for _n in range(3)]
    ContactFactory(organisation=country.city, withdrawn_at=JULY)
    theirs = ContactFactory(organisation=country.province)
    sign_in(client, country.city)

    assert page_of(client, country.place).context["one"].contacts == [ours[0], theirs, ours[1]]


def test_table_lists_bodies_by_kind_and_money_by_whose_it_is(client):
    country = make_country()
    women = OrganisationFactory(place=country.place, kind="women", name="Mothers for peace")
    OrganisationFactory(place=country.place, kind="youth", is_active=False)
    shared = {"plan": country.plan, "owner": country.city, "place": country.place}
    ActivityFactory(**shared, amount=100, currency="IDR", funding="donor", marking="green")
    ActivityFactory(**shared, amount=50, currency="IDR", funding="donor", marking="green")
    ActivityFactory(**shared, amount=900, currency="IDR", marking="red")
    sign_in(client, country.city)

    context = page_of(client, country.place).context

    assert [(str(kind), bodies) for kind, bodies in context["one"].table] == [
        ("city or regency government", [country.city]),
        ("women's group", [women]),
    ]
    assert [(row["funding"], row["total"]) for row in context["money"]] == [("donor", 150)]


def test_page_of_a_neighbour_leaves_out_what_is_not_for_us(client):
    country = make_country()
    DeliveryFactory(action=DutyFactory(plan=country.plan), place=country.place)
    local = country.plan.local_plans.get(owner=country.city)
    local.marking = "amber+strict"
    local.save()
    ActivityFactory(
        plan=country.plan, owner=country.city, place=country.place, amount=5, currency="IDR"
    )
    sign_in(client, country.other_city)

    one = page_of(client, country.place).context["one"]

    assert (one.plan, one.actions, one.money, one.activities) == (None, [], [], 0)


def test_page_of_an_empty_place_is_still_a_page(client):
    country = make_country()
    empty = PlaceFactory(parent=country.province.place)
    sign_in(client, country.nation)

    assert page_of(client, empty).status_code == 200
    assert page_of(client, country.nation.place).status_code == 200
    assert client.get("/places/nowhere/onepage/").status_code == 404


def test_page_speaks_the_readers_language(client):
    country = make_country()
    sign_in(client, country.city, language="ar")

    text = page_of(client, country.place).content.decode()

    assert '<html lang="ar"' in text
    assert 'dir="rtl"' in text


def test_page_says_how_much_of_the_plan_is_not_funded(client):
    country = make_country()
    local = country.plan.local_plans.get(owner=country.city)
    ActionFactory(plan=local)
    CostFactory(plan=local, amount=30_000_000)
    sign_in(client, country.city)

    text = page_of(client, country.place).content.decode()

    words = " ".join(re.sub("<[^>]*>|[\u2068\u2069]", "", text).split())
    assert "IDR 300 k of IDR 300 k not funded" in words


def test_page_costs_the_same_for_much_as_for_little(client, flat_queries):
    country = make_country()
    local = country.plan.local_plans.get(owner=country.city)
    sign_in(client, country.city)
    page_of(client, country.place)

    def add_row():
        ActionFactory(plan=local, ends_on=dt.date(2026, 9, 1))
        CostFactory(plan=local)
        ActionFactory(plan=country.plan, local_role="Do it.")
        DeliveryFactory(action=DutyFactory(plan=country.plan), place=country.place)
        ContactFactory(organisation=country.city)
        OrganisationFactory(place=country.place, kind="women")
        ActivityFactory(plan=country.plan, owner=country.city, place=country.place, amount=1)

    flat_queries(lambda: page_of(client, country.place), add_row=add_row, cost=37)


def test_page_draws_whose_voice_it_is_and_warns_of_one_sidedness(client):
    country = make_country()
    police = OrganisationFactory(place=country.place, kind="police")
    shared = {"plan": country.plan, "owner": police, "place": country.place, "marking": "green"}
    sign_in(client, country.city, language="en")
    few = page_of(client, country.place).content.decode()
    for _number in range(5):
        ActivityFactory(**shared)

    text = page_of(client, country.place).content.decode()

    assert 'class="chart bands"' not in few
    assert 'class="chart bands"' in text
    assert "Security actors provide most of what is said here." in text
