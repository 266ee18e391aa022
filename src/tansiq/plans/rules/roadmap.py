"""Who draws the road of a plan, and who enters training."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.verdict import Verdict, needs
from tansiq.plans.models import Plan, Training


@rule("plans.roadmap_edit")
def roadmap_edit(actor: Actor, plan: Plan) -> Verdict:
    reason = _("Only a coordinator of the organisation that owns the plan can draw its road map.")
    return needs(actor, Role.COORDINATOR, plan.owner_id, reason)


@rule("plans.training_enter")
def training_enter(actor: Actor, plan: Plan) -> Verdict:
    reason = _("Only a contributor of the organisation that owns the plan can enter training.")
    return needs(actor, Role.CONTRIBUTOR, plan.owner_id, reason)


@rule("plans.training_change")
def training_change(actor: Actor, training: Training) -> Verdict:
    return training_enter(actor, training.plan)
