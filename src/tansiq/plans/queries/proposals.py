"""Proposals as a page lists them: gathered by objective, narrowed, with who supports them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from tansiq.access.actor import Actor, Role
from tansiq.core.translations import show_each, translations_of
from tansiq.plans.models import (
    Action,
    Contribution,
    Objective,
    Plan,
    Proposal,
    ProposalStatus,
    Support,
)
from tansiq.plans.queries.versions.content import find, read
from tansiq.plans.queries.wording import in_readers_language

WAITING, LATE, MINE = "waiting", "late", "mine"


@dataclass(frozen=True)
class Wanted:
    """What a reader looks for among the proposals."""

    text: str = ""
    status: str = ""
    objective: int | None = None
    level: int | None = None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.status or self.objective or self.level)


def wanted_from(asked: Mapping[str, str]) -> Wanted:
    """Read what stands in the address; what is unknown asks for nothing."""
    status = asked.get("status", "")
    known = status in {WAITING, LATE, MINE, *ProposalStatus.values}
    return Wanted(
        text=asked.get("q", "")[:100],
        status=status if known else "",
        objective=_number(asked.get("objective", "")),
        level=_number(asked.get("level", "")),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= len("2147483647") - 1 else None


def proposals_of(actor: Actor, plan: Plan, wanted: Wanted, day: date) -> QuerySet[Proposal]:
    """Return the proposals of a plan, by objective, those with most support first."""
    rows: QuerySet[Proposal] = Proposal.objects.visible_to(actor).filter(plan=plan)
    if wanted.text:
        rows = rows.filter(Q(title__icontains=wanted.text) | Q(place__name__icontains=wanted.text))
    if wanted.objective:
        rows = rows.filter(Q(objective=wanted.objective) | Q(action__objective=wanted.objective))
    if wanted.level:
        rows = rows.filter(place__level=wanted.level)
    rows = _with_status(rows, wanted.status, actor, day)
    return (
        rows.annotate(
            about=Coalesce("action__objective__position", "objective__position"),
            about_pk=Coalesce("action__objective", "objective"),
            support_count=Count("supports", distinct=True),
            merged_count=Count("merged", distinct=True),
        )
        .select_related("place", "owner", "plan__country", "action", "merged_into")
        .order_by(F("about").asc(nulls_first=True), "about_pk", "-support_count", "-sent_at", "-pk")
    )


def _with_status(
    rows: QuerySet[Proposal], status: str, actor: Actor, day: date
) -> QuerySet[Proposal]:
    waiting = rows.filter(status__in=("sent", "considered"))
    if status == WAITING:
        return waiting
    if status == LATE:
        return waiting.filter(answer_due_on__lt=day)
    if status == MINE:
        return rows.filter(owner__in=actor.organisation_ids)
    return rows.filter(status=status) if status else rows


@dataclass(frozen=True)
class Group:
    """The proposals about one objective; None: about the plan as a whole."""

    objective: Any
    proposals: list[Any]


def grouped(plan: Plan, proposals: Iterable[Any]) -> list[Group]:
    """Gather one page of proposals by objective, in the reader's language. Three queries."""
    proposals = list(proposals)
    show_each(proposals, "title", language_of=lambda one: one.language)
    wanted = {one.about_pk for one in proposals} - {None}
    objectives = {one.pk: one for one in Objective.objects.filter(pk__in=wanted)}
    for one in objectives.values():
        one.plan = plan
    actions = [one.action for one in proposals if one.action is not None]
    for action in actions:
        action.plan = plan
    in_readers_language([*objectives.values(), *actions], "title")
    groups: list[Group] = []
    for one in proposals:
        objective = objectives.get(one.about_pk)
        if not groups or groups[-1].objective is not objective:
            groups.append(Group(objective, []))
        groups[-1].proposals.append(one)
    return groups


def counts_of(actor: Actor, plan: Plan, day: date) -> dict[str, int]:
    """Count the proposals of a plan by how they stand."""
    rows = Proposal.objects.visible_to(actor).filter(plan=plan)
    waiting = Q(status__in=("sent", "considered"))
    found: dict[str, int] = rows.aggregate(
        total=Count("pk", filter=~Q(status="draft")),
        waiting=Count("pk", filter=waiting),
        late=Count("pk", filter=waiting & Q(answer_due_on__lt=day)),
        taken=Count("pk", filter=Q(status__in=("accepted", "partly"))),
    )
    return found


@dataclass(frozen=True)
class Effect:
    """What a proposal changed, or is to change: the part, and in which version."""

    contribution: Any
    part: str
    number: int
    is_in_force: bool


def effects_of(actor: Actor, proposal: Proposal) -> list[Effect]:
    """Return what a proposal changed. Drafted parts are shown only to who may read the draft."""
    rows = (
        Contribution.objects.visible_to(actor)
        .filter(proposal=proposal)
        .filter(
            Q(amendment__status="in_force")
            | Q(amendment__status="open", amendment__plan__owner__in=actor.organisation_ids)
        )
        .select_related("amendment__base", "amendment__version", "amendment__plan__country")
        .order_by("pk")
    )
    found = []
    for one in rows:
        amendment = one.amendment
        version = amendment.version
        after = read(version.content if version is not None else amendment.content)
        part = find(after, one.kind, one.key)
        part = part or find(read(amendment.base.content), one.kind, one.key) or {}
        found.append(
            Effect(one, _words_of(part, proposal.plan), amendment.number, version is not None)
        )
    return found


def _words_of(part: Mapping[str, Any], plan: Plan) -> str:
    """Return code and title of a kept part in the reader's language."""
    title, wanted = str(part.get("title", "")), get_language() or "en"
    found = translations_of([title], wanted) if plan.language != wanted and title else {}
    return f"{part.get('code', '')} {found.get(title) or title}".strip()


def supporters_of(proposal: Proposal) -> list[Support]:
    """Return the bodies that support a visible proposal; names of bodies are for its readers."""
    return list(proposal.supports.select_related("organisation__place").order_by("at", "pk"))


def similar_to(actor: Actor, proposal: Proposal) -> list[Any]:
    """Return the open proposals that could get the same answer: those about the same part first."""
    rows = (
        Proposal.objects.visible_to(actor)
        .open()
        .filter(plan=proposal.plan_id)
        .exclude(pk=proposal.pk)
        .select_related("place", "action")
    )
    objective = proposal.objective_id or (proposal.action.objective_id if proposal.action else None)
    same = Q(action=proposal.action_id) if proposal.action_id else Q(pk__in=())
    near = Q(objective=objective) | Q(action__objective=objective) if objective else Q(pk__in=())
    found = [
        *rows.filter(same).order_by("pk")[:_MOST],
        *rows.filter(near).exclude(same).order_by("pk")[:_MOST],
        *rows.exclude(same | near).order_by("-pk")[:_MOST],
    ]
    show_each(found, "title", language_of=lambda one: str(one.language))
    return found[:_MOST]


_MOST = 50


def choices_for(actor: Actor, plan: Plan) -> tuple[list[Any], list[Any]]:
    """Return the objectives and actions of a plan that a proposal may be about."""
    objectives: list[Any] = list(
        Objective.objects.visible_to(actor).standing().filter(plan=plan).order_by("position", "pk")
    )
    actions: list[Any] = list(
        Action.objects.visible_to(actor).standing().filter(plan=plan).order_by("position", "pk")
    )
    for one in [*objectives, *actions]:
        one.plan = plan
    in_readers_language([*objectives, *actions], "title")
    return objectives, actions


def to_answer(actor: Actor, role: Role) -> QuerySet[Proposal]:
    """Return the proposals on which the actor's organisations owe an answer, the latest first."""
    seen = Proposal.objects.visible_to(actor).open()
    rows: QuerySet[Proposal] = seen.filter(plan__owner__in=actor.organisations_as(role))
    return rows.select_related("place", "plan__country").order_by("answer_due_on", "pk")


def waiting_of(actor: Actor) -> QuerySet[Proposal]:
    """Return the proposals of the actor's organisations that wait for an answer."""
    seen = Proposal.objects.visible_to(actor).filter(status__in=("sent", "considered"))
    rows: QuerySet[Proposal] = seen.filter(owner__in=actor.organisation_ids)
    return rows.select_related("place", "plan__country", "plan__owner").order_by(
        "answer_due_on", "pk"
    )
