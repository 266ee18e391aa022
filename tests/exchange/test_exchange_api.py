"""The exchange as JSON: the same gate, the same steps."""

import datetime as dt
import uuid

import pytest

from tansiq.access.actor import Role
from tansiq.exchange.models import Receipt, Reply
from tests.factories import ItemFactory, OrganisationFactory, ReceiptFactory
from tests.people import sign_in

pytestmark = pytest.mark.django_db
FAR = dt.date(2099, 1, 1)
API = "/api/1/exchange"


@pytest.fixture
def city(client):
    organisation = OrganisationFactory()
    sign_in(client, organisation, Role.LEAD)
    return organisation


def _came(city, **item):
    return ReceiptFactory(item=ItemFactory(expires_on=FAR, **item), organisation=city)


def _post(client, address, body):
    return client.post(address, body, content_type="application/json")


def test_both_boxes_give_what_the_gate_shows_and_no_more(client, city):
    came = _came(city, marking="amber")
    sent = ReceiptFactory(item=ItemFactory(owner=city, expires_on=FAR)).item
    _came(OrganisationFactory(), marking="amber+strict")
    _came(city, marking="red")

    found = {
        box: {row["id"] for row in client.get(f"{API}/items?box={box}").json()["rows"]}
        for box in ("received", "sent", "all")
    }

    assert found == {"received": {came.item_id}, "sent": {sent.pk}, "all": {came.item_id, sent.pk}}


def test_reasons_of_others_stay_between_them_and_the_sender(client, city):
    mine = _came(city)
    ReceiptFactory(item=mine.item, state="cannot", reason="We were told not to.")

    rows = client.get(f"{API}/items/{mine.item_id}/receipts").json()["rows"]

    assert {row["state"] for row in rows} == {"sent", "cannot"}
    assert {row["reason"] for row in rows} == {""}


def test_cannot_without_a_reason_is_a_conflict_that_says_why(client, city):
    receipt = _came(city)

    answer = _post(client, f"{API}/receipts/{receipt.pk}/acknowledge", {"state": "cannot"})

    assert answer.status_code == 409
    assert "Say why" in answer.json()["detail"]
    assert Receipt.objects.get(pk=receipt.pk).state == "sent"


def test_an_answer_that_is_posted_twice_arrives_once(client, city):
    receipt = _came(city)
    body = {"text": "We can send two buses.", "language": "en", "client_key": str(uuid.uuid4())}

    first = _post(client, f"{API}/receipts/{receipt.pk}/replies", body)
    again = _post(client, f"{API}/receipts/{receipt.pk}/replies", body)

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json()["id"] == again.json()["id"]
    assert Reply.objects.get().organisation == city


def test_the_receipt_of_another_body_does_not_exist_here(client, city):
    other = _came(OrganisationFactory(), marking="amber+strict")

    answer = _post(client, f"{API}/receipts/{other.pk}/acknowledge", {"state": "understood"})

    assert answer.status_code == 404


def test_the_feed_names_nothing_that_may_not_stand_in_a_mail(client, city):
    plain = _came(city, marking="amber").item
    strict = _came(city, marking="amber+strict").item

    entries = client.get(f"{API}/feed").json()["items"]

    titles = {entry.get("title", "") for entry in entries}
    assert titles == {plain.title, ""}
    assert strict.title not in str(entries)
    assert strict.text not in [entry["content_text"] for entry in entries if "title" not in entry]


def test_red_is_not_given_as_stix(client, city):
    receipt = _came(city, marking="green")
    red = ItemFactory(owner=city, marking="red", expires_on=FAR)

    assert client.get(f"{API}/items/{receipt.item_id}/stix").json()["type"] == "bundle"
    assert client.get(f"{API}/items/{red.pk}/stix").status_code == 404
