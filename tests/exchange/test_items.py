"""Sending, receipts and who reads what."""

import datetime as dt

import pytest

from tansiq.access.models import Notice, Organisation
from tansiq.access.queries import actor_for
from tansiq.exchange.actions.items import (
    Draft,
    ExchangeError,
    acknowledge,
    mark_read,
    send_item,
    write_item,
    write_reply,
)
from tansiq.exchange.models import Item, ItemKind, Receipt, ReceiptState, Reply
from tests.factories import (
    NOON,
    ItemFactory,
    MembershipFactory,
    OrganisationFactory,
    PlaceFactory,
    ReceiptFactory,
    actor_of,
)

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(hours=5)


@pytest.fixture
def nation():
    return OrganisationFactory(place=PlaceFactory(level=0), is_lead_of_place=True)


@pytest.fixture
def cities(nation):
    return [
        OrganisationFactory(
            place=PlaceFactory(parent=nation.place, level=1, country_code=nation.country_code),
            country_code=nation.country_code,
            is_lead_of_place=True,
            kind="city",
        )
        for _ in range(3)
    ]


def _draft(nation, **more):
    choices = {
        "kind": ItemKind.BRIEFING,
        "title": "What we know this month",
        "text": "Two sentences.",
        "language": "en",
        "expires_on": NOON.date() + dt.timedelta(days=30),
        "audience": [{"to": "level", "place": nation.place_id, "level": 1, "kind": ""}],
    }
    return Draft(**{**choices, **more})


def _sent(nation, **more):
    by = actor_of(nation)
    item = write_item(nation, _draft(nation, **more), by=by, at=NOON)
    send_item(item, by=by, at=NOON)
    return item


def test_an_item_for_all_cities_reaches_each_of_them_once(nation, cities):
    for city in cities:
        MembershipFactory(organisation=city, role="contributor")

    item = _sent(
        nation, audience=[*_draft(nation).audience, {"to": "organisation", "pk": cities[0].pk}]
    )

    receipts = Receipt.objects.filter(item=item)
    assert sorted(one.organisation_id for one in receipts) == sorted(one.pk for one in cities)
    assert {one.direction for one in receipts} == {"down"}
    assert Notice.objects.filter(code="exchange.sent").count() == 3


def test_a_draft_is_seen_by_its_organisation_alone(nation, cities):
    item = write_item(nation, _draft(nation, marking="green"), by=actor_of(nation), at=NOON)

    assert Item.objects.visible_to(actor_of(nation)).filter(pk=item.pk).exists()
    assert not Item.objects.visible_to(actor_of(cities[0])).exists()


def test_an_item_that_reaches_nobody_is_not_sent(nation):
    item = write_item(nation, _draft(nation), by=actor_of(nation), at=NOON)

    with pytest.raises(ExchangeError, match="reaches nobody"):
        send_item(item, by=actor_of(nation), at=NOON)

    assert Item.objects.get(pk=item.pk).is_draft


def test_after_its_last_day_recipients_do_not_read_it_and_the_sender_does(nation, cities):
    item = _sent(nation, expires_on=NOON.date())
    tomorrow = NOON + dt.timedelta(days=1)

    assert Item.objects.visible_to(actor_of(cities[0], at=NOON)).filter(pk=item.pk).exists()
    assert not Item.objects.visible_to(actor_of(cities[0], at=tomorrow)).exists()
    assert Item.objects.visible_to(actor_of(nation, at=tomorrow)).filter(pk=item.pk).exists()


def test_red_is_read_by_the_persons_named_and_not_by_their_colleagues(nation, cities):
    named = MembershipFactory(organisation=cities[0])
    colleague = actor_of(cities[0])
    item = _sent(nation, marking="red", people=[named.person_id])

    reader = actor_for(named.person, at=NOON)
    assert Item.objects.visible_to(reader).filter(pk=item.pk).exists()
    assert not Item.objects.visible_to(colleague).exists()
    assert not Receipt.objects.visible_to(colleague).exists()
    assert Receipt.objects.visible_to(reader).count() == 1


def test_opening_an_item_marks_it_read_for_the_reader_alone(nation, cities):
    item = _sent(nation)

    mark_read(item, by=actor_of(cities[0]), at=LATER)

    states = dict(Receipt.objects.filter(item=item).values_list("organisation", "state"))
    assert states == {
        cities[0].pk: "read",
        cities[1].pk: "sent",
        cities[2].pk: "sent",
    }


def test_cannot_needs_a_reason_and_the_first_time_stays(nation, cities):
    item = _sent(nation)
    receipt = Receipt.objects.get(item=item, organisation=cities[0])
    by = actor_of(cities[0])

    with pytest.raises(ExchangeError, match="Say why"):
        acknowledge(receipt, ReceiptState.CANNOT, by=by, at=LATER)
    acknowledge(receipt, ReceiptState.CANNOT, reason="No budget line.", by=by, at=LATER)
    acknowledge(receipt, ReceiptState.WILL_ACT, by=by, at=LATER + dt.timedelta(days=1))

    receipt.refresh_from_db()
    assert (receipt.state, receipt.acknowledged_at, receipt.reason) == ("will_act", LATER, "")


def test_an_answer_is_between_the_two(nation, cities):
    item = _sent(nation)
    receipt = Receipt.objects.get(item=item, organisation=cities[0])

    write_reply(
        receipt, cities[0], "We have a question.", language="en", by=actor_of(cities[0]), at=LATER
    )

    receipt.refresh_from_db()
    assert receipt.answered_at == LATER
    assert Reply.objects.visible_to(actor_of(nation)).count() == 1
    assert Reply.objects.visible_to(actor_of(cities[0])).count() == 1
    assert not Reply.objects.visible_to(actor_of(cities[1])).exists()


def test_a_closed_list_hides_the_other_recipients(nation, cities):
    item = _sent(nation, is_list_open=False)

    seen = Receipt.objects.visible_to(actor_of(cities[0])).filter(item=item)

    assert [one.organisation_id for one in seen] == [cities[0].pk]
    assert Receipt.objects.visible_to(actor_of(nation)).filter(item=item).count() == 3


def test_both_pages_open(client, nation, cities):
    person = MembershipFactory(organisation=cities[0]).person
    item = _sent(nation, expires_on=dt.date(2099, 1, 1))
    client.force_login(person)

    assert item.title in client.get("/exchange/").content.decode()
    assert item.text in client.get(item.get_absolute_url()).content.decode()


def test_a_colleague_of_a_stranger_country_reads_nothing():
    receipt = ReceiptFactory(item=ItemFactory())
    stranger = actor_of(OrganisationFactory(country_code="xx"))

    assert not Item.objects.visible_to(stranger).exists()
    assert Organisation.objects.filter(pk=receipt.organisation_id).exists()
