"""What can be decided about a plan and its parts."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Marking, Place
from tansiq.core.editing import save_changes
from tansiq.plans.actions.freezing import keep_version, refuse_frozen_fields, refuse_if_frozen
from tansiq.plans.models import (
    Action,
    Indicator,
    Milestone,
    Objective,
    Pillar,
    Plan,
    PlanStatus,
    Stage,
    StageName,
    Target,
)

# Rows to which a part is linked, by the name of the list.
Related = dict[str, Iterable[Any]]


class PlanNotReadyError(Exception):
    """The plan cannot take this step yet; the message says what is missing."""


class AddressTakenError(Exception):
    """Another plan of the country has this short name."""


@transaction.atomic
def create_plan(plan: Plan, *, by: Actor, at: datetime) -> Plan:
    """Save a new plan; its place begins to draft. Raises AddressTakenError."""
    plan.country = Place.objects.get(code=plan.place.country_code)
    plan.changed_at = at
    if Plan.objects.filter(country=plan.country, slug=plan.slug).exists():
        raise AddressTakenError(_("Another plan of this country has this short name."))
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError as problem:
        raise AddressTakenError(_("Another plan of this country has this short name.")) from problem
    _keep_in_sight(plan, by)
    record(by, "plans.create", plan, at=at)
    return plan


def _keep_in_sight(plan: Plan, by: Actor) -> None:
    """Name the writer of a RED plan, who would otherwise no longer see it."""
    if plan.is_red and by.person_id is not None:
        plan.named_people.add(by.person_id)


@transaction.atomic
def edit_plan(
    plan: Plan,
    changes: dict[str, Any],
    *,
    revision: int,
    by: Actor,
    at: datetime,
    related: Related | None = None,
) -> None:
    """Change the plan's own fields and lists.

    Raises ChangedMeanwhileError, and PlanFrozenError for content of an adopted plan.
    """
    refuse_frozen_fields(plan, Plan, set(changes))
    save_changes(plan, changes, revision=revision, at=at)
    _set_lists(plan, related)
    record(by, "plans.edit", plan, at=at, detail={"fields": sorted(changes)})


@transaction.atomic
def adopt_plan(
    plan: Plan, *, on: date, by: Actor, at: datetime, legal_instrument: str = ""
) -> None:
    """Put the plan into force, by the legal instrument it names or this one, and freeze it.

    Raises PlanNotReadyError if it has no actions or names no legal instrument.
    """
    plan.legal_instrument = legal_instrument.strip() or plan.legal_instrument
    if not plan.actions.exists():
        raise PlanNotReadyError(_("Add at least one action before you adopt the plan."))
    if not plan.legal_instrument:
        raise PlanNotReadyError(
            _("Name the legal instrument (a decree, regulation or resolution) first.")
        )
    plan.status = PlanStatus.ADOPTED
    plan.adopted_on = on
    plan.save(update_fields=["status", "adopted_on", "legal_instrument"])
    if plan.parent is not None:
        set_stage(plan.parent, plan.place, StageName.ADOPTED, since_on=on, by=by, at=at)
    record(by, "plans.adopt", plan, at=at)
    keep_version(plan, legal_instrument=plan.legal_instrument, on=on, by=by, at=at)


@transaction.atomic
def publish_plan(plan: Plan, *, by: Actor, at: datetime) -> None:
    """Make the plan readable for everybody, as its marking CLEAR says.

    Raises PlanNotReadyError for another marking, or while it is being drafted.
    """
    if plan.marking != Marking.CLEAR:
        raise PlanNotReadyError(_("Mark the plan TLP:CLEAR before you publish it."))
    if plan.is_draft:
        raise PlanNotReadyError(_("Adopt the plan before you publish it."))
    plan.published_at = at
    plan.save(update_fields=["published_at"])
    record(by, "plans.publish", plan, at=at)


@transaction.atomic
def unpublish_plan(plan: Plan, *, by: Actor, at: datetime) -> None:
    """Take the plan off the public pages."""
    plan.published_at = None
    plan.save(update_fields=["published_at"])
    record(by, "plans.unpublish", plan, at=at)


PlanPart = Pillar | Objective | Action | Indicator | Milestone


@transaction.atomic
def add_part(part: PlanPart, *, by: Actor, at: datetime, related: Related | None = None) -> None:
    """Add a pillar, objective, action, milestone or indicator to its plan.

    Raises PlanNotReadyError when somebody has just used its code, and PlanFrozenError.
    """
    refuse_if_frozen(_plan_of(part))
    enter_part(part, by=by, at=at, related=related)


@transaction.atomic
def enter_part(part: PlanPart, *, by: Actor, at: datetime, related: Related | None = None) -> None:
    """Add a part also to a frozen plan; who calls this keeps the next version.

    Raises PlanNotReadyError when somebody has just used its code.
    """
    part.changed_at = at
    try:
        with transaction.atomic():
            part.save(force_insert=True)
    except IntegrityError as problem:
        raise PlanNotReadyError(
            _("Another part of this plan has this code. Choose another.")
        ) from problem
    _set_lists(part, related)
    record(by, f"plans.add_{part._meta.model_name}", part, at=at)


@transaction.atomic
def edit_part(
    part: PlanPart,
    changes: dict[str, Any],
    *,
    revision: int,
    by: Actor,
    at: datetime,
    related: Related | None = None,
) -> None:
    """Change a part of a plan.

    Raises ChangedMeanwhileError, and PlanFrozenError for content of an adopted plan.
    """
    names = {*changes, *(related or {})}
    refuse_frozen_fields(_plan_of(part), type(part), names)
    save_changes(part, changes, revision=revision, at=at)
    _set_lists(part, related)
    fields = [*changes, *(related or {})]
    record(by, f"plans.edit_{part._meta.model_name}", part, at=at, detail={"fields": fields})


def _plan_of(part: PlanPart) -> int:
    return part.action.plan_id if isinstance(part, Milestone) else part.plan_id


def _set_lists(thing: Plan | PlanPart, related: Related | None) -> None:
    for name, rows in (related or {}).items():
        getattr(thing, name).set(rows)


@transaction.atomic
def remove_part(part: PlanPart, *, by: Actor, at: datetime) -> None:
    """Remove a part that nothing was reported on.

    Raises PlanNotReadyError when values, activities or local answers hang on it, and
    PlanFrozenError.
    """
    refuse_if_frozen(_plan_of(part))
    if _is_in_use(part):
        raise PlanNotReadyError(
            _("Others already built on this. Mark it as cancelled instead of removing it.")
        )
    record(by, f"plans.remove_{part._meta.model_name}", part, at=at)
    part.delete()


def _is_in_use(part: PlanPart) -> bool:
    if isinstance(part, Milestone):
        return False
    if isinstance(part, Indicator):
        return part.datapoints.exists()
    if isinstance(part, Action):
        return part.local_answers.exists() or part.activities.exists()
    actions = part.actions.all() if isinstance(part, Objective) else Action.objects.none()
    if isinstance(part, Pillar):
        actions = Action.objects.filter(objective__pillar=part)
    return actions.exists()


@transaction.atomic
def set_status(action: Action, status: str, *, revision: int, by: Actor, at: datetime) -> None:
    """Say how an action stands. Raises ChangedMeanwhileError."""
    before = action.status
    save_changes(action, {"status": status}, revision=revision, at=at)
    detail = {"from": before, "to": status}
    record(by, "plans.set_status", action, at=at, detail=detail)


@transaction.atomic
def reach_milestone(milestone: Milestone, *, on: date | None, by: Actor, at: datetime) -> None:
    """Say on which day a milestone was reached; None takes it back."""
    milestone.reached_on = on
    milestone.save(update_fields=["reached_on"])
    record(by, "plans.reach_milestone", milestone, at=at)


@transaction.atomic
def set_target(
    target: Target,
    *,
    baseline: int | None,
    wanted: int | None,
    revision: int,
    by: Actor,
    at: datetime,
) -> None:
    """Say what a place wants to reach, in the smallest unit. Raises ChangedMeanwhileError."""
    save_changes(target, {"baseline": baseline, "target": wanted}, revision=revision, at=at)
    record(by, "plans.set_target", target, at=at, detail={"place": target.place_id})


@transaction.atomic
def set_stage(
    plan: Plan,
    place: Place,
    name: str,
    *,
    since_on: date,
    by: Actor,
    at: datetime,
    note: str = "",
) -> Stage:
    """Say how far a place has come with a national plan, keeping what was said before."""
    Stage.objects.filter(plan=plan, place=place, is_latest=True).update(is_latest=False)
    stage = Stage.objects.create(plan=plan, place=place, name=name, since_on=since_on, note=note)
    record(by, "plans.set_stage", stage, at=at, detail={"stage": name})
    return stage
