"""What the desk shows of plans: exactly what concerns this person, at a flat price."""

import datetime as dt

import pytest

from tansiq.plans.queries import desk
from tests.factories import (
    TODAY,
    ActionFactory,
    BudgetLineFactory,
    CostFactory,
    DeliveryFactory,
    DutyFactory,
    PeriodFactory,
    PlaceFactory,
    PlanFactory,
    RemarkFactory,
    ReportFactory,
    actor_of,
)
from tests.plans.reporting import JULY, make_country

pytestmark = pytest.mark.django_db


def kinds(items):
    return [(item.kind, item.due_on) for item in items]


def report_of(country, **fields):
    return ReportFactory(
        period=country.period,
        place=country.place,
        owner=country.city,
        addressee=country.province,
        **fields,
    )


def test_mayor_is_told_of_the_report_that_falls_due():
    country = make_country()
    at = dt.datetime(2026, 7, 25, 8, tzinfo=dt.UTC)

    [item] = desk.now(actor_of(country.city), at)

    assert (item.kind, item.due_on) == ("report_due", dt.date(2026, 7, 30))
    assert item.url == f"/reports/start/{country.period.pk}/{country.place.code}/"
    assert item.progress is None


def test_report_is_not_urgent_weeks_ahead_but_owed():
    country = make_country()
    actor = actor_of(country.city)

    assert desk.now(actor, JULY) == []
    assert kinds(desk.owed_by(actor, JULY)) == [("report_due", dt.date(2026, 7, 30))]


def test_begun_report_says_how_far_it_is():
    country = make_country()
    report_of(country, narrative="Three circles")

    [item] = desk.owed_by(actor_of(country.city), JULY)

    assert item.progress == 33
    assert item.label == "Continue the report"


def test_returned_report_needs_the_mayor_now():
    country = make_country()
    report = report_of(country, status="returned")

    [item] = desk.now(actor_of(country.city), JULY)

    assert (item.kind, item.url) == ("report_returned", f"/reports/{report.pk}/write/")


def test_province_reads_accepts_and_answers():
    country = make_country()
    sent = report_of(country, status="submitted", answer_due_on=dt.date(2026, 7, 12))
    sent.named_organisations.add(country.province)
    later = PeriodFactory(
        plan=country.plan,
        starts_on=dt.date(2025, 7, 1),
        ends_on=dt.date(2025, 12, 31),
        due_on=dt.date(2026, 1, 30),
    )
    accepted = ReportFactory(
        period=later,
        place=country.place,
        owner=country.city,
        addressee=country.province,
        status="accepted",
        answer_due_on=dt.date(2026, 7, 3),
    )
    accepted.named_organisations.add(country.province)

    items = desk.now(actor_of(country.province, "coordinator"), JULY)

    assert kinds(items) == [
        ("answer_due", dt.date(2026, 7, 3)),
        ("report_accept", dt.date(2026, 7, 12)),
    ]
    assert desk.now(actor_of(country.province, "contributor"), JULY) == []
    assert desk.now(actor_of(country.other_city), JULY) == []
    owed = desk.owed_to(actor_of(country.city), JULY)
    assert {item.kind for item in owed} == {"answer_owed"}


def test_what_a_level_owes_is_one_line_a_duty_and_one_line_a_place():
    country = make_country()
    duty = DutyFactory(plan=country.plan, title="Threat summary")
    for lead in (country.city, country.other_city):
        DeliveryFactory(action=duty, place=lead.place, due_on=dt.date(2026, 7, 3))

    [line] = desk.owed_by(actor_of(country.nation), JULY)
    [waiting] = desk.owed_to(actor_of(country.city), JULY)

    assert (line.kind, line.due_on) == ("duty_owed", dt.date(2026, 7, 3))
    assert line.detail == "RAN PE · 2 places wait"
    assert (waiting.kind, waiting.due_on) == ("delivery_owed", dt.date(2026, 7, 3))
    assert kinds(desk.now(actor_of(country.nation), JULY)) == kinds([line])


def test_what_was_given_waits_for_the_place_to_confirm():
    country = make_country()
    duty = DutyFactory(plan=country.plan)
    given = {"action": duty, "status": "done", "delivered_on": TODAY}
    DeliveryFactory(**given, place=country.place)
    DeliveryFactory(**given, place=country.other_city.place, received_on=TODAY)

    assert kinds(desk.now(actor_of(country.city), JULY)) == [("delivery_confirm", None)]
    assert desk.now(actor_of(country.other_city), JULY) == []


def test_plan_line_counts_each_step_once():
    country = make_country()
    local = PlanFactory(owner=country.city, parent=None, kind="city")
    past, ahead = dt.date(2026, 7, 1), dt.date(2026, 12, 1)
    for status, ends_on in [
        ("done", past),
        ("on_track", ahead),
        ("at_risk", ahead),
        ("on_track", past),
        ("delayed", ahead),
        ("not_started", ahead),
        ("not_started", past),
        ("cancelled", past),
    ]:
        ActionFactory(plan=local, status=status, ends_on=ends_on)
    DutyFactory(plan=local)

    summary = desk.plan_line(actor_of(country.city), JULY)

    [line] = summary.plans
    assert (line.done, line.under_way, line.late, line.not_started) == (1, 2, 3, 1)
    assert line.total == 7
    assert line.money is None


def test_plan_line_says_how_much_is_not_funded():
    country = make_country()
    local = country.plan.local_plans.get(owner=country.city)
    ActionFactory(plan=local)
    CostFactory(plan=local, amount=300)
    BudgetLineFactory(plan=local, committed=180)

    [line] = desk.plan_line(actor_of(country.city), JULY).plans

    assert (line.money.gap.sums, line.money.needed.sums) == ({"IDR": 120}, {"IDR": 300})


def test_changes_tell_each_side_what_the_other_did():
    country = make_country()
    report = report_of(
        country,
        status="returned",
        submitted_at=JULY - dt.timedelta(days=2),
    )
    report.named_organisations.add(country.province)
    RemarkFactory(report=report, at=JULY - dt.timedelta(days=1))
    since = JULY - dt.timedelta(days=3)

    assert [one.kind for one in desk.changes_since(actor_of(country.city), since)] == [
        "report_asked"
    ]
    assert [one.kind for one in desk.changes_since(actor_of(country.province), since)] == [
        "report_sent"
    ]
    assert desk.changes_since(actor_of(country.city), JULY) == []


@pytest.mark.parametrize("name", ["now", "owed_to", "owed_by", "plan_line", "changes_since"])
def test_desk_costs_the_same_for_many_rows(name, flat_queries):
    country = make_country()
    actor = actor_of(country.city)
    query = getattr(desk, name)

    def add_row():
        duty = DutyFactory(plan=country.plan)
        DeliveryFactory(action=duty, place=country.place, due_on=TODAY, changed_at=JULY)
        own = PlanFactory(owner=country.city, kind="city")
        DeliveryFactory(action=DutyFactory(plan=own), place=PlaceFactory(parent=country.place))
        ActionFactory(plan=own, changed_at=JULY)
        CostFactory(plan=own)
        BudgetLineFactory(plan=own, currency="USD")
        period = PeriodFactory(plan=PlanFactory(owner=country.nation, marking="green"))
        PlanFactory(owner=country.city, parent=period.plan, kind="city")
        ReportFactory(period=period, place=country.place, owner=country.city, status="returned")

    costs = {"now": 14, "owed_to": 4, "owed_by": 8, "plan_line": 5, "changes_since": 4}
    flat_queries(lambda: list_of(query(actor, JULY)), add_row=add_row, cost=costs[name])


def list_of(answer):
    return answer.plans if hasattr(answer, "plans") else list(answer)
