"""Everything the page of one action shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from tansiq.access.actor import Actor
from tansiq.access.models import OrganisationKind
from tansiq.core.translations import show, show_each
from tansiq.plans.models import Action, Activity, Alignment, Delivery, Indicator, Milestone, Plan
from tansiq.plans.queries.progress import tone_of
from tansiq.plans.queries.tree import ActionLine, Answers, answers_by_action, lead_words

_SOME = 5
NOTES = ("gender_note", "rights_note", "sustainability_note")


@dataclass(frozen=True)
class ActionPage:
    line: ActionLine
    supporting: list[str]
    milestones: list[Milestone]
    indicators: list[Indicator]
    activities: list[Activity]
    activity_count: int
    national: list[Alignment]
    notes: list[tuple[str, Any]]


def action_page(actor: Actor, action: Action, day: date) -> ActionPage:
    """Return what the page of an action shows, in the reader's language."""
    plan = action.plan
    show([action], "title", "local_role", *NOTES, written_in=plan.language)
    show([action.objective, action.objective.pillar], "title", written_in=plan.language)
    milestones = list(
        Milestone.objects.visible_to(actor).filter(action=action).order_by("due_on", "pk")
    )
    indicators = list(
        Indicator.objects.standing()
        .filter(objective=action.objective_id)
        .order_by("position", "code", "pk")
    )
    show([*milestones, *indicators], "title", written_in=plan.language)
    activities = Activity.objects.visible_to(actor).filter(action=action)
    latest: list[Any] = list(
        activities.select_related("place").order_by("-starts_on", "-pk")[:_SOME]
    )
    show_each(latest, "title", language_of=lambda one: str(one.language))
    answers = answers_by_action(plan).get(action.pk, Answers()) if plan.is_national else Answers()
    shown: dict[str, Any] = vars(action)["shown"]
    return ActionPage(
        ActionLine(action, tone_of(action, day), answers),
        _supporting(action),
        milestones,
        indicators,
        latest,
        activities.count(),
        _national_side(actor, action),
        [(name_of(name), shown[name]) for name in NOTES if getattr(action, name)],
    )


def name_of(field: str) -> str:
    """Return what people call a field of an action."""
    found: Any = Action._meta.get_field(field)
    return str(found.verbose_name)


def _supporting(action: Action) -> list[str]:
    named = [str(one) for one in action.supporting.order_by("name", "pk")]
    kinds = [
        str(OrganisationKind(one).label)
        for one in action.supporting_kinds
        if one in OrganisationKind.values
    ]
    return named + kinds


def _national_side(actor: Actor, action: Action) -> list[Alignment]:
    """Return what a local action answers above, as far as the reader sees it."""
    links = list(
        Alignment.objects.visible_to(actor)
        .filter(local_action=action)
        .select_related("national_action__plan__country")
        .order_by("pk")
    )
    for link in links:
        show([link.national_action], "title", written_in=link.national_action.plan.language)
    return links


@dataclass(frozen=True)
class AnswerRow:
    """One place's answer to a national action; the local plan only if the reader sees it."""

    alignment: Alignment
    local: Action | None
    lead: str


def answers_to(action: Action) -> QuerySet[Alignment]:
    """Return how places answered a national action, by name of the place."""
    rows: QuerySet[Alignment] = Alignment.objects.filter(national_action=action)
    return rows.select_related("place", "local_action__plan__country").order_by("place__name", "pk")


def answer_rows(actor: Actor, rows: Iterable[Alignment]) -> list[AnswerRow]:
    """Add the local action to each answer where its plan is visible to the reader."""
    rows = list(rows)
    plans = {one.local_action.plan_id for one in rows if one.local_action is not None}
    seen = set(Plan.objects.visible_to(actor).filter(pk__in=plans).values_list("pk", flat=True))
    return [_answer(one, one.local_action, seen) for one in rows]


def _answer(alignment: Alignment, local: Action | None, seen: set[int]) -> AnswerRow:
    if local is None or local.plan_id not in seen:
        return AnswerRow(alignment, None, "")
    return AnswerRow(alignment, local, lead_words(local))


def deliveries_of(actor: Actor, duty: Action) -> QuerySet[Delivery]:
    """Return to whom a duty is owed, the most overdue first."""
    rows: QuerySet[Delivery] = Delivery.objects.visible_to(actor).filter(action=duty)
    return rows.select_related("place").order_by("due_on", "place__name", "pk")
