"""What a plan consists of, in its order, with how each part stands and who answered it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import pgettext

from tansiq.access.models import Organisation, OrganisationKind
from tansiq.core.translations import show
from tansiq.plans.models import (
    Action,
    ActionKind,
    ActionStatus,
    Alignment,
    Objective,
    Pillar,
    Plan,
    Relation,
)
from tansiq.plans.queries.progress import Progress, progress_of, tone_of

LATE = "late"
_SHORT = 12


@dataclass(frozen=True)
class Answers:
    """How many places answered one national action, by how."""

    adopts: int = 0
    adapts: int = 0
    supports: int = 0
    not_applicable: int = 0

    @property
    def taken_up(self) -> int:
        return self.adopts + self.adapts + self.supports

    @property
    def total(self) -> int:
        return self.taken_up + self.not_applicable


NO_ANSWERS = Answers()


@dataclass(frozen=True)
class ActionLine:
    action: Action
    tone: str
    answers: Answers = NO_ANSWERS

    @property
    def is_late(self) -> bool:
        return self.tone == LATE

    @property
    def is_overdue(self) -> bool:
        """Whether its day has passed while its status says something else."""
        return self.is_late and self.action.status != ActionStatus.DELAYED

    @property
    def lead(self) -> str:
        return lead_words(self.action)


@dataclass(frozen=True)
class ObjectiveBlock:
    objective: Objective
    lines: list[ActionLine] = field(default_factory=list)


@dataclass(frozen=True)
class PillarBlock:
    pillar: Pillar
    objectives: list[ObjectiveBlock]
    progress: Progress
    # A long plan begins folded, but for its first pillar; what a reader looks for is open.
    opens: bool = True


@dataclass(frozen=True)
class Filter:
    """Which actions of a plan a reader wants to see."""

    status: str = ""
    lead: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.status or self.lead)

    def keeps(self, line: ActionLine) -> bool:
        wanted_status = not self.status or self.status in {line.tone, line.action.status}
        return wanted_status and self.lead in {"", lead_key(line.action)}


def filter_from(asked: dict[str, str]) -> Filter:
    """Read what stands in the address; an unknown status asks for nothing."""
    status = asked.get("status", "")
    known = status == LATE or status in ActionStatus.values
    return Filter(status if known else "", asked.get("lead", "")[:40])


def status_choices() -> list[tuple[str, str]]:
    """Return what a reader may ask for: late, and every status."""
    known = [(value, str(label)) for value, label in ActionStatus.choices]
    return [(LATE, pgettext("status", "Late")), *known]


def lead_words(action: Action) -> str:
    """Return who leads: the organisation, or while none is named the kind of body."""
    if action.lead is not None:
        return str(action.lead)
    return str(OrganisationKind(action.lead_kind).label) if action.lead_kind else ""


def lead_key(action: Action) -> str:
    return str(action.lead_id) if action.lead_id else action.lead_kind


def leads_of(actions: Iterable[Action]) -> list[tuple[str, str]]:
    """Return those who lead, as (key, words), for a choice."""
    found = {lead_key(action): lead_words(action) for action in actions}
    return sorted(((key, words) for key, words in found.items() if key), key=lambda one: one[1])


@dataclass(frozen=True)
class Tree:
    """A whole plan: its pillars with what is in them, and its progress before any filter."""

    pillars: list[PillarBlock]
    steps: list[Action]
    duties: list[Action]
    progress: Progress
    shown: int

    @property
    def late(self) -> int:
        return self.progress.late


def tree_of(plan: Plan, day: date, wanted: Filter = Filter()) -> Tree:
    """Return the plan's parts in their order, in the reader's language. Five queries."""
    pillars = list(Pillar.objects.standing().filter(plan=plan).order_by("position", "code", "pk"))
    objectives = list(
        Objective.objects.standing().filter(plan=plan).order_by("position", "code", "pk")
    )
    actions = list(
        Action.objects.standing()
        .filter(plan=plan)
        .select_related("lead")
        .order_by("position", "code", "pk")
    )
    show([*pillars, *objectives], "title", written_in=plan.language)
    show(actions, "title", "local_role", written_in=plan.language)
    steps = [action for action in actions if action.kind == ActionKind.STEP]
    answers = answers_by_action(plan) if plan.is_national else {}
    lines = [
        ActionLine(step, tone_of(step, day), answers.get(step.pk, NO_ANSWERS)) for step in steps
    ]
    kept = [line for line in lines if wanted.keeps(line)]
    return Tree(
        _blocks(pillars, objectives, kept, steps=steps, day=day, is_narrowed=wanted.is_narrowed),
        steps,
        [action for action in actions if action.kind == ActionKind.DUTY],
        progress_of(steps, day),
        len(kept),
    )


def _blocks(
    pillars: list[Pillar],
    objectives: list[Objective],
    lines: list[ActionLine],
    *,
    steps: list[Action],
    day: date,
    is_narrowed: bool,
) -> list[PillarBlock]:
    blocks = {objective.pk: ObjectiveBlock(objective, []) for objective in objectives}
    for line in lines:
        blocks[line.action.objective_id].lines.append(line)
    pillar_of = {objective.pk: objective.pillar_id for objective in objectives}
    made: list[PillarBlock] = []
    for pillar in pillars:
        own = [blocks[o.pk] for o in objectives if o.pillar_id == pillar.pk]
        shown = [block for block in own if block.lines or not is_narrowed]
        here = [step for step in steps if pillar_of[step.objective_id] == pillar.pk]
        if shown or not is_narrowed:
            opens = is_narrowed or not made or len(steps) <= _SHORT
            made.append(PillarBlock(pillar, shown, progress_of(here, day), opens))
    return made


def answers_by_action(plan: Plan) -> dict[int, Answers]:
    """Count the places that answered each action of a national plan, in one query."""
    rows = (
        Alignment.objects.filter(national_action__plan=plan)
        .values_list("national_action_id", "relation")
        .annotate(places=Count("place", distinct=True))
        .order_by()
    )
    counts: dict[int, Counter[str]] = {}
    for action_id, relation, places in rows:
        counts.setdefault(action_id, Counter())[relation] = places
    return {
        action_id: Answers(*(found[relation] for relation in Relation.values))
        for action_id, found in counts.items()
    }


def organisation_choices(plan: Plan) -> QuerySet[Organisation]:
    """Return the organisations of the plan's country that may lead or support an action."""
    rows: QuerySet[Organisation] = Organisation.objects.filter(
        country_code=plan.country.country_code, is_active=True
    )
    return rows.order_by("name", "pk")


def code_is_taken(model: Any, plan: Plan, code: str, *, but: int | None) -> bool:
    """Return whether another part of this kind has this code in the plan."""
    twins = model.objects.filter(plan=plan, code=code)
    return bool(twins.exclude(pk=but).exists())
