"""Reminders by the rule and by hand, and telling the level above."""

import datetime as dt

import pytest

from tansiq.access.models import LogEntry, Notice
from tansiq.access.notices import may_leave_in_mail
from tansiq.exchange.actions.obligations import ObligationError
from tansiq.exchange.actions.reminders import (
    escalate_late,
    remind,
    remind_of_duties,
    remind_of_signs,
    remind_recipients,
)
from tansiq.exchange.models import Escalation, Obligation, Reminder
from tansiq.exchange.queries.obligations import bodies_above, history_of, lines_of, told_of
from tests.exchange.nations import make_country
from tests.exchange.test_obligations import send
from tests.factories import NOON, MembershipFactory, ObligationFactory, actor_of

pytestmark = pytest.mark.django_db
A_DAY = dt.timedelta(days=1)


@pytest.fixture
def country():
    return make_country()


def days_with_reminder(obligation, *, until, at=NOON):
    """Run the daily job and return on which days it reminded."""
    for day in range(until):
        remind_of_duties(at=at + day * A_DAY)
    rows = Reminder.objects.filter(obligation=obligation).order_by("at")
    return [(row.at - at).days for row in rows]


# --- by the rule


def test_the_rule_reminds_before_on_the_day_and_then_every_week():
    owed = ObligationFactory(due_at=NOON + 10 * A_DAY)

    days = days_with_reminder(owed, until=26)

    owed.refresh_from_db()
    assert days == [7, 10, 17, 24]
    assert owed.reminders == 4


def test_what_was_given_or_is_owed_by_who_left_is_not_reminded_of():
    given = ObligationFactory(due_at=NOON, made_at=NOON - 5 * A_DAY, state="done")
    left = ObligationFactory(due_at=NOON, made_at=NOON - 5 * A_DAY, debtor__is_active=False)

    assert remind_of_duties(at=NOON + A_DAY) == 0
    assert not Reminder.objects.exists()
    assert {given.reminders, left.reminders} == {0}


def test_who_owes_much_gets_one_notice_a_day():
    first = ObligationFactory(due_at=NOON, made_at=NOON - 5 * A_DAY)
    for _ in range(4):
        ObligationFactory(debtor=first.debtor, due_at=NOON, made_at=NOON - 5 * A_DAY)
    MembershipFactory(organisation=first.debtor, role="contributor")

    assert remind_of_duties(at=NOON + A_DAY) == 1

    notice = Notice.objects.get()
    assert (notice.code, notice.facts["count"]) == ("exchange.owed_many", 5)
    assert Reminder.objects.count() == 5


def test_under_red_the_person_alone_is_reminded_and_no_mail_has_words(country):
    colleague = MembershipFactory(organisation=country.nation).person
    named = MembershipFactory(organisation=country.nation, role="contributor")
    send(country.cities[0], [], marking="red", people=[named.person_id], at=NOON)

    remind_of_duties(at=NOON + 40 * A_DAY)

    notice = Notice.objects.get(code="exchange.owed_one")
    assert notice.person == named.person
    assert not may_leave_in_mail(notice)
    assert not Notice.objects.filter(person=colleague).exists()


def test_recipients_that_said_nothing_are_reminded_three_times_at_most(country):
    MembershipFactory(organisation=country.provinces[0], role="contributor")
    item = send(country.nation, country.provinces[:1])

    for day in range(60):
        remind_of_signs(at=NOON + day * A_DAY)

    days = [(row.at - NOON).days for row in Reminder.objects.order_by("at")]
    assert days == [3, 10, 17]
    assert Notice.objects.filter(code="exchange.unacknowledged", target_id=item.pk).count() == 3


# --- by hand


def test_by_hand_once_a_day(country):
    owed = ObligationFactory(made_at=NOON - 5 * A_DAY)
    by = actor_of(owed.creditor)

    remind(owed, owed.creditor, by=by, at=NOON)
    with pytest.raises(ObligationError, match="less than a day"):
        remind(owed, owed.creditor, by=by, at=NOON + dt.timedelta(hours=23))
    remind(owed, owed.creditor, by=by, at=NOON + A_DAY)

    owed.refresh_from_db()
    assert (owed.reminders, owed.reminded_at) == (2, NOON + A_DAY)
    assert {row.organisation for row in history_of(owed, by).reminders} == {owed.creditor}


def test_the_sender_reminds_the_silent_ones_once_a_day(country):
    item = send(country.nation, country.provinces)
    by = actor_of(country.nation)

    assert remind_recipients(item, by=by, at=NOON + A_DAY) == 2
    with pytest.raises(ObligationError, match="less than a day"):
        remind_recipients(item, by=by, at=NOON + A_DAY)
    item.receipts.update(acknowledged_at=NOON)

    with pytest.raises(ObligationError, match="Everybody"):
        remind_recipients(item, by=by, at=NOON + 3 * A_DAY)


# --- to the level above


def test_what_is_late_is_told_level_by_level_up_to_the_nation(country):
    city, province, nation = country.cities[0], country.provinces[0], country.nation
    owed = ObligationFactory(debtor=city, creditor=country.cities[1], due_at=NOON)

    told = [escalate_late(at=NOON + day * A_DAY) for day in (6, 7, 8, 14, 21, 28)]

    assert told == [0, 1, 0, 1, 0, 0]
    rows = Escalation.objects.order_by("step").values_list("told", "step")
    assert list(rows) == [(province.pk, 1), (nation.pk, 2)]
    owed.refresh_from_db()
    assert (owed.escalations_made, owed.escalation_end) == (2, "top")


def test_the_level_above_is_told_between_whom_and_no_words_of_an_item(country):
    lead = MembershipFactory(organisation=country.provinces[0], role="lead")
    item = send(country.nation, country.cities[:1], reply_by=NOON + A_DAY)

    escalate_late(at=NOON + 9 * A_DAY)

    above = actor_of(country.provinces[0])
    notice = Notice.objects.get(code="exchange.escalated", person=lead.person)
    assert item.title not in str(notice.facts)
    assert notice.facts["from"] == str(country.cities[0])
    lines = lines_of(told_of(above), above, at=NOON + 9 * A_DAY)
    assert [(line.words, line.obligation.debtor) for line in lines] == [("", country.cities[0])]


def test_nobody_above_is_told_of_what_is_red(country):
    named = MembershipFactory(organisation=country.cities[0])
    send(country.nation, [], marking="red", people=[named.person_id], reply_by=NOON + A_DAY)

    assert escalate_late(at=NOON + 90 * A_DAY) == 0
    assert not Escalation.objects.exists()


def test_bodies_that_left_are_passed_over(country):
    country.provinces[0].is_active = False
    country.provinces[0].save()
    ObligationFactory(debtor=country.cities[0], due_at=NOON)

    escalate_late(at=NOON + 8 * A_DAY)

    assert [row.told for row in Escalation.objects.all()] == [country.nation]


def test_the_one_that_waits_is_not_told_of_its_own_case(country):
    ObligationFactory(debtor=country.cities[0], creditor=country.provinces[0], due_at=NOON)

    escalate_late(at=NOON + 8 * A_DAY)

    assert [row.told for row in Escalation.objects.all()] == [country.nation]


def test_what_the_nation_owes_goes_to_nobody_further(country):
    owed = ObligationFactory(debtor=country.nation, creditor=country.cities[0], due_at=NOON)

    assert escalate_late(at=NOON + 8 * A_DAY) == 0

    owed.refresh_from_db()
    assert owed.escalation_end == "top"


def test_bodies_in_a_circle_are_refused_with_a_trace_and_nothing_half_done(country):
    city, other = country.cities[:2]
    city.parent, other.parent = other, city
    city.save()
    other.save()
    owed = ObligationFactory(debtor=city, due_at=NOON)
    right = ObligationFactory(debtor=country.cities[2], due_at=NOON)

    assert escalate_late(at=NOON + 8 * A_DAY) == 1
    assert escalate_late(at=NOON + 9 * A_DAY) == 0

    owed.refresh_from_db()
    assert owed.escalation_end == "circle"
    assert {row.obligation for row in Escalation.objects.all()} == {right}
    refused = LogEntry.objects.filter(rule="refused:exchange.escalate")
    assert [row.target_id for row in refused] == [owed.pk]


def test_a_body_under_another_goes_by_its_parent_and_ends_at_the_nation(country):
    city = country.cities[0]
    city.parent = country.cities[2]
    city.save()

    assert bodies_above(city) == [country.cities[2], country.provinces[1], country.nation]
    assert Obligation.objects.count() == 0
