"""Who may do what with a plan."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import can_each, rule
from tansiq.access.models import Organisation
from tansiq.access.verdict import YES, Verdict, needs, no
from tansiq.plans.models import Action, Plan


@rule("plans.view")
def view(actor: Actor, plan: Plan) -> Verdict:
    return YES


@rule("plans.create")
def create(actor: Actor, organisation: Organisation) -> Verdict:
    reason = _("Only a coordinator of the organisation can start a plan for it.")
    return needs(actor, Role.COORDINATOR, organisation.pk, reason)


@rule("plans.edit")
def edit(actor: Actor, plan: Plan) -> Verdict:
    reason = _("Only a coordinator of the organisation that owns the plan can change it.")
    return needs(actor, Role.COORDINATOR, plan.owner_id, reason)


@rule("plans.set_status")
def set_status(actor: Actor, plan: Plan) -> Verdict:
    reason = _("Only a contributor of the organisation that owns the plan can say how it stands.")
    return needs(actor, Role.CONTRIBUTOR, plan.owner_id, reason)


@rule("plans.adopt")
def adopt(actor: Actor, plan: Plan) -> Verdict:
    if not plan.is_draft:
        return no(_("This plan is already adopted."))
    reason = _("Only a lead of the organisation that owns the plan can adopt it.")
    return needs(actor, Role.LEAD, plan.owner_id, reason)


@rule("plans.publish")
def publish(actor: Actor, plan: Plan) -> Verdict:
    if plan.published_at is not None:
        return no(_("This plan is already published."))
    reason = _("Only a lead of the organisation that owns the plan can publish it.")
    return needs(actor, Role.LEAD, plan.owner_id, reason)


@rule("plans.unpublish")
def unpublish(actor: Actor, plan: Plan) -> Verdict:
    if plan.published_at is None:
        return no(_("This plan is not published."))
    reason = _("Only a lead of the organisation that owns the plan can take it back.")
    return needs(actor, Role.LEAD, plan.owner_id, reason)


@rule("plans.export")
def export(actor: Actor, plan: Plan) -> Verdict:
    if plan.is_red:
        return no(_("What is marked TLP:RED does not leave the platform as a file."))
    return YES


@rule("plans.carry_down")
def carry_down(actor: Actor, plan: Plan) -> Verdict:
    if not plan.is_national:
        return no(_("Only a national plan can be carried down to places."))
    if plan.is_draft:
        return no(_("Adopt the plan before you carry it down."))
    reason = _("Only a lead of the organisation that owns the plan can carry it down.")
    return needs(actor, Role.LEAD, plan.owner_id, reason)


@rule("plans.start_local")
def start_local(actor: Actor, plan: Plan) -> Verdict:
    """Asked of the national plan: may this actor begin the plan of their own place from it."""
    if not plan.is_national:
        return no(_("Only a national plan can be carried down to places."))
    if plan.is_draft:
        return no(_("The national plan is not adopted yet. Your plan can begin after that."))
    if not actor.organisations_as(Role.COORDINATOR):
        return no(
            _("Only a coordinator of the organisation that leads a place can start its plan.")
        )
    return YES


@rule("plans.set_stage")
def set_stage(actor: Actor, plan: Plan) -> Verdict:
    reason = _("Only a coordinator of the organisation that owns the plan can set the stage.")
    return needs(actor, Role.COORDINATOR, plan.owner_id, reason)


@rule("plans.align")
def align(actor: Actor, plan: Plan) -> Verdict:
    """Asked of the local plan: its owner answers the national one."""
    if plan.parent_id is None:
        return no(_("This plan does not carry down a national plan."))
    reason = _("Only a coordinator of the organisation that owns the local plan can answer.")
    return needs(actor, Role.COORDINATOR, plan.owner_id, reason)


@rule("plans.view_action")
def view_action(actor: Actor, action: Action) -> Verdict:
    return YES


# What the page of a plan offers.
_ON_THE_PAGE = ("edit", "adopt", "publish", "unpublish", "carry_down", "set_stage", "export")


def verdicts(actor: Actor, plan: Plan) -> dict[str, Verdict]:
    """Return what the actor may do on the page of a plan, as `may_edit` and so on."""
    found = can_each(actor, [f"plans.{name}" for name in _ON_THE_PAGE], plan)
    return {f"may_{name}": found[f"plans.{name}"] for name in _ON_THE_PAGE}
