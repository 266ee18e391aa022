"""What came and what was sent, as pages: lists, one item, its recipients, what people say to it."""

import datetime as dt

import pytest
from django.utils.timezone import now

from tansiq.access.models import Notice
from tansiq.access.queries import actor_for
from tansiq.core import search
from tansiq.exchange.models import Group, Item, Receipt, Reply
from tansiq.exchange.queries.items import InboxCounts, inbox_counts
from tansiq.home.searchables import BY_KIND, index_one
from tests.exchange.levels import country
from tests.factories import MembershipFactory, ReceiptFactory
from tests.factories.exchange import GroupFactory, ItemFactory
from tests.people import sign_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def land():
    return country()


def _came(sender, *recipients, ago=DAY, **more):
    """Return an item that was sent a day ago and still holds, with its receipts."""
    sent_at = now() - ago
    more = {"expires_on": (sent_at + 30 * DAY).date(), "sent_at": sent_at} | more
    item = ItemFactory(owner=sender, **more)
    return item, [ReceiptFactory(item=item, organisation=one) for one in recipients]


def test_the_inbox_holds_what_came_to_my_organisations_and_holds_still(client, land):
    city, other, _third = land.cities
    here, _ = _came(land.nation, city, other, title="For both")
    _came(land.nation, other, title="For the other")
    _came(land.nation, city, title="Over", expires_on=(now() - DAY).date())
    taken, _ = _came(land.nation, city, title="Secret words", recalled_at=now())
    sign_in(client, city)

    response = client.get("/exchange/")

    assert {one.item for one in response.context["part"].rows} == {here, taken}
    assert "Secret words" not in response.content.decode()


def test_the_inbox_costs_the_same_for_one_and_for_three(client, land, flat_queries):
    sign_in(client, land.cities[0])

    flat_queries(
        lambda: client.get("/exchange/"),
        add_row=lambda: _came(land.nation, land.cities[0]),
        cost=12,
    )


@pytest.mark.parametrize(
    ("narrowed", "titles"),
    [
        ("", {"A question", "A warning"}),
        ("?kind=warning", {"A warning"}),
        ("?waits=answer", {"A question"}),
        ("?waits=late", set()),
        ("?text=quest", {"A question"}),
        ("?sender=National", {"A question", "A warning"}),
        ("?direction=up", set()),
        ("?language=ar", set()),
        ("?state=cannot", set()),
        ("?kind=<b>&before=nonsense~x", {"A question", "A warning"}),
        ("?before=2026-01-01~" + "9" * 30, {"A question", "A warning"}),
    ],
)
def test_the_inbox_is_narrowed(client, land, narrowed, titles):
    _came(land.nation, land.cities[0], title="A question", reply_by=now() + 3 * DAY)
    _came(land.nation, land.cities[0], title="A warning", kind="warning")
    sign_in(client, land.cities[0])

    response = client.get(f"/exchange/{narrowed}")

    assert {one.item.title for one in response.context["part"].rows} == titles


def test_pages_of_the_inbox_miss_nothing_and_double_nothing(client, land):
    same = now() - DAY
    for number in range(65):
        _came(land.nation, land.cities[0], title=f"Note {number}", sent_at=same)
    sign_in(client, land.cities[0])

    seen, address = [], "/exchange/"
    while address:
        part = client.get(address).context["part"]
        seen += [one.pk for one in part.rows]
        address = f"/exchange/?before={part.next}" if part.next else ""

    assert len(seen) == 65
    assert set(seen) == set(Receipt.objects.values_list("pk", flat=True))


def test_what_waits_is_counted(land):
    city = land.cities[0]
    person = MembershipFactory(organisation=city).person
    _came(land.nation, city, reply_by=now() - DAY / 2)
    _came(land.nation, city)
    _came(land.nation, city, recalled_at=now())
    _came(land.nation, land.cities[1])

    counts = inbox_counts(actor_for(person, at=now()), now())

    assert counts == InboxCounts(unacknowledged=2, answers=1, late=1)


def test_the_inbox_says_what_came_before_somebodys_eyes(client, land):
    _item, (mine, theirs) = _came(land.nation, *land.cities[:2])
    sign_in(client, land.cities[0])

    client.post("/exchange/received/", {"receipt": [mine.pk, theirs.pk, "x", "9" * 40]})

    states = dict(Receipt.objects.values_list("pk", "state"))
    assert states == {mine.pk: "received", theirs.pk: "sent"}


def test_a_recipient_reads_says_answers_and_tells_what_it_led_to(client, land):
    item, (receipt, _other) = _came(land.nation, *land.cities[:2], reply_by=now() + DAY)
    MembershipFactory(organisation=land.nation, role="contributor")
    sign_in(client, land.cities[0], role="contributor")

    client.get(f"/exchange/{item.pk}/")
    client.post(f"/exchange/receipts/{receipt.pk}/say/", {"state": "will_act"})
    client.post(f"/exchange/receipts/{receipt.pk}/answer/", {"text": "By Friday."})
    client.post(f"/exchange/receipts/{receipt.pk}/led-to/", {"decision": "A second patrol."})

    receipt.refresh_from_db()
    assert (receipt.state, receipt.decision) == ("will_act", "A second patrol.")
    assert None not in {receipt.read_at, receipt.answered_at, receipt.decided_at}
    told = set(Notice.objects.values_list("code", flat=True))
    assert told >= {"exchange.acknowledged", "exchange.answered", "exchange.decided"}
    page = client.get(f"/exchange/{item.pk}/").content.decode()
    assert "By Friday." in page
    assert "A second patrol." in page


def test_cannot_without_a_reason_stays_at_the_form(client, land):
    _item, (receipt,) = _came(land.nation, land.cities[0])
    sign_in(client, land.cities[0])

    response = client.post(f"/exchange/receipts/{receipt.pk}/say/", {"state": "cannot"})

    assert response.status_code == 422
    assert "Say why" in response.content.decode()
    receipt.refresh_from_db()
    assert receipt.acknowledged_at is None


def test_the_sender_sees_who_said_what_and_another_recipient_no_reasons(client, land):
    item, (receipt, _other) = _came(land.nation, *land.cities[:2])
    receipt.state, receipt.reason, receipt.acknowledged_at = "cannot", "No car.", now()
    receipt.decision, receipt.decided_at = "Nothing yet.", now()
    receipt.save()
    pages = [
        f"/exchange/{item.pk}/",
        f"/exchange/{item.pk}/recipients/",
        f"/exchange/receipts/{receipt.pk}/",
        f"/exchange/{item.pk}/print/",
    ]

    sign_in(client, land.nation)
    for page in pages:
        assert "No car." in client.get(page).content.decode(), page
    sign_in(client, land.cities[1])
    for page in pages:
        shown = client.get(page).content.decode()
        assert "No car." not in shown, page
        assert "Nothing yet." not in shown, page


def test_a_closed_list_shows_a_recipient_itself_alone(client, land):
    item, receipts = _came(land.nation, *land.cities, is_list_open=False)
    sign_in(client, land.cities[1])

    page = client.get(f"/exchange/{item.pk}/recipients/").content.decode()

    assert str(land.cities[0]) not in page
    assert client.get(f"/exchange/receipts/{receipts[0].pk}/").status_code == 404


def test_states_leave_as_a_table_for_the_sender_alone(client, land):
    item, _ = _came(land.nation, *land.cities)
    sign_in(client, land.nation)
    table = client.get(f"/exchange/{item.pk}/recipients.csv").content.decode("utf-8-sig")
    sign_in(client, land.cities[0])
    refused = client.get(f"/exchange/{item.pk}/recipients.csv")

    assert [line.split(",")[0] for line in table.splitlines()[1:]] == [
        str(one) for one in land.cities
    ]
    assert refused.status_code == 403


def test_words_to_all_are_read_by_all_and_come_once(client, land):
    item, _ = _came(land.nation, *land.cities)
    for city in land.cities:
        MembershipFactory(organisation=city, role="contributor")
    sign_in(client, land.nation)
    words = {"all-text": "The meeting is on Monday.", "all-client_key": "1" * 32}

    for _ in range(2):
        client.post(f"/exchange/{item.pk}/answer-all/", words)

    assert Reply.objects.count() == 1
    assert Notice.objects.filter(code="exchange.answered_all").count() == 3
    sign_in(client, land.cities[2])
    assert "on Monday" in client.get(f"/exchange/{item.pk}/").content.decode()
    assert client.post(f"/exchange/{item.pk}/answer-all/", words).status_code == 403


def test_hostile_words_are_shown_as_words(client, land):
    bad = "<script>alert(1)</script>"
    item, (receipt,) = _came(land.nation, land.cities[0], title=bad, text=bad)
    sign_in(client, land.cities[0])
    client.post(f"/exchange/receipts/{receipt.pk}/answer/", {"text": bad})
    client.post(f"/exchange/receipts/{receipt.pk}/led-to/", {"decision": bad})

    for page in ("/exchange/", item.get_absolute_url(), f"/exchange/receipts/{receipt.pk}/"):
        shown = client.get(page).content.decode()
        assert bad not in shown
        assert "&lt;script&gt;" in shown


def test_the_sent_list_costs_the_same_for_one_and_for_three(client, land, flat_queries):
    sign_in(client, land.nation)

    flat_queries(
        lambda: client.get("/exchange/sent/"),
        add_row=lambda: _came(land.nation, *land.cities),
        cost=10,
    )


def test_every_list_teaches_when_it_is_empty(client, land):
    sign_in(client, land.province)

    for page in ("/exchange/", "/exchange/sent/", "/exchange/drafts/", "/exchange/groups/"):
        assert 'class="empty"' in client.get(page).content.decode(), page


def test_red_is_not_counted_for_colleagues_nor_shown_to_them(client, land):
    named = MembershipFactory(organisation=land.cities[0]).person
    colleague = MembershipFactory(organisation=land.cities[0]).person
    item, (receipt,) = _came(land.nation, land.cities[0], marking="red")
    item.named_people.set([named])
    receipt.person = named
    receipt.save()

    assert inbox_counts(actor_for(colleague, at=now()), now()).unacknowledged == 0
    assert inbox_counts(actor_for(named, at=now()), now()).unacknowledged == 1


def test_a_group_is_made_changed_and_ended(client, land):
    sign_in(client, land.province)
    fields = {"name": "River cities", "members": [land.cities[0].pk]}

    client.post("/exchange/groups/new/", fields)
    group = Group.objects.get()
    again = client.post("/exchange/groups/new/", fields)
    more = fields | {"members": [one.pk for one in land.cities], "revision": 1}
    client.post(f"/exchange/groups/{group.pk}/edit/", more)
    late = client.post(f"/exchange/groups/{group.pk}/edit/", fields | {"revision": 1})

    assert (again.status_code, late.status_code) == (422, 422)
    assert set(group.named_organisations.all()) == set(land.cities)
    client.post(f"/exchange/groups/{group.pk}/end/")
    assert client.get("/exchange/groups/").context["page"].object_list.count() == 0


def test_a_member_sees_a_group_and_cannot_change_it_and_others_do_not_see_it(client, land):
    group = GroupFactory(owner=land.nation)
    group.named_organisations.add(land.cities[0])

    sign_in(client, land.cities[0])
    assert client.get(f"/exchange/groups/{group.pk}/").status_code == 200
    assert client.get(f"/exchange/groups/{group.pk}/edit/").status_code == 403
    sign_in(client, land.cities[1])
    assert client.get(f"/exchange/groups/{group.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("more", "is_found"),
    [
        ({}, True),
        ({"marking": "red"}, False),
        ({"sent_at": None}, False),
        ({"recalled_at": now()}, False),
        ({"purged_at": now()}, False),
    ],
)
def test_search_knows_what_was_sent_and_holds_and_never_red(land, more, is_found):
    item, _ = (
        _came(land.nation, title="Zebra crossing")
        if "sent_at" not in more
        else (
            ItemFactory(owner=land.nation, title="Zebra crossing", sent_at=None),
            [],
        )
    )
    index_one(BY_KIND["exchange.item"], item.pk)
    Item.objects.filter(pk=item.pk).update(**more)

    index_one(BY_KIND["exchange.item"], item.pk)

    assert (("exchange.item", item.pk) in search.find("zebra")) is is_found
