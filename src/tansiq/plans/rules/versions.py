"""Who reads versions of a plan, and who changes an adopted one."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.queries import lead_of
from tansiq.access.verdict import YES, Verdict, needs, no
from tansiq.plans.models import Amendment, Consequence, Plan, Version


@rule("plans.edit_parts")
def edit_parts(actor: Actor, plan: Plan) -> Verdict:
    """Asked before a part is changed directly: a frozen plan changes by amendment only."""
    reason = _("Only a coordinator of the organisation that owns the plan can change it.")
    verdict = needs(actor, Role.COORDINATOR, plan.owner_id, reason)
    if verdict and plan.versions.exists():
        return no(_("This plan is adopted. Open an amendment and change it there."))
    return verdict


@rule("plans.amend")
def amend(actor: Actor, plan: Plan) -> Verdict:
    if not plan.versions.exists():
        return no(_("This plan is not adopted yet. Change it directly."))
    reason = _("Only a coordinator of the organisation that owns the plan can amend it.")
    return needs(actor, Role.COORDINATOR, plan.owner_id, reason)


@rule("plans.put_into_force")
def put_into_force(actor: Actor, amendment: Amendment) -> Verdict:
    if not amendment.is_open:
        return no(_("This amendment is closed. Open a new one."))
    reason = _("Only a lead of the organisation that owns the plan can put it into force.")
    return needs(actor, Role.LEAD, amendment.plan.owner_id, reason)


@rule("plans.discard_amendment")
def discard_amendment(actor: Actor, amendment: Amendment) -> Verdict:
    if not amendment.is_open:
        return no(_("This amendment is closed. Open a new one."))
    reason = _("Only a coordinator of the organisation that owns the plan can discard it.")
    return needs(actor, Role.COORDINATOR, amendment.plan.owner_id, reason)


@rule("plans.version_view")
def version_view(actor: Actor, version: Version) -> Verdict:
    return YES


@rule("plans.consequence_view")
def consequence_view(actor: Actor, consequence: Consequence) -> Verdict:
    return YES


@rule("plans.look_again")
def look_again(actor: Actor, consequence: Consequence) -> Verdict:
    """Asked before a place says that its answers still stand."""
    lead = lead_of(consequence.place)
    reason = _("Only a coordinator of the organisation that leads this place can do this.")
    return needs(actor, Role.COORDINATOR, lead.pk if lead else 0, reason)
