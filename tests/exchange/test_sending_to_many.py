"""Who is told of an item is who may read it, without asking the gate for each of thousands."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tansiq.access.models import Notice
from tansiq.access.queries import actor_for
from tansiq.exchange.actions.items import Draft, send_item, write_item
from tansiq.exchange.audience import organisations_for
from tansiq.exchange.models import Item, ItemKind
from tests.factories import (
    NOON,
    MembershipFactory,
    OrganisationFactory,
    PlaceFactory,
    actor_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def nation():
    return OrganisationFactory(place=PlaceFactory(level=0), country_code="id")


def _send(nation, bodies, marking="amber"):
    draft = Draft(
        kind=ItemKind.BRIEFING,
        title="What we know this month",
        text="Two sentences.",
        language="en",
        expires_on=NOON.date() + dt.timedelta(days=30),
        audience=[{"to": "organisation", "pk": one.pk} for one in bodies],
        marking=marking,
    )
    by = actor_of(nation)
    item = write_item(nation, draft, by=by, at=NOON)
    send_item(item, by=by, at=NOON)
    return item


def _bodies(nation, count):
    bodies = [OrganisationFactory(place=nation.place, country_code="id") for _ in range(count)]
    for body in bodies:
        MembershipFactory(organisation=body, role="contributor")
        MembershipFactory(organisation=body, role="viewer")
    return bodies


@pytest.mark.parametrize("marking", ["clear", "green", "amber", "amber+strict"])
def test_everybody_who_is_told_of_an_item_reads_it(nation, marking):
    item = _send(nation, _bodies(nation, 3), marking)

    told = [notice.person for notice in Notice.objects.filter(code="exchange.sent")]
    assert len(told) == 3
    for person in told:
        assert Item.objects.visible_to(actor_for(person, at=NOON)).filter(pk=item.pk).exists()


def test_sending_costs_the_same_queries_for_three_as_for_thirty(nation):
    few, many = _bodies(nation, 3), _bodies(nation, 30)
    _send(nation, few)

    costs = []
    for bodies in (few, many):
        with CaptureQueriesContext(connection) as asked:
            _send(nation, bodies)
        costs.append(len(asked))

    # Each database keeps the log in order in its own way, so that the sum differs a little.
    assert costs[0] == costs[1]
    assert costs[0] <= 42


def test_thousands_of_bodies_chosen_one_by_one_are_found(nation):
    bodies = _bodies(nation, 2)
    unknown = [{"to": "organisation", "pk": 1_000_000 + number} for number in range(3_000)]
    chosen = [{"to": "organisation", "pk": one.pk} for one in bodies]

    found = organisations_for([*unknown, *chosen], by=actor_of(nation))

    assert set(found) == set(bodies)
