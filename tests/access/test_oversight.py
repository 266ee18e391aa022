"""The overseer knows everything of the country and reads nothing without leaving a reason."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from tansiq.access.actions import oversight
from tansiq.access.actor import Role
from tansiq.access.log import record
from tansiq.access.models import BreakGlass, LogEntry, Notice
from tansiq.access.queries import actor_for, shared_kinds
from tansiq.plans.models import Plan
from tests.factories import (
    NOON,
    MembershipFactory,
    OrganisationFactory,
    PlaceFactory,
    PlanFactory,
    actor_of,
)
from tests.people import sign_in

# What the page itself asks.
OF_THE_PAGE = 9
pytestmark = pytest.mark.django_db
REASON = "A complaint of 3 May says that this plan names persons."


@pytest.fixture
def country():
    return PlaceFactory(country_code="id")


@pytest.fixture
def watch(country):
    return OrganisationFactory(kind="oversight", place=country)


@pytest.fixture
def sealed(country):
    owner = OrganisationFactory(place=country, name="The owner")
    return PlanFactory(owner=owner, marking="red", title="Secret words", purpose="For the holidays")


def test_register_shows_owner_marking_and_purpose_of_all_and_content_of_nothing(
    client, watch, sealed
):
    far = PlanFactory(owner=OrganisationFactory(place=PlaceFactory(country_code="ke")))
    record(actor_of(sealed.owner), "plans.edit", sealed, at=NOON)
    sign_in(client, watch, role=Role.OVERSEER)

    answer = client.get(reverse("access:oversight"), {"kind": "plan"})

    rows = {row["pk"]: row for row in answer.context["page"]}
    assert set(rows) == {sealed.pk}
    assert far.pk not in rows
    row = rows[sealed.pk]
    assert (row["owner__name"], row["marking"], row["entries"]) == ("The owner", "red", 1)
    page = answer.content.decode()
    assert "For the holidays" in page
    assert "Secret words" not in page


def test_register_narrows_by_marking_and_costs_the_same_for_more_rows(
    client, watch, country, django_assert_num_queries
):
    owner = OrganisationFactory(place=country)
    PlanFactory(owner=owner, marking="green")
    sign_in(client, watch, role=Role.OVERSEER)
    address = reverse("access:oversight")

    narrowed = client.get(address, {"kind": "plan", "marking": "red"})
    assert list(narrowed.context["page"]) == []
    # One count for each kind of thing that can be shared, and few for the page itself.
    cost = len(shared_kinds()) + OF_THE_PAGE
    with django_assert_num_queries(cost):
        client.get(address, {"kind": "plan"})
    PlanFactory.create_batch(3, owner=owner)
    with django_assert_num_queries(cost):
        client.get(address, {"kind": "plan"})


def test_sealed_thing_opens_with_a_reason_for_an_hour_and_the_leads_are_told(client, watch, sealed):
    lead = MembershipFactory(organisation=sealed.owner, role=Role.LEAD).person
    MembershipFactory(organisation=sealed.owner, role=Role.COORDINATOR)
    overseer = sign_in(client, watch, role=Role.OVERSEER)
    address = reverse("access:open_sealed", args=["plan", sealed.pk])
    page = reverse("access:sharing", args=["plan", sealed.pk])
    assert f'href="{address}"' in client.get(page).content.decode()
    assert client.get(page).status_code == 403

    short = client.post(address, {"reason": "Because."})
    assert "Write a whole sentence" in short.content.decode()
    assert not BreakGlass.objects.exists()
    client.post(address, {"reason": REASON})

    assert client.get(page).status_code == 200
    [notice] = Notice.objects.all()
    assert (notice.person, notice.facts["reason"]) == (lead, REASON)
    [entry] = LogEntry.objects.filter(rule="oversight.open")
    assert (entry.person_id, entry.target_id) == (overseer.pk, sealed.pk)
    assert entry.detail == {"reason": REASON}


def test_opening_closes_by_itself_and_opens_nothing_else(watch, sealed):
    other = PlanFactory(owner=sealed.owner, marking="red")
    person = MembershipFactory(organisation=watch, role=Role.OVERSEER).person
    oversight.open_sealed(sealed, reason=REASON, by=actor_for(person, at=NOON), at=NOON)

    during = actor_for(person, at=NOON + timedelta(minutes=59))
    after = actor_for(person, at=NOON + timedelta(minutes=60))

    assert set(Plan.objects.visible_to(during)) == {sealed}
    assert set(Plan.objects.visible_to(after)) == set()
    assert other.pk != sealed.pk


def test_opening_ends_with_the_term_of_the_overseer(watch, sealed):
    member = MembershipFactory(organisation=watch, role=Role.OVERSEER)
    oversight.open_sealed(sealed, reason=REASON, by=actor_for(member.person, at=NOON), at=NOON)

    member.delete()

    assert set(Plan.objects.visible_to(actor_for(member.person, at=NOON))) == set()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.OVERSEER])
def test_nobody_else_opens_or_reads_the_register(client, watch, sealed, role):
    sign_in(client, watch, role=role)

    answers = [
        client.get(reverse("access:oversight")),
        client.get(reverse("access:openings")),
        client.post(reverse("access:open_sealed", args=["plan", sealed.pk]), {"reason": REASON}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 404]
    assert not BreakGlass.objects.exists()


def test_overseer_of_another_country_does_not_learn_that_it_exists(client, sealed):
    far = OrganisationFactory(kind="oversight", place=PlaceFactory(country_code="ke"))
    sign_in(client, far, role=Role.OVERSEER)

    answer = client.get(reverse("access:open_sealed", args=["plan", sealed.pk]))

    assert answer.status_code == 404


def entries_of(answer):
    return {row["entry"].pk for row in answer.context["rows"]}


def test_log_is_read_by_those_it_concerns_and_narrowed(client, watch, sealed):
    far = PlanFactory(owner=OrganisationFactory(place=PlaceFactory(country_code="ke")))
    by = actor_of(sealed.owner)
    done = record(by, "plans.edit", sealed, at=NOON)
    refused = record(by, "refused:plans.adopt", sealed, at=NOON, detail={"why": "Only a lead."})
    early = record(by, "plans.edit", sealed, at=NOON - timedelta(days=40))
    record(by, "plans.edit", far, at=NOON)
    sign_in(client, watch, role=Role.OVERSEER)
    address = reverse("access:log")

    assert entries_of(client.get(address)) == {done.pk, refused.pk, early.pk}
    assert entries_of(client.get(address, {"refused": "on"})) == {refused.pk}
    assert entries_of(client.get(address, {"rule": "edit"})) == {done.pk, early.pk}
    assert entries_of(client.get(address, {"since": "2026-05-01"})) == {done.pk, refused.pk}
    assert entries_of(client.get(address, {"until": "2026-04-30"})) == {early.pk}
    assert "Only a lead." in client.get(address).content.decode()


def test_administrator_reads_the_log_of_what_the_organisation_owns_only(client, country, sealed):
    mine = PlanFactory(owner=OrganisationFactory(place=country))
    entry = record(actor_of(mine.owner), "plans.edit", mine, at=NOON)
    record(actor_of(sealed.owner), "plans.edit", sealed, at=NOON)
    sign_in(client, mine.owner, role=Role.ADMINISTRATOR)

    assert entries_of(client.get(reverse("access:log"))) == {entry.pk}


def test_export_holds_what_is_seen_is_safe_in_a_spreadsheet_and_is_recorded(client, watch, sealed):
    record(actor_of(sealed.owner), "=HYPERLINK(1)", sealed, at=NOON)
    overseer = sign_in(client, watch, role=Role.OVERSEER)

    answer = client.get(reverse("access:export_log"), {"kind": "plans.plan"})

    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["rule"], row["target_id"]) == ("'=HYPERLINK(1)", str(sealed.pk))
    [entry] = LogEntry.objects.filter(rule="export:log.view")
    assert (entry.person_id, entry.detail) == (overseer.pk, {"kind": "plans.plan"})


def test_log_of_one_thing_shows_its_entries_and_not_its_content(client, watch, sealed):
    entry = record(actor_of(sealed.owner), "plans.edit", sealed, at=now())
    record(actor_of(sealed.owner), "plans.edit", PlanFactory(owner=sealed.owner), at=now())
    sign_in(client, watch, role=Role.OVERSEER)

    answer = client.get(reverse("access:log_of_object", args=["plans.plan", sealed.pk]))

    assert entries_of(answer) == {entry.pk}
    assert "Secret words" not in answer.content.decode()
