"""The pages of handing on, taking back and putting right."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.timezone import now

from tansiq.exchange.actions.corrections import Wrong, propose_correction
from tansiq.exchange.actions.forwarding import ask_to_forward
from tansiq.exchange.models import Correction, ForwardRequest, Item, Receipt
from tests.factories import (
    ItemFactory,
    MembershipFactory,
    OrganisationFactory,
    ReceiptFactory,
    actor_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def nation():
    return OrganisationFactory(name="Nation")


@pytest.fixture
def city(nation):
    return OrganisationFactory(country_code=nation.country_code, name="City")


@pytest.fixture
def receipt(nation, city):
    item = ItemFactory(
        owner=nation,
        title="What we saw",
        sent_at=now(),
        expires_on=now().date() + dt.timedelta(days=30),
    )
    return ReceiptFactory(item=item, organisation=city)


def _sign_in(client, organisation, role="coordinator"):
    client.force_login(MembershipFactory(organisation=organisation, role=role).person)


def _url(name, pk):
    return reverse(f"exchange:{name}", args=[pk])


def test_a_recipient_forwards_to_a_body_under_it(client, receipt, city):
    office = OrganisationFactory(country_code=city.country_code, parent=city, name="Office")
    _sign_in(client, city)

    shown = client.get(_url("forward", receipt.item_id)).content.decode()
    client.post(_url("forward_now", receipt.item_id), {"to": [office.pk]})

    assert "Office" in shown
    assert set(receipt.item.receipts.values_list("organisation", flat=True)) == {
        city.pk,
        office.pk,
    }


def test_who_may_not_be_reached_is_refused_on_the_form(client, receipt, city):
    other = OrganisationFactory(country_code=city.country_code)
    _sign_in(client, city)

    answer = client.post(_url("forward_now", receipt.item_id), {"to": [other.pk]})

    assert answer.status_code == 422
    assert receipt.item.receipts.count() == 1


def test_a_request_posted_twice_is_asked_once_and_answered_by_the_owner(
    client, receipt, city, nation
):
    other = OrganisationFactory(country_code=city.country_code)
    given = {
        "to": [other.pk],
        "why": "They run the shelter.",
        "client_key": "3f1d2c34-2b1a-4f1e-9a52-0f6f4d1d2a11",
    }
    _sign_in(client, city, "contributor")
    client.post(_url("ask_forward", receipt.item_id), given)
    client.post(_url("ask_forward", receipt.item_id), given)
    asked = ForwardRequest.objects.get()

    assert client.post(_url("answer_forward", asked.pk), {"answer": "yes"}).status_code == 403
    _sign_in(client, nation)
    assert "They run the shelter." in client.get(_url("answer_forward", asked.pk)).content.decode()
    client.post(_url("answer_forward", asked.pk), {"answer": "yes"})

    assert Receipt.objects.get(organisation=other).forwarded_by_id == city.pk


def test_a_refusal_without_a_reason_stays_on_the_page(client, receipt, city, nation):
    other = OrganisationFactory(country_code=city.country_code)
    asked = ask_to_forward(receipt, [other], "They asked.", by=actor_of(city), at=now())
    _sign_in(client, nation)

    answer = client.post(_url("answer_forward", asked.pk), {"answer": "no", "why": ""})

    assert answer.status_code == 422
    assert ForwardRequest.objects.get().is_open


def test_what_was_taken_back_is_gone_and_its_trace_is_read(client, receipt, city, nation):
    _sign_in(client, nation)
    client.post(_url("recall", receipt.item_id), {"reason": "The list was wrong."})
    assert (
        "Nobody had read it by then" in client.get(receipt.item.get_absolute_url()).content.decode()
    )

    _sign_in(client, city)
    trace = client.get(_url("taken_back", receipt.item_id)).content.decode()

    assert "The list was wrong." in trace
    assert "What we saw" not in trace
    assert (
        "What we saw"
        not in client.get(receipt.item.get_absolute_url(), follow=True).content.decode()
    )


def test_strangers_find_nothing_of_what_was_taken_back(client, receipt, nation):
    Item.objects.filter(pk=receipt.item_id).update(recalled_at=now(), recall_reason="Wrong.")
    _sign_in(client, OrganisationFactory(country_code=nation.country_code))

    assert client.get(_url("taken_back", receipt.item_id)).status_code == 404


def test_a_late_recall_points_to_a_correction(client, receipt, nation):
    Item.objects.filter(pk=receipt.item_id).update(sent_at=now() - dt.timedelta(days=3))
    _sign_in(client, nation)

    answer = client.post(_url("recall", receipt.item_id), {"reason": "Wrong."})

    assert answer.status_code == 422
    assert _url("correct", receipt.item_id) in answer.content.decode()
    assert not Item.objects.get(pk=receipt.item_id).is_recalled


def test_a_correction_is_proposed_looked_at_and_sent(client, receipt, city, nation):
    _sign_in(client, city)
    client.post(
        _url("propose_correction", receipt.item_id),
        {"wrong": "The bridge is open.", "right": "The bridge is shut.", "language": "en"},
    )
    proposed = Correction.objects.get()
    _sign_in(client, nation)
    assert (
        _url("answer_correction", proposed.pk)
        in client.get(receipt.item.get_absolute_url()).content.decode()
    )

    client.post(
        _url("answer_correction", proposed.pk),
        {"answer": "yes", "title": "It is shut", "text": "The bridge is shut."},
    )

    made = Item.objects.get(answers=receipt.item)
    _sign_in(client, city)
    assert made.get_absolute_url() in client.get(receipt.item.get_absolute_url()).content.decode()


def test_a_proposal_is_nobody_elses_business(client, receipt, city, nation):
    third = OrganisationFactory(country_code=nation.country_code)
    ReceiptFactory(item=receipt.item, organisation=third)
    what = Wrong(wrong="Wrong.", right="Right.", basis="", language="en")
    proposed = propose_correction(receipt, what, by=actor_of(city), at=now())
    _sign_in(client, third)

    assert client.get(_url("answer_correction", proposed.pk)).status_code == 404
    assert "City proposed" not in client.get(receipt.item.get_absolute_url()).content.decode()


def test_the_sender_puts_it_right_of_its_own_accord(client, receipt, nation):
    _sign_in(client, nation)

    client.get(_url("correct", receipt.item_id))
    client.post(_url("correct", receipt.item_id), {"title": "Right", "text": "It is shut."})

    assert Item.objects.get(answers=receipt.item).title == "Right"


def test_the_last_look_loosens_or_lets_end(client, receipt, nation):
    _sign_in(client, nation)
    url = _url("review", receipt.item_id)

    assert client.get(url).status_code == 200
    assert client.post(url, {"step": "loosen", "marking": "red"}).status_code == 422
    client.post(url, {"step": "loosen", "marking": "green"})
    client.post(url, {"step": "end"})

    item = Item.objects.get(pk=receipt.item_id)
    assert item.marking == "green"
    assert item.handling.review_answered_at is not None
