"""The pages of other platforms, and the line as another platform calls it."""

import datetime as dt
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import now

from tansiq.exchange.actions.outbox import note_sent
from tansiq.exchange.federation import bundles, calls, keys
from tansiq.exchange.models import Inbound, Item, Peer, PeerBody, Refusal
from tests.exchange.remote import REMOTE, Remote, item_record
from tests.factories import ItemFactory, OrganisationFactory, ReceiptFactory
from tests.factories.federation import PeerBodyFactory, PeerFactory
from tests.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return keys.load(tmp_path)


@pytest.fixture
def peer(ours):
    return PeerFactory(public_key=REMOTE.public, our_fingerprint=ours.fingerprint)


def test_a_lead_connects_a_platform_step_by_step(client, ours):
    keeper = OrganisationFactory()
    sign_in(client, keeper)
    assert keys.digits(ours.fingerprint) in client.get(reverse("exchange:peers")).content.decode()

    client.post(
        reverse("exchange:peer_introduce"),
        {
            "card": keys.card(REMOTE.public),
            "name": "The hub",
            "keeper": keeper.pk,
            "markings": ["green", "amber"],
            "is_sending": "on",
            "is_taking": "on",
        },
    )

    peer = Peer.objects.get()
    page = client.get(peer.get_absolute_url()).content.decode()
    assert keys.digits(REMOTE.fingerprint) in page
    assert not peer.is_open
    client.post(reverse("exchange:peer_trust", args=[peer.pk]))
    there = OrganisationFactory(country_code=keeper.country_code, place=None)
    client.post(
        reverse("exchange:peer_add_body", args=[peer.pk]),
        {"organisation": there.pk, "slug": "hub", "country": ""},
    )
    peer.refresh_from_db()
    assert (peer.is_open, peer.markings) == (True, ["green", "amber"])
    assert PeerBody.objects.get().organisation == there


def test_our_own_key_and_what_is_no_key_are_refused_at_the_field(client, ours):
    keeper = OrganisationFactory()
    sign_in(client, keeper)
    form = {"name": "X", "keeper": keeper.pk, "markings": ["green"]}

    for wrong in (keys.card(ours.public), "tansiq1:00", ""):
        answer = client.post(reverse("exchange:peer_introduce"), form | {"card": wrong})
        assert answer.status_code == 422
    assert not Peer.objects.exists()


@pytest.mark.parametrize("name", ["peer", "peer_change"])
def test_who_does_not_keep_it_does_not_see_it(client, peer, name):
    sign_in(client, OrganisationFactory())

    assert client.get(reverse(f"exchange:{name}", args=[peer.pk])).status_code == 404
    sign_in(client, peer.keeper, role="coordinator")
    assert client.get(reverse(f"exchange:{name}", args=[peer.pk])).status_code == 404


@pytest.mark.parametrize(
    ("name", "state"), [("pause", "paused"), ("end", "ended"), ("anew", "trusted")]
)
def test_a_lead_pauses_ends_and_begins_anew(client, peer, name, state):
    PeerBodyFactory(peer=peer)
    sign_in(client, peer.keeper)

    client.post(reverse(f"exchange:peer_{name}", args=[peer.pk]))

    peer.refresh_from_db()
    assert peer.state == state
    assert client.get(peer.get_absolute_url()).status_code == 200


def test_a_file_is_brought_on_the_page(client, peer, ours):
    hub = PeerBodyFactory(peer=peer, slug="hub")
    sign_in(client, peer.keeper)
    told = item_record(hub, [peer.keeper], expires_on="2099-01-01")
    file = Remote(peer).bundle(told, receiver=ours.fingerprint, at=now())

    client.post(
        reverse("exchange:peer_bring", args=[peer.pk]), {"file": SimpleUploadedFile("b", file)}
    )

    assert Item.objects.count() == 1
    answer = client.post(reverse("exchange:peer_export", args=[peer.pk]))
    assert answer.content.startswith(bundles.FIRST_LINE)


def _call(client, ours, method, path, body=b"", *, key=REMOTE, at=None):
    headers = calls.signed_headers(
        key, to=ours.fingerprint, method=method, path=path, body=body, at=at or now()
    )
    return client.generic(
        method, path, body, content_type="application/octet-stream", headers=headers
    )


def test_a_bundle_comes_in_parts_and_again_and_is_taken_once(client, peer, ours):
    hub = PeerBodyFactory(peer=peer, slug="hub")
    told = item_record(hub, [peer.keeper], expires_on="2099-01-01")
    remote = Remote(peer)
    file = remote.bundle(told, receiver=ours.fingerprint, at=now())
    path = reverse("exchange:incoming", args=[remote.chain, 1, remote.previous])
    half = len(file) // 2

    first = _call(client, ours, "PUT", f"{path}?offset=0&total={len(file)}", file[:half])
    lost = _call(client, ours, "PUT", f"{path}?offset=9&total={len(file)}", file[9:20])
    asked = _call(client, ours, "GET", path)
    last = _call(client, ours, "PUT", f"{path}?offset={half}&total={len(file)}", file[half:])
    again = _call(client, ours, "GET", path)

    assert [one.status_code for one in (first, lost, asked, last, again)] == [
        202,
        409,
        202,
        200,
        200,
    ]
    assert json.loads(asked.content) == {"has": half}
    assert last.content == again.content
    assert bundles.read_receipt(last.content, ours.public).sequence == 1
    assert (Item.objects.count(), Inbound.objects.count()) == (1, 1)


def test_strangers_forgers_and_wrong_clocks_are_refused_and_counted(client, peer, ours):
    path = reverse("exchange:waiting")
    query = f"{path}?offset=0&digest="
    early = now() - dt.timedelta(minutes=11)

    stranger = _call(client, ours, "GET", query, key=keys.Key(b"8" * 32))
    skewed = _call(client, ours, "GET", query, at=early)
    unsigned = client.get(query)
    moved = client.get(
        query,
        headers=calls.signed_headers(
            REMOTE, to=ours.fingerprint, method="GET", path="/else", body=b"", at=now()
        ),
    )

    assert [one.status_code for one in (stranger, skewed, unsigned, moved)] == [403, 422, 403, 403]
    assert sorted(Refusal.objects.values_list("reason", "times")) == [
        ("clock", 1),
        ("signature", 1),
        ("stranger", 2),
    ]


def test_a_peer_that_cannot_be_reached_fetches_and_confirms(client, peer, ours):

    hub = PeerBodyFactory(peer=peer, slug="hub")
    item = ItemFactory(owner=peer.keeper, expires_on=dt.date(2099, 1, 1))
    ReceiptFactory(item=item, organisation=hub.organisation)
    note_sent(item)
    path = reverse("exchange:waiting")

    answer = _call(client, ours, "GET", f"{path}?offset=0&digest=")
    bundle = bundles.open_bundle(answer.content, most=10**6)
    receipt = bundles.Receipt(
        REMOTE.fingerprint,
        ours.fingerprint,
        bundle.head.chain,
        1,
        bundle.digest,
        bundle.head.made_at,
    )
    done = _call(client, ours, "POST", path, bundles.sign_receipt(receipt, REMOTE))

    assert bundle.head.records[0]["title"] == item.title
    assert done.status_code == 204
    assert _call(client, ours, "GET", f"{path}?offset=0&digest=").status_code == 204
