"""The road map: phases, critical dates, how far places came, and who was trained."""

import datetime as dt
from collections import Counter

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tansiq.access.actor import Actor
from tansiq.access.models import LogEntry
from tansiq.plans.models import KeyDate, Phase, Plan, TrainedRole, Training, TrainingGoal
from tansiq.plans.queries.roadmap import road_of
from tansiq.plans.queries.training import Capacity, capacity_of, security_share
from tests.factories import (
    TODAY,
    KeyDateFactory,
    MilestoneFactory,
    OrganisationFactory,
    PhaseFactory,
    PlaceFactory,
    PlanFactory,
    StageFactory,
    TrainingFactory,
    TrainingGoalFactory,
    actor_of,
)
from tests.people import sign_in
from tests.plans.nation import make_nation

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("test")


def days(number):
    return TODAY + dt.timedelta(days=number)


def test_phase_says_how_many_places_have_come_as_far_as_it_leads():
    plan = PlanFactory()
    for stage in ("none", "drafting", "adopted", "under_way", "reviewed"):
        StageFactory(plan=plan, place=PlaceFactory(parent=plan.place), name=stage)
    over = PhaseFactory(plan=plan, starts_on=days(-90), ends_on=days(-1), leads_to="adopted")
    here = PhaseFactory(plan=plan, starts_on=days(-9), ends_on=days(90), leads_to="none")
    ahead = PhaseFactory(plan=plan, starts_on=days(91), ends_on=days(99))

    first, second, third = road_of(SYSTEM, plan, day=TODAY).phases

    assert [first.phase, second.phase, third.phase] == [over, here, ahead]
    assert (first.reached, first.spread.places, first.is_behind, first.when) == (3, 5, True, "past")
    assert (second.reached, second.is_behind, second.when) == (5, False, "now")
    assert (third.said, third.when, third.elapsed) == ("", "ahead", 0)
    assert "3 of 5" in first.said


def test_phase_that_reached_every_place_is_done():
    plan = PlanFactory()
    StageFactory(plan=plan, place=PlaceFactory(parent=plan.place), name="funded")
    PhaseFactory(plan=plan, starts_on=days(-90), ends_on=days(-1), leads_to="adopted")

    [line] = road_of(SYSTEM, plan, day=TODAY).phases

    assert (line.tone, line.is_behind) == ("done", False)


def test_road_lists_what_is_late_first_and_forgets_what_is_reached():
    nation = make_nation()
    plan = nation.plan
    action = plan.actions.steps().first()
    late = MilestoneFactory(action=action, due_on=days(-3), title="Signed", is_critical=True)
    MilestoneFactory(action=action, due_on=days(-9), reached_on=days(-10), title="Drafted")
    budget = KeyDateFactory(plan=plan, on=days(30), title="Budget closes")
    KeyDateFactory(plan=plan, on=days(-30), title="Elections")

    road = road_of(SYSTEM, plan, day=TODAY)

    assert [(one.label, one.tone) for one in road.next_days] == [
        (late.title, "late"),
        (budget.title, "risk"),
    ]
    assert {one.label for one in road.days} == {"Signed", "Drafted", "Budget closes", "Elections"}
    assert [one.label for one in road.late] == ["Signed"]
    assert "2 critical dates" in road.message


def test_local_road_shows_the_national_phases_only_to_who_may_read_that_plan():
    nation = PlanFactory(marking="amber")
    PhaseFactory(plan=nation, title="Nation wide")
    local = PlanFactory(
        parent=nation, kind="city", marking="green", place=PlaceFactory(parent=nation.place)
    )
    reader = actor_of(local.owner)

    assert [one.phase.title for one in road_of(SYSTEM, local, day=TODAY).above] == ["Nation wide"]
    assert road_of(reader, local, day=TODAY).above == []


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(TrainedRole.values),
            st.integers(0, 2),
            st.integers(1, 500),
            st.none() | st.integers(0, 500),
            st.sampled_from(["own", "below", "hidden", "red"]),
        ),
        max_size=12,
    ),
    goals=st.dictionaries(
        st.tuples(st.sampled_from(TrainedRole.values), st.integers(0, 2)),
        st.integers(1, 300),
        max_size=5,
    ),
)
def test_people_trained_equal_a_naive_count_of_what_is_seen(world, rows, goals):
    plan, plans, places, reader = world
    Training.objects.all().delete()
    TrainingGoal.objects.all().delete()
    for role, level, people, women, whose in rows:
        TrainingFactory(
            plan=plans[whose],
            place=places[level],
            role=role,
            people=people,
            women=None if women is None else min(women, people),
        )
    for (role, level), people in goals.items():
        TrainingGoalFactory(plan=plan, role=role, level=level, people=people)

    capacity = capacity_of(reader, plan, day=TODAY)

    counted, women, known = Counter(), 0, 0
    for role, level, people, some, whose in rows:
        if whose in {"own", "below"}:
            counted[role, level] += people
            women += 0 if some is None else min(some, people)
            known += 0 if some is None else people
    told = {
        (row.role, level): cell.trained
        for row in capacity.rows
        for (level, _name), cell in zip(capacity.levels, row.cells, strict=True)
        if cell.trained
    }
    assert told == dict(counted)
    assert (capacity.trained, capacity.women) == (sum(counted.values()), women)
    assert capacity.women_known == known
    assert capacity.wanted == sum(goals.values())
    assert capacity.towards == sum(min(n, counted[key]) for key, n in goals.items())


@pytest.fixture
def world():
    """A national plan, a local plan that is seen, one that is hidden, a RED one, and a reader."""
    country = PlaceFactory()
    region = PlaceFactory(parent=country)
    city = PlaceFactory(parent=region)
    owner = OrganisationFactory(place=country, is_lead_of_place=True)
    plan = PlanFactory(place=country, owner=owner, marking="green")
    stranger = OrganisationFactory(place=PlaceFactory(parent=country))
    below = {"parent": plan, "kind": "city"}
    plans = {
        "own": plan,
        "below": PlanFactory(**below, place=region, owner=owner, marking="green"),
        "hidden": PlanFactory(**below, place=city, owner=stranger, marking="amber+strict"),
        "red": PlanFactory(**below, place=city, owner=owner, marking="red"),
    }
    return plan, plans, [country, region, city], actor_of(owner)


def test_warning_when_security_is_most_of_those_trained():
    plan = PlanFactory()
    TrainingFactory(plan=plan, role="security", people=51)
    TrainingFactory(plan=plan, role="faith", people=50)
    most = capacity_of(SYSTEM, plan, day=TODAY)
    TrainingFactory(plan=plan, role="youth", people=1)
    half = capacity_of(SYSTEM, plan, day=TODAY)

    assert security_share(most)
    assert security_share(half) == ""
    assert isinstance(half, Capacity)
    assert set(half.missing) == {"elected leaders", "women's groups"}


def test_page_costs_the_same_for_one_phase_and_for_many(client, flat_queries):
    nation = make_nation()
    sign_in(client, nation.body, "coordinator")

    def grow():
        PhaseFactory(plan=nation.plan)
        KeyDateFactory(plan=nation.plan)
        TrainingFactory(plan=nation.plan)
        MilestoneFactory(action=nation.plan.actions.steps().first())

    flat_queries(lambda: client.get(nation.at("roadmap")), add_row=grow, cost=21)


KINDS = {
    "phase": (
        Phase,
        {"title": "Begin", "kind": "capacity", "starts_on": "2026-01-01", "ends_on": "2026-06-30"},
    ),
    "date": (KeyDate, {"title": "Budget closes", "on": "2026-10-01", "why": "Next year's money"}),
    "goal": (
        TrainingGoal,
        {"role": "elected", "level": "0", "people": "40", "by_on": "2026-12-31"},
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_parts_of_the_road_are_added_changed_and_removed(client, kind):
    nation = make_nation()
    sign_in(client, nation.body, "coordinator")
    model, typed = KINDS[kind]

    added = client.post(nation.at("road_add", kind), typed)
    part = model.objects.get(plan=nation.plan)
    shown = client.get(nation.at("roadmap"))
    name = next(iter(typed))
    new = {"title": "Changed", "role": "heads"}[name]
    changed = client.post(
        nation.at("road_change", kind, part.pk),
        typed | {name: new, f"initial-{name}": typed[name], "revision": part.revision},
    )
    part.refresh_from_db()
    asked = client.get(nation.at("road_remove", kind, part.pk))
    removed = client.post(nation.at("road_remove", kind, part.pk))

    assert [one.status_code for one in (added, shown, changed, asked, removed)] == [
        302, 200, 302, 200, 302,
    ]  # fmt: skip
    assert getattr(part, name) == new
    assert not model.objects.filter(plan=nation.plan).exists()
    verb = model._meta.model_name
    assert {one.rule for one in LogEntry.objects.all()} >= {
        f"plans.add_{verb}", f"plans.edit_{verb}", f"plans.remove_{verb}",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "wrong", "field"),
    [
        ("phase", {"ends_on": "2025-01-01"}, "ends_on"),
        ("phase", {"kind": "war"}, "kind"),
        ("date", {"on": ""}, "on"),
        ("goal", {"people": "0"}, None),
        ("goal", {"people": "-4"}, "people"),
        ("goal", {"level": "9"}, "level"),
    ],
)
def test_nonsense_is_refused_at_its_field(client, kind, wrong, field):
    nation = make_nation()
    sign_in(client, nation.body, "coordinator")
    model, typed = KINDS[kind]

    answer = client.post(nation.at("road_add", kind), typed | wrong)

    assert answer.status_code == 422
    if field:
        assert set(answer.context["form"].errors) == {field}
    assert not model.objects.exists()


def test_second_goal_for_the_same_role_and_level_is_refused(client):
    nation = make_nation()
    sign_in(client, nation.body, "coordinator")
    _model, typed = KINDS["goal"]
    client.post(nation.at("road_add", "goal"), typed)

    again = client.post(nation.at("road_add", "goal"), typed)

    assert again.status_code == 422
    assert TrainingGoal.objects.count() == 1


def test_second_editor_of_a_phase_is_told(client):
    nation = make_nation()
    sign_in(client, nation.body, "coordinator")
    phase = PhaseFactory(plan=nation.plan, title="As it was")
    typed = KINDS["phase"][1] | {"initial-title": "As it was", "revision": phase.revision}
    address = nation.at("road_change", "phase", phase.pk)
    client.post(address, typed | {"title": "Theirs"})

    answer = client.post(address, typed | {"title": "Mine"})

    assert answer.status_code == 409
    assert Phase.objects.get(pk=phase.pk).title == "Theirs"


def test_training_is_entered_by_contributors_as_numbers_and_not_ahead_of_time(client):
    nation = make_nation()
    sign_in(client, nation.body, "contributor")
    typed = {
        "title": "First response",
        "role": "elected",
        "place": nation.plan.place_id,
        "on": TODAY.isoformat(),
        "days": "2",
        "people": "12",
        "women": "5",
    }
    address = nation.at("training_add")

    bad = [
        client.post(address, typed | one).status_code
        for one in ({"women": "13"}, {"on": "2999-01-01"}, {"people": "0"}, {"place": "0"})
    ]
    good = client.post(address, typed)
    training = Training.objects.get()
    changed = client.post(
        nation.at("training_change", training.pk), typed | {"people": "13", "revision": "1"}
    )

    assert bad == [422] * 4
    assert (good.status_code, changed.status_code) == (302, 302)
    assert Training.objects.get().people == 13
    assert "First response" in client.get(nation.at("training")).content.decode()


def test_drawing_is_for_coordinators_and_reading_for_who_sees_the_plan(client):
    nation = make_nation()
    phase = PhaseFactory(plan=nation.plan)
    training = TrainingFactory(plan=nation.plan)
    drawing = [
        nation.at("road_add", "phase"),
        nation.at("road_change", "phase", phase.pk),
        nation.at("road_remove", "phase", phase.pk),
    ]
    entering = [nation.at("training_add"), nation.at("training_change", training.pk)]
    codes = {}
    for role in ("viewer", "contributor", "coordinator"):
        sign_in(client, nation.body, role)
        codes[role] = [
            {client.get(one).status_code for one in group} for group in (drawing, entering)
        ]
    Plan.objects.filter(pk=nation.plan.pk).update(marking="amber+strict")
    sign_in(client, OrganisationFactory(), "lead")
    hidden = {client.get(one).status_code for one in (nation.at("roadmap"), nation.at("training"))}

    assert codes == {
        "viewer": [{403}, {403}],
        "contributor": [{403}, {200}],
        "coordinator": [{200}, {200}],
    }
    assert hidden == {404}


def test_table_leaves_with_tags_and_is_logged_and_red_does_not(client):
    nation = make_nation()
    sign_in(client, nation.body, "coordinator")
    TrainingFactory(plan=nation.plan, title="=Course", people=7)
    TrainingFactory(plan=nation.plan, title="Other", role="faith")

    answer = client.get(nation.at("training_file"), {"role": "officials"})
    Plan.objects.filter(pk=nation.plan.pk).update(marking="red")
    nation.plan.named_people.add(answer.wsgi_request.user)
    red = client.get(nation.at("training_file"))

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("#date,#activity+name")
    assert "'=Course" in lines[2]
    assert LogEntry.objects.get(rule="export:plans.view").detail["rows"] == 1
    assert red.status_code == 403


def test_address_of_an_unknown_kind_is_not_found(client):
    nation = make_nation()
    sign_in(client, nation.body, "coordinator")

    address = reverse("plans:road_add", args=[nation.plan.country.code, nation.plan.slug, "war"])
    assert client.get(address).status_code == 404
