"""How each place answers the national plan: it adopts, adapts, supports, or says why not."""

from copy import copy
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Place
from tansiq.plans.actions.cascade import Template, copies
from tansiq.plans.actions.freezing import refuse_if_frozen
from tansiq.plans.models import Action, Alignment, Objective, Pillar, Plan, Relation
from tansiq.plans.notices import tell_of_refusal


class AlignmentError(Exception):
    """The link makes no sense; the message says why."""


@transaction.atomic
def align(
    national_action: Action,
    local_action: Action,
    relation: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> Alignment:
    """Link a local action to the national one it adopts, adapts or supports.

    Replaces an earlier "does not apply here". Raises AlignmentError when the two are not of a
    national plan and a local one, or the relation is not one of the three.
    """
    if relation == Relation.NOT_APPLICABLE or relation not in Relation.values:
        raise AlignmentError(_("Choose adopts, adapts or supports."))
    if local_action.plan.parent_id != national_action.plan_id:
        raise AlignmentError(
            _("The local action must be of a plan that carries down this national plan.")
        )
    place = local_action.plan.place
    Alignment.objects.filter(
        national_action=national_action, place=place, local_action=None
    ).delete()
    alignment, _made = Alignment.objects.update_or_create(
        national_action=national_action,
        place=place,
        local_action=local_action,
        # Whoever answers anew has looked again.
        defaults={"relation": relation, "reason": reason, "changed_at": at, "look_again": None},
    )
    record(by, "plans.align", national_action, at=at, detail={"place": place.pk, "to": relation})
    return alignment


@transaction.atomic
def refuse(
    national_action: Action, place: Place, reason: str, *, by: Actor, at: datetime
) -> Alignment:
    """Say that a national action does not apply here, and why.

    Local actions linked to it stay in the local plan but are no longer linked. Raises
    AlignmentError without a reason.
    """
    if not reason.strip():
        raise AlignmentError(_("Say why this does not apply here; the national level reads it."))
    Alignment.objects.filter(national_action=national_action, place=place).delete()
    alignment = Alignment.objects.create(
        national_action=national_action,
        place=place,
        relation=Relation.NOT_APPLICABLE,
        reason=reason.strip(),
        changed_at=at,
    )
    record(by, "plans.refuse", national_action, at=at, detail={"place": place.pk})
    tell_of_refusal(national_action, place, by=by, at=at)
    return alignment


@transaction.atomic
def unalign(alignment: Alignment, *, by: Actor, at: datetime) -> None:
    """Remove a link or a refusal; the place then has no answer to that national action."""
    record(by, "plans.unalign", alignment.national_action, at=at)
    alignment.delete()


@transaction.atomic
def adopt_action(national_action: Action, local_plan: Plan, *, by: Actor, at: datetime) -> Action:
    """Take a national action into a local plan as it stands, with its pillar and objective.

    Raises PlanFrozenError once the local plan is adopted.
    """
    refuse_if_frozen(local_plan)
    template = Template(
        [national_action.objective.pillar], [national_action.objective], [national_action]
    )
    local = _copy_missing(template, local_plan)
    align(national_action, local, Relation.ADOPTS, by=by, at=at)
    return local


@transaction.atomic
def adapt_action(
    national_action: Action, local_plan: Plan, changes: dict[str, Any], *, by: Actor, at: datetime
) -> Action:
    """Take a national action into a local plan in the place's own words.

    The copy gets a code that is free in the local plan. Raises PlanFrozenError once the local
    plan is adopted.
    """
    refuse_if_frozen(local_plan)
    template = Template(
        [national_action.objective.pillar], [national_action.objective], [national_action]
    )
    _pillar, objective = _copy_parents(template, local_plan)
    local = Action.objects.create(
        plan=local_plan,
        objective=objective,
        code=_free_code(local_plan, national_action.code),
        position=national_action.position,
        changed_at=at,
        **changes,
    )
    record(by, "plans.add_action", local, at=at)
    align(national_action, local, Relation.ADAPTS, by=by, at=at)
    return local


def _free_code(plan: Plan, wanted: str) -> str:
    taken = set(plan.actions.values_list("code", flat=True))
    tries = (f"{wanted[:16]}{end}" for end in ["", *(f"-{n}" for n in range(2, 999))])
    return next(code for code in tries if code not in taken)


def _copy_parents(template: Template, plan: Plan) -> tuple[Pillar, Objective]:
    [pillar], [objective] = template.pillars, template.objectives
    local_pillar, _made = Pillar.objects.get_or_create(
        plan=plan, code=pillar.code, defaults={"title": pillar.title, "position": pillar.position}
    )
    local_objective, _made = Objective.objects.get_or_create(
        plan=plan,
        code=objective.code,
        defaults={
            "pillar": local_pillar,
            "title": objective.title,
            "position": objective.position,
        },
    )
    return local_pillar, local_objective


def _copy_missing(template: Template, plan: Plan) -> Action:
    [objective], [action] = template.objectives, template.actions
    _pillar, local_objective = _copy_parents(template, plan)
    existing = Action.objects.filter(plan=plan, code=action.code, title=action.title).first()
    if existing is not None:
        return existing
    twin = copy(action)
    twin.code = _free_code(plan, action.code)
    made = {(plan.pk, objective.pk): local_objective.pk}
    copied = copies(Action, [twin], [plan], {"objective_id": made})
    return Action.objects.get(pk=copied[plan.pk, action.pk])
