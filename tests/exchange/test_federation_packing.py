"""What goes to another platform: only what may, only what is new, and no name of a person."""

import datetime as dt

import pytest

from tansiq.access.queries import actor_for
from tansiq.exchange.actions.federation import peers
from tansiq.exchange.actions.federation.packing import begin_anew, leave_out_gone, pack, settle
from tansiq.exchange.actions.items import (
    Draft,
    ExchangeError,
    acknowledge,
    send_item,
    write_item,
    write_reply,
)
from tansiq.exchange.actions.outbox import look_through
from tansiq.exchange.carrying import bring, file_for
from tansiq.exchange.federation import bundles, keys
from tansiq.exchange.federation.errors import BundleError
from tansiq.exchange.models import Item, Outbound, Passage, Peer, Receipt, ReceiptState, Reply
from tests.exchange.remote import HERE, LIMIT, REMOTE, Remote, item_record, receipt_of
from tests.factories import NOON, MembershipFactory, OrganisationFactory, PlaceFactory, actor_of
from tests.factories.federation import PeerBodyFactory, PeerFactory

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(hours=5)


@pytest.fixture
def peer():
    return PeerFactory(public_key=REMOTE.public, our_fingerprint=HERE.fingerprint)


@pytest.fixture
def hub(peer):
    there = OrganisationFactory(kind="hub", place=None, country_code="", name="The hub")
    return PeerBodyFactory(peer=peer, organisation=there, slug="hub", country="")


@pytest.fixture
def nation(hub):
    country = PlaceFactory(level=0, country_code="id")
    hub.organisation.countries.add(country)
    return OrganisationFactory(place=country, country_code="id", is_lead_of_place=True)


def sent(nation, to, **more):
    by = actor_of(nation)
    draft = Draft(
        **{
            "kind": "briefing",
            "title": "What we see",
            "text": "Two sentences.",
            "language": "en",
            "expires_on": NOON.date() + dt.timedelta(days=30),
            "audience": [{"to": "organisation", "pk": one.pk} for one in to],
        }
        | more
    )
    item = write_item(nation, draft, by=by, at=NOON)
    send_item(item, by=by, at=NOON)
    return item


def packed(peer, *, at=NOON, own=(HERE,)):
    """Return the next bundle, opened as the other side opens it; none when nothing is new."""
    made = pack(peer, list(own), at=at)
    if made is None:
        return None, None
    bundle = bundles.open_bundle(bytes(made.content), most=LIMIT)
    bundle.check_signature(HERE.public)
    return made, bundle


def kinds(bundle):
    return [one["type"] for one in bundle.head.records]


def test_an_item_for_a_body_there_goes_once(peer, hub, nation):
    sent(nation, [hub.organisation])

    made, bundle = packed(peer)

    (told,) = bundle.head.records
    assert (told["title"], told["owner"]) == (
        "What we see",
        {"slug": nation.slug, "country": "id"},
    )
    assert told["recipients"] == [{"slug": "hub", "country": ""}]
    assert packed(peer) == (None, None)
    settle(made, receipt_of(made), at=LATER)
    made.refresh_from_db()
    assert (made.state, bytes(made.content)) == ("taken", b"")


def test_what_is_for_bodies_here_alone_does_not_go(peer, hub, nation):
    sent(nation, [OrganisationFactory(country_code="id", place=None)])

    assert packed(peer) == (None, None)


@pytest.mark.parametrize(
    ("marking", "change", "reason"),
    [
        ("amber+strict", {}, "marking"),
        ("amber", {"markings": ["clear", "green"]}, "marking"),
        ("green", {"kinds": ["warning"]}, "kind"),
    ],
)
def test_what_may_not_go_stays_and_its_sender_sees_why(marking, change, reason, peer, hub, nation):
    Peer.objects.filter(pk=peer.pk).update(**change)

    sent(nation, [hub.organisation], marking=marking)

    assert packed(peer) == (None, None)
    assert Passage.objects.get().kept_back == reason


def test_red_never_goes_whatever_the_keeper_allowed(peer, hub, nation):
    Peer.objects.filter(pk=peer.pk).update(markings=["red", "amber+strict", "amber"])
    item = sent(nation, [hub.organisation])
    Item.objects.filter(pk=item.pk).update(marking="red")

    assert packed(peer) == (None, None)


def test_what_is_open_to_the_hub_goes_where_the_keeper_allowed_it(peer, hub, nation):
    other = OrganisationFactory(country_code="id", place=None)
    more = {"marking": "green", "is_hub_wide": True}
    sent(nation, [other], **more)
    assert packed(peer) == (None, None)

    Peer.objects.filter(pk=peer.pk).update(is_hub_wide_shared=True)
    sent(nation, [other], title="Open", **more)

    _made, bundle = packed(peer)
    assert [(one["title"], one["recipients"]) for one in bundle.head.records] == [("Open", [])]


def test_no_name_of_a_person_travels(peer, hub, nation):
    writer = MembershipFactory(
        organisation=nation, person__name="Unusual Name", person__email="unusual@example.org"
    ).person
    Remote(peer).bring(item_record(hub, [nation]))
    receipt = Receipt.objects.get()
    by = actor_for(writer, at=LATER)
    acknowledge(receipt, ReceiptState.WILL_ACT, by=by, at=LATER)
    write_reply(
        receipt,
        nation,
        "We come.",
        language="en",
        by=by,
        at=LATER,
    )

    made, bundle = packed(peer, at=LATER)

    assert kinds(bundle) == ["receipt", "reply"]
    assert bundle.head.records[0]["state"] == "will_act"
    assert b"nusual" not in bytes(made.content)


def test_a_receipt_of_the_other_side_changes_ours_and_no_other(peer, hub, nation):
    item = sent(nation, [hub.organisation])
    packed(peer)
    told = {
        "type": "receipt",
        "uuid": str(Passage.objects.get().uuid),
        "recipient": {"slug": "hub", "country": ""},
        "state": "cannot",
        "reason": "No vehicle.",
        "received_at": NOON.isoformat(),
        "read_at": NOON.isoformat(),
        # Their clock is an hour ahead of ours.
        "acknowledged_at": (LATER + dt.timedelta(hours=1)).isoformat(),
        "answered_at": "",
        "decided_at": "",
        "decision": "",
    }

    Remote(peer).bring(told, at=LATER)

    receipt = Receipt.objects.get(item=item)
    assert (receipt.state, receipt.reason, receipt.acknowledged_at) == (
        "cannot",
        "No vehicle.",
        LATER,
    )
    assert receipt.acknowledged_by is None


def test_a_copy_is_not_passed_on(peer, hub, nation):
    further = PeerBodyFactory(peer=PeerFactory(our_fingerprint=HERE.fingerprint))
    Remote(peer).bring(item_record(hub, [nation], marking="green"))
    copy = Item.objects.get()
    Receipt.objects.create(
        item=copy,
        organisation=further.organisation,
        sent_at=NOON,
        direction="down",
        from_level=0,
        to_level=1,
    )

    look_through(on=NOON.date())

    assert packed(further.peer) == (None, None)


def test_words_that_were_taken_back_wait_no_longer(peer, hub, nation):
    item = sent(nation, [hub.organisation])
    waiting, _bundle = packed(peer)
    Item.objects.filter(pk=item.pk).update(
        purged_at=LATER, text="", title="Deleted", recalled_at=LATER
    )

    assert leave_out_gone(peer, at=LATER)

    waiting.refresh_from_db()
    assert (waiting.state, bytes(waiting.content)) == ("dropped", b"")
    _made, bundle = packed(peer, at=LATER)
    assert kinds(bundle) == ["purge"]
    assert bundle.head.sequence == 1


def test_beginning_anew_packs_all_that_holds_once_more(peer, hub, nation):
    sent(nation, [hub.organisation])
    made, first = packed(peer)
    settle(made, receipt_of(made), at=LATER)

    begin_anew(peer, by=actor_of(nation), at=LATER)

    _made, again = packed(peer, at=LATER)
    assert again.head.records == first.head.records
    assert again.head.chain != first.head.chain


def test_a_receipt_for_another_content_is_refused(peer, hub, nation):
    sent(nation, [hub.organisation])
    made, _bundle = packed(peer)
    other = receipt_of(made)

    with pytest.raises(BundleError, match="fork"):
        settle(made, type(other)(**{**vars(other), "digest": "0" * 64}), at=LATER)


def test_what_the_other_side_refused_is_said(peer, hub, nation):
    sent(nation, [hub.organisation])
    made, _bundle = packed(peer)

    settle(made, receipt_of(made, refused=[{"n": 0, "reason": "sender"}]), at=LATER)

    assert Passage.objects.get().kept_back == "sender"


def test_a_new_key_is_announced_by_the_old_one_and_then_signs(peer, hub, nation):
    new = keys.Key(b"5" * 32)
    sent(nation, [hub.organisation])

    made, bundle = packed(peer, own=(new, HERE))
    settle(made, receipt_of(made), at=LATER)

    assert kinds(bundle) == ["key", "item"]
    peer.refresh_from_db()
    assert peer.our_fingerprint == new.fingerprint


def test_where_people_sign_in_nobody_lives_elsewhere(peer, hub, nation):
    member = MembershipFactory(organisation=nation)

    with pytest.raises(ExchangeError, match="sign in"):
        peers.add_body(
            peer, nation, slug="x", country="id", by=actor_for(member.person, at=NOON), at=NOON
        )


def test_a_carried_file_holds_all_that_waits_and_can_be_brought_twice(
    peer, hub, nation, settings, tmp_path
):
    settings.DATA_DIR = tmp_path
    ours = keys.load(tmp_path)
    Peer.objects.filter(pk=peer.pk).update(our_fingerprint=ours.fingerprint)
    by = actor_of(nation)
    sent(nation, [hub.organisation])
    first = file_for(peer, by=by, at=NOON)
    sent(nation, [hub.organisation], title="Another")

    both = file_for(peer, by=by, at=NOON)

    assert both.startswith(first)
    assert len(both) > len(first)
    remote = Remote(peer)
    more = {"receiver": ours.fingerprint, "at": NOON}
    file = remote.bundle(item_record(hub, [nation]), **more) + remote.bundle(**more)
    assert (bring(file, at=NOON).new, bring(file, at=NOON).known) == (2, 2)
    assert bring(file[:-6] + b"00000\n", at=NOON).problem == "signature"
    # What came as a file is confirmed by the next file back.
    answer = file_for(peer, by=by, at=LATER)
    last = bundles.open_first(answer, most=LIMIT, start=len(both))[0]
    assert [one["sequence"] for one in last.head.receipts] == [1, 2]
    assert Outbound.objects.count() == 3
    assert Reply.objects.count() == 0
