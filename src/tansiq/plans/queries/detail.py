"""Everything the page of one plan shows."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Sum

from tansiq.access.actor import Actor
from tansiq.core.translations import show
from tansiq.plans.models import ActivityTotal, Fact, Indicator, Plan, Stage
from tansiq.plans.queries.figures import IndicatorLine, periods_of
from tansiq.plans.queries.figures import lines_of as indicator_lines
from tansiq.plans.queries.listing import Line
from tansiq.plans.queries.listing import lines_of as plan_lines
from tansiq.plans.queries.next_steps import next_steps
from tansiq.plans.queries.owed import duty_lines
from tansiq.plans.queries.reach import reach_of
from tansiq.plans.queries.tree import Filter, leads_of, status_choices, tree_of

_SOME = 8


def detail_page(actor: Actor, plan: Plan, wanted: Filter, *, at: datetime) -> dict[str, Any]:
    """Return the page of a plan; the number of queries does not grow with its size."""
    day = at.date()
    show([plan], "title", "summary", "legal_instrument", written_in=plan.language)
    tree = tree_of(plan, day, wanted)
    duties = duty_lines(tree.duties, day)
    context: dict[str, Any] = {
        "plan": plan,
        "tree": tree,
        "wanted": wanted,
        "status_choices": status_choices(),
        "leads": leads_of(tree.steps),
        "duties": duties,
        "next_steps": next_steps(actor, plan, tree, duties, day=day),
        "indicators": figures_of(actor, plan),
        "activities": activities_of(plan),
        "facts": facts_of(plan),
    }
    if plan.is_national:
        context |= {"reach": reach_of(plan, at=at), "locals": local_plans(actor, plan, day)}
    elif plan.parent_id is not None:
        context["national"] = Plan.objects.visible_to(actor).filter(pk=plan.parent_id).first()
        context["stage"] = Stage.objects.filter(
            plan=plan.parent_id, place=plan.place_id, is_latest=True
        ).first()
    return context


def figures_of(actor: Actor, plan: Plan) -> list[IndicatorLine]:
    """Return the plan's own indicators, and for a local plan what its place answers above."""
    plans = [plan.pk]
    if plan.parent_id is not None:
        above = Plan.objects.visible_to(actor).filter(pk=plan.parent_id)
        plans += above.values_list("pk", flat=True)
    indicators = list(
        Indicator.objects.standing()
        .filter(plan__in=plans)
        .select_related("plan__country")
        .order_by("position", "code", "pk")
    )
    periods = periods_of(plan.parent_id or plan.pk) if indicators else []
    return indicator_lines(indicators, plan.place, periods, is_whole=plan.is_national)


def facts_of(plan: Plan) -> list[Fact]:
    """Return what is publicly known about a plan, in the reader's language."""
    facts: list[Any] = list(Fact.objects.filter(plan=plan).order_by("position", "pk"))
    show(facts, "title", written_in=plan.language)
    return facts


@dataclass(frozen=True)
class Counts:
    activities: int
    people_reached: int


def activities_of(plan: Plan) -> Counts:
    """Count the activities at a plan's place and below, from the kept totals.

    An activity of a city may stand under its own plan or under the national one.
    """
    plans = {plan.pk, plan.parent_id} - {None}
    totals = ActivityTotal.objects.filter(plan__in=plans, place=plan.place_id).aggregate(
        activities=Sum("activities", default=0), people_reached=Sum("people_reached", default=0)
    )
    return Counts(**totals)


@dataclass(frozen=True)
class Locals:
    lines: list[Line]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


def local_plans(actor: Actor, plan: Plan, day: date) -> Locals:
    """Return the first local plans under a national one that the actor sees, and how many."""
    seen = Plan.objects.visible_to(actor).filter(parent=plan)
    first = seen.select_related("place", "country", "owner").order_by("place__name", "pk")[:_SOME]
    return Locals(plan_lines(first, day), seen.count())
