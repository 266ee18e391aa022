"""Addresses and forms that somebody wrote to see what breaks."""

import pytest

from tansiq.exchange.models import Item, Receipt
from tests.exchange.crawling import addresses, every_row
from tests.factories import ItemFactory, OrganisationFactory, ReceiptFactory
from tests.people import sign_in

pytestmark = pytest.mark.django_db
HUGE = "9" * 40
ODD = ["\x00", HUGE, "-1", "1e9", "٣", "\u202e\u200b", "'\"<script>", "a" * 5000]
PARAMETERS = ["q", "before", "page", "text", "kind", "waits", "owner", "answers", "state", "offset"]


@pytest.fixture
def city(client):
    organisation = OrganisationFactory(is_lead_of_place=True)
    sign_in(client, organisation)
    client.raise_request_exception = False
    return organisation


def _without_keys():
    return ["/" + one.pattern for one in addresses({"exchange"}) if not one.parameters]


@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_no_list_breaks_on_odd_parameters(client, city, odd):
    given = dict.fromkeys(PARAMETERS, odd)

    statuses = {one: client.get(one, given).status_code for one in _without_keys()}

    assert len(statuses) > 15
    assert {one: status for one, status in statuses.items() if status >= 500} == {}


def test_numbers_that_no_database_holds_are_nobodys_key(client, city):
    keyed = [
        "/" + one.pattern.replace("<int:pk>", HUGE)
        for one in addresses({"exchange"})
        if one.parameters == ["pk"]
    ]

    answers = {url: (client.get(url).status_code, client.post(url).status_code) for url in keyed}

    assert len(answers) > 40
    taken = {url: pair for url, pair in answers.items() if not set(pair) <= {400, 404, 405}}
    assert taken == {}


@pytest.mark.parametrize("odd", ["\x00", HUGE, "\u202egnp.exe", "<script>", ""], ids=ascii)
def test_odd_words_in_every_field_leave_nothing_half_done(client, city, odd):
    item = ItemFactory(owner=city)
    mine = ReceiptFactory(item=ItemFactory(), organisation=city)
    names = "state reason text title decision why wrong right basis language marking kind to "
    names += "expires_on reply_by reach organisations people client_key revision receipt all-text"
    given = dict.fromkeys(names.split(), odd)
    before = every_row()

    paths = [f"/exchange/{item.pk}/{one}/" for one in ("edit", "correct", "lesser", "answer-all")]
    paths += [f"/exchange/{mine.item_id}/{one}/" for one in ("correction", "forward/ask")]
    paths += [f"/exchange/receipts/{mine.pk}/{one}/" for one in ("say", "comment")]
    answers = [client.post(one, given) for one in [*paths, "/exchange/write/"]]

    assert {one.status_code for one in answers} <= {200, 302, 400, 403, 404, 409, 422}
    shown = " ".join(one.content.decode() for one in answers)
    assert 'value="<script>' not in shown
    assert "><script><" not in shown
    after = every_row()
    changed = {one for one in after if after[one] != before[one]}
    assert changed <= {"exchange.Correction", "exchange.Reply", "exchange.ForwardRequest"}
    assert (Item.objects.count(), Receipt.objects.count()) == (2, 1)
