"""Months are counted ahead, and say what a recount of every receipt says."""

import datetime as dt
from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tansiq.exchange.actions import figures
from tansiq.exchange.actions.figures import MUCH, count_changed_months, count_month
from tansiq.exchange.histograms import band_of
from tansiq.exchange.models import (
    ASKING,
    Item,
    OwnTally,
    Receipt,
    Tally,
    TallyMark,
    TallyMonth,
)
from tansiq.exchange.queries.counting import Sums, countable, sums_by
from tests.factories import NOON, ItemFactory, OrganisationFactory, PlaceFactory, ReceiptFactory

pytestmark = pytest.mark.django_db
MAY = dt.date(2026, 5, 1)
LATER = NOON + dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def city():
    return OrganisationFactory(place=PlaceFactory(level=0))


def _counted(item_kind="", cut="items"):
    """Return all months of a cut together, by direction."""
    found = defaultdict(Sums)
    for row in Tally.objects.filter(cut=cut, item_kind=item_kind):
        found[row.direction].take_stored(
            [
                row.sent,
                row.acknowledged,
                row.asked,
                row.answered,
                row.declined,
                row.decided,
                row.acknowledging,
                row.answering,
            ]
        )
    return dict(found)


def _naive():
    """Count every receipt one by one, in plain Python."""
    found = defaultdict(Sums)
    for one in Receipt.objects.select_related("item"):
        if one.item.marking == "red" or one.item.recalled_at or not one.item.sent_at:
            continue
        sums = found[one.direction]
        asked = one.reply_by is not None or one.item.kind in ASKING
        sums.sent += 1
        sums.asked += asked
        sums.decided += one.decided_at is not None
        sums.declined += asked and one.answered_at is None and one.state == "cannot"
        if one.acknowledged_at:
            band = band_of((one.acknowledged_at - one.sent_at).total_seconds())
            sums.acknowledged += 1
            sums.acknowledging[band] = sums.acknowledging.get(band, 0) + 1
        if asked and one.answered_at:
            band = band_of((one.answered_at - one.sent_at).total_seconds())
            sums.answered += 1
            sums.answering[band] = sums.answering.get(band, 0) + 1
    return dict(found)


moments = st.none() | st.integers(-5, 400_000)
receipts = st.fixed_dictionaries(
    {
        "month": st.integers(1, 5),
        "kind": st.sampled_from(["briefing", "information", "notice"]),
        "marking": st.sampled_from(["green", "amber", "red"]),
        "direction": st.sampled_from(["up", "down", "across"]),
        "state": st.sampled_from(["sent", "understood", "cannot"]),
        "is_recalled": st.booleans(),
        "acknowledged": moments,
        "answered": moments,
        "decided": moments,
        "reply": moments,
    }
)


def _receipt(city, given_):
    sent = dt.datetime(2026, given_["month"], 28, 23, 50, tzinfo=dt.UTC)
    after = {
        name: None if given_[name] is None else sent + given_[name] * MINUTE
        for name in ("acknowledged", "answered", "decided", "reply")
    }
    item = ItemFactory(
        owner=city,
        kind=given_["kind"],
        marking=given_["marking"],
        sent_at=sent,
        recalled_at=sent if given_["is_recalled"] else None,
    )
    return ReceiptFactory(
        item=item,
        organisation=city,
        direction=given_["direction"],
        state=given_["state"],
        reason="No car." if given_["state"] == "cannot" else "",
        acknowledged_at=after["acknowledged"],
        answered_at=after["answered"],
        decided_at=after["decided"],
        reply_by=after["reply"],
    )


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.lists(receipts, max_size=8),
    after=st.lists(receipts, max_size=5),
    changes=st.lists(st.tuples(st.integers(0, 7), moments, moments), max_size=5),
)
def test_counting_what_changed_equals_counting_everything(city, before, after, changes):
    Item.objects.all().delete()
    made = [_receipt(city, one) for one in before]
    count_changed_months(at=LATER)

    for one in after:
        _receipt(city, one)
    for place, answered, decided in changes:
        # As a bulk update does it: no action and no signal hears of it.
        Receipt.objects.filter(pk__in=[one.pk for one in made[place : place + 1]]).update(
            answered_at=None if answered is None else NOON + answered * MINUTE,
            decided_at=None if decided is None else NOON + decided * MINUTE,
        )
    count_changed_months(at=LATER)

    assert _counted() == _naive()
    assert not TallyMark.objects.exists()


def test_counting_twice_changes_nothing(city):
    _receipt(city, _PLAIN)
    count_changed_months(at=LATER)
    before = list(Tally.objects.order_by("cut", "item_kind").values_list("cut", "sent"))

    count_month(MAY, at=LATER)
    count_month(MAY, at=LATER)

    after = list(Tally.objects.order_by("cut", "item_kind").values_list("cut", "sent"))
    assert after == before


_PLAIN = {
    "month": 5,
    "kind": "information",
    "marking": "amber",
    "direction": "up",
    "state": "sent",
    "is_recalled": False,
    "acknowledged": 90,
    "answered": None,
    "decided": None,
    "reply": None,
}


def test_all_cuts_of_a_month_have_the_same_sum(city):
    for direction in ("up", "up", "down"):
        _receipt(city, {**_PLAIN, "direction": direction})

    count_month(MAY, at=LATER)

    for cut in ("levels", "kinds", "items"):
        for item_kind in ("", "information"):
            found = _counted(cut=cut, item_kind=item_kind)
            expected = {"": 3} if cut == "kinds" else {"up": 2, "down": 1}
            assert {way: sums.sent for way, sums in found.items()} == expected


def test_what_was_purged_keeps_counting(city):
    receipt = _receipt(city, _PLAIN)

    Item.objects.filter(pk=receipt.item_id).update(title="", text="", purged_at=LATER)
    count_changed_months(at=LATER)

    assert _counted()["up"].acknowledged == 1


@pytest.mark.parametrize(
    "change", [{"marking": "red"}, {"recalled_at": LATER}, {"sent_at": None}], ids=str
)
def test_what_leaves_the_figures_is_counted_out(city, change):
    receipt = _receipt(city, _PLAIN)
    count_changed_months(at=LATER)
    assert set(_counted()) == {"up"}

    Item.objects.filter(pk=receipt.item_id).update(**change)
    count_changed_months(at=LATER)

    assert _counted() == {}


def test_opening_an_item_marks_no_month(city):
    receipt = _receipt(city, _PLAIN)
    count_changed_months(at=LATER)

    Receipt.objects.filter(pk=receipt.pk).update(state="read", read_at=LATER, received_at=LATER)

    assert not TallyMark.objects.exists()


def test_a_receipt_that_is_deleted_marks_its_month(city):
    receipt = _receipt(city, _PLAIN)
    count_changed_months(at=LATER)

    receipt.delete()

    assert set(TallyMark.objects.values_list("month", flat=True)) == {MAY}


def test_a_count_that_was_overtaken_does_not_stand(city, monkeypatch):
    _receipt(city, _PLAIN)
    calm = figures.tallies_of

    def overtaken(month):
        rows = list(calm(month))
        # Meanwhile somebody else counts, after one more came in.
        monkeypatch.setattr(figures, "tallies_of", calm)
        _receipt(city, _PLAIN)
        assert count_month(month, at=LATER)
        return rows

    monkeypatch.setattr(figures, "tallies_of", overtaken)

    assert not count_month(MAY, at=LATER)
    assert _counted()["up"].sent == 2


def test_a_change_during_the_count_leaves_its_mark(city, monkeypatch):
    _receipt(city, _PLAIN)
    calm = figures.tallies_of

    def disturbed(month):
        rows = list(calm(month))
        _receipt(city, _PLAIN)
        return rows

    monkeypatch.setattr(figures, "tallies_of", disturbed)
    count_month(MAY, at=LATER)
    monkeypatch.setattr(figures, "tallies_of", calm)

    assert set(TallyMark.objects.values_list("month", flat=True)) == {MAY}
    count_changed_months(at=LATER)
    assert _counted()["up"].sent == 2


def test_a_count_that_breaks_off_leaves_everything_as_it_was(city, monkeypatch):
    _receipt(city, _PLAIN)
    count_changed_months(at=LATER)
    _receipt(city, _PLAIN)

    def cut_off(*_given):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(figures, "own_tallies_of", cut_off)
        with pytest.raises(KeyboardInterrupt):
            count_changed_months(at=LATER)

    assert _counted()["up"].sent == 1
    count_changed_months(at=LATER)
    assert _counted()["up"].sent == 2


def test_each_day_every_month_is_counted_once_though_nothing_marked_it(city):
    _receipt(city, {**_PLAIN, "month": 3})
    count_changed_months(at=LATER)
    type(city).objects.filter(pk=city.pk).update(kind="women")

    for hour in range(1, 4):
        count_changed_months(at=LATER + dt.timedelta(days=1, hours=hour))

    kinds = Tally.objects.filter(cut="kinds").values_list("from_kind", flat=True)
    assert set(kinds) == {"women"}
    assert TallyMonth.objects.filter(counted_at__lte=LATER).count() == 0


def test_an_organisation_with_much_traffic_is_counted_ahead(city):
    item = ItemFactory(owner=city)
    receivers = [OrganisationFactory(place=city.place) for _ in range(3)]
    figures_before = MUCH
    ReceiptFactory.create_batch(0)
    Receipt.objects.bulk_create(
        Receipt(
            item=ItemFactory(owner=city) if number >= len(receivers) else item,
            organisation=receivers[number % len(receivers)],
            sent_at=NOON,
            direction="down",
            from_level=0,
            to_level=2,
        )
        for number in range(figures_before)
    )

    count_month(MAY, at=LATER)

    own = OwnTally.objects.values_list("organisation", "side", "level", "sent")
    assert set(own) == {(city.pk, "sent", 2, MUCH)}
    direct = sums_by(countable().filter(item__owner=city), ["to_level"])
    assert direct[(2,)].sent == MUCH
