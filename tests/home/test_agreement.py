"""What one person sees of one thing is the same wherever it is asked.

For every marking and every kind of reader: the list, the object, its children, the API, the
export, the search and the notice give one answer.
"""

import itertools

import pytest
from django.utils.timezone import now

from tansiq.access import notices
from tansiq.access.actions.tokens import make_token
from tansiq.access.actor import PASSER_BY, Actor
from tansiq.access.gate import can
from tansiq.access.models import Marking
from tansiq.access.queries import actor_for
from tansiq.home.queries.search import search
from tansiq.home.searchables import index_again
from tansiq.plans.models import Action, Activity, Plan
from tests.factories import (
    ActionFactory,
    ActivityFactory,
    MembershipFactory,
    OrganisationFactory,
    PlaceFactory,
    PlanFactory,
)

pytestmark = pytest.mark.django_db
READERS = ["member", "named", "same country", "other country", "named person", "overseer"]


@pytest.fixture
def people():
    """One reader of each kind, around an owner in Indonesia."""
    country, abroad = PlaceFactory(), PlaceFactory(country_code="ke", code="ke")
    bodies = {
        "member": OrganisationFactory(place=country),
        "named": OrganisationFactory(place=country),
        "same country": OrganisationFactory(place=country),
        "other country": OrganisationFactory(place=abroad),
        "named person": OrganisationFactory(place=abroad),
        "overseer": OrganisationFactory(place=country, kind="oversight"),
    }
    return {
        kind: MembershipFactory(
            organisation=body, role="overseer" if kind == "overseer" else "lead"
        ).person
        for kind, body in bodies.items()
    } | {"bodies": bodies}


def make_plans(people):
    """Make one plan of each marking, published and not, named to one body and one person."""
    plans = []
    for number, (marking, published) in enumerate(itertools.product(Marking.values, [None, now()])):
        plan = PlanFactory(
            owner=people["bodies"]["member"],
            marking=marking,
            published_at=published,
            title=f"Findable plan {number}",
        )
        plan.named_organisations.add(people["bodies"]["named"])
        plan.named_people.add(people["named person"])
        ActionFactory(plan=plan)
        plans.append(plan)
    return plans


@pytest.mark.parametrize("kind", READERS)
def test_list_object_children_api_search_and_notice_agree_on_plans(client, people, kind):
    plans = make_plans(people)
    index_again()
    person = people[kind]
    actor = actor_for(person, at=now())

    listed = set(Plan.objects.visible_to(actor))

    assert listed == {plan for plan in plans if can(actor, "plans.view", plan)}
    assert listed == {action.plan for action in Action.objects.visible_to(actor)}
    assert {plan.pk for plan in listed} == through_the_api(client, person)
    told = {plan for plan in plans if tell(person, plan)}
    assert listed == told
    found = {find.thing for find in search(actor, "findable", kind="plans.plan")}
    assert found == {plan for plan in listed if plan.marking != Marking.RED}


def test_a_passer_by_finds_exactly_what_is_published(people):
    plans = make_plans(people)
    index_again()

    listed = set(Plan.objects.visible_to(PASSER_BY))

    assert listed == {plan for plan in plans if plan.is_public}
    assert {find.thing for find in search(PASSER_BY, "findable", kind="plans.plan")} == listed


@pytest.mark.parametrize("kind", READERS)
def test_list_and_export_agree_on_activities(client, people, kind):
    plan = PlanFactory(owner=people["bodies"]["member"], marking="green")
    for number, marking in enumerate(Marking.values):
        activity = ActivityFactory(
            owner=people["bodies"]["member"], plan=plan, marking=marking, title=f"Unique{number}"
        )
        activity.named_organisations.add(people["bodies"]["named"])
        activity.named_people.add(people["named person"])
    person = people[kind]
    client.force_login(person)

    listed = {one.title for one in Activity.objects.visible_to(actor_for(person, at=now()))}
    answer = client.get("/activities/export/")

    exported = answer.content if answer.status_code == 200 else b""
    if not exported and answer.status_code == 200:
        exported = b"".join(answer.streaming_content)
    assert {f"Unique{n}" for n in range(5) if f"Unique{n}".encode() in exported} == listed


def test_red_is_in_no_index_even_for_whom_it_names(people):
    plan = PlanFactory(owner=people["bodies"]["member"], marking="red", title="Findable red")
    plan.named_people.add(people["member"])

    index_again()

    assert search(Actor.system("test"), "findable") == []


def test_tightening_to_red_takes_the_words_out_of_the_index(
    people, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        plan = PlanFactory(owner=people["bodies"]["member"], title="Findable once")
    assert search(Actor.system("test"), "findable") != []

    with django_capture_on_commit_callbacks(execute=True):
        plan.marking = "red"
        plan.save()

    assert search(Actor.system("test"), "findable") == []


def through_the_api(client, person):
    _token, secret = make_token(person, "x", by=Actor.system("test"), at=now())
    headers = {"authorization": f"Bearer {secret}"}
    rows = client.get("/api/1/plans?limit=200", headers=headers).json()["rows"]
    return {row["id"] for row in rows}


def tell(person, plan):
    return notices.notify([person], "test.told", plan, url="/", facts={}, at=now())


@pytest.fixture(autouse=True)
def _a_notice_to_test_with(monkeypatch):
    monkeypatch.setitem(notices._sentences, "test.told", "x")
