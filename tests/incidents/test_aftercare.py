"""Dates with their tasks, memorials, the fund's book, recommendations, the calendar feed."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tansiq.access.models import Notice
from tansiq.core.icalendar import Event, as_icalendar
from tansiq.incidents.actions.aftercare import (
    AftercareError,
    Booking,
    NewFund,
    Stand,
    add_recommendation,
    book,
    close_fund,
    move_recommendation,
    open_fund,
    publish_fund,
)
from tansiq.incidents.actions.calendars import end_feed, make_feed, person_of_feed
from tansiq.incidents.actions.milestones import (
    Dated,
    MilestoneError,
    drop_milestone,
    move_milestone,
    remind_of_milestones,
    set_milestone,
    tell_families,
)
from tansiq.incidents.models import Fund, FundEntry, Milestone, Recommendation, Task
from tansiq.incidents.playbook.document import Offset, TaskSpec
from tansiq.incidents.queries.aftercare import totals_of
from tests.factories import NOON, PersonFactory, PlaybookVersionFactory, SeatFactory, TaskFactory
from tests.factories import actor_of as actor
from tests.incidents.small import small_playbook, words
from tests.incidents.test_support import two_levels
from tests.people import sign_in

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def at_noon(monkeypatch):
    """Let the pages believe that it is noon; they are where the clock is read."""
    for name in ("aftercare", "funds", "calendars"):
        monkeypatch.setattr(f"tansiq.incidents.views.{name}.now", lambda: NOON)


YEAR_ON = dt.date(2027, 5, 4)


def dated(**changes):
    given = {"kind": "anniversary", "title": "First anniversary", "on": YEAR_ON}
    return Dated(**given | {"is_month_only": False, "language": "en"} | changes)


def with_hard_dates():
    """A room whose playbook hangs one task on every date and one on anniversaries alone."""
    specs = [
        TaskSpec(
            key=key,
            phase="P2",
            title=words(key),
            role="COORD",
            due=Offset.read(due),
        )
        for key, due in (("Y-02", "milestone-P14D"), ("Y-03", "anniversary-P2M"))
    ]
    document = small_playbook(*specs).as_json()
    return two_levels(playbook=PlaybookVersionFactory(document_json=document))


def test_a_date_brings_the_tasks_that_hang_on_it_and_the_next_date_brings_them_again():
    room, city, _nation = with_hard_dates()
    TaskFactory(incident=room, key="Y-02", due_at=None)
    by = actor(city)

    first = set_milestone(room, dated(), by=by, at=NOON)
    set_milestone(room, dated(kind="trial", on=dt.date(2026, 12, 1)), by=by, at=NOON)

    due = {
        (task.key, task.occurrence): task.due_at.date()
        for task in Task.objects.filter(incident=room)
    }
    assert due == {
        ("Y-02", 1): dt.date(2027, 4, 20),
        ("Y-03", 1): dt.date(2027, 3, 4),
        ("Y-02", 2): dt.date(2026, 11, 17),
    }
    assert {task.key for task in first.tasks.all()} == {"Y-02", "Y-03"}


def test_a_date_that_moves_takes_its_open_tasks_along_and_one_that_is_off_ends_them():
    room, city, _nation = with_hard_dates()
    by = actor(city)
    milestone = set_milestone(room, dated(), by=by, at=NOON)
    Milestone.objects.update(reminded=[14])
    milestone.refresh_from_db()

    move_milestone(milestone, dated(on=YEAR_ON + 7 * DAY), revision=1, by=by, at=NOON)

    assert milestone.reminded == []
    assert {task.due_at.date() for task in milestone.tasks.filter(key="Y-02")} == {
        dt.date(2027, 4, 27)
    }
    drop_milestone(milestone, reason="The families wish so.", by=by, at=NOON)
    assert set(milestone.tasks.values_list("state", flat=True)) == {"not_needed"}
    with pytest.raises(MilestoneError, match="off the calendar already"):
        drop_milestone(milestone, reason="Again.", by=by, at=NOON)


def test_a_day_that_is_over_is_refused_and_a_month_that_runs_is_not():
    room, city, _nation = two_levels()

    with pytest.raises(MilestoneError, match="This day is over"):
        set_milestone(room, dated(on=dt.date(2026, 5, 3)), by=actor(city), at=NOON)
    month = dated(on=dt.date(2026, 5, 3), is_month_only=True)
    milestone = set_milestone(room, month, by=actor(city), at=NOON)

    assert (milestone.on, milestone.is_month_only) == (dt.date(2026, 5, 1), True)


def test_families_come_first_fourteen_and_seven_days_before_and_once_each(client):
    room, city, _nation = two_levels()
    liaison = sign_in(client, city, "contributor", name="Liaison")
    SeatFactory(incident=room, role="VICTIM", holder=liaison)
    set_milestone(room, dated(), by=actor(city), at=NOON)
    morning = dt.datetime.combine(YEAR_ON, dt.time(8), dt.UTC)

    sent = [remind_of_milestones(at=morning - days * DAY) for days in (15, 14, 13, 7, 6, 0)]

    assert sent == [0, 1, 0, 1, 0, 0]
    told = Notice.objects.filter(code="incidents.milestone_near")
    assert set(told.values_list("person__name", flat=True)) == {"Liaison"}


def test_that_families_were_told_is_noted_once():
    room, city, _nation = two_levels()
    milestone = set_milestone(room, dated(), by=actor(city), at=NOON)

    for days in (0, 1):
        on = NOON.date() + days * DAY
        tell_families(milestone, on=on, by=actor(city), at=NOON + days * DAY)

    assert milestone.families_told_on == NOON.date()


def fund_of(room, city):
    new = NewFund("City fund", city, "PHP", "A board decides.", "en")
    return open_fund(room, new, by=actor(city), at=NOON)


def test_one_fund_alone_keeps_its_book_and_sums_are_those_of_its_lines():
    room, city, _nation = two_levels()
    fund = fund_of(room, city)
    key = uuid.uuid4()
    lines = [("gifts", 100_50), ("gifts", -50), ("families", 70_00)]

    for category, amount in lines:
        book(fund, Booking(category, amount, NOON.date()), by=actor(city), at=NOON)
    for _twice in range(2):
        once = Booking("injured", 10_00, NOON.date(), 3, client_key=key)
        book(fund, once, by=actor(city), at=NOON)

    totals = totals_of(fund)
    assert (totals.income, totals.paid, totals.rest) == (100.0, 80.0, 20.0)
    with pytest.raises(AftercareError, match="There is a fund already"):
        fund_of(room, city)


@given(st.lists(st.tuples(st.sampled_from(["gifts", "care"]), st.integers(-(10**9), 10**9))))
def test_totals_are_a_plain_sum(lines):
    room, city, _nation = two_levels()
    fund = Fund.objects.create(incident=room, title="F", keeper=city, currency="IDR", language="en")
    FundEntry.objects.bulk_create(
        FundEntry(fund=fund, category=name, amount=amount or 1, on=NOON.date())
        for name, amount in lines
    )

    totals = totals_of(fund)

    came = sum(amount or 1 for name, amount in lines if name == "gifts")
    went = sum(amount or 1 for name, amount in lines if name == "care")
    assert (totals.income, totals.paid) == (came / 100, went / 100)


@pytest.mark.parametrize("note", ["Paid to Mr Santos", "Call 0917 555 0101", "x@example.org"])
def test_the_book_names_nobody(note):
    room, city, _nation = two_levels()
    fund = fund_of(room, city)

    with pytest.raises(AftercareError):
        book(fund, Booking("families", 1, NOON.date(), note=note), by=actor(city), at=NOON)

    assert not FundEntry.objects.exists()


def test_totals_are_public_when_published_and_never_those_of_an_exercise(client):
    room, city, _nation = two_levels()
    fund = fund_of(room, city)
    book(fund, Booking("gifts", 500, NOON.date(), note="Raffle"), by=actor(city), at=NOON)
    practice, other, _more = two_levels(is_exercise=True)
    played = fund_of(practice, other)

    before = client.get(fund.get_absolute_url())
    publish_fund(fund, is_public=True, by=actor(city), at=NOON)
    after = client.get(fund.get_absolute_url())
    with pytest.raises(AftercareError, match="exercise"):
        publish_fund(played, is_public=True, by=actor(other), at=NOON)
    Fund.objects.filter(pk=played.pk).update(published_at=NOON)

    assert before.status_code == 404
    assert after.context["totals"].income == 5.0
    assert list(after.context["lines"]) == []
    assert "Raffle" not in after.content.decode()
    assert client.get(played.get_absolute_url()).status_code == 404


def test_a_closed_book_takes_no_more_lines():
    room, city, _nation = two_levels()
    fund = fund_of(room, city)
    close_fund(fund, by=actor(city), at=NOON)

    with pytest.raises(AftercareError, match="closed"):
        book(fund, Booking("gifts", 1, NOON.date()), by=actor(city), at=NOON)


def recommended(room, city, **fields):
    given = {"source": "Inquiry", "text": "Train stewards.", "answerable": city, "language": "en"}
    one = Recommendation(**given | fields)
    return add_recommendation(room, one, by=actor(city), at=NOON)


def test_a_recommendation_ends_with_a_reason_that_everybody_reads(client):
    room, city, _nation = two_levels()
    one = recommended(room, city, is_public=True)
    recommended(room, city, text="Kept inside.")
    done = Stand("done", "120 stewards trained.", None, None, is_public=True)

    silent = Stand("refused", " ", None, None, is_public=True)
    with pytest.raises(AftercareError, match="Say why"):
        move_recommendation(one, silent, revision=1, by=actor(city), at=NOON)
    move_recommendation(one, done, revision=1, by=actor(city), at=NOON)
    page = client.get(reverse("incidents:recommendations", args=[room.pk]))

    assert [row.pk for row in page.context["rows"]] == [one.pk]
    assert "120 stewards trained." in page.content.decode()
    assert [step.state for step in one.steps.all()] == ["done"]


def test_recommendations_of_an_exercise_are_never_public(client):
    room, city, _nation = two_levels(is_exercise=True)

    with pytest.raises(AftercareError, match="exercise"):
        recommended(room, city, is_public=True)
    one = recommended(room, city)
    Recommendation.objects.filter(pk=one.pk).update(is_public=True)

    page = client.get(reverse("incidents:recommendations", args=[room.pk]))
    assert page.status_code == 404


@pytest.mark.usefixtures("at_noon")
def test_a_calendar_holds_my_tasks_and_ends_when_i_say_so(client):
    room, city, _nation = two_levels(is_exercise=True)
    person = sign_in(client, city, "contributor")
    SeatFactory(incident=room, role="COMMS", holder=person)
    soon = NOON + DAY
    TaskFactory(incident=room, key="", title="Call; the, press", role="COMMS", due_at=soon)
    TaskFactory(incident=room, key="", title="Not mine", role="COORD", due_at=soon)
    set_milestone(
        room, dated(title="Named in private", on=soon.date() + 9 * DAY), by=actor(city), at=NOON
    )

    address = client.post(reverse("incidents:calendar")).context["address"]
    path = "/" + address.split("/", 3)[3]
    client.logout()
    feed = client.get(path)
    end_feed(person, by=actor(city), at=NOON)

    text = feed.content.decode().replace("\r\n ", "")
    summaries = [line for line in text.split("\r\n") if line.startswith("SUMMARY")]
    assert summaries == [
        "SUMMARY:[EXERCISE] Call\\; the\\, press · Explosion at the market",
        "SUMMARY:[EXERCISE] anniversary · Explosion at the market",
    ]
    assert "Named in private" not in text
    assert client.get(path).status_code == 404


def test_a_new_address_ends_the_old_one():
    person = PersonFactory()
    old = make_feed(person, by=actor(two_levels()[1]), at=NOON)
    new = make_feed(person, by=actor(two_levels()[1]), at=NOON)

    assert (person_of_feed(old), person_of_feed(new)) == (None, person)


@pytest.mark.usefixtures("at_noon")
def test_what_may_not_stand_in_a_mail_does_not_stand_in_a_calendar(client):
    room, city, _nation = two_levels(marking="amber+strict")
    person = sign_in(client, city, "contributor")
    SeatFactory(incident=room, role="COMMS", holder=person)
    soon = NOON + DAY
    TaskFactory(incident=room, key="", title="Secret", role="COMMS", due_at=soon)

    address = client.post(reverse("incidents:calendar")).context["address"]
    text = client.get("/" + address.split("/", 3)[3]).content.decode()

    assert "Something is due" in text
    assert "Secret" not in text
    assert "Explosion" not in text


@given(st.text(max_size=300))
def test_no_summary_breaks_the_lines_of_a_calendar(summary):
    event = Event("task-1", summary, NOON, "https://example.org/")

    written = as_icalendar([event], host="example.org", at=NOON)

    lines = written.encode().split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    unfolded = written.replace("\r\n ", "").split("\r\n")
    names = [line.partition(":")[0] for line in unfolded if line]
    assert names.count("SUMMARY") == 1
    assert len(names) == 12


@pytest.mark.usefixtures("at_noon")
def test_recovery_in_the_browser(client):
    room, city, nation = two_levels()
    sign_in(client, city, "coordinator")

    def post(name, data, *more):
        return client.post(reverse(f"incidents:{name}", args=[room.pk, *more]), data)

    def later(days):
        return (NOON.date() + days * DAY).isoformat()

    past = post("milestone_set", {"kind": "trial", "title": "Trial", "on": "2020-01-01"})
    post("milestone_set", {"kind": "trial", "title": "Trial", "on": later(90)})
    milestone = Milestone.objects.get()
    moved = {"kind": "trial", "title": "Verdict", "on": later(95), "revision": 1}
    post("milestone", moved, milestone.pk)
    post("milestone_told", {}, milestone.pk)
    post("memorial", {"about": "Flowers", "step": "move", "why": "Rain.", "consulted": "yes"})
    asked = {"source": "Debrief", "text": "Print role cards.", "answerable": nation.pk}
    post("recommend", asked)
    fund = {"title": "Fund", "keeper": city.pk, "currency": "php", "rules": ""}
    post("fund_open", fund)
    found = Fund.objects.get()
    fine = {"category": "gifts", "amount": "10.50", "on": later(0)}
    too_fine = post("fund_book", fine | {"amount": "10.505"}, found.pk)
    post("fund_book", fine, found.pk)
    page = client.get(reverse("incidents:recovery", args=[room.pk]))
    stand = client.get(
        reverse("incidents:recommendation", args=[room.pk, Recommendation.objects.get().pk])
    )

    assert past.status_code == 422
    milestone.refresh_from_db()
    assert (milestone.title, milestone.are_families_told) == ("Verdict", True)
    assert set(too_fine.context["form"].errors) == {"amount"}
    assert [entry.amount for entry in found.entries.all()] == [1050]
    assert [one.about for one in page.context["memorials"]] == ["Flowers"]
    assert page.status_code == stand.status_code == 200
