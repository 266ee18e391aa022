"""The desk and the list of all that is owed, with what the exchange brings to them."""

import datetime as dt

import pytest
from django.utils.timezone import now

from tansiq.exchange.actions.figures import count_changed_months
from tests.exchange.nations import make_country
from tests.exchange.test_obligations import send
from tests.factories import (
    ItemFactory,
    MembershipFactory,
    ObligationFactory,
    OrganisationFactory,
    ReceiptFactory,
)
from tests.people import sign_in

pytestmark = pytest.mark.django_db
A_DAY = dt.timedelta(days=1)


@pytest.fixture
def country():
    return make_country()


def titles(items):
    return [item.title for item in items]


def desk_of(client):
    return client.get("/").context["desk"]


def test_what_is_due_soon_stands_among_now_and_the_rest_below(client, country):
    city, nation = country.cities[0], country.nation
    ObligationFactory(debtor=city, creditor=nation, what="Late", due_at=now() - A_DAY)
    ObligationFactory(debtor=city, creditor=nation, what="Later", due_at=now() + 20 * A_DAY)
    ObligationFactory(debtor=nation, creditor=city, what="Threats", due_at=now() - A_DAY)
    ObligationFactory(debtor=nation, creditor=city, what="Funds", state="done", due_at=now())
    sign_in(client, city)

    desk = desk_of(client)

    assert [item.kind for item in desk.now] == ["exchange_owed", "exchange_confirm"]
    assert titles(desk.now)[0] == "Late"
    assert titles(desk.owed_by) == ["Later"]
    assert titles(desk.owed_to) == ["Threats"]
    assert (desk.owed_by_count, desk.owed_to_count) == ("1", "1")
    assert desk.owed_to[0].remind_url


def test_both_sides_of_plans_and_exchange_stand_in_one_list(client, country):
    city, nation = country.cities[0], country.nation
    ObligationFactory(debtor=city, creditor=nation, what="Report", due_at=now() - A_DAY)
    ObligationFactory(debtor=nation, creditor=city, what="Answer to us", due_at=now() + A_DAY)
    sign_in(client, city)

    owed = client.get("/owed/all/").context["owed"]

    assert titles(owed.by_us.items) == ["Report"]
    assert titles(owed.to_us.items) == ["Answer to us"]
    assert (owed.by_us.count, owed.to_us.count) == ("1", "1")


def _exchange(sender, to, *, acknowledged, answered, count):
    at = now() - 20 * A_DAY
    for n in range(count):
        item = ItemFactory(owner=sender, sent_at=at, reply_by=at + 5 * A_DAY)
        ReceiptFactory(
            item=item,
            organisation=to,
            acknowledged_at=at + A_DAY if n < acknowledged else None,
            answered_at=at + 2 * A_DAY if n < answered else None,
            direction="up",
            from_level=2,
            to_level=0,
        )


def test_three_figures_stand_on_the_desk_each_beside_the_other_side(client, country):
    city, nation = country.cities[0], country.nation
    _exchange(city, nation, acknowledged=15, answered=15, count=20)
    ObligationFactory(debtor=city, creditor=nation, due_at=now() - A_DAY)
    sign_in(client, city)

    share, half, late = desk_of(client).matters

    assert (share.value, half.value, late.value) == ("75%", "2 days", "1")
    assert late.is_late
    assert "–" in share.other
    assert {one.url for one in (share, half)} == {"/exchange/figures/"}


def test_too_few_cases_are_said_and_no_share_is_shown(client, country):
    _exchange(country.cities[0], country.nation, acknowledged=1, answered=1, count=2)
    sign_in(client, country.cities[0])

    share, half, _late = desk_of(client).matters

    assert (share.value, half.value) == ("–", "–")
    assert share.base == "too few to say: 2 so far"


def test_a_desk_without_any_exchange_has_no_figures(client, country):
    sign_in(client, country.cities[1])

    assert desk_of(client).matters == []


def test_an_overseer_sees_figures_of_the_country_and_never_what_is_red(client, country):
    nation, city = country.nation, country.cities[0]
    body = OrganisationFactory(kind="oversight", country_code=nation.country_code)
    overseer = MembershipFactory(organisation=body, role="overseer").person
    _exchange(city, nation, acknowledged=15, answered=15, count=20)
    count_changed_months(at=now())
    ObligationFactory(debtor=nation, creditor=city, due_at=now() - A_DAY)
    ObligationFactory(debtor=nation, creditor=city, due_at=now() - A_DAY, is_red=True)
    client.force_login(overseer)

    share, _half, late = client.get("/").context["watch"].matters

    assert (share.value, late.value) == ("75%", "1")


def test_the_desk_costs_the_same_for_much_as_for_little(client, country, flat_queries):
    city = country.cities[0]
    sign_in(client, city)

    def add_row():
        send(city, [country.nation], at=now(), expires_on=now().date() + 9 * A_DAY)
        ObligationFactory(debtor=city, due_at=now() + 20 * A_DAY)
        ObligationFactory(creditor=city, due_at=now() - A_DAY)
        ObligationFactory(creditor=city, state="done")

    client.get("/")
    flat_queries(lambda: client.get("/"), add_row=add_row, cost=47)
