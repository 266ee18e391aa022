"""A nation with a plan of one objective and two actions, and two provinces, for tests of pages."""

from dataclasses import dataclass

from django.urls import reverse

from tansiq.access.models import Organisation, Place
from tansiq.plans.models import Action, Objective, Plan
from tests.factories import (
    ActionFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PillarFactory,
    PlaceFactory,
    PlanFactory,
)


@dataclass
class Nation:
    country: Place
    body: Organisation
    plan: Plan
    objective: Objective
    train: Action
    talk: Action
    east: Organisation
    west: Organisation

    def at(self, name, *more):
        """Return the address of a page of the national plan."""
        return reverse(f"plans:{name}", args=["id", self.plan.slug, *more])


def make_nation(**fields) -> Nation:
    """Return a nation whose plan is under way and green; nobody has a local plan yet."""
    country = PlaceFactory(code="id", name="Indonesia")
    body = OrganisationFactory(place=country, is_lead_of_place=True, name="National body")
    details = {"marking": "green", "slug": "nap", "title": "National plan"} | fields
    plan = PlanFactory(owner=body, **details)
    pillar = PillarFactory(plan=plan, code="1", title="Prevention")
    objective = ObjectiveFactory(plan=plan, pillar=pillar, code="1.1", title="Schools")
    role = "The city takes part."
    train, talk = (
        ActionFactory(plan=plan, objective=objective, code=code, title=title, local_role=role)
        for code, title in (("1.1.1", "Train teachers"), ("1.1.2", "Talk with parents"))
    )
    east, west = (
        OrganisationFactory(
            place=PlaceFactory(parent=country, code=code, name=name),
            is_lead_of_place=True,
            name=f"Government of {name}",
        )
        for code, name in (("id-ji", "East Java"), ("id-jb", "West Java"))
    )
    return Nation(country, body, plan, objective, train, talk, east, west)


def local_plan(nation, lead, **fields):
    """Return an empty plan of a province under the national one."""
    details = {"parent": nation.plan, "kind": "provincial", "marking": "green"} | fields
    return PlanFactory(owner=lead, country=nation.country, **details)


def local_action(plan, **fields):
    """Return an action of a local plan, with a pillar and an objective of its own."""
    objective = ObjectiveFactory(plan=plan, pillar=PillarFactory(plan=plan))
    return ActionFactory(plan=plan, objective=objective, **fields)
