"""Forwarding, corrections and taking back: what each changes, and what it refuses."""

import datetime as dt

import pytest

from tansiq.access.models import LogEntry, Notice, Organisation
from tansiq.access.notices import still_visible, text_of
from tansiq.access.queries import actor_for
from tansiq.exchange.actions.corrections import (
    Wrong,
    accept_correction,
    correct_item,
    propose_correction,
    refuse_correction,
)
from tansiq.exchange.actions.forwarding import (
    allow_forward,
    ask_to_forward,
    forward_item,
    refuse_forward,
    remind_of_requests,
)
from tansiq.exchange.actions.items import ExchangeError, mark_read
from tansiq.exchange.actions.recalls import recall_item
from tansiq.exchange.actions.reviews import ask_for_reviews, loosen_item
from tansiq.exchange.models import Correction, ForwardRequest, Item, Receipt
from tansiq.exchange.queries.handling import below, mails_that_left, on_top
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
WRONG = Wrong(wrong="The bridge is open.", right="The bridge is shut.", basis="", language="en")


@pytest.fixture
def nation():
    return OrganisationFactory(place=PlaceFactory(level=0), is_lead_of_place=True)


@pytest.fixture
def city(nation):
    return OrganisationFactory(country_code=nation.country_code, kind="city")


@pytest.fixture
def office(city):
    """A body under the city."""
    return OrganisationFactory(country_code=city.country_code, parent=city)


@pytest.fixture
def other(nation):
    return OrganisationFactory(country_code=nation.country_code)


def _sent(nation, city, **more):
    item = ItemFactory(owner=nation, **more)
    return ReceiptFactory(item=item, organisation=city)


def _readers(item):
    return {
        one.pk
        for one in Organisation.objects.all()
        if Item.objects.visible_to(actor_of(one)).filter(pk=item.pk).exists()
    }


def test_amber_is_forwarded_to_bodies_under_the_recipient_and_no_further(
    nation, city, office, other
):
    receipt = _sent(nation, city)
    MembershipFactory(organisation=nation, role="coordinator")
    MembershipFactory(organisation=office, role="contributor")

    with pytest.raises(ExchangeError, match="Ask the sender"):
        forward_item(receipt, [office, other], by=actor_of(city), at=LATER)
    (made,) = forward_item(receipt, [office], by=actor_of(city), at=LATER)

    assert (made.forwarded_by_id, made.item.marking) == (city.pk, "amber")
    assert _readers(receipt.item) == {nation.pk, city.pk, office.pk}
    assert set(Notice.objects.values_list("code", flat=True)) == {
        "exchange.forwarded",
        "exchange.forwarded_on",
    }


def test_green_is_forwarded_within_the_network_and_not_beyond(nation, city, other):
    receipt = _sent(nation, city, marking="green")
    foreign = OrganisationFactory(country_code="xx")

    made = forward_item(receipt, [other], by=actor_of(city), at=LATER)

    assert [one.organisation_id for one in made] == [other.pk]
    with pytest.raises(ExchangeError, match="does not let you"):
        forward_item(receipt, [foreign], by=actor_of(city), at=LATER)


@pytest.mark.parametrize("marking", ["amber+strict", "red"])
def test_what_is_stricter_is_not_forwarded_without_the_owner(nation, city, office, marking):
    receipt = _sent(nation, city, marking=marking)

    with pytest.raises(ExchangeError, match="does not let you"):
        forward_item(receipt, [office], by=actor_of(city), at=LATER)

    assert Receipt.objects.filter(item=receipt.item).count() == 1


def test_the_owner_lets_a_request_through_once(nation, city, other):
    receipt = _sent(nation, city, marking="amber+strict")
    asked = ask_to_forward(receipt, [other], "They run the shelter.", by=actor_of(city), at=LATER)
    twin = ForwardRequest.objects.get(pk=asked.pk)

    allow_forward(asked, by=actor_of(nation), at=LATER)
    with pytest.raises(ExchangeError, match="answered meanwhile"):
        refuse_forward(twin, "No.", by=actor_of(nation), at=LATER)
    with pytest.raises(ExchangeError, match="answered meanwhile"):
        allow_forward(twin, by=actor_of(nation), at=LATER)

    assert _readers(receipt.item) == {nation.pk, city.pk, other.pk}
    assert Receipt.objects.get(organisation=other).forwarded_by_id == city.pk
    assert ForwardRequest.objects.get(pk=asked.pk).state == "yes"


def test_a_refusal_needs_a_reason_and_reaches_who_asked(nation, city, other):
    person = MembershipFactory(organisation=city, role="coordinator").person
    receipt = _sent(nation, city)
    asked = ask_to_forward(receipt, [other], "They asked us.", by=actor_of(city), at=LATER)

    with pytest.raises(ExchangeError, match="Say why not"):
        refuse_forward(asked, " ", by=actor_of(nation), at=LATER)
    refuse_forward(asked, "Only after the hearing.", by=actor_of(nation), at=LATER)

    told = Notice.objects.get(person=person, code="exchange.forward_refused")
    assert "Only after the hearing." in text_of(told)
    assert _readers(receipt.item) == {nation.pk, city.pk}


def test_what_has_ended_or_was_taken_back_is_not_forwarded(nation, city, office):
    receipt = _sent(nation, city, expires_on=NOON.date())
    recalled = _sent(nation, city)
    recall_item(recalled.item, "Wrong list.", by=actor_of(nation), at=LATER)

    with pytest.raises(ExchangeError, match="time is over"):
        forward_item(receipt, [office], by=actor_of(city), at=NOON + dt.timedelta(days=1))
    with pytest.raises(ExchangeError, match="took this back"):
        forward_item(recalled, [office], by=actor_of(city), at=LATER)

    assert not Receipt.objects.filter(organisation=office).exists()


def test_a_request_on_what_was_taken_back_is_closed_and_stays_so(nation, city, other):
    receipt = _sent(nation, city)
    asked = ask_to_forward(receipt, [other], "They asked.", by=actor_of(city), at=NOON)

    recall_item(receipt.item, "Wrong list.", by=actor_of(nation), at=LATER)

    with pytest.raises(ExchangeError, match="took this back"):
        allow_forward(asked, by=actor_of(nation), at=LATER)
    assert ForwardRequest.objects.get(pk=asked.pk).state == "closed"


def test_an_owner_who_does_not_answer_is_reminded_once(nation, city, other):
    MembershipFactory(organisation=nation, role="coordinator")
    receipt = _sent(nation, city)
    ask_to_forward(receipt, [other], "They asked.", by=actor_of(city), at=NOON)

    assert remind_of_requests(at=LATER) == 0
    assert remind_of_requests(at=NOON + dt.timedelta(days=3)) == 1
    assert remind_of_requests(at=NOON + dt.timedelta(days=4)) == 0
    assert Notice.objects.filter(code="exchange.forward_waits").count() == 1


def test_taking_back_ends_reading_everywhere_and_leaves_a_trace(nation, city, office):
    person = MembershipFactory(organisation=city, role="coordinator").person
    receipt = _sent(nation, city)
    forward_item(receipt, [office], by=actor_of(city), at=NOON)
    mark_read(receipt.item, by=actor_of(city), at=NOON)

    trace = recall_item(receipt.item, "The list was wrong.", by=actor_of(nation), at=LATER)

    assert trace.read == 1
    assert _readers(receipt.item) == {nation.pk}
    own = Receipt.objects.visible_to(actor_of(city)).filter(item=receipt.item)
    assert [one.organisation_id for one in own] == [city.pk]
    taken = on_top(actor_of(nation), Item.objects.get(pk=receipt.item_id), LATER).taken
    assert [one.organisation_id for one in taken.readers] == [city.pk]
    told = still_visible(Notice.objects.filter(person=person), actor_for(person, at=LATER))
    assert [one.code for one in told] == ["exchange.taken_back"]


@pytest.mark.parametrize("marking", ["green", "amber", "amber+strict"])
def test_no_notice_of_others_keeps_the_title_of_what_was_taken_back(nation, city, office, marking):
    for body in (nation, city, office):
        MembershipFactory(organisation=body, role="coordinator")
    receipt = _sent(nation, city, title="The secret bridge", marking=marking)
    ask_to_forward(receipt, [office], "They asked.", by=actor_of(city), at=NOON)
    if marking != "amber+strict":
        forward_item(receipt, [office], by=actor_of(city), at=NOON)
    Notice.objects.filter(code="exchange.forwarded").update(mailed_at=NOON)
    # Not mailed yet when it is taken back; claimed afterwards, and never sent.
    Notice.objects.create(
        person=city.memberships.first().person,
        code="exchange.sent",
        facts={"from": "Nation", "title": "The secret bridge"},
        target_kind="exchange.item",
        target_id=receipt.item_id,
        url="/",
        made_at=NOON,
    )

    trace = recall_item(receipt.item, "It named a person.", by=actor_of(nation), at=LATER)

    owners = nation.memberships.values_list("person", flat=True)
    others = Notice.objects.exclude(person__in=owners)
    assert others.exists()
    assert not [one for one in others if "bridge" in str(one.facts)]
    assert trace.mailed == (0 if marking == "amber+strict" else 1)
    Notice.objects.filter(mailed_at=None).update(mailed_at=LATER + dt.timedelta(minutes=1))
    assert mails_that_left(receipt.item) == trace.mailed


def test_taking_back_is_for_a_time_and_once(nation, city):
    receipt = _sent(nation, city)
    late = NOON + dt.timedelta(hours=25)

    with pytest.raises(ExchangeError, match="too late"):
        recall_item(receipt.item, "Wrong.", by=actor_of(nation), at=late)
    with pytest.raises(ExchangeError, match="Say why"):
        recall_item(receipt.item, "  ", by=actor_of(nation), at=LATER)
    recall_item(receipt.item, "Wrong.", by=actor_of(nation), at=LATER)
    with pytest.raises(ExchangeError, match="already"):
        recall_item(receipt.item, "Wrong.", by=actor_of(nation), at=LATER)

    assert LogEntry.objects.filter(rule="exchange.recall").count() == 1


def test_lesser_versions_are_taken_back_with_the_fullest_if_wished(nation, city):
    fuller = _sent(nation, city).item
    lesser = ItemFactory(owner=nation, fullest=fuller, marking="green")

    recall_item(fuller, "Wrong.", by=actor_of(nation), at=LATER, with_lesser=True)

    assert Item.objects.get(pk=lesser.pk).is_recalled


def test_a_correction_reaches_all_who_have_the_first_one(nation, city, office, other):
    person = MembershipFactory(organisation=city, role="contributor").person
    receipt = _sent(nation, city)
    forward_item(receipt, [office], by=actor_of(city), at=NOON)
    proposed = propose_correction(receipt, WRONG, by=actor_of(city), at=NOON)

    made = accept_correction(
        proposed, "The bridge is shut", "It is shut.", by=actor_of(nation), at=LATER
    )

    assert set(made.receipts.values_list("organisation", flat=True)) == {city.pk, office.pk}
    assert (made.answers_id, made.marking) == (receipt.item_id, "amber")
    (change,) = on_top(actor_of(office), receipt.item, LATER).changes
    assert change.made == made
    assert on_top(actor_of(office), made, LATER).corrects == receipt.item
    assert "exchange.correction_made" in set(person.notices.values_list("code", flat=True))


def test_who_proposed_a_correction_is_known_to_the_owner_alone(nation, city, other):
    receipt = _sent(nation, city)
    ReceiptFactory(item=receipt.item, organisation=other)
    propose_correction(receipt, WRONG, by=actor_of(city), at=NOON)

    assert Correction.objects.visible_to(actor_of(nation)).count() == 1
    assert Correction.objects.visible_to(actor_of(city)).count() == 1
    assert not Correction.objects.visible_to(actor_of(other)).exists()


def test_a_correction_is_answered_once(nation, city):
    receipt = _sent(nation, city)
    proposed = propose_correction(receipt, WRONG, by=actor_of(city), at=NOON)
    twin = Correction.objects.get(pk=proposed.pk)
    accept_correction(proposed, "Shut", "It is shut.", by=actor_of(nation), at=LATER)

    with pytest.raises(ExchangeError, match="answered meanwhile"):
        accept_correction(twin, "Shut", "It is shut.", by=actor_of(nation), at=LATER)
    with pytest.raises(ExchangeError, match="answered meanwhile"):
        refuse_correction(twin, "No.", by=actor_of(nation), at=LATER)

    assert Item.objects.filter(answers=receipt.item).count() == 1


def test_the_sender_corrects_of_its_own_accord(nation, city):
    receipt = _sent(nation, city)

    made = correct_item(receipt.item, "Shut", "It is shut.", by=actor_of(nation), at=LATER)

    assert [one.organisation_id for one in made.receipts.all()] == [city.pk]
    assert on_top(actor_of(city), receipt.item, LATER).changes[0].made == made


def test_each_reader_is_offered_what_it_may_do(nation, city):
    item = _sent(nation, city).item

    assert set(below(actor_of(nation), item, LATER).may) == {
        "recall",
        "correct",
        "review",
        "write_lesser",
        "allow_passing_on",
    }
    assert set(below(actor_of(city), item, LATER).may) == {
        "forward",
        "ask_forward",
        "propose_correction",
    }
    assert below(actor_of(city, "viewer"), item, LATER) is None


def test_owners_are_asked_once_before_an_item_ends(nation, city):
    person = MembershipFactory(organisation=nation, role="coordinator").person
    ending = _sent(nation, city, expires_on=NOON.date() + dt.timedelta(days=20)).item
    _sent(nation, city, expires_on=NOON.date() + dt.timedelta(days=90))
    soon = NOON + dt.timedelta(days=15)

    assert ask_for_reviews(at=NOON + dt.timedelta(days=3)) == 0
    assert ask_for_reviews(at=soon) == 1
    assert ask_for_reviews(at=soon + dt.timedelta(days=1)) == 0

    assert [one.target_id for one in person.notices.filter(code="exchange.review")] == [ending.pk]


def test_more_may_read_what_is_ones_own_and_not_what_others_told(nation, city, other):
    own = _sent(nation, city).item
    told = _sent(nation, city, origin=ItemFactory(owner=city)).item
    by = actor_of(nation)

    with pytest.raises(ExchangeError, match="Somebody else told you"):
        loosen_item(told, "green", by=by, at=LATER)
    with pytest.raises(ExchangeError, match="lets more people"):
        loosen_item(own, "amber+strict", by=by, at=LATER)
    loosen_item(own, "green", by=by, at=LATER)

    assert other.pk in _readers(own)
    assert other.pk not in _readers(told)
