"""A report that was sent: accepted, returned, answered, reopened, corrected; and who is told."""

import pytest
from django.urls import reverse

from tansiq.access.actor import Actor
from tansiq.access.models import Notice
from tansiq.access.notices import codes
from tansiq.plans.actions.reports import accept_report
from tansiq.plans.models import Remark, RollUp
from tests.factories import (
    OrganisationFactory,
    PeriodFactory,
    PlaceFactory,
    PlanFactory,
    RemarkFactory,
)
from tests.people import sign_in
from tests.plans.reporting import JULY, make_country, sent_report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_july")]


def step(name, report):
    return reverse(f"plans:report_{name}", args=[report.pk])


def total_of(country, place):
    found = RollUp.objects.filter(indicator=country.people, place=place, part="").first()
    return found.total if found else 0


def told():
    return set(Notice.objects.values_list("code", "person__name"))


def test_accepted_report_counts_is_answered_and_the_place_is_told(client):
    country = make_country()
    sign_in(client, country.city, "contributor", name="Mayor's aide")
    sign_in(client, country.province, "coordinator", name="Governor's aide")
    report = sent_report(country)

    answer = client.post(step("accept", report), {"accept-answer": "Guidance follows."})

    assert answer.url == report.get_absolute_url()
    report.refresh_from_db()
    assert (report.status, report.answer, report.answered_at) == (
        "accepted",
        "Guidance follows.",
        JULY,
    )
    assert total_of(country, country.nation.place) == 12
    assert told() == {("plans.report_answered", "Mayor's aide")}


def test_report_can_be_accepted_now_and_answered_later(client):
    country = make_country()
    sign_in(client, country.province, "coordinator")
    report = sent_report(country)

    client.post(step("accept", report), {"accept-answer": ""})
    report.refresh_from_db()
    assert report.answered_at is None
    client.post(step("answer", report), {"answer-answer": "In May."})

    report.refresh_from_db()
    assert report.answer == "In May."


def test_returned_report_carries_the_question_and_can_be_changed_again(client):
    country = make_country()
    sign_in(client, country.city, "contributor", name="Aide")
    report = sent_report(country)
    sign_in(client, country.province, "coordinator")

    client.post(step("return", report), {"return-text": "How many were women?"})

    report.refresh_from_db()
    assert (report.status, report.is_locked, report.answer_due_on) == ("returned", False, None)
    assert Remark.objects.get().text == "How many were women?"
    assert told() == {("plans.report_returned", "Aide")}


def test_return_without_a_question_keeps_the_report_and_says_so(client):
    country = make_country()
    sign_in(client, country.province, "coordinator")
    report = sent_report(country)

    answer = client.post(step("return", report), {"return-text": "  "})

    assert answer.status_code == 422
    assert set(answer.context["forms"]["return"].errors) == {"text"}
    report.refresh_from_db()
    assert report.status == "submitted"


def test_place_replies_and_the_level_above_is_told(client):
    country = make_country()
    sign_in(client, country.province, "coordinator", name="Governor's aide")
    report = sent_report(country, status="returned")
    RemarkFactory(report=report)
    sign_in(client, country.city, "contributor")

    client.post(step("reply", report), {"reply-text": "Seven."})

    assert list(Remark.objects.order_by("pk").values_list("kind", "text")) == [
        ("question", "How many were women?"),
        ("reply", "Seven."),
    ]
    assert told() == {("plans.report_replied", "Governor's aide")}


def test_reopened_report_counts_no_more_and_says_why(client):
    country = make_country()
    report = sent_report(country)
    accept_report(report, answer="", by=Actor.system("test"), at=JULY)
    sign_in(client, country.province, "coordinator")
    assert total_of(country, country.province.place) == 12

    client.post(step("reopen", report), {"reopen-text": "One school was counted twice."})

    report.refresh_from_db()
    assert report.status == "returned"
    assert total_of(country, country.province.place) == 0
    assert Remark.objects.get(kind="reopened").text == "One school was counted twice."


@pytest.mark.parametrize(
    ("name", "status", "expected"),
    [
        ("accept", "accepted", 403),
        ("accept", "returned", 403),
        ("return", "accepted", 403),
        ("answer", "returned", 403),
        ("reopen", "submitted", 403),
        ("answer", "submitted", 302),
    ],
)
def test_each_step_has_its_time(client, name, status, expected):
    country = make_country()
    report = sent_report(country, status=status)
    sign_in(client, country.province, "coordinator")

    data = {f"{name}-text": "words", f"{name}-answer": "words"}
    assert client.post(step(name, report), data).status_code == expected


@pytest.mark.parametrize("name", ["accept", "return", "answer"])
@pytest.mark.parametrize(
    ("who", "role", "expected"),
    [
        ("province", "contributor", 403),
        ("city", "lead", 403),
        ("nation", "lead", 404),
        ("other_city", "lead", 404),
    ],
)
def test_only_a_coordinator_of_the_addressee_decides(client, name, who, role, expected):
    country = make_country()
    report = sent_report(country)
    sign_in(client, getattr(country, who), role)

    data = {f"{name}-text": "words", f"{name}-answer": "words"}
    assert client.post(step(name, report), data).status_code == expected
    report.refresh_from_db()
    assert (report.status, report.answer) == ("submitted", "")


def test_accepting_twice_counts_once(client):
    country = make_country()
    report = sent_report(country)
    sign_in(client, country.province, "coordinator")

    for _attempt in range(2):
        client.post(step("accept", report), {"accept-answer": ""})

    assert total_of(country, country.nation.place) == 12


def accepted(country):
    report = sent_report(country)
    accept_report(report, answer="", by=Actor.system("test"), at=JULY)
    return report, report.datapoints.get()


def test_corrected_figure_counts_at_once_and_the_addressee_reads_why(client):
    country = make_country()
    report, value = accepted(country)
    sign_in(client, country.province, "coordinator", name="Governor's aide")
    Notice.objects.all().delete()
    sign_in(client, country.city, "coordinator")
    url = reverse("plans:value_correct", args=[value.pk])
    first = client.get(url).context["form"]

    answer = client.post(
        url, {"number": "15", "as_of": first["as_of"].value(), "reason": "Three were missed."}
    )

    assert answer.url == report.get_absolute_url()
    assert total_of(country, country.nation.place) == 15
    assert Remark.objects.get().text == "1.1: 12 is now 15. Three were missed."
    assert told() == {("plans.value_corrected", "Governor's aide")}


def test_withdrawn_figure_counts_nowhere_and_stays_readable(client):
    country = make_country()
    report, value = accepted(country)
    sign_in(client, country.city, "coordinator")

    client.post(reverse("plans:value_withdraw", args=[value.pk]), {"reason": "Another year's."})

    assert total_of(country, country.nation.place) == 0
    lines = client.get(report.get_absolute_url()).context["lines"]
    [line] = [one for one in lines if one.value]
    assert line.is_withdrawn


@pytest.mark.parametrize("name", ["value_correct", "value_withdraw"])
@pytest.mark.parametrize(
    ("who", "role", "expected"),
    [
        ("city", "coordinator", 200),
        ("city", "contributor", 403),
        ("province", "lead", 403),
        ("nation", "lead", 404),
    ],
)
def test_who_may_correct_and_withdraw(client, name, who, role, expected):
    country = make_country()
    _report, value = accepted(country)
    sign_in(client, getattr(country, who), role)

    assert client.get(reverse(f"plans:{name}", args=[value.pk])).status_code == expected


@pytest.mark.parametrize("number", ["NaN", "-1", "1e3", "9" * 16, ""])
def test_correction_that_cannot_be_right_changes_nothing(client, number):
    country = make_country()
    _report, value = accepted(country)
    sign_in(client, country.city, "coordinator")

    url = reverse("plans:value_correct", args=[value.pk])
    answer = client.post(url, {"number": number, "as_of": "2026-06-30", "reason": "A slip."})

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"number"}
    assert total_of(country, country.nation.place) == 12


def test_place_reminds_of_the_answer_once_a_day(client):
    country = make_country()
    sign_in(client, country.province, "coordinator", name="Governor's aide")
    report = sent_report(country)
    sign_in(client, country.city, "contributor")

    for _attempt in range(2):
        client.post(step("remind", report))

    assert list(Notice.objects.values_list("code", flat=True)) == ["plans.answer_wanted"]


def test_lists_hold_each_direction_and_nothing_else(client):
    country = make_country()
    sent = sent_report(country)
    sign_in(client, country.province, "viewer")
    above = client.get(reverse("plans:reports")).context
    sign_in(client, country.city, "viewer")
    place = client.get(reverse("plans:reports")).context
    sign_in(client, country.other_city, "viewer")
    other = client.get(reverse("plans:reports")).context

    assert (set(above["received"]), set(above["sent"])) == ({sent}, set())
    assert (set(place["received"]), set(place["sent"])) == (set(), {sent})
    assert (set(other["received"]), set(other["sent"])) == (set(), set())
    assert [one.place for one in other["owed"]] == [country.other_city.place]


def test_overview_says_who_has_reported_to_us_and_who_has_not(client):
    country = make_country()
    sent_report(country)
    sign_in(client, country.province, "coordinator")
    url = reverse("plans:period", args=[country.period.pk])

    overview = client.get(url).context["overview"]
    missing = client.get(url, {"state": "missing"}).context["rows"]
    found = client.get(url, {"q": "sura"}).context["rows"]

    assert (overview.reported, overview.expected) == (1, 2)
    assert [row.place for row in missing] == [country.other_city.place]
    assert [row.place for row in found] == [country.place]


def test_overview_of_the_nation_counts_only_who_reports_to_it(client):
    country = make_country()
    sent_report(country)
    sign_in(client, country.nation, "coordinator")

    context = client.get(reverse("plans:period", args=[country.period.pk])).context

    assert [row.place for row in context["rows"]] == [country.province.place]
    assert context["overview"].reported == 0


def test_overview_is_not_for_those_nobody_reports_to(client):
    country = make_country()
    sign_in(client, country.city, "lead")

    assert client.get(reverse("plans:period", args=[country.period.pk])).status_code == 403


def test_reminder_reaches_every_place_that_has_not_reported_once_a_day(client):
    country = make_country()
    sign_in(client, country.other_city, "contributor", name="Aide of Malang")
    sign_in(client, country.city, "contributor", name="Aide of Surabaya")
    sent_report(country)
    sign_in(client, country.province, "coordinator")

    for _attempt in range(2):
        client.post(reverse("plans:period_remind", args=[country.period.pk]))

    assert list(Notice.objects.values_list("code", "person__name")) == [
        ("plans.report_due", "Aide of Malang")
    ]


@pytest.mark.parametrize(("role", "expected"), [("contributor", 403), ("coordinator", 302)])
def test_who_may_remind_places(client, role, expected):
    country = make_country()
    sign_in(client, country.province, role)

    url = reverse("plans:period_remind", args=[country.period.pk])
    assert client.post(url, {"place": country.place.code}).status_code == expected


def test_overview_costs_the_same_for_one_place_as_for_three(client, flat_queries):
    country = make_country()
    period = PeriodFactory(
        plan=country.plan, starts_on="2026-07-01", ends_on="2026-12-31", due_on="2027-01-30"
    )
    sign_in(client, country.province)
    url = reverse("plans:period", args=[period.pk])
    client.get(url)

    def add_row():
        place = PlaceFactory(parent=country.province.place)
        lead = OrganisationFactory(place=place, is_lead_of_place=True)
        PlanFactory(owner=lead, parent=country.plan, kind="city")

    flat_queries(lambda: client.get(url, headers={"HX-Request": "true"}), add_row=add_row, cost=15)


def test_every_notice_of_reports_and_duties_is_known():
    assert {code for code in codes() if code.startswith("plans.")} >= {
        "plans.report_sent",
        "plans.report_returned",
        "plans.report_accepted",
        "plans.report_answered",
        "plans.delivery_given",
    }
