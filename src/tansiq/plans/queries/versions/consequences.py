"""What a version of a national plan means for one place, and which places it concerns."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from tansiq.access.actor import Actor
from tansiq.access.models import Place
from tansiq.plans.models import Action, ActionKind, Alignment, Consequence, Delivery, Plan, Version
from tansiq.plans.queries.versions.content import read
from tansiq.plans.queries.versions.diff import (
    DROPPED,
    MOVED,
    REDATED,
    RELED,
    REWORDED,
    PartChange,
    differences,
)
from tansiq.plans.queries.versions.reading import Line, compare
from tansiq.plans.queries.wording import in_readers_language

# What makes an answer worth looking at again; another place in the list does not.
_TOUCHING = {DROPPED, MOVED, REWORDED, REDATED, RELED}


def changes_of(version: Version) -> list[PartChange]:
    """Return what a version changed of the one before; of the first one, nothing."""
    before = Version.objects.filter(plan=version.plan_id, number__lt=version.number)
    previous = before.order_by("-number").first()
    if previous is None:
        return []
    return differences(read(previous.content), read(version.content))


def touched_steps(changes: Iterable[PartChange]) -> list[int]:
    """Return the actions whose answers are to be looked at again."""
    return [
        int(one.key) for one in _of_kind(changes, ActionKind.STEP) if _TOUCHING & set(one.sorts)
    ]


def new_roles(changes: Iterable[PartChange]) -> list[int]:
    """Return the actions that newly give local government a role."""
    found = []
    for one in _of_kind(changes, ActionKind.STEP):
        had_role = bool(one.before and one.before["local_role"])
        if one.after is not None and one.after["local_role"] and not had_role:
            found.append(int(one.key))
    return found


def changed_duties(changes: Iterable[PartChange]) -> list[PartChange]:
    return _of_kind(changes, ActionKind.DUTY)


def _of_kind(changes: Iterable[PartChange], kind: str) -> list[PartChange]:
    return [one for one in changes if one.kind == "actions" and one.part["kind"] == kind]


def places_concerned(version: Version, changes: list[PartChange]) -> QuerySet[Place]:
    """Return the places that carry the plan down or are owed something, and that it touches."""
    below = Place.objects.filter(
        Q(plans__parent=version.plan_id)
        | Q(pk__in=_owed_places(version.plan_id))
        | Q(pk__in=_answering(version.plan_id, None))
    )
    if not new_roles(changes) and not changed_duties(changes):
        below = below.filter(pk__in=_answering(version.plan_id, touched_steps(changes)))
    return below.distinct().order_by("pk")


def _owed_places(plan_id: int) -> QuerySet[Any]:
    return Delivery.objects.filter(action__plan=plan_id).values("place")


def _answering(plan_id: int, actions: list[int] | None) -> QuerySet[Any]:
    answers = Alignment.objects.filter(national_action__plan=plan_id)
    if actions is not None:
        answers = answers.filter(national_action__in=actions)
    return answers.values("place")


@dataclass(frozen=True)
class Touched:
    """A national action that changed, and how the place had answered it."""

    line: Line
    answers: list[Any]
    is_open: bool


@dataclass(frozen=True)
class Meaning:
    """What a version means for one place."""

    touched: list[Touched]
    # New actions with a role for the place that it has not answered, and those it has.
    unanswered: list[Line]
    answered: int
    duties: list[Line]
    open_count: int


def meaning_for(actor: Actor, version: Version, place: Place) -> Meaning:
    """Return what changed for a place; local actions only where the actor may see their plan."""
    changes = changes_of(version)
    by_key = {one.key: one for one in changes if one.kind == "actions"}
    before = Version.objects.filter(plan=version.plan_id, number__lt=version.number)
    previous = before.order_by("-number").first()
    if previous is None:
        return Meaning([], [], 0, [], 0)
    comparison = compare(read(previous.content), read(version.content), by_key.values())
    lines = {
        int(line.change.key): line for section in comparison.sections for line in section.lines
    }
    answers = answers_of(actor, version.plan_id, place, lines)
    touched = [
        Touched(lines[pk], answers[pk], any(one.look_again_id for one in answers[pk]))
        for pk in touched_steps(changes)
        if answers.get(pk)
    ]
    new = new_roles(changes)
    return Meaning(
        touched=touched,
        unanswered=[lines[pk] for pk in new if not answers.get(pk)],
        answered=sum(1 for pk in new if answers.get(pk)),
        duties=[lines[int(one.key)] for one in changed_duties(changes)],
        open_count=sum(one.is_open for one in touched),
    )


def answers_of(
    actor: Actor, plan_id: int, place: Place, actions: Iterable[int]
) -> dict[int, list[Any]]:
    """Return how a place answers these national actions."""
    rows = Alignment.objects.visible_to(actor).filter(
        national_action__plan=plan_id, national_action__in=list(actions), place=place
    )
    answers = list(rows.order_by("pk"))
    wanted = [one.local_action_id for one in answers if one.local_action_id]
    seen = {
        one.pk: one
        for one in Action.objects.visible_to(actor)
        .filter(pk__in=wanted)
        .select_related("plan__country")
    }
    in_readers_language(seen.values(), "title")
    found: dict[int, list[Any]] = {}
    for one in answers:
        one.shown_action = seen.get(one.local_action_id or 0)  # type: ignore[attr-defined]  # -- for the page
        found.setdefault(one.national_action_id, []).append(one)
    return found


def local_plan_of(actor: Actor, version: Version, place: Place) -> Plan | None:
    seen = Plan.objects.visible_to(actor).filter(parent=version.plan_id, place=place)
    return seen.select_related("country").first()


def waiting_for(actor: Actor, places: Iterable[int]) -> QuerySet[Consequence]:
    """Return the changes that these places have not looked at yet, the oldest first."""
    seen = Consequence.objects.visible_to(actor).filter(
        place__in=list(places), looked_at__isnull=True
    )
    rows: QuerySet[Consequence] = seen.select_related("version__plan__country", "place").defer(
        "version__content"
    )
    return rows.order_by("told_at", "pk")
