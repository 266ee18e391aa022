"""Who may say whether a local action belongs to what was suggested."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.verdict import Verdict, needs, no
from tansiq.plans.models import Plan


@rule("plans.decline_match")
def decline_match(actor: Actor, plan: Plan) -> Verdict:
    return _answers_for(actor, plan)


@rule("plans.reconsider_matches")
def reconsider_matches(actor: Actor, plan: Plan) -> Verdict:
    return _answers_for(actor, plan)


def _answers_for(actor: Actor, plan: Plan) -> Verdict:
    """Say yes to whoever may link the local plan's actions."""
    if plan.parent_id is None:
        return no(_("This plan does not carry down a national plan."))
    reason = _("Only a coordinator of the organisation that owns the local plan can answer.")
    return needs(actor, Role.COORDINATOR, plan.owner_id, reason)
