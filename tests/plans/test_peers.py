"""Places like ours: why they are alike, how they solved an objective, never more than is shared."""

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tansiq.access.actor import PASSER_BY
from tansiq.access.models import Marking, Place
from tansiq.plans.models import Plan
from tansiq.plans.queries.peer_answers import answers_to
from tansiq.plans.queries.peers import LIKENESSES, peer_lines, peers_of, wanted_from, whom_to_ask
from tests.factories import (
    NOON,
    ActivityFactory,
    AlignmentFactory,
    ContactFactory,
    MilestoneFactory,
    OrganisationFactory,
    PeriodFactory,
    PlaceFactory,
    PlanFactory,
    ReportFactory,
    StageFactory,
    actor_of,
)
from tests.people import sign_in
from tests.plans.nation import local_action, local_plan, make_nation

pytestmark = pytest.mark.django_db
ALL = tuple(LIKENESSES)


@pytest.fixture
def nation():
    return make_nation()


@pytest.fixture
def ours(nation):
    return local_plan(nation, nation.east, slug="ours")


@pytest.fixture
def theirs(nation):
    return local_plan(nation, nation.west, slug="theirs")


def settle(place, **fields):
    Place.objects.filter(pk=place.pk).update(**fields)


def alike(actor, place, wanted=ALL):
    """Return in which ways each place is like this one, by its code."""
    place.refresh_from_db()
    return {one.place.code: set(one.alike) for one in peers_of(actor, place, wanted)}


def test_place_is_alike_by_kind_size_stage_and_region(nation, ours):
    stages = {"id-ji-a": "funded", "id-ji-b": "drafting", "id-jb-c": "funded"}
    for code, stage in stages.items():
        above = nation.east.place if code.startswith("id-ji") else nation.west.place
        city = OrganisationFactory(place=PlaceFactory(parent=above, code=code))
        local_plan(nation, city)
        StageFactory(plan=nation.plan, place=city.place, name=stage)
        settle(city.place, population=500_000 if code == "id-jb-c" else 90_000)
    mine = Place.objects.get(code="id-ji-a")
    settle(mine, population=100_000)

    found = alike(actor_of(nation.east), mine)

    assert found == {
        "id-ji-b": {"kind", "size", "region"},
        "id-jb-c": {"kind", "stage"},
    }


def test_only_the_likenesses_that_were_chosen_count(nation, ours, theirs):
    actor = actor_of(nation.east)
    settle(ours.place, population=100)
    settle(theirs.place, population=1000)

    assert alike(actor, ours.place, ("kind",)) == {"id-jb": {"kind"}}
    assert alike(actor, ours.place, ("size",)) == {}
    assert wanted_from(["size", "nonsense"]) == ("size",)
    assert wanted_from([]) == ALL


def test_sentences_say_why_a_place_is_alike(client, nation, ours, theirs):
    settle(ours.place, population=1_000_000)
    settle(theirs.place, population=1_200_000)
    sign_in(client, nation.east)

    page = client.get(reverse("plans:peers", args=["id-ji"])).content.decode()

    assert "It is a province, too." in page
    assert "About as many people live there: 1.2" in page


def test_place_without_population_is_never_called_of_similar_size(nation, ours, theirs):
    settle(theirs.place, population=1000)

    assert alike(actor_of(nation.east), ours.place) == {"id-jb": {"kind"}}


def other_country(nation, **fields):
    """Return the plan of a province in another country of the same hub."""
    country = PlaceFactory(code="ph", country_code="ph", name="Philippines")
    hub = OrganisationFactory(kind="hub", place=None)
    hub.countries.set([nation.country, country])
    body = OrganisationFactory(place=PlaceFactory(parent=country, code="ph-01"))
    above = make_plan(OrganisationFactory(place=country), country)
    details = {"marking": "green", "is_hub_wide": True, "parent": above} | fields
    return make_plan(body, country, **details)


def make_plan(owner, country, **fields):
    kind = "provincial" if fields else "national"
    return PlanFactory(owner=owner, country=country, kind=kind, **fields)


def test_place_of_another_country_is_shown_only_if_it_shares_with_the_hub(nation, ours):
    far = other_country(nation)
    actor = actor_of(nation.east)

    assert alike(actor, ours.place) == {"ph-01": {"kind", "hub"}}
    assert alike(actor, ours.place, ("kind",)) == {}
    Plan.objects.filter(pk=far.pk).update(is_hub_wide=False)
    assert alike(actor, ours.place) == {}


def test_objective_shows_what_others_linked_and_how_it_stands(client, nation, ours, theirs):
    did = local_action(
        theirs, title="Teachers meet", status="done", sustainability_note="In the budget."
    )
    AlignmentFactory(
        national_action=nation.train, place=theirs.place, local_action=did, relation="adapts"
    )
    MilestoneFactory(action=did, reached_on="2026-02-01")
    MilestoneFactory(action=did, title="Second round")
    ActivityFactory(plan=theirs, action=did, marking="green")
    ActivityFactory(plan=theirs, action=did, marking="red")
    sign_in(client, nation.east)

    answer = client.get(reverse("plans:peers_objective", args=["id", "ours", "1.1"]))

    [found] = answer.context["page"]
    [one] = found.actions
    assert (one.action, one.relation, one.reached, one.activities) == (did, "adapts", 1, 1)
    page = answer.content.decode()
    assert "1 of 2 milestones reached" in page
    assert "In the budget." in page


def test_objective_finds_actions_of_another_country_by_what_they_are_about(nation, ours):
    far = other_country(nation, language="fil")
    same = local_action(far, title="Sanayin ang mga guro sa paaralan")
    local_action(far, title="Ayusin ang tulay")
    actor = actor_of(nation.east)

    peers = peers_of(actor, ours.place, ALL)
    [found] = answers_to(actor, nation.objective, peers)

    [one] = found.actions
    assert (one.action, one.relation) == (same, "")
    assert one.reasons


def test_report_is_shown_where_the_reader_may_read_it(nation, ours, theirs):
    period = PeriodFactory(plan=nation.plan)
    shared = ReportFactory(
        period=period, place=theirs.place, owner=nation.west, status="accepted", marking="green"
    )
    actor = actor_of(nation.east)

    def shown():
        return [one.report for one in peer_lines(actor, peers_of(actor, ours.place, ALL))]

    assert shown() == [shared]
    for hidden in ({"marking": "amber"}, {"marking": "green", "status": "draft"}):
        type(shared).objects.filter(pk=shared.pk).update(**hidden)
        assert shown() == [None]


def test_asking_leads_to_the_office_and_counts_only_standing_contacts(nation, ours, theirs):
    ContactFactory(organisation=nation.west)
    ContactFactory(organisation=nation.west, withdrawn_at=NOON)
    actor = actor_of(nation.east)

    [line] = peer_lines(actor, peers_of(actor, ours.place, ALL))
    public = whom_to_ask(PASSER_BY, [theirs.place_id])[theirs.place_id]

    assert (line.whom.office, line.whom.contacts) == (nation.west, 1)
    assert (public.office, public.contacts) == (None, 0)
    assert peer_lines(PASSER_BY, peers_of(actor, ours.place, ALL)) == []


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    marking=st.sampled_from(Marking.values),
    is_hub_wide=st.booleans(),
    is_published=st.booleans(),
    is_abroad=st.booleans(),
    wanted=st.sets(st.sampled_from(ALL), min_size=1),
    who=st.sampled_from(["east", "body", "far", "passer-by"]),
)
def test_nothing_is_ever_shown_that_the_gate_hides(
    shared_nation, marking, is_hub_wide, is_published, is_abroad, wanted, who
):
    nation, ours, near, far, actors = shared_nation
    plan = far if is_abroad else near
    Plan.objects.filter(pk=plan.pk).update(
        marking=marking, is_hub_wide=is_hub_wide, published_at=NOON if is_published else None
    )
    actor = actors[who]

    peers = peers_of(actor, ours.place, tuple(wanted))
    answers = answers_to(actor, nation.objective, peers)

    seen = set(Plan.objects.visible_to(actor).values_list("pk", flat=True))
    assert {one.plan.pk for one in peers} <= seen
    assert {one.action.plan_id for row in answers for one in row.actions} <= seen
    for line in peer_lines(actor, peers):
        assert line.report is None or type(line.report).objects.visible_to(actor).filter(
            pk=line.report.pk
        )


@pytest.fixture
def shared_nation(nation, ours, theirs):
    """A nation with a place near by and one abroad, both with actions; and who may ask."""
    far = other_country(nation, language="fil")
    for plan in (theirs, far):
        local_action(plan, title="Sanayin ang mga guro sa paaralan")
    linked = local_action(theirs, title="Teachers meet")
    AlignmentFactory(
        national_action=nation.train, place=theirs.place, local_action=linked, relation="adopts"
    )
    actors = {
        "east": actor_of(nation.east),
        "body": actor_of(nation.body),
        "far": actor_of(far.owner),
        "passer-by": PASSER_BY,
    }
    return nation, ours, theirs, far, actors


def test_page_costs_the_same_for_many_places(client, nation, ours, flat_queries):
    sign_in(client, nation.east)

    def add_row():
        place = PlaceFactory(parent=nation.country)
        body = OrganisationFactory(place=place, is_lead_of_place=True)
        plan = local_plan(nation, body)
        AlignmentFactory(
            national_action=nation.train,
            place=place,
            local_action=local_action(plan),
            relation="adopts",
        )

    peers = reverse("plans:plan_peers", args=["id", "ours"])
    objective = reverse("plans:peers_objective", args=["id", "ours", "1.1"])
    flat_queries(lambda: client.get(peers), add_row=add_row, cost=PEERS_COST)
    flat_queries(lambda: client.get(objective), add_row=add_row, cost=OBJECTIVE_COST)


PEERS_COST, OBJECTIVE_COST = 22, 23


def test_place_without_a_plan_still_finds_places_like_it(client, nation, theirs):
    sign_in(client, nation.east)

    answer = client.get(reverse("plans:peers", args=["id-ji"]))

    assert [line.peer.place.code for line in answer.context["lines"]] == ["id-jb"]
    assert answer.context["objectives"] == []


def test_national_plan_shows_how_all_places_solved_an_objective(client, nation, theirs):
    did = local_action(theirs, title="Teachers meet")
    AlignmentFactory(
        national_action=nation.train, place=theirs.place, local_action=did, relation="adapts"
    )
    sign_in(client, nation.body)

    answer = client.get(nation.at("peers_objective", "1.1"))

    assert [row.peer.place.code for row in answer.context["page"]] == ["id-jb"]
    assert answer.context["place"] is None


def test_unknown_objective_is_not_found(client, nation, ours):
    sign_in(client, nation.east)

    assert client.get(reverse("plans:peers_objective", args=["id", "ours", "9"])).status_code == 404


def test_activities_count_where_they_are_whoever_planned_them(nation, ours, theirs):
    did = local_action(theirs, title="Teachers meet")
    AlignmentFactory(
        national_action=nation.train, place=theirs.place, local_action=did, relation="adapts"
    )
    for marking in ("green", "green", "amber"):
        ActivityFactory(plan=nation.plan, action=nation.train, place=theirs.place, marking=marking)
    actor = actor_of(nation.east)
    peers = peers_of(actor, ours.place, ALL)

    [line] = peer_lines(actor, peers)
    [answer] = answers_to(actor, nation.objective, peers)

    assert (line.activities, answer.activities) == (2, 2)


def test_kind_stands_in_for_a_size_that_is_not_known(nation, ours, theirs):
    [peer] = peers_of(actor_of(nation.east), ours.place, ("size",))

    assert peer.reasons == ["How many people live there is not entered; it is a province, too."]
