"""What happens by itself: periods open, whoever owes is reminded, once a week and not longer."""

import datetime as dt

import pytest

from tansiq.access.models import Notice
from tansiq.core.schedules import job_names
from tansiq.plans import tasks
from tansiq.plans.actions import clocks
from tansiq.plans.models import Delivery, Period
from tests.factories import DeliveryFactory, DutyFactory, MembershipFactory, PlanFactory
from tests.plans.reporting import JULY, make_country, sent_report

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
SOON = dt.datetime(2026, 7, 20, 6, tzinfo=dt.UTC)


def member(organisation, name, role="coordinator"):
    return MembershipFactory(organisation=organisation, role=role, person__name=name).person


def told():
    return sorted(Notice.objects.values_list("code", "person__name"))


def test_periods_open_on_their_day_and_once():
    country = make_country()
    PlanFactory(owner=country.nation, status="draft")
    PlanFactory(owner=country.nation)
    Period.objects.all().delete()

    assert clocks.open_due_periods(at=JULY) == 4
    assert clocks.open_due_periods(at=JULY) == 0

    assert set(Period.objects.values_list("plan", flat=True)) == {country.plan.pk}
    latest = Period.objects.order_by("-starts_on")[0]
    assert (latest.starts_on, latest.due_on) == (dt.date(2026, 7, 1), dt.date(2027, 1, 30))


def test_places_are_reminded_two_weeks_ahead_once_a_week_and_when_late():
    country = make_country()
    member(country.city, "Surabaya", "contributor")
    member(country.other_city, "Malang", "contributor")
    member(country.other_city, "Only looks", "viewer")
    sent_report(country)
    due = dt.datetime(2026, 7, 30, 6, tzinfo=dt.UTC)

    assert clocks.remind_of_reports(at=JULY) == 0
    clocks.remind_of_reports(at=SOON)
    clocks.remind_of_reports(at=SOON + DAY)
    assert told() == [("plans.report_due", "Malang")]
    clocks.remind_of_reports(at=due + DAY)
    clocks.remind_of_reports(at=due + 400 * DAY)

    assert told() == [("plans.report_due", "Malang"), ("plans.report_overdue", "Malang")]


def test_answers_that_are_late_are_remembered_once_a_week():
    country = make_country()
    member(country.province, "Governor's aide")
    sent_report(country, answer_due_on=dt.date(2026, 7, 10))
    at = dt.datetime(2026, 7, 11, 6, tzinfo=dt.UTC)

    counts = [clocks.remind_of_answers(at=at + n * DAY) for n in (-1, 0, 1, 8)]

    assert counts == [0, 1, 0, 1]
    assert told() == [("plans.answer_overdue", "Governor's aide")] * 2


def test_late_duty_is_one_notice_however_many_places_wait():
    country = make_country()
    member(country.nation, "Officer")
    duty = DutyFactory(plan=country.plan)
    for lead in (country.city, country.other_city):
        DeliveryFactory(action=duty, place=lead.place, due_on=dt.date(2026, 7, 3))

    counts = [clocks.remind_of_duties(at=JULY + n * DAY) for n in (0, 1, 8)]

    assert counts == [1, 0, 1]
    assert told() == [("plans.delivery_overdue", "Officer")] * 2
    assert Notice.objects.first().facts["count"] == 2


def test_recurring_duty_falls_due_again_even_if_it_never_came():
    country = make_country()
    often = DutyFactory(plan=country.plan, every_months=6)
    once = DutyFactory(plan=country.plan)
    for duty in (often, once):
        DeliveryFactory(action=duty, place=country.place, due_on=dt.date(2026, 7, 3))

    assert [clocks.owe_what_recurs(at=JULY) for _day in range(2)] == [1, 0]

    due = Delivery.objects.filter(action=often).order_by("due_on").values_list("due_on", flat=True)
    assert list(due) == [dt.date(2026, 7, 3), dt.date(2027, 1, 3)]


def test_who_may_not_see_is_not_told():
    country = make_country()
    member(country.city, "Writes here", "contributor")
    report = sent_report(country)
    report.marking = "red"
    report.save()
    member(country.province, "Not named")

    clocks.remind_of_answers(at=JULY + 60 * DAY)

    assert told() == []


def test_every_clock_is_a_job_that_says_what_it_did():
    ours = {name for name in job_names() if name.startswith("tansiq.plans.tasks.")}

    assert ours == {
        f"tansiq.plans.tasks.{name}"
        for name in (
            "open_periods",
            "remind_of_reports",
            "remind_of_answers",
            "remind_of_duties",
            "owe_what_recurs",
            "forget_arrivals",
            "pass_on_versions",
            "keep_first_versions",
            "remind_of_proposals",
            "forget_workbooks",
        )
    }
    for name in ours:
        assert getattr(tasks, name.rpartition(".")[2])(JULY).startswith("0 ")
