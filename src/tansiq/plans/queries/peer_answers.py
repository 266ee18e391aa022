"""How other places solved one objective: their actions, how those stand, what they wrote."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from tansiq.access.actor import Actor
from tansiq.core.translations import show, show_each
from tansiq.plans.matching.scoring import Candidates, LocalText
from tansiq.plans.models import (
    Action,
    Activity,
    Alignment,
    Milestone,
    Objective,
    Plan,
    Relation,
    Report,
)
from tansiq.plans.queries.matching import Reason, national_text, reasons_of
from tansiq.plans.queries.peers import Peer, Whom, latest_reports, whom_to_ask


@dataclass(frozen=True)
class PeerAction:
    """An action of another place; abroad it is found by what it is about, with the reason."""

    action: Action
    relation: str
    milestones: list[Milestone]
    activities: int
    reasons: list[Reason]

    @property
    def reached(self) -> int:
        return sum(one.reached_on is not None for one in self.milestones)

    @property
    def next_step(self) -> Milestone | None:
        return next((one for one in self.milestones if one.reached_on is None), None)


@dataclass(frozen=True)
class PeerAnswer:
    peer: Peer
    actions: list[PeerAction]
    # Under the national actions of the objective, at that place.
    activities: int
    report: Report | None
    whom: Whom


@dataclass(frozen=True)
class ObjectiveLine:
    """A national objective and how many like places have an action of their own under it."""

    objective: Objective
    places: int


def objectives_of(actor: Actor, national: Plan, peers: Iterable[Peer]) -> list[ObjectiveLine]:
    """Return the objectives of a national plan; two queries for any number of places."""
    objectives = list(
        Objective.objects.visible_to(actor)
        .filter(plan=national)
        .order_by("pillar__position", "pillar__code", "position", "code", "pk")
    )
    show(objectives, "title", written_in=national.language)
    links = Alignment.objects.visible_to(actor).filter(
        local_action__plan__in=[one.plan for one in peers], national_action__plan=national
    )
    counted = dict(
        links.exclude(relation=Relation.NOT_APPLICABLE)
        .values_list("national_action__objective")
        .annotate(n=Count("place", distinct=True))
        .order_by()
    )
    return [ObjectiveLine(one, counted.get(one.pk, 0)) for one in objectives]


def answers_to(actor: Actor, objective: Objective, peers: Iterable[Peer]) -> list[PeerAnswer]:
    """Return what these places do for an objective, in the order of the places.

    Places under the same national plan linked their actions to it. Those of other countries have
    a plan of their own; there the actions are shown that are about the same.
    """
    peers = list(peers)
    found = _linked(actor, objective, [one.plan for one in peers])
    abroad = [one.plan for one in peers if one.plan.parent_id != objective.plan_id]
    found.update(_alike(actor, objective, abroad))
    actions = [one for rows in found.values() for one, _relation, _reasons in rows]
    show_each(
        actions, "title", "sustainability_note", language_of=lambda one: str(one.plan.language)
    )
    milestones = _milestones(actor, actions)
    activities = _activities(actor, actions)
    answering = [one for one in peers if one.plan.pk in found]
    places = [one.plan.place_id for one in answering]
    reports, whom = latest_reports(actor, places), whom_to_ask(actor, places)
    national = _activities_at(actor, objective, places)
    return [
        PeerAnswer(
            one,
            [
                PeerAction(
                    action, relation, milestones[action.pk], activities.get(action.pk, 0), reasons
                )
                for action, relation, reasons in found[one.plan.pk]
            ],
            national.get(one.plan.place_id, 0),
            reports.get(one.plan.place_id),
            whom[one.plan.place_id],
        )
        for one in answering
    ]


_Found = dict[int, list[tuple[Action, str, list[Reason]]]]


def _linked(actor: Actor, objective: Objective, plans: list[Plan]) -> _Found:
    """Return the actions that places linked to actions of this objective, by plan."""
    rows = (
        Alignment.objects.visible_to(actor)
        .filter(national_action__objective=objective, local_action__plan__in=plans)
        .exclude(relation=Relation.NOT_APPLICABLE)
        .select_related("local_action__plan__country")
        .order_by("local_action__position", "local_action__code", "pk")
    )
    found: _Found = defaultdict(list)
    for row in rows:
        own = row.local_action
        if own is not None and own not in [one for one, _relation, _reasons in found[own.plan_id]]:
            found[own.plan_id].append((own, row.relation, []))
    return {pk: actions for pk, actions in found.items() if actions}


def _alike(actor: Actor, objective: Objective, plans: list[Plan]) -> _Found:
    """Return the actions in plans of other countries that are about what this objective is."""
    steps = (
        Action.objects.visible_to(actor)
        .steps()
        .filter(plan__in=plans)
        .select_related("plan__country", "objective__pillar", "lead")
        .order_by("plan", "position", "code", "pk")
    )
    by_plan: dict[int, list[Action]] = defaultdict(list)
    for one in steps:
        by_plan[one.plan_id].append(one)
    asked = _titles_under(objective) or [objective.title]
    found: _Found = {}
    for pk, rows in by_plan.items():
        matches = _matched(asked, objective.plan.language, rows)
        if matches:
            found[pk] = matches
    return found


def _titles_under(objective: Objective) -> list[str]:
    steps = Action.objects.steps().filter(objective=objective)
    return list(steps.order_by("position", "code").values_list("title", flat=True))


def _matched(
    asked: list[str], language: str, rows: list[Action]
) -> list[tuple[Action, str, list[Reason]]]:
    """Return the best action of a plan for each of the titles asked about, once each."""
    ready = Candidates(national_text(one, one.plan.language) for one in rows)
    by_pk = {one.pk: one for one in rows}
    best: dict[int, list[Reason]] = {}
    for title in asked:
        for one in ready.suggest(LocalText(title, language), most=1):
            best.setdefault(one.best.key, reasons_of(one.best.shared))
    return [(by_pk[pk], "", reasons) for pk, reasons in best.items()]


def _milestones(actor: Actor, actions: list[Action]) -> dict[int, list[Milestone]]:
    rows = list(
        Milestone.objects.visible_to(actor)
        .filter(action__in=actions)
        .select_related("action__plan")
        .order_by("due_on", "pk")
    )
    show_each(rows, "title", language_of=lambda one: str(one.action.plan.language))
    found: dict[int, list[Milestone]] = defaultdict(list)
    for row in rows:
        found[row.action_id].append(row)
    return found


def _activities(actor: Actor, actions: list[Action]) -> dict[int, int]:
    rows = Activity.objects.visible_to(actor).countable().filter(action__in=actions)
    return dict(rows.values_list("action").annotate(n=Count("pk")).order_by())


def _activities_at(actor: Actor, objective: Objective, places: list[int]) -> dict[int, int]:
    rows = Activity.objects.visible_to(actor).countable()
    rows = rows.filter(place__in=places, action__objective=objective)
    return dict(rows.values_list("place").annotate(n=Count("pk")).order_by())
