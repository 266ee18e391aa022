"""How duties arise from what is sent, and what becomes of them."""

import datetime as dt

import pytest
from django.test import override_settings

from tansiq.access.models import Notice
from tansiq.access.queries import actor_for
from tansiq.exchange.actions.answers import note_decision, write_to_all
from tansiq.exchange.actions.forwarding import forward_item
from tansiq.exchange.actions.items import (
    Draft,
    acknowledge,
    send_item,
    write_item,
    write_reply,
)
from tansiq.exchange.actions.obligations import (
    ObligationError,
    confirm,
    dispute,
    give,
    give_to_all,
    waive,
    withdraw_of,
)
from tansiq.exchange.actions.recalls import recall_item
from tansiq.exchange.models import ItemKind, Obligation, Receipt, ReceiptState
from tansiq.exchange.queries.obligations import due_for, lines_of, owed_by, owed_to, sums_of
from tests.exchange.nations import make_country
from tests.factories import (
    NOON,
    ItemFactory,
    MembershipFactory,
    ObligationFactory,
    OrganisationFactory,
    ReceiptFactory,
    actor_of,
)

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(hours=5)
A_DAY = dt.timedelta(days=1)


@pytest.fixture
def country():
    return make_country()


def send(owner, to, *, at=NOON, **more):
    choices = {
        "kind": ItemKind.FEEDBACK,
        "title": "What we see in our district",
        "text": "Two sentences.",
        "language": "en",
        "expires_on": NOON.date() + dt.timedelta(days=300),
        "audience": [{"to": "organisation", "pk": one.pk} for one in to],
    }
    by = actor_of(owner)
    item = write_item(owner, Draft(**{**choices, **more}), by=by, at=at)
    send_item(item, by=by, at=at)
    return item


def between(rows):
    return {(one.debtor, one.creditor, one.due_at) for one in rows}


@override_settings(ANSWER_DAYS={"feedback": 30})
def test_what_goes_up_is_owed_an_answer_by_each_who_receives_it(country):
    city, province, nation = country.cities[0], country.provinces[0], country.nation

    send(city, [province, nation])

    due = NOON + 30 * A_DAY
    owed = Obligation.objects.all()
    assert between(owed) == {(province, city, due), (nation, city, due)}
    assert {one.kind for one in owed} == {"answer"}


def test_what_goes_down_is_owed_an_answer_only_where_it_asks_for_one(country):
    by_day = NOON + 3 * A_DAY

    send(country.nation, country.provinces, kind=ItemKind.BRIEFING)
    send(country.nation, country.provinces, kind=ItemKind.INFORMATION, reply_by=by_day)

    assert between(Obligation.objects.all()) == {
        (one, country.nation, by_day) for one in country.provinces
    }


def test_words_in_answer_settle_it_and_a_sign_does_not(country):
    city, nation = country.cities[0], country.nation
    item = send(city, [nation])
    receipt = Receipt.objects.get(item=item)
    by = actor_of(nation)

    acknowledge(receipt, ReceiptState.UNDERSTOOD, by=by, at=LATER)
    assert Obligation.objects.get().state == "open"
    write_reply(receipt, city, "One more thing.", language="en", by=actor_of(city), at=LATER)
    assert Obligation.objects.get().state == "open"
    write_reply(receipt, nation, "Thank you, we act.", language="en", by=by, at=LATER)

    owed = Obligation.objects.get()
    assert (owed.state, owed.done_at) == ("done", LATER)


def test_cannot_because_counts_as_an_answer_until_it_is_taken_back(country):
    item = send(country.nation, country.provinces[:1], reply_by=NOON + A_DAY)
    receipt = Receipt.objects.get(item=item)
    by = actor_of(country.provinces[0])

    acknowledge(receipt, ReceiptState.CANNOT, reason="No staff.", by=by, at=LATER)
    assert Obligation.objects.values_list("state", "note").get() == ("done", "No staff.")
    acknowledge(receipt, ReceiptState.WILL_ACT, by=by, at=LATER + A_DAY)

    assert Obligation.objects.values_list("state", "done_at").get() == ("open", None)


def test_an_item_in_answer_settles_what_it_answers(country):
    city, nation = country.cities[0], country.nation
    asked = send(nation, country.cities, kind=ItemKind.INFORMATION, reply_by=NOON + A_DAY)

    answer = send(city, [nation], answers=asked, at=LATER)

    owed = Obligation.objects.filter(item=asked, state="done")
    assert {(one.debtor, one.done_with) for one in owed} == {(city, answer)}
    assert Receipt.objects.get(item=asked, organisation=city).answered_at == LATER


def test_a_comment_in_a_consultation_is_owed_a_response(country):
    city, nation = country.cities[0], country.nation
    item = send(nation, [city], kind=ItemKind.CONSULTATION, reply_by=NOON + A_DAY)
    receipt = Receipt.objects.get(item=item)

    write_reply(receipt, city, "Name the cities.", language="en", by=actor_of(city), at=LATER)
    response = Obligation.objects.get(debtor=nation)
    assert (response.creditor, response.state) == (city, "open")
    write_reply(
        receipt, nation, "Done, page 4.", language="en", by=actor_of(nation), at=LATER + A_DAY
    )
    write_reply(
        receipt, city, "And page 5?", language="en", by=actor_of(city), at=LATER + 2 * A_DAY
    )

    response.refresh_from_db()
    assert (response.state, response.done_at) == ("open", None)
    assert Obligation.objects.get(debtor=city).state == "done"


def test_words_to_all_answer_every_comment(country):
    nation = country.nation
    item = send(nation, country.cities, kind=ItemKind.CONSULTATION, reply_by=NOON + A_DAY)
    for receipt in item.receipts.all():
        city = receipt.organisation
        write_reply(receipt, city, "Name it.", language="en", by=actor_of(city), at=LATER)
    assert Obligation.objects.filter(debtor=nation, state="open").count() == len(country.cities)

    write_to_all(item, "You said, we did.", language="en", by=actor_of(nation), at=LATER)

    assert not Obligation.objects.filter(debtor=nation, state="open").exists()


def test_what_it_led_to_is_an_answer(country):
    item = send(country.cities[0], [country.nation])

    note_decision(item.receipts.get(), "A budget line.", by=actor_of(country.nation), at=LATER)

    assert Obligation.objects.values_list("state", "done_at").get() == ("done", LATER)


def test_a_recall_withdraws_and_whom_it_was_forwarded_to_owes_too(country):
    item = send(country.nation, country.provinces[:1], reply_by=NOON + A_DAY)
    under = OrganisationFactory(
        parent=country.provinces[0], country_code=country.nation.country_code
    )
    receipt = item.receipts.get()

    forward_item(receipt, [under], by=actor_of(country.provinces[0]), at=NOON)
    assert Obligation.objects.get(debtor=under).due_at == NOON + A_DAY
    recall_item(item, "The wrong file.", by=actor_of(country.nation), at=NOON)

    assert {one.state for one in Obligation.objects.all()} == {"withdrawn"}


def test_what_was_taken_back_is_owed_by_nobody(country):
    item = send(country.cities[0], [country.nation])

    assert withdraw_of(item, at=LATER) == 1

    assert Obligation.objects.get().state == "withdrawn"
    assert sums_of(owed_by(actor_of(country.nation)), at=LATER).open == 0


# --- what somebody decides


def test_giving_is_confirmed_or_disputed_by_who_waits():
    owed = ObligationFactory()
    debtor, creditor = actor_of(owed.debtor), actor_of(owed.creditor)

    with pytest.raises(ObligationError, match="not marked as given"):
        confirm(owed, by=creditor, at=LATER)
    give(owed, note="At the meeting in May.", by=debtor, at=LATER)
    dispute(owed, note="Nobody came.", by=creditor, at=LATER + A_DAY)
    owed.refresh_from_db()
    assert (owed.state, owed.note, owed.done_at) == ("disputed", "Nobody came.", None)
    give(owed, note="Today by post.", by=debtor, at=LATER + 2 * A_DAY)
    confirm(owed, by=creditor, at=LATER + 3 * A_DAY)

    owed.refresh_from_db()
    assert (owed.state, owed.done_at) == ("confirmed", LATER + 2 * A_DAY)
    codes = Notice.objects.order_by("pk").values_list("code", flat=True)
    assert list(codes) == [
        "exchange.given",
        "exchange.disputed",
        "exchange.given",
        "exchange.confirmed",
    ]


def test_giving_needs_an_item_that_arrived_or_words():
    owed = ObligationFactory()
    by = actor_of(owed.debtor)
    elsewhere = ReceiptFactory(item__owner=owed.debtor).item
    of_others = ReceiptFactory(organisation=owed.creditor).item
    arrived = ReceiptFactory(item__owner=owed.debtor, organisation=owed.creditor).item

    with pytest.raises(ObligationError, match="write how"):
        give(owed, by=by, at=LATER)
    for item in (elsewhere, of_others):
        with pytest.raises(ObligationError, match="did not receive"):
            give(owed, with_item=item, by=by, at=LATER)
    give(owed, with_item=arrived, by=by, at=LATER)

    owed.refresh_from_db()
    assert (owed.state, owed.done_with) == ("done", arrived)


def test_one_item_gives_what_is_owed_to_all_whom_it_reached():
    nation = OrganisationFactory()
    item = ItemFactory(owner=nation)
    reached, left_out = (ObligationFactory(debtor=nation) for _ in range(2))
    ReceiptFactory(item=item, organisation=reached.creditor)

    count = give_to_all([reached, left_out], item, by=actor_of(nation), at=LATER)

    states = dict(Obligation.objects.values_list("pk", "state"))
    assert (count, states) == (1, {reached.pk: "done", left_out.pk: "open"})


def test_waiving_needs_a_reason_and_happens_once():
    owed = ObligationFactory()
    by = actor_of(owed.creditor)

    with pytest.raises(ObligationError, match="Say why"):
        waive(owed, reason=" ", by=by, at=LATER)
    waive(owed, reason="The meeting was cancelled.", by=by, at=LATER)
    with pytest.raises(ObligationError, match="not open"):
        waive(owed, reason="Again.", by=by, at=LATER)
    with pytest.raises(ObligationError, match="not open"):
        give(owed, note="Late.", by=actor_of(owed.debtor), at=LATER)

    owed.refresh_from_db()
    assert (owed.state, owed.note) == ("waived", "The meeting was cancelled.")


# --- who sees it


def test_both_sides_see_the_same_and_nobody_else_does(country):
    send(country.cities[0], [country.nation])
    city, nation = actor_of(country.cities[0]), actor_of(country.nation)

    assert list(owed_to(city)) == list(owed_by(nation)) == list(Obligation.objects.all())
    for other in (country.provinces[0], country.cities[1]):
        assert not Obligation.objects.visible_to(actor_of(other)).exists()


def test_under_red_only_the_persons_of_the_item_know_and_colleagues_do_not(country):
    named = MembershipFactory(organisation=country.nation)
    colleague = actor_of(country.nation)
    writer = MembershipFactory(organisation=country.cities[0], role="lead")

    item = send(country.cities[0], [], marking="red", people=[named.person_id, writer.person_id])

    reader = actor_for(named.person, at=NOON)
    owed = Obligation.objects.get()
    assert owed.is_red
    assert Obligation.objects.visible_to(reader).count() == 1
    assert Obligation.objects.visible_to(actor_for(writer.person, at=NOON)).count() == 1
    assert not Obligation.objects.visible_to(colleague).exists()
    assert not Obligation.objects.visible_to(actor_of(country.cities[0])).exists()
    assert [line.words for line in lines_of([owed], reader, at=NOON)] == [item.title]


def test_words_of_an_item_end_with_it(country):
    send(country.cities[0], [country.nation], expires_on=NOON.date() + A_DAY)
    owed = list(Obligation.objects.all())
    today, after = (actor_of(country.nation, at=NOON + n * A_DAY) for n in (0, 2))

    assert [line.words for line in lines_of(owed, today, at=NOON)] == [
        "What we see in our district"
    ]
    assert [line.words for line in lines_of(owed, after, at=NOON)] == [""]


def test_due_between_two_moments_is_found_for_both_sides():
    owed = ObligationFactory(due_at=NOON + 3 * A_DAY)
    ObligationFactory(debtor=owed.debtor, due_at=NOON + 9 * A_DAY)
    ObligationFactory(debtor=owed.debtor, due_at=NOON + 3 * A_DAY, state="done")

    for one in (owed.debtor, owed.creditor):
        lines = due_for(actor_of(one), since=NOON, until=NOON + 7 * A_DAY)
        assert [line.obligation for line in lines] == [owed]
