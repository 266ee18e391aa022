"""Notices reach those who may see what they speak of, in their language, and never say too much."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tansiq.access import notices
from tansiq.access.models import Notice
from tansiq.access.queries import actor_for
from tansiq.plans.models import Plan
from tests.access.test_gate import COUNTRY, MARKINGS, ROLES, State, World
from tests.factories import (
    NOON,
    IncidentFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    PillarFactory,
    PlaceFactory,
    PlanFactory,
    TaskFactory,
)
from tests.people import sign_in

pytestmark = pytest.mark.django_db
FACTS = {"title": "The plan", "owner": "The city"}


@pytest.fixture
def world(db):
    world = World()
    world.people = {
        (body, role): MembershipFactory(organisation=world.bodies[body], role=role).person
        for body in COUNTRY
        for role in ROLES
    }
    world.plan = PlanFactory(owner=world.bodies["owner"], place=world.country)
    world.pillar = PillarFactory(plan=world.plan)
    return world


some = st.frozensets(st.sampled_from(sorted(COUNTRY)), max_size=2)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    state=st.builds(
        State,
        st.sampled_from(MARKINGS),
        st.sampled_from(["owner", "hub"]),
        st.booleans(),
        st.booleans(),
        some,
        some,
        st.booleans(),
    )
)
def test_notices_reach_exactly_those_of_the_asked_who_may_see(world, state):
    plan = world.share(world.plan, state)
    people = [*world.people.values(), world.named_person, PersonFactory(is_active=False)]

    sent = notices.notify(people, "sharing.named", plan, url="/x/", facts=FACTS, at=NOON)
    below = notices.notify(people, "sharing.named", world.pillar, url="/x/", facts=FACTS, at=NOON)

    may_see = {
        person.pk
        for person in people
        if person.is_active and plan in Plan.objects.visible_to(actor_for(person, at=NOON))
    }
    assert {notice.person_id for notice in sent} == may_see
    assert {notice.person_id for notice in below} == may_see


def test_the_property_catches_a_notice_sent_without_asking(world, monkeypatch):
    monkeypatch.setattr(notices, "_is_visible", lambda target, actor: True)
    plan = world.share(world.plan, State("red"))

    sent = notices.notify(
        world.people.values(), "sharing.named", plan, url="/x/", facts=FACTS, at=NOON
    )

    assert len(sent) == len(world.people)


def reader_of(plan, **person):
    details = {f"person__{name}": value for name, value in person.items()}
    return MembershipFactory(organisation=plan.owner, **details).person


def send(plan, *people, at=NOON):
    notices.notify(people, "sharing.named", plan, url=f"/id/plans/{plan.slug}/", facts=FACTS, at=at)
    return notices.send_waiting_mails(at=at)


def test_one_mail_holds_all_new_notices_of_a_person_and_is_sent_once():
    plan = PlanFactory()
    person = reader_of(plan)
    notices.notify([person], "sharing.named", plan, url="/a/", facts=FACTS, at=NOON)

    assert (send(plan, person), notices.send_waiting_mails(at=NOON)) == (1, 0)

    [letter] = mail.outbox
    assert letter.to == [person.email]
    assert letter.body.count("The city shares with you: The plan.") == 2
    assert "/id/plans/" in letter.body


def test_who_wants_no_mail_and_what_was_read_are_left_alone():
    plan = PlanFactory()
    quiet, prompt = reader_of(plan, mails=False), reader_of(plan)
    notices.notify([quiet, prompt], "sharing.named", plan, url="/a/", facts=FACTS, at=NOON)
    Notice.objects.filter(person=prompt).update(read_at=NOON)

    assert notices.send_waiting_mails(at=NOON) == 0
    assert mail.outbox == []


@pytest.mark.parametrize("marking", ["amber+strict", "red"])
@pytest.mark.parametrize("is_child", [False, True])
def test_what_must_not_leave_in_mail_is_only_announced(marking, is_child):
    plan = PlanFactory(marking=marking, slug="secret-name")
    person = reader_of(plan)
    plan.named_people.add(person)
    target = PillarFactory(plan=plan) if is_child else plan
    notices.notify(
        [person], "sharing.named", target, url="/id/plans/secret-name/", facts=FACTS, at=NOON
    )

    notices.send_waiting_mails(at=NOON)

    [letter] = mail.outbox
    [(html, _kind)] = letter.alternatives
    for text in (letter.subject, letter.body, html):
        assert "The plan" not in text
        assert "secret-name" not in text
    assert "There is something for you" in letter.body


def test_arabic_mail_is_in_arabic_and_runs_from_right_to_left():
    plan = PlanFactory()

    send(plan, reader_of(plan, language="ar"))

    [(html, kind)] = mail.outbox[0].alternatives
    assert kind == "text/html"
    assert '<html lang="ar" dir="rtl">' in html


def test_what_became_invisible_is_neither_mailed_nor_shown(client):
    plan = PlanFactory()
    person = sign_in(client, OrganisationFactory(place=PlaceFactory(country_code="ke")))
    plan.named_organisations.add(person.memberships.get().organisation)
    notices.notify([person], "sharing.named", plan, url="/x/", facts=FACTS, at=NOON)
    page = reverse("access:notices")
    assert "The plan" in client.get(page).content.decode()

    plan.named_organisations.clear()

    assert "The plan" not in client.get(page).content.decode()
    assert notices.send_waiting_mails(at=NOON) == 0


def test_opening_a_notice_marks_it_read_and_leads_to_its_page(client):
    plan = PlanFactory()
    person = sign_in(client, plan.owner)
    notice, other = (
        notices.notify([person], "sharing.named", plan, url="/there/", facts=FACTS, at=NOON)[0]
        for _ in range(2)
    )

    answer = client.post(reverse("access:follow_notice", args=[notice.pk]))

    assert answer.headers["Location"] == "/there/"
    assert list(Notice.objects.filter(read_at__isnull=True)) == [other]


def test_marking_all_as_read_leaves_the_notices_of_others(client):
    plan = PlanFactory()
    me, colleague = sign_in(client, plan.owner), reader_of(plan)
    notices.notify([me, colleague], "sharing.named", plan, url="/x/", facts=FACTS, at=NOON)

    client.post(reverse("access:mark_all_read"))

    unread = Notice.objects.filter(read_at__isnull=True)
    assert [notice.person for notice in unread] == [colleague]


def test_nobody_opens_the_notice_of_somebody_else(client):
    plan = PlanFactory()
    colleague = reader_of(plan)
    [notice] = notices.notify([colleague], "sharing.named", plan, url="/x/", facts=FACTS, at=NOON)
    sign_in(client, plan.owner)

    answer = client.post(reverse("access:follow_notice", args=[notice.pk]))

    assert answer.status_code == 404


def test_facts_are_written_as_the_reader_writes_days_and_numbers():
    notice = Notice(
        code="sharing.named", facts={"owner": 1234, "title": "x", "due_on": "2026-05-04"}
    )

    assert notices.text_of(notice) == "1,234 shares with you: x."


def test_unknown_and_doubled_codes_are_errors():
    with pytest.raises(notices.UnknownNoticeError, match="Known codes"):
        notices.notify([], "no.such", PlanFactory(), url="/", facts={}, at=NOON)
    with pytest.raises(notices.UnknownNoticeError, match="Two notices"):
        notices.register("sharing.named", "again")


def test_history_that_is_written_afterwards_tells_only_of_its_end():
    plan = PlanFactory()
    member = MembershipFactory(organisation=plan.owner).person
    days = [NOON - dt.timedelta(days=n) for n in (2, 1, 0)]

    with notices.told_from(days[1]):
        for day in days:
            notices.notify([member], "sharing.named", plan, url="/x/", facts=FACTS, at=day)
    notices.notify([member], "sharing.named", plan, url="/x/", facts=FACTS, at=days[0])

    assert [one.made_at for one in Notice.objects.order_by("pk")] == [days[1], days[2], days[0]]


def test_what_an_exercise_tells_carries_the_word_and_its_own_mail():
    plan = PlanFactory()
    person = reader_of(plan)
    exercise = IncidentFactory(owner=plan.owner, is_exercise=True)
    for target in (plan, exercise, TaskFactory(incident=exercise)):
        notices.notify([person], "sharing.named", target, url="/a/", facts=FACTS, at=NOON)

    assert notices.send_waiting_mails(at=NOON) == 2

    real, practice = mail.outbox
    assert "EXERCISE" not in real.subject + real.body
    assert practice.subject == "[EXERCISE] Tansiq: 2 notices for you"
    for text in (practice.body, practice.alternatives[0][0]):
        assert text.count("[EXERCISE] The city shares with you: The plan.") == 2
    assert [notices.text_of(one)[:10] for one in Notice.objects.order_by("pk")] == [
        "The city s",
        "[EXERCISE]",
        "[EXERCISE]",
    ]


def test_what_must_not_leave_in_mail_still_says_that_it_is_an_exercise():
    exercise = IncidentFactory(is_exercise=True, marking="amber+strict")
    notices.notify(
        [reader_of(exercise)], "sharing.named", exercise, url="/a/", facts=FACTS, at=NOON
    )

    notices.send_waiting_mails(at=NOON)

    [letter] = mail.outbox
    assert "[EXERCISE] There is something for you" in letter.body
