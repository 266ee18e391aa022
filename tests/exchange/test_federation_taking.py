"""What comes from another platform: taken once, refused with a reason, read as the gate lets."""

import contextlib
import datetime as dt
import uuid
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tansiq.access.actor import Role
from tansiq.access.models import LogEntry, Notice
from tansiq.exchange.actions.federation.taking import refuse
from tansiq.exchange.actions.items import acknowledge, write_reply
from tansiq.exchange.actions.purging import sweep_files
from tansiq.exchange.actions.retention import Holding, hold_item
from tansiq.exchange.federation import bundles, canonical, keys, records
from tansiq.exchange.federation.errors import BundleError
from tansiq.exchange.models import (
    Attachment,
    Inbound,
    Item,
    Passage,
    Purge,
    Receipt,
    ReceiptState,
    Refusal,
    Reply,
)
from tests.exchange.remote import HERE, REMOTE, Remote, item_record, name_of, taken
from tests.factories import NOON, MembershipFactory, OrganisationFactory, PlaceFactory, actor_of
from tests.factories.federation import PeerBodyFactory, PeerFactory

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(hours=5)


@pytest.fixture
def peer():
    return PeerFactory(public_key=REMOTE.public, our_fingerprint=HERE.fingerprint)


@pytest.fixture
def hub(peer):
    """The hub's secretariat: it lives on the other platform."""
    there = OrganisationFactory(kind="hub", place=None, country_code="", name="The hub")
    return PeerBodyFactory(peer=peer, organisation=there, slug="hub", country="")


@pytest.fixture
def nation():
    place = PlaceFactory(level=0, country_code="id")
    return OrganisationFactory(place=place, country_code="id", is_lead_of_place=True)


@pytest.fixture
def remote(peer):
    return Remote(peer)


def reasons(result):
    return [one["reason"] for one in result.inbound.refused]


def test_an_item_comes_and_is_read_by_its_recipient_alone(remote, hub, nation):
    colleague = MembershipFactory(organisation=nation).person
    other = OrganisationFactory(country_code="id", place=None)

    remote.bring(item_record(hub, [nation]))

    item = Item.objects.get()
    assert (item.owner, item.title, item.sent_at) == (
        hub.organisation,
        "What the region sees",
        NOON,
    )
    assert Item.objects.visible_to(actor_of(nation)).get() == item
    assert not Item.objects.visible_to(actor_of(other)).exists()
    assert [one.organisation for one in Receipt.objects.all()] == [nation]
    assert list(Notice.objects.values_list("person", flat=True)) == [colleague.pk]


def test_the_same_bundle_again_gives_the_same_receipt_and_changes_nothing(remote, hub, nation):
    content = remote.bundle(item_record(hub, [nation]))
    first = taken(content)

    again = taken(content, at=LATER)

    assert (first.is_new, again.is_new) == (True, False)
    assert again.inbound == first.inbound
    assert (Item.objects.count(), Receipt.objects.count(), Inbound.objects.count()) == (1, 1, 1)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_in_whatever_order_and_how_often_bundles_come_the_end_is_the_same(data, peer, hub, nation):
    """Dropped, doubled and out of order; the sender brings each again until it is taken."""
    Passage.objects.all().delete()
    Item.objects.all().delete()
    Inbound.objects.all().delete()
    peer.in_chain, peer.in_sequence, peer.in_digest, peer.in_made_at = None, 0, "", None
    peer.save()
    sender = Remote(peer)
    first, second = item_record(hub, [nation]), item_record(hub, [nation], title="Another")
    answer = {
        "type": "reply",
        "uuid": first["uuid"],
        "reply": str(uuid.uuid4()),
        "by": {"slug": "hub", "country": ""},
        "recipient": name_of(nation),
        "text": "And more.",
        "language": "en",
        "at": records.moment(NOON),
        "to_all": False,
    }
    recall = {
        "type": "recall",
        "uuid": second["uuid"],
        "at": records.moment(NOON),
        "reason": "An error.",
    }
    made = [sender.bundle(first), sender.bundle(second, answer), sender.bundle(recall, first)]
    order = [*data.draw(st.lists(st.integers(0, 2), max_size=8)), 0, 1, 2]
    for place in order:
        with contextlib.suppress(BundleError):
            taken(made[place])

    found = set(Item.objects.values_list("title", "recalled_at"))
    assert found == {("What the region sees", None), ("Another", NOON)}
    assert (Reply.objects.count(), Receipt.objects.count()) == (1, 2)
    assert Inbound.objects.count() == 3


def test_what_a_recipient_says_is_for_the_next_bundle_back(remote, hub, nation):
    remote.bring(item_record(hub, [nation]))
    passage = Passage.objects.get()
    assert not passage.is_dirty

    acknowledge(Receipt.objects.get(), ReceiptState.WILL_ACT, by=actor_of(nation), at=LATER)

    passage.refresh_from_db()
    assert passage.is_dirty


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"owner": {"slug": "somebody", "country": "id"}}, "sender"),
        ({"recipients": [{"slug": "nobody", "country": "id"}]}, "recipient"),
        ({"recipients": []}, "recipient"),
        ({"expires_on": "2026-05-03"}, "over"),
        ({"marking": "clear"}, "marking"),
        ({"kind": "warning"}, "kind"),
        ({"language": "tlh"}, "language"),
    ],
)
def test_a_record_that_does_not_fit_is_refused_and_the_others_are_taken(
    change, reason, remote, peer, hub, nation
):
    peer.markings, peer.kinds = ["green", "amber"], ["briefing"]
    peer.save()

    result = remote.bring(item_record(hub, [nation], **change), item_record(hub, [nation]))

    assert result.inbound.refused == [{"n": 0, "reason": reason}]
    assert (Item.objects.count(), Receipt.objects.count()) == (1, 1)


def test_an_organisation_of_the_same_name_in_another_country_is_not_meant(remote, hub, nation):
    result = remote.bring(item_record(hub, [], recipients=[{"slug": nation.slug, "country": "ph"}]))

    assert reasons(result) == ["recipient"]


def test_a_recipient_that_is_gone_is_named_and_the_others_read(remote, hub, nation):
    gone = OrganisationFactory(is_active=False)

    result = remote.bring(item_record(hub, [nation, gone]))

    assert reasons(result) == ["partly"]
    assert [one.organisation for one in Receipt.objects.all()] == [nation]


def test_a_body_that_lives_elsewhere_is_no_recipient_here(remote, hub, nation):
    result = remote.bring(item_record(hub, [hub.organisation]))

    assert reasons(result) == ["recipient"]


def test_the_other_side_cannot_speak_for_a_body_that_lives_here(remote, hub, nation):
    result = remote.bring(item_record(hub, [nation], owner=name_of(nation)))

    assert reasons(result) == ["sender"]
    assert not Item.objects.exists()


def test_the_other_side_cannot_answer_or_take_back_what_is_not_its_own(remote, hub, nation):
    told = item_record(hub, [nation])
    remote.bring(told)
    answer = {
        "type": "reply",
        "uuid": told["uuid"],
        "reply": str(uuid.uuid4()),
        "by": name_of(nation),
        "recipient": name_of(nation),
        "text": "We agree to all of it.",
        "language": "en",
        "at": records.moment(NOON),
        "to_all": False,
    }
    stranger = {"type": "recall", "uuid": str(uuid.uuid4()), "at": answer["at"], "reason": ""}

    result = remote.bring(answer, stranger)

    assert reasons(result) == ["sender", "unknown"]
    assert not Reply.objects.exists()


def _wrong(remote, peer, told, how):
    forger = Remote(peer, keys.Key(b"9" * 32))
    moments = {
        "clock": NOON + dt.timedelta(minutes=11),
        "old": NOON - dt.timedelta(days=91),
    }
    if how in moments:
        return remote.bundle(told, made_at=records.moment(moments[how]))
    if how == "stranger":
        return forger.bundle(told)
    if how == "signature":
        return forger.bundle(told, sender=REMOTE.fingerprint)
    if how == "addressee":
        return remote.bundle(told, receiver="f" * 64)
    before = remote.bundle()
    if how == "fork":
        taken(before)
        remote.previous = "e" * 64
    return remote.bundle(told)


@pytest.mark.parametrize(
    "how", ["stranger", "signature", "addressee", "clock", "old", "gap", "fork"]
)
def test_a_bundle_that_is_wrong_leaves_nothing(how, remote, peer, hub, nation):
    content = _wrong(remote, peer, item_record(hub, [nation]), how)

    with pytest.raises(BundleError) as caught:
        taken(content)

    assert caught.value.reason == how
    assert not Item.objects.exists()
    assert not Passage.objects.exists()


@pytest.mark.parametrize(
    ("state", "reason"), [("new", "untrusted"), ("paused", "paused"), ("ended", "ended")]
)
def test_only_from_a_trusted_peer_is_anything_taken(state, reason, remote, peer, hub, nation):
    peer.state = state
    peer.save()

    with pytest.raises(BundleError, match=reason):
        remote.bring(item_record(hub, [nation]))

    assert not Item.objects.exists()


def test_another_bundle_under_a_number_that_was_taken_is_refused(remote, hub, nation):
    remote.bring(item_record(hub, [nation]))
    remote.sequence, remote.previous = 0, bundles.GENESIS

    with pytest.raises(BundleError, match="fork"):
        remote.bring(item_record(hub, [nation], title="Another"))


def test_a_new_chain_brings_states_again_and_the_old_one_stays_left(remote, hub, nation):
    told = item_record(hub, [nation])
    remote.bring(told)
    left = remote.bundle(item_record(hub, [nation], title="Left out"))
    anew = Remote(remote.peer)

    anew.bring(told, item_record(hub, [nation], title="New"), at=LATER)

    assert sorted(Item.objects.values_list("title", flat=True)) == ["New", "What the region sees"]
    with pytest.raises(BundleError, match="did not begin"):
        taken(left, at=LATER)
    never = Remote(remote.peer).bundle(item_record(hub, [nation]), at=NOON)
    with pytest.raises(BundleError, match="left"):
        taken(never, at=LATER)


def test_the_copy_goes_with_its_origin_and_says_so(remote, hub, nation):
    content = b"plain words of a file"
    file = {"name": "notes.txt", "size": len(content), "sha256": canonical.digest(content)}
    told = item_record(hub, [nation], files=[file])
    remote.bring(told, files=[content])
    write_reply(
        Receipt.objects.get(),
        nation,
        "We have a question.",
        language="en",
        by=actor_of(nation),
        at=LATER,
    )
    attached = Attachment.objects.get()
    path = attached.file.path

    remote.bring({"type": "purge", "uuid": told["uuid"], "at": records.moment(LATER)}, at=LATER)

    item = Item.objects.get()
    assert (item.text, item.purged_at, Reply.objects.count()) == ("", LATER, 0)
    assert not Attachment.objects.exists()
    sweep_files()
    assert not Path(path).exists()
    assert Passage.objects.get().is_dirty
    assert LogEntry.objects.filter(rule="exchange.purge").count() == 1
    assert Purge.objects.get().item == item


def test_a_copy_that_is_held_here_stays_unread_when_its_origin_goes(remote, hub, nation):
    told = item_record(hub, [nation])
    remote.bring(told)
    item = Item.objects.get()
    until = LATER.date() + dt.timedelta(days=30)
    holding = Holding(nation, "A complaint is open.", until)
    hold_item(item, holding, by=actor_of(nation, Role.LEAD), at=LATER)

    remote.bring({"type": "purge", "uuid": told["uuid"], "at": records.moment(LATER)}, at=LATER)

    item.refresh_from_db()
    assert (item.text, item.purged_at) == (told["text"], None)
    assert not Item.objects.visible_to(actor_of(nation, at=LATER)).filter(pk=item.pk).exists()


def test_a_disguised_file_is_left_out_and_the_note_is_read(remote, hub, nation):
    content = b"<html><script>alert(1)</script>"
    file = {"name": "map.pdf", "size": len(content), "sha256": canonical.digest(content)}

    result = remote.bring(item_record(hub, [nation], files=[file]), files=[content])

    assert reasons(result) == ["file"]
    assert (Item.objects.count(), Attachment.objects.count()) == (1, 0)


def test_a_new_key_signs_from_the_next_bundle_on(remote, peer, hub, nation):
    new = keys.Key(b"3" * 32)
    announced = remote.bundle(bundles.key_record(new, known_as=REMOTE.fingerprint))
    taken(announced)

    remote.key = new
    remote.bring(item_record(hub, [nation]))

    peer.refresh_from_db()
    assert (peer.public_key, peer.former_key) == (new.public, REMOTE.public)
    assert Item.objects.count() == 1
    assert not taken(announced).is_new
    remote.key = REMOTE
    with pytest.raises(BundleError, match="successor"):
        remote.bring(item_record(hub, [nation]))


def test_a_thief_of_nothing_cannot_bring_a_key_of_its_own(remote, peer, hub):
    new, thief = keys.Key(b"3" * 32), keys.Key(b"4" * 32)
    record = bundles.key_record(thief, known_as=REMOTE.fingerprint)

    result = remote.bring(record | {"public": new.public})

    peer.refresh_from_db()
    assert (reasons(result), peer.public_key) == (["signature"], REMOTE.public)


def test_a_stranger_who_tries_often_fills_one_row_a_day():
    for _ in range(5):
        refuse(BundleError("stranger", "who"), None, at=NOON)
    refuse(BundleError("stranger"), None, at=NOON + dt.timedelta(days=1))

    assert sorted(Refusal.objects.values_list("times", flat=True)) == [1, 5]
    assert LogEntry.objects.filter(rule="refused:exchange.take").count() == 2


def test_an_item_open_to_the_hub_needs_no_recipient(remote, hub, nation):
    remote.bring(item_record(hub, [], marking="green", hub_wide=True))

    assert Item.objects.get().is_hub_wide
    assert not Receipt.objects.exists()
