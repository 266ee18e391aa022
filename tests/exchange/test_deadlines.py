"""Answers that are due, in a person's own calendar."""

import datetime as dt

import pytest

from tansiq.core.icalendar import as_icalendar
from tansiq.exchange.queries.deadlines import deadlines_of
from tests.factories import NOON, ItemFactory, OrganisationFactory, ReceiptFactory, actor_of

pytestmark = pytest.mark.django_db
SOON = NOON + dt.timedelta(days=3)
ORIGIN = "https://tansiq.example.org"


def _asked(organisation, **item):
    return ReceiptFactory(item=ItemFactory(reply_by=SOON, **item), organisation=organisation)


def test_both_sides_have_the_day_in_their_calendar():
    receipt = _asked(OrganisationFactory(), title="How many buses?")

    ours = list(deadlines_of(actor_of(receipt.organisation), origin=ORIGIN, at=NOON))
    theirs = list(deadlines_of(actor_of(receipt.item.owner), origin=ORIGIN, at=NOON))

    assert [one.summary for one in ours] == ["Answer due: How many buses?"]
    assert [one.summary for one in theirs] == ["Answers asked for: How many buses?"]
    assert {one.begins for one in ours + theirs} == {SOON}


def test_what_may_not_stand_in_a_mail_is_not_named():
    receipt = _asked(OrganisationFactory(), title="A secret word", marking="amber+strict")

    events = list(deadlines_of(actor_of(receipt.organisation), origin=ORIGIN, at=NOON))

    assert len(events) == 1
    assert "secret" not in as_icalendar(events, host="example.org", at=NOON)


def test_what_was_answered_refused_or_taken_back_is_not_due():
    ours = OrganisationFactory()
    answered = _asked(ours)
    answered.answered_at = NOON
    answered.save()
    ReceiptFactory(
        item=ItemFactory(reply_by=SOON), organisation=ours, state="cannot", reason="No staff."
    )
    _asked(ours, recalled_at=NOON)

    assert list(deadlines_of(actor_of(ours), origin=ORIGIN, at=NOON)) == []


def test_others_have_nothing_of_it():
    _asked(OrganisationFactory())

    assert list(deadlines_of(actor_of(OrganisationFactory()), origin=ORIGIN, at=NOON)) == []
