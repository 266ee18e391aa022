"""Markings, named readers and handing on: what each step gives, to whom, and what is refused."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from tansiq.access.actions import sharing
from tansiq.access.actor import Role
from tansiq.access.gate import can
from tansiq.access.models import LogEntry, Marking, Notice
from tansiq.access.queries import actor_for
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

pytestmark = pytest.mark.django_db


@pytest.fixture
def country():
    return PlaceFactory(country_code="id")


def body(country, **more):
    return OrganisationFactory(place=PlaceFactory(parent=country), **more)


def reads(actor, plan):
    return Plan.objects.visible_to(actor).filter(pk=plan.pk).exists()


def told():
    rows = Notice.objects.order_by("pk").values_list("code", "person__memberships__organisation")
    return list(rows)


def test_naming_an_organisation_lets_its_members_read_and_tells_its_coordinators(country):
    owner, named = body(country), body(country)
    plan = PlanFactory(owner=owner, marking=Marking.AMBER_STRICT)
    viewer, coordinator = actor_of(named, Role.VIEWER), actor_of(named, Role.COORDINATOR)
    assert not reads(viewer, plan)

    sharing.name_organisation(plan, named, by=actor_of(owner), at=NOON)

    assert reads(viewer, plan)
    assert [notice.person_id for notice in Notice.objects.all()] == [coordinator.person_id]
    [entry] = LogEntry.objects.filter(rule="sharing.name")
    assert entry.detail == {"organisation": named.pk}


def test_handing_on_reaches_bodies_under_a_named_one_and_tells_the_owner(country):
    owner, named = body(country), body(country)
    under = body(country, parent=body(country, parent=named))
    plan = PlanFactory(owner=owner)
    plan.named_organisations.add(named)
    actor = actor_of(named, Role.COORDINATOR)
    reader, _owner_lead = actor_of(under), actor_of(owner)
    assert can(actor, "sharing.hand_on", plan)

    sharing.hand_on(plan, under, by=actor, at=NOON)

    assert reads(reader, plan)
    assert set(told()) == {("sharing.named", under.pk), ("sharing.handed_on", owner.pk)}


def test_handing_on_is_refused_to_bodies_that_stand_elsewhere(country):
    owner, named, elsewhere = body(country), body(country), body(country)
    plan = PlanFactory(owner=owner)
    plan.named_organisations.add(named)

    with pytest.raises(sharing.SharingError, match="bodies that stand under yours"):
        sharing.hand_on(plan, elsewhere, by=actor_of(named), at=NOON)

    assert not reads(actor_of(elsewhere), plan)


@pytest.mark.parametrize("marking", [m for m in Marking if m not in {Marking.AMBER, Marking.RED}])
def test_only_amber_can_be_handed_on(country, marking):
    named = body(country)
    plan = PlanFactory(owner=body(country), marking=marking)
    plan.named_organisations.add(named)

    verdict = can(actor_of(named), "sharing.hand_on", plan)

    assert "TLP:AMBER" in verdict.reason


def test_tightening_takes_from_those_it_was_handed_on_to_and_loosening_does_not_give_it_back(
    country,
):
    owner, named = body(country), body(country)
    under = body(country, parent=named)
    plan = PlanFactory(owner=owner)
    plan.named_organisations.add(named)
    by = actor_of(owner)
    sharing.hand_on(plan, under, by=actor_of(named), at=NOON)

    for marking in (Marking.AMBER_STRICT, Marking.AMBER):
        sharing.change_marking(plan, marking=marking, is_hub_wide=False, by=by, at=NOON)
        assert not reads(actor_of(under), plan)
        assert reads(actor_of(named), plan)


def test_who_marks_red_is_named_and_other_members_of_the_owner_lose_it(country):
    owner = body(country)
    plan = PlanFactory(owner=owner)
    mine, colleague = actor_of(owner), actor_of(owner)

    sharing.change_marking(plan, marking=Marking.RED, is_hub_wide=True, by=mine, at=NOON)

    assert (reads(mine, plan), reads(colleague, plan)) == (True, False)
    assert plan.is_hub_wide is False


def test_the_last_person_named_cannot_be_taken_off(country):
    owner = body(country)
    first = MembershipFactory(organisation=owner).person
    second = MembershipFactory(organisation=owner).person
    plan = PlanFactory(owner=owner, marking=Marking.RED)
    by = actor_for(first, at=NOON)
    plan.named_people.add(first, second)

    sharing.unname_person(plan, second, by=by, at=NOON)
    with pytest.raises(sharing.SharingError, match="Name somebody else first"):
        sharing.unname_person(plan, first, by=by, at=NOON)

    assert list(plan.named_people.all()) == [first]


def test_taking_an_organisation_off_takes_whom_only_it_added(country):
    owner, first, second = body(country), body(country), body(country)
    under_first, under_second = body(country, parent=first), body(country, parent=second)
    plan = PlanFactory(owner=owner)
    plan.named_organisations.add(first, second)
    plan.handed_on_to.add(under_first, under_second)

    sharing.unname_organisation(plan, first, by=actor_of(owner), at=NOON)

    assert set(plan.named_organisations.all()) == {second}
    assert set(plan.handed_on_to.all()) == {under_second}


@pytest.mark.parametrize(
    ("now", "then", "hub", "loosens"),
    [
        ("amber", "amber+strict", False, False),
        ("amber", "red", False, False),
        ("green", "green", False, False),
        ("amber", "green", False, True),
        ("red", "amber+strict", False, True),
        ("green", "clear", False, True),
        ("green", "green", True, True),
    ],
)
def test_loosening_is_told_from_tightening(now, then, hub, loosens):
    plan = PlanFactory.build(owner=OrganisationFactory(), marking=now, country=None)

    assert sharing.is_loosening(plan, marking=then, is_hub_wide=hub) is loosens


def mark(client, plan, marking):
    address = reverse("access:change_marking", args=["plan", plan.pk])
    return client.post(address, {"marking": marking})


def test_a_coordinator_tightens_but_only_a_lead_loosens(client, country):
    owner = body(country)
    plan = PlanFactory(owner=owner, marking="amber")
    sign_in(client, owner, role=Role.COORDINATOR)

    tightened = mark(client, plan, "amber+strict")
    loosened = mark(client, plan, "amber")

    assert (tightened.status_code, loosened.status_code) == (302, 403)
    assert "Only a lead of the owner" in loosened.content.decode()
    sign_in(client, owner, role=Role.LEAD)
    assert mark(client, plan, "amber").status_code == 302
    plan.refresh_from_db()
    assert plan.marking == "amber"


def test_somebody_else_cannot_change_who_reads(client, country):
    named = body(country)
    plan = PlanFactory(owner=body(country))
    plan.named_organisations.add(named)
    sign_in(client, named, role=Role.ADMINISTRATOR)
    other = body(country)

    answers = [
        mark(client, plan, "red"),
        client.post(
            reverse("access:name_organisation", args=["plan", plan.pk]),
            {"name-organisation": other.pk},
        ),
        client.post(reverse("access:unname_organisation", args=["plan", plan.pk, named.slug])),
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert set(plan.named_organisations.all()) == {named}


def test_the_page_names_exactly_those_who_read(client, country):
    owner, named = body(country), body(country)
    under = body(country, parent=named)
    plan = PlanFactory(owner=owner)
    plan.named_organisations.add(named)
    plan.handed_on_to.add(under)
    sign_in(client, owner)

    readers = client.get(reverse("access:sharing", args=["plan", plan.pk])).context["readers"]

    assert (readers.owner, readers.organisations, readers.handed_on) == (owner, [named], [under])
    assert readers.people == []


def test_naming_by_the_page_lets_read_and_offers_only_whom_one_knows(client, country):
    owner, known = body(country), body(country)
    foreign = OrganisationFactory(place=PlaceFactory(country_code="ke"))
    plan = PlanFactory(owner=owner)
    sign_in(client, owner)
    address = reverse("access:name_organisation", args=["plan", plan.pk])

    refused = client.post(address, {"name-organisation": foreign.pk})
    accepted = client.post(address, {"name-organisation": known.pk})

    assert (refused.status_code, accepted.status_code) == (422, 302)
    assert set(plan.named_organisations.all()) == {known}


def test_rules_refuse_before_the_action_is_reached(country):
    owner = body(country)
    plan = PlanFactory(owner=owner)
    viewer = actor_of(owner, Role.VIEWER)

    reasons = {name: can(viewer, name, plan).reason for name in ("sharing.mark", "sharing.name")}

    assert all(reason.startswith("Only a coordinator of the owner") for reason in reasons.values())


@pytest.mark.parametrize(
    ("marking", "said"),
    [
        ("clear", "Every member of the network may read this."),
        ("green", "Every member of the network may read this."),
        ("amber", "and of the bodies they add may read this."),
        ("amber+strict", "and of the organisations named may read this."),
        ("red", "Only the persons named may read this."),
    ],
)
def test_fragment_says_in_plain_words_who_may_read(country, marking, said):
    plan = PlanFactory(owner=body(country), marking=marking)

    shown = render_to_string("access/_sharing.html", {"thing": plan})

    assert said in " ".join(shown.split())
    assert f"TLP:{marking.upper()}" in shown
    assert reverse("access:sharing", args=["plan", plan.pk]) in shown


def test_fragment_says_that_what_is_published_clear_is_for_everybody(country):
    plan = PlanFactory(owner=body(country), marking="clear", published_at=NOON)

    assert "Everybody may read this." in render_to_string("access/_sharing.html", {"thing": plan})
