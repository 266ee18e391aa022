"""Saying that a local action does not belong where it was suggested, and thinking again."""

from datetime import datetime

from django.db import transaction

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.plans.models import Action, DeclinedMatch, Objective
from tansiq.plans.queries.matching import wording_of


@transaction.atomic
def decline_match(
    local_action: Action, objective: Objective, *, by: Actor, at: datetime
) -> DeclinedMatch:
    """Do not suggest this national objective for this action again while both read as now."""
    steps = Action.objects.steps().filter(objective=objective).order_by("code", "pk")
    declined, _made = DeclinedMatch.objects.update_or_create(
        local_action=local_action,
        objective=objective,
        defaults={"fingerprint": wording_of(local_action, objective, list(steps)), "at": at},
    )
    detail = {"objective": objective.pk, "action": local_action.pk}
    record(by, "plans.decline_match", local_action.plan, at=at, detail=detail)
    return declined


@transaction.atomic
def reconsider_matches(local_action: Action, *, by: Actor, at: datetime) -> int:
    """Forget what was declined for this action; returns how many there were."""
    count: int = DeclinedMatch.objects.filter(local_action=local_action).delete()[0]
    if count:
        detail = {"action": local_action.pk}
        record(by, "plans.reconsider_matches", local_action.plan, at=at, detail=detail)
    return count
