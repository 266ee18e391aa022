"""What the levels owe each other: given, confirmed, disputed, reminded, and owed again."""

import datetime as dt

import pytest
from django.urls import reverse

from tansiq.access.models import Notice
from tansiq.plans.actions.duties import months_later
from tansiq.plans.models import Delivery
from tests.factories import DeliveryFactory, DutyFactory, OrganisationFactory, PlaceFactory
from tests.people import sign_in
from tests.plans.reporting import make_country

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_july")]

LATE = dt.date(2026, 7, 3)


def owed(country, place=None, **fields):
    duty = fields.pop("action", None) or DutyFactory(plan=country.plan, title="Threat summary")
    return DeliveryFactory(action=duty, place=place or country.place, **{"due_on": LATE} | fields)


def at(name, delivery):
    return reverse(f"plans:{name}", args=[delivery.pk])


def test_both_directions_hold_exactly_what_concerns_us(client):
    country = make_country()
    ours = owed(country)
    owed(country, country.other_city.place, action=ours.action)
    done = {"status": "done", "delivered_on": LATE}
    confirmed = owed(country, **done, received_on=LATE)
    owed(country, status="cancelled")

    sign_in(client, country.city, "viewer")
    mine = client.get(reverse("plans:owed")).context
    sign_in(client, country.nation, "viewer")
    theirs = client.get(reverse("plans:owed")).context

    assert {row.delivery for row in mine["to_us"]} == {ours}
    assert set(mine["received"]) == {confirmed}
    assert list(mine["by_us"]) == []
    assert {row.pk: (row.open_count, row.late_count) for row in theirs["by_us"]}[
        ours.action_id
    ] == (2, 2)


def test_given_delivery_is_confirmed_by_its_place_and_both_are_told(client):
    country = make_country()
    delivery = owed(country)
    sign_in(client, country.city, "contributor", name="Mayor's aide")
    sign_in(client, country.nation, "coordinator", name="Officer")

    client.post(
        at("deliver", delivery), {"status": "done", "note": "By mail.", "revision": 1, "on": ""}
    )
    delivery.refresh_from_db()
    assert (delivery.status, delivery.delivered_on) == ("done", dt.date(2026, 7, 9))
    sign_in(client, country.city, "contributor", name="Aide")
    client.post(at("delivery_confirm", delivery))

    delivery.refresh_from_db()
    assert delivery.received_on == dt.date(2026, 7, 9)
    assert set(Notice.objects.values_list("code", "person__name")) == {
        ("plans.delivery_given", "Mayor's aide"),
        ("plans.delivery_confirmed", "Officer"),
    }


def test_disputed_delivery_is_open_again_with_the_places_words(client):
    country = make_country()
    delivery = owed(country, status="done", delivered_on=LATE)
    sign_in(client, country.city, "contributor")

    empty = client.post(at("delivery_dispute", delivery), {"note": " "})
    client.post(at("delivery_dispute", delivery), {"note": "Half of the pages are missing."})

    assert empty.status_code == 422
    delivery.refresh_from_db()
    assert (delivery.status, delivery.delivered_on) == ("delayed", None)
    assert delivery.note == "Half of the pages are missing."


def test_what_was_not_given_cannot_be_confirmed(client):
    country = make_country()
    delivery = owed(country)
    sign_in(client, country.city, "contributor")

    page = client.post(at("delivery_confirm", delivery), follow=True)

    assert "not marked as given yet" in page.content.decode()
    delivery.refresh_from_db()
    assert delivery.received_on is None


def test_day_that_has_not_come_is_refused(client):
    country = make_country()
    delivery = owed(country)
    sign_in(client, country.nation, "contributor")

    data = {"status": "done", "note": "", "revision": 1, "on": "2026-07-10"}
    answer = client.post(at("deliver", delivery), data)

    assert set(answer.context["form"].errors) == {"on"}
    delivery.refresh_from_db()
    assert delivery.status == "not_started"


def test_second_of_two_who_say_how_it_stands_is_told(client):
    country = make_country()
    delivery = owed(country)
    Delivery.objects.filter(pk=delivery.pk).update(revision=2, note="Theirs")
    sign_in(client, country.nation, "contributor")

    data = {"status": "at_risk", "note": "Mine", "revision": 1, "on": ""}
    answer = client.post(at("deliver", delivery), data)

    assert answer.status_code == 409
    assert ("Theirs", "Mine") in {
        (one["theirs"], one["yours"]) for one in answer.context["differences"]
    }
    delivery.refresh_from_db()
    assert delivery.note == "Theirs"


def test_place_reminds_once_a_day(client):
    country = make_country()
    delivery = owed(country)
    sign_in(client, country.nation, "coordinator")
    sign_in(client, country.city, "contributor")

    for _attempt in range(2):
        client.post(at("delivery_remind", delivery))

    assert list(Notice.objects.values_list("code", flat=True)) == ["plans.delivery_wanted"]


def test_many_places_are_given_at_once_and_what_is_closed_stays(client):
    country = make_country()
    one = owed(country)
    two = owed(country, country.other_city.place, action=one.action)
    closed = owed(
        country, country.province.place, action=one.action, status="done", delivered_on=LATE
    )
    sign_in(client, country.nation, "contributor")
    url = reverse("plans:duty_give", args=[one.action_id])

    client.post(url, {"on": "2026-07-08", "deliveries": [one.pk, two.pk]})

    given = dict(Delivery.objects.values_list("pk", "delivered_on"))
    assert given == {
        one.pk: dt.date(2026, 7, 8),
        two.pk: dt.date(2026, 7, 8),
        closed.pk: LATE,
    }


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({"on": "2026-07-08", "deliveries": []}, {"deliveries"}),
        ({"on": "2026-07-08", "deliveries": ["999999"]}, {"deliveries"}),
        ({"on": "2026-07-08", "deliveries": ["x"]}, {"deliveries"}),
        ({"on": "soon"}, {"on", "deliveries"}),
    ],
)
def test_giving_without_sense_gets_a_sentence(client, data, wrong):
    country = make_country()
    delivery = owed(country)
    sign_in(client, country.nation, "contributor")

    answer = client.post(reverse("plans:duty_give", args=[delivery.action_id]), data)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == wrong


def test_recurring_duty_is_owed_again_once_it_is_given(client):
    country = make_country()
    duty = DutyFactory(plan=country.plan, every_months=6)
    delivery = owed(country, action=duty, due_on=dt.date(2026, 8, 31))
    sign_in(client, country.nation, "contributor")

    url = reverse("plans:duty_give", args=[duty.pk])
    client.post(url, {"on": "2026-07-08", "deliveries": [delivery.pk]})
    client.post(at("deliver", delivery), {"status": "done", "note": "", "revision": 2, "on": ""})

    assert list(Delivery.objects.order_by("due_on").values_list("due_on", "status")) == [
        (dt.date(2026, 8, 31), "done"),
        (dt.date(2027, 2, 28), "not_started"),
    ]


def test_nothing_is_owed_past_the_plans_end(client):
    country = make_country()
    duty = DutyFactory(plan=country.plan, every_months=12)
    delivery = owed(country, action=duty, due_on=dt.date(2029, 6, 30))
    sign_in(client, country.nation, "contributor")

    client.post(at("deliver", delivery), {"status": "done", "note": "", "revision": 1, "on": ""})

    assert Delivery.objects.count() == 1


def test_months_later_keeps_to_the_month():
    assert months_later(dt.date(2026, 8, 31), 6) == dt.date(2027, 2, 28)
    assert months_later(dt.date(2026, 12, 15), 1) == dt.date(2027, 1, 15)


@pytest.mark.parametrize(
    ("who", "role", "name", "expected"),
    [
        ("nation", "viewer", "deliver", 403),
        ("city", "lead", "deliver", 403),
        ("nation", "contributor", "deliver", 200),
        ("city", "viewer", "delivery_dispute", 403),
        ("other_city", "lead", "delivery_dispute", 403),
        ("nation", "lead", "delivery_dispute", 403),
        ("city", "contributor", "delivery_dispute", 200),
    ],
)
def test_who_may_say_what(client, who, role, name, expected):
    country = make_country()
    delivery = owed(country, status="done", delivered_on=LATE)
    sign_in(client, getattr(country, who), role)

    assert client.get(at(name, delivery)).status_code == expected


@pytest.mark.parametrize("name", ["delivery_confirm", "delivery_remind"])
def test_only_the_place_confirms_and_reminds(client, name):
    country = make_country()
    delivery = owed(country, status="done", delivered_on=LATE)
    for lead in (country.other_city, country.nation):
        sign_in(client, lead)
        assert client.post(at(name, delivery)).status_code == 403
    delivery.refresh_from_db()
    assert (delivery.received_on, delivery.reminded_at) == (None, None)


def test_stranger_from_another_country_sees_no_duty(client):
    country = make_country()
    delivery = owed(country)
    elsewhere = PlaceFactory(country_code="ph")
    sign_in(client, OrganisationFactory(place=elsewhere, is_lead_of_place=True))

    assert client.get(reverse("plans:duty", args=[delivery.action_id])).status_code == 404
    assert client.get(at("deliver", delivery)).status_code == 404


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({}, 3),
        ({"state": "late"}, 1),
        ({"state": "given"}, 1),
        ({"state": "confirmed"}, 1),
        ({"q": "mala"}, 1),
    ],
)
def test_places_of_a_duty_are_narrowed(client, asked, count):
    country = make_country()
    first = owed(country)
    given = {"action": first.action, "status": "done", "delivered_on": LATE}
    owed(country, country.other_city.place, **given)
    owed(country, country.province.place, **given, received_on=LATE)
    sign_in(client, country.nation)

    answer = client.get(reverse("plans:duty", args=[first.action_id]), asked)

    assert len(answer.context["page"].object_list) == count
