"""A local plan beside the national one: each national action and what answers it here."""

from collections import defaultdict
from dataclasses import dataclass

from tansiq.core.translations import show
from tansiq.plans.models import Action, Alignment, Pillar, Plan, Relation
from tansiq.plans.queries.matching import Matcher, OrphanLine, steps_of


@dataclass(frozen=True)
class Pair:
    """One line: a national action on one side, its local answers on the other."""

    national: Action
    links: list[Alignment]
    refusal: Alignment | None = None

    @property
    def is_open(self) -> bool:
        """Whether the place owes an answer: there is a role for it and it has not said a word."""
        return bool(self.national.local_role) and not self.links and self.refusal is None


@dataclass(frozen=True)
class PairGroup:
    pillar: Pillar
    pairs: list[Pair]


@dataclass(frozen=True)
class Beside:
    groups: list[PairGroup]
    without_role: list[Action]
    orphans: list[OrphanLine]
    choices: list[Action]

    @property
    def pairs(self) -> list[Pair]:
        return [pair for group in self.groups for pair in group.pairs]

    @property
    def open(self) -> int:
        return sum(pair.is_open for pair in self.pairs)


def beside_of(local: Plan, national: Plan) -> Beside:
    """Return both plans on common lines, in the order of the national one."""
    steps = steps_of(national)
    pillars = {one.objective.pillar_id: one.objective.pillar for one in steps}
    show(pillars.values(), "title", written_in=national.language)
    show(steps, "title", "local_role", written_in=national.language)
    given = _answers(local, national)
    pairs = [_pair(one, given[one.pk]) for one in steps if one.local_role or given[one.pk]]
    groups = [
        PairGroup(pillar, [one for one in pairs if one.national.objective.pillar_id == pk])
        for pk, pillar in pillars.items()
    ]
    return Beside(
        [group for group in groups if group.pairs],
        [one for one in steps if not one.local_role and not given[one.pk]],
        Matcher(national, steps).lines(orphans_in(local)),
        steps,
    )


def pair_of(local: Plan, national_action: Action) -> Pair:
    """Return one line anew, after it changed."""
    show([national_action], "title", "local_role", written_in=national_action.plan.language)
    return _pair(national_action, _answers(local, national_action.plan)[national_action.pk])


def _pair(national: Action, answers: list[Alignment]) -> Pair:
    links = [one for one in answers if one.relation != Relation.NOT_APPLICABLE]
    refusal = next((one for one in answers if one.relation == Relation.NOT_APPLICABLE), None)
    return Pair(national, links, refusal)


def _answers(local: Plan, national: Plan) -> dict[int, list[Alignment]]:
    rows = list(
        Alignment.objects.filter(national_action__plan=national, place=local.place_id)
        .select_related("local_action__plan__country")
        .order_by("pk")
    )
    own = [one.local_action for one in rows if one.local_action is not None]
    show(own, "title", written_in=local.language)
    found: dict[int, list[Alignment]] = defaultdict(list)
    for row in rows:
        # A place may have two plans under one national plan; each page speaks of its own.
        if row.local_action is None or row.local_action.plan_id == local.pk:
            found[row.national_action_id].append(row)
    return found


def orphans_in(local: Plan) -> list[Action]:
    """Return the actions of a local plan that answer no national one."""
    rows = (
        Action.objects.steps()
        .filter(plan=local, national_links__isnull=True)
        .select_related("plan__country", "objective", "lead")
        .order_by("position", "code", "pk")
    )
    found = list(rows)
    show(found, "title", written_in=local.language)
    return found
