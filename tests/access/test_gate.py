"""The gate against a truth table written down here once more, straight from the house's sentence.

CLEAR: anyone, once published. GREEN: every member organisation of the community, which is the
country's network, or the hub's countries when the owner says so; not public. AMBER: the owner,
the named organisations and the bodies under them that a recipient added. AMBER+STRICT: the owner
and the named organisations only. RED: the named persons only. The overseer knows that a thing of
the country exists, and reads it only after a break-glass.
"""

import itertools
from dataclasses import dataclass, replace

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tansiq.access import gate
from tansiq.access.actor import PASSER_BY, Actor
from tansiq.access.gate import SealedError, can, fetch, open_to_all, rule, rule_names
from tansiq.access.models import LogEntry
from tansiq.access.queries import actor_for
from tansiq.access.querysets import SharedQuerySet
from tansiq.access.verdict import YES, no
from tansiq.plans.models import Pillar, Plan
from tests.factories import (
    NOON,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    PillarFactory,
    PlaceFactory,
    PlanFactory,
)

MARKINGS = ("clear", "green", "amber", "amber+strict", "red")
# Two countries share a hub; the third stands alone. The owner is "owner" (or the hub itself).
COUNTRY = {
    "owner": "id",
    "named": "id",
    "under": "id",
    "other": "id",
    "watch": "id",
    "near": "my",
    "far": "ke",
    "far watch": "ke",
    "hub": "",
}
IN_HUB = {"id", "my"}


@dataclass(frozen=True)
class State:
    """How one thing is shared."""

    marking: str
    owner: str = "owner"
    is_published: bool = False
    is_hub_wide: bool = False
    names: frozenset[str] = frozenset()
    handed_on: frozenset[str] = frozenset()
    names_person: bool = False


@dataclass(frozen=True)
class Asker:
    """Who asks: (organisation, role) pairs, or nothing at all for a passer-by."""

    roles: frozenset[tuple[str, str]] = frozenset()
    is_the_named_person: bool = False
    opened: bool = False

    @property
    def watches(self) -> set[str]:
        """The oversight bodies; an overseer's role counts only where one of these gave it."""
        return {body for body, role in self.roles if role == "overseer" and "watch" in body}

    @property
    def takes_part(self) -> bool:
        return bool(self.watches) or any(role != "overseer" for _body, role in self.roles)


def may_read(asker: Asker, state: State) -> bool:
    if state.marking == "clear" and state.is_published:
        return True
    if asker.opened and may_oversee(asker, state):
        return True
    if state.marking == "red":
        return state.names_person and asker.is_the_named_person and asker.takes_part
    member_of = {body for body, role in asker.roles if role != "overseer"}
    recipients = {state.owner} | state.names
    if state.marking == "amber":
        recipients |= state.handed_on
    in_reach = state.marking in {"clear", "green"}
    return bool(recipients & member_of) or (
        in_reach and any(in_community(body, state) for body in member_of)
    )


def in_community(body: str, state: State) -> bool:
    if state.owner == "hub":
        return body == "hub" or COUNTRY[body] in IN_HUB
    if COUNTRY[body] == COUNTRY[state.owner]:
        return True
    reaches_hub = body == "hub" or COUNTRY[body] in IN_HUB
    return state.is_hub_wide and COUNTRY[state.owner] in IN_HUB and reaches_hub


def may_oversee(asker: Asker, state: State) -> bool:
    watched = {COUNTRY[body] for body in asker.watches}
    if state.owner == "hub":
        return bool(watched & IN_HUB)
    return COUNTRY[state.owner] in watched


def may_know(asker: Asker, state: State) -> bool:
    return may_read(asker, state) or may_oversee(asker, state)


def names(*bodies):
    return [frozenset(some) for size in range(2) for some in itertools.combinations(bodies, size)]


STATES = [
    State(*one)
    for one in itertools.product(
        MARKINGS,
        ("owner", "hub"),
        (True, False),
        (True, False),
        [*names("named", "far"), frozenset({"named", "far"})],
        names("under"),
        (True, False),
    )
]
ROLES = ("viewer", "contributor", "coordinator", "lead", "administrator", "overseer")
ASKERS = [
    Asker(),
    Asker(is_the_named_person=True),
    *(
        Asker(frozenset({(body, role)}), is_the_named_person=named, opened=opened)
        for body, role, named, opened in itertools.product(
            COUNTRY, ("viewer", "administrator", "overseer"), (True, False), (True, False)
        )
    ),
]


class World:
    """The bodies above, one thing with children, and people with any roles."""

    def __init__(self):
        countries = {
            code: PlaceFactory(country_code=code, code=code) for code in ("id", "my", "ke")
        }
        kinds = {"watch": "oversight", "far watch": "oversight", "hub": "hub"}
        self.bodies = {
            name: OrganisationFactory(
                kind=kinds.get(name, "city"), place=countries.get(code), country_code=code
            )
            for name, code in COUNTRY.items()
        }
        self.bodies["hub"].countries.set([countries["id"], countries["my"]])
        # A hub that closed opens nothing any more.
        closed = OrganisationFactory(kind="hub", place=None, is_active=False)
        closed.countries.set(countries.values())
        self.named_person = PersonFactory()
        self.somebody = PersonFactory()
        self.country = countries["id"]

    def thing(self, state: State) -> Plan:
        owner = self.bodies[state.owner]
        plan = PlanFactory(owner=owner, place=self.country)
        return self.share(plan, state)

    def share(self, plan: Plan, state: State) -> Plan:
        plan.owner = self.bodies[state.owner]
        plan.marking = state.marking
        plan.is_hub_wide = state.is_hub_wide
        plan.published_at = NOON if state.is_published else None
        plan.save()
        plan.named_organisations.set(self.bodies[name] for name in state.names)
        plan.handed_on_to.set(self.bodies[name] for name in state.handed_on)
        plan.named_people.set([self.named_person] if state.names_person else [])
        return plan

    def actor(self, asker: Asker, *things: Plan) -> Actor:
        if not asker.roles and not asker.is_the_named_person:
            return PASSER_BY
        person = self.named_person if asker.is_the_named_person else self.somebody
        person.memberships.all().delete()
        for body, role in asker.roles:
            MembershipFactory(person=person, organisation=self.bodies[body], role=role)
        opened = {("plans.plan", plan.pk) for plan in things} if asker.opened else ()
        return replace(actor_for(person, at=NOON), unsealed=frozenset(opened))


def disagreements(world: World, things: dict[State, Plan]) -> list[tuple[Asker, str, State]]:
    """Return every answer of the gate's lists that the truth table does not give."""
    found = []
    by_pk = {plan.pk: state for state, plan in things.items()}
    for asker in ASKERS:
        actor = world.actor(asker, *things.values())
        for name, oracle in (("visible_to", may_read), ("known_to", may_know)):
            rows = getattr(Plan.objects, name)(actor).values_list("pk", flat=True)
            given_ = {by_pk[pk] for pk in rows}
            due = {state for state in STATES if oracle(asker, state)}
            found += [(asker, name, state) for state in given_ ^ due]
        children = Pillar.objects.visible_to(actor).values_list("plan", flat=True)
        due = {state for state in STATES if may_read(asker, state)}
        found += [(asker, "children", state) for state in {by_pk[pk] for pk in children} ^ due]
    return found


def all_things(world: World) -> dict[State, Plan]:
    """Make one thing for each state, in a few large writes."""
    plans = Plan.objects.bulk_create(
        PlanFactory.build(
            owner=world.bodies[state.owner],
            place=world.country,
            country=world.country,
            marking=state.marking,
            is_hub_wide=state.is_hub_wide,
            published_at=NOON if state.is_published else None,
        )
        for state in STATES
    )
    things = dict(zip(STATES, plans, strict=True))
    Pillar.objects.bulk_create(Pillar(plan=plan, code="1", title="One") for plan in plans)
    for field in ("named_organisations", "handed_on_to"):
        through = getattr(Plan, field).through
        through.objects.bulk_create(
            through(plan=plan, organisation=world.bodies[name])
            for state, plan in things.items()
            for name in (state.names if field == "named_organisations" else state.handed_on)
        )
    through = Plan.named_people.through
    through.objects.bulk_create(
        through(plan=plan, person=world.named_person)
        for state, plan in things.items()
        if state.names_person
    )
    return things


@pytest.fixture
def world(db):
    return World()


def test_lists_and_children_agree_with_the_truth_table_for_every_marking_and_role(world):
    things = all_things(world)

    wrong = disagreements(world, things)

    assert wrong == []


def plant_amber_strict_handed_on(patch):
    whole = SharedQuerySet._open_to_member

    def leaky(self, actor):
        handed_on = self._names("handed_on_to", organisation__in=actor.organisation_ids)
        return whole(self, actor) | (Q(marking="amber+strict") & handed_on)

    patch.setattr(SharedQuerySet, "_open_to_member", leaky)


def plant_red_for_the_owner(patch):
    whole = SharedQuerySet._open_to_member
    patch.setattr(
        SharedQuerySet,
        "_open_to_member",
        lambda self, actor: whole(self, actor) | Q(owner__in=actor.organisation_ids),
    )


def plant_unpublished_clear_for_all(patch):
    whole = SharedQuerySet._open_to
    patch.setattr(
        SharedQuerySet, "_open_to", lambda self, actor: whole(self, actor) | Q(marking="clear")
    )


def plant_green_for_passers_by(patch):
    whole = SharedQuerySet._open_to
    patch.setattr(
        SharedQuerySet,
        "_open_to",
        lambda self, actor: whole(self, actor) | Q(marking="green", published_at__isnull=False),
    )


def plant_overseer_reads_at_once(patch):
    whole = SharedQuerySet._open_to
    patch.setattr(
        SharedQuerySet,
        "_open_to",
        lambda self, actor: whole(self, actor) | Q(owner__country_code__in=actor.overseen),
    )


def plant_children_ignore_their_parent(patch):
    patch.setattr(type(Pillar.objects.all()), "visible_to", lambda self, actor: self)


def plant_hub_wide_without_asking(patch):
    whole = SharedQuerySet._open_to_member

    def leaky(self, actor):
        near = Q(marking="green", owner__country_code__in=actor.hub_countries)
        return whole(self, actor) | near

    patch.setattr(SharedQuerySet, "_open_to_member", leaky)


@pytest.mark.parametrize(
    "plant",
    [
        plant_amber_strict_handed_on,
        plant_red_for_the_owner,
        plant_unpublished_clear_for_all,
        plant_green_for_passers_by,
        plant_overseer_reads_at_once,
        plant_children_ignore_their_parent,
        plant_hub_wide_without_asking,
    ],
)
def test_the_truth_table_catches_a_planted_fault(world, monkeypatch, plant):
    things = all_things(world)
    plant(monkeypatch)

    assert disagreements(world, things) != []


bodies_and_roles = st.frozensets(
    st.tuples(st.sampled_from(sorted(COUNTRY)), st.sampled_from(ROLES)), max_size=3
)
askers = st.builds(Asker, bodies_and_roles, st.booleans(), st.booleans())
some_bodies = st.frozensets(st.sampled_from(sorted(COUNTRY)), max_size=3)
states = st.builds(
    State,
    st.sampled_from(MARKINGS),
    st.sampled_from(["owner", "hub", "far"]),
    st.booleans(),
    st.booleans(),
    some_bodies,
    some_bodies,
    st.booleans(),
)


@pytest.fixture
def anything_visible(monkeypatch):
    """Make a rule that refuses nobody, so that only visibility decides."""
    monkeypatch.setitem(gate._rules, "tests.see", lambda actor, target: YES)
    return "tests.see"


@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(asker=askers, state=states)
def test_list_object_children_and_fetch_give_one_answer(world, anything_visible, asker, state):
    if not hasattr(world, "plan"):
        world.plan = PlanFactory(owner=world.bodies["owner"], place=world.country)
        world.pillar = PillarFactory(plan=world.plan)
    plan = world.share(world.plan, state)
    actor = world.actor(asker, plan)

    answers = {
        "list": Plan.objects.visible_to(actor).exists(),
        "object": bool(can(actor, anything_visible, plan)),
        "child list": Pillar.objects.visible_to(actor).exists(),
        "child": bool(can(actor, anything_visible, world.pillar)),
        "fetch": fetched(actor, anything_visible, plan),
        "fetch child": fetched(actor, anything_visible, world.pillar),
    }

    assert answers == dict.fromkeys(answers, may_read(asker, state))
    assert Plan.objects.known_to(actor).exists() == may_know(asker, state)
    assert Pillar.objects.known_to(actor).exists() == may_know(asker, state)


def fetched(actor, name, target):
    try:
        return fetch(actor, name, type(target), pk=target.pk) == target
    except (Http404, SealedError):
        return False


def test_a_named_person_whose_terms_are_over_reads_nothing_red(world):
    plan = world.thing(State("red", names_person=True))
    MembershipFactory(
        person=world.named_person, organisation=world.bodies["owner"], ends_on=NOON.date()
    )
    tomorrow = NOON.replace(day=NOON.day + 1)

    today, later = (actor_for(world.named_person, at=moment) for moment in (NOON, tomorrow))

    assert set(Plan.objects.visible_to(today)) == {plan}
    assert set(Plan.objects.visible_to(later)) == set()


def test_fetch_hides_what_one_may_not_know_and_names_what_one_oversees(world, anything_visible):
    plan = world.thing(State("amber"))
    stranger = world.actor(Asker(frozenset({("far", "lead")})))
    with pytest.raises(Http404):
        fetch(stranger, anything_visible, Plan, pk=plan.pk)

    overseer = world.actor(Asker(frozenset({("watch", "overseer")})))
    with pytest.raises(SealedError, match="open it with a reason"):
        fetch(overseer, anything_visible, Plan, pk=plan.pk)

    refusals = LogEntry.objects.order_by("pk").values_list("rule", "target_id", "detail")
    assert list(refusals) == [("refused:tests.see", plan.pk, {"why": "not visible"})] * 2


def test_fetch_tells_the_reason_of_a_refusal_and_logs_it(world, monkeypatch):
    plan = world.thing(State("clear", is_published=True))
    monkeypatch.setitem(gate._rules, "tests.no", lambda actor, target: no("Not on a Sunday."))

    with pytest.raises(PermissionDenied, match=r"Not on a Sunday\."):
        fetch(PASSER_BY, "tests.no", Plan, pk=plan.pk)

    [entry] = LogEntry.objects.all()
    assert (entry.rule, entry.detail) == ("refused:tests.no", {"why": "Not on a Sunday."})


def test_fetch_of_what_does_not_exist_leaves_no_trace(world, anything_visible):
    with pytest.raises(Http404):
        fetch(PASSER_BY, anything_visible, Plan, pk=0)

    assert not LogEntry.objects.exists()


def test_two_rules_of_one_name_and_an_unknown_rule_are_errors(world):
    taken = rule_names()[0]
    with pytest.raises(gate.UnknownRuleError, match="Two rules"):
        rule(taken)(lambda actor, target: YES)
    with pytest.raises(gate.UnknownRuleError, match="Known rules"):
        can(PASSER_BY, "plans.fly", world.thing(State("clear", is_published=True)))


def test_open_to_all_keeps_the_reason_on_the_view():
    view = open_to_all("nothing secret")(lambda request: None)

    assert view.__dict__["open_to_all"] == "nothing secret"


def test_seeing_a_list_costs_one_query_and_an_object_one_more(
    world, anything_visible, django_assert_num_queries
):
    plan = world.thing(State("amber"))
    actor = world.actor(Asker(frozenset({("owner", "lead")})))

    with django_assert_num_queries(1):
        assert list(Plan.objects.visible_to(actor)) == [plan]
    with django_assert_num_queries(1):
        assert can(actor, anything_visible, plan)
    with django_assert_num_queries(1):
        assert fetch(actor, anything_visible, Plan, pk=plan.pk) == plan


def test_looking_up_one_child_never_lists_all_visible_parents(world):
    actor = world.actor(Asker(frozenset({("owner", "lead")})))

    queries = [
        str(Pillar.objects.visible_to(actor).query),
        str(Pillar.objects.known_to(actor).query),
    ]

    assert [query.count('plan_id" IN (SELECT') for query in queries] == [0, 0]
    assert all("EXISTS(SELECT" in query for query in queries)


def test_the_system_sees_all_and_says_why(world):
    things = {world.thing(state) for state in STATES[:40]}

    assert set(Plan.objects.visible_to(Actor.system("nightly count"))) == things
