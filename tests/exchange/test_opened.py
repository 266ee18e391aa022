"""What leaves as a file or a feed: public items, STIX 2.1, and never a person."""

import datetime as dt
import json

import pytest
import stix2
from hypothesis import given
from hypothesis import strategies as st

from tansiq.access.models import LogEntry
from tansiq.exchange.models import Item
from tansiq.exchange.stix import TLP_IDS, bundle_of
from tests.factories import ItemFactory, OrganisationFactory, ReceiptFactory
from tests.people import sign_in

FAR = dt.date(2099, 1, 1)
ORIGIN = "https://tansiq.example.org"
KINDS = sorted(Item._meta.get_field("kind").choices)


def _item(**more):
    return ItemFactory(expires_on=FAR, **more)


def _objects(bundle):
    """Read it as another program does, strictly, and return the objects by their type."""
    parsed = stix2.parse(json.dumps(bundle), allow_custom=False)
    found = {}
    for one in parsed.objects:
        found.setdefault(one["type"], []).append(one)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("marking", sorted(TLP_IDS))
@pytest.mark.parametrize("kind", [code for code, _label in KINDS])
def test_every_kind_under_every_marking_is_read_by_another_library(kind, marking):
    item = _item(kind=kind, marking=marking)

    objects = _objects(bundle_of([item], origin=ORIGIN))

    told = (objects.get("report") or objects.get("note"))[0]
    assert told.object_marking_refs == [TLP_IDS[marking]]
    assert {one.id for one in objects["marking-definition"]} == {TLP_IDS[marking]}
    assert told.created_by_ref == objects["identity"][0].id
    assert {one.identity_class for one in objects["identity"]} == {"organization"}


@pytest.mark.django_db
def test_the_same_item_has_the_same_id_and_another_one_has_not():
    first, second = _item(), _item()

    once = bundle_of([first, second], origin=ORIGIN)
    again = bundle_of([second, first], origin=ORIGIN)

    ids = [one["id"] for one in once["objects"]]
    assert len(ids) == len(set(ids))
    assert set(ids) == {one["id"] for one in again["objects"]}


@pytest.mark.django_db
def test_red_and_drafts_are_refused():
    with pytest.raises(ValueError, match="Never exported"):
        bundle_of([_item(marking="red")], origin=ORIGIN)
    with pytest.raises(ValueError, match="Never exported"):
        bundle_of([_item(sent_at=None)], origin=ORIGIN)


@pytest.mark.django_db
def test_what_was_taken_back_is_revoked_without_its_words():
    item = _item(title="A secret word", recalled_at=dt.datetime(2026, 5, 5, tzinfo=dt.UTC))

    bundle = bundle_of([item], origin=ORIGIN)

    told = _objects(bundle)["report"][0]
    assert told.revoked is True
    assert "secret" not in json.dumps(bundle)


@pytest.mark.django_db
def test_no_person_and_no_recipient_leaves():
    receipt = ReceiptFactory(item=_item())
    bundle = json.dumps(bundle_of([receipt.item], origin=ORIGIN))

    assert receipt.organisation.name not in bundle
    assert "individual" not in bundle


@pytest.mark.django_db
def test_taking_an_item_as_a_file_is_written_down_and_red_is_refused(client):
    mine = OrganisationFactory()
    person = sign_in(client, mine)
    item, red = _item(owner=mine), _item(owner=mine, marking="red")
    red.named_people.add(person)

    answer = client.get(f"/exchange/{item.pk}/stix.json")
    refused = client.get(f"/exchange/{red.pk}/stix.json")

    assert answer.status_code == 200
    assert LogEntry.objects.filter(rule="export:exchange.export", target_id=item.pk).count() == 1
    assert refused.status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("marking", ["green", "amber", "amber+strict", "red"])
def test_a_passer_by_finds_only_what_is_clear(client, marking):
    open_to_all, closed = _item(marking="clear"), _item(marking=marking)

    listed = client.get("/exchange/open/").content.decode()
    feed = client.get("/exchange/open/feed.json").json()

    assert open_to_all.title in listed
    assert closed.title not in listed
    assert [one["title"] for one in feed["items"]] == [open_to_all.title]
    assert client.get(f"/exchange/open/{open_to_all.pk}/").status_code == 200
    assert client.get(f"/exchange/open/{closed.pk}/").status_code == 404


@pytest.mark.django_db
def test_what_was_taken_back_or_is_over_is_not_open_any_more(client):
    recalled = _item(marking="clear", recalled_at=dt.datetime(2026, 5, 5, tzinfo=dt.UTC))
    over = ItemFactory(marking="clear", expires_on=dt.date(2026, 5, 5))

    feed = client.get("/exchange/open/feed.json").json()

    assert feed["items"] == []
    assert client.get(f"/exchange/open/{recalled.pk}/").status_code == 404
    assert client.get(f"/exchange/open/{over.pk}/").status_code == 404


@given(words=st.text(min_size=1, max_size=60))
def test_any_words_survive_the_way_through_json(words):
    item = Item(
        pk=1,
        owner=OrganisationFactory.build(slug="a-city", name="A city"),
        kind="notice",
        title=words,
        text=words,
        language="en",
        marking="green",
        sent_at=dt.datetime(2026, 5, 4, tzinfo=dt.UTC),
        expires_on=FAR,
    )

    told = json.loads(json.dumps(bundle_of([item], origin=ORIGIN)))["objects"][-1]

    assert (told["name"], told["description"]) == (words, words)
