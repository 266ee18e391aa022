"""Who proposes a change to a national plan, supports one, and answers."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.models import Organisation
from tansiq.access.verdict import YES, Verdict, needs, no
from tansiq.plans.models import Plan, Proposal


def leads_below(actor: Actor, plan: Plan, role: Role) -> list[Organisation]:
    """Return the bodies with this role of the actor that lead a place below a national plan."""
    rows = Organisation.objects.filter(
        pk__in=actor.organisations_as(role),
        is_lead_of_place=True,
        is_active=True,
        place__level__gt=0,
        place__country_code=plan.place.country_code,
    )
    return list(rows.select_related("place").order_by("place__level", "name", "pk"))


def bodies_that_may_support(actor: Actor, proposal: Proposal) -> list[Organisation]:
    """Return the bodies of the actor that lead another place of the proposal's level."""
    return [
        body
        for body in leads_below(actor, proposal.plan, Role.COORDINATOR)
        if body.pk != proposal.owner_id and body.place and body.place.level == proposal.place.level
    ]


@rule("plans.propose")
def propose(actor: Actor, plan: Plan) -> Verdict:
    """Asked of the national plan: may this actor propose a change of it for a place."""
    if not plan.is_national:
        return no(_("Changes are proposed to a national plan."))
    if plan.is_draft:
        return no(_("The national plan is not adopted yet. Speak to those who draft it."))
    if not leads_below(actor, plan, Role.CONTRIBUTOR):
        return no(
            _("Only a contributor of an organisation that leads a place can propose a change.")
        )
    return YES


@rule("plans.proposal_view")
def proposal_view(actor: Actor, proposal: Proposal) -> Verdict:
    return YES


@rule("plans.proposal_edit")
def proposal_edit(actor: Actor, proposal: Proposal) -> Verdict:
    if not proposal.is_draft:
        return no(_("This proposal was sent. Withdraw it and write a new one to change it."))
    reason = _("Only a contributor of the organisation that leads the place can write it.")
    return needs(actor, Role.CONTRIBUTOR, proposal.owner_id, reason)


@rule("plans.proposal_send")
def proposal_send(actor: Actor, proposal: Proposal) -> Verdict:
    if not proposal.is_draft:
        return no(_("This proposal was sent already."))
    reason = _("Only a coordinator of the organisation that leads the place can send it.")
    return needs(actor, Role.COORDINATOR, proposal.owner_id, reason)


@rule("plans.proposal_withdraw")
def proposal_withdraw(actor: Actor, proposal: Proposal) -> Verdict:
    if not (proposal.is_open or proposal.is_draft):
        return no(_("Only a proposal without an answer can be withdrawn."))
    reason = _("Only a coordinator of the organisation that leads the place can withdraw it.")
    return needs(actor, Role.COORDINATOR, proposal.owner_id, reason)


@rule("plans.proposal_support")
def proposal_support(actor: Actor, proposal: Proposal) -> Verdict:
    if not proposal.is_open:
        return no(_("Only a proposal that waits for its answer can be supported."))
    if not bodies_that_may_support(actor, proposal):
        return no(_("Only a coordinator of a body that leads a place of this level can do this."))
    return YES


@rule("plans.proposal_remind")
def proposal_remind(actor: Actor, proposal: Proposal) -> Verdict:
    if not proposal.is_open:
        return no(_("No answer is owed on this proposal."))
    reason = _("Only a contributor of the organisation that sent it can send a reminder.")
    return needs(actor, Role.CONTRIBUTOR, proposal.owner_id, reason)


def _receives(actor: Actor, proposal: Proposal) -> Verdict:
    reason = _("Only a coordinator of the organisation that owns the plan can do this.")
    return needs(actor, Role.COORDINATOR, proposal.plan.owner_id, reason)


@rule("plans.proposal_consider")
def proposal_consider(actor: Actor, proposal: Proposal) -> Verdict:
    if proposal.status != "sent":
        return no(_("Only a proposal that was just sent can be taken up."))
    return _receives(actor, proposal)


@rule("plans.proposal_answer")
def proposal_answer(actor: Actor, proposal: Proposal) -> Verdict:
    if not proposal.is_open:
        return no(_("Only a proposal that waits for its answer can be answered."))
    if proposal.merged_into_id is not None:
        return no(_("This is answered together with another proposal. Answer that one."))
    return _receives(actor, proposal)


@rule("plans.proposal_merge")
def proposal_merge(actor: Actor, proposal: Proposal) -> Verdict:
    if not proposal.is_open:
        return no(_("Only a proposal that waits for its answer can be put together with others."))
    return _receives(actor, proposal)


@rule("plans.proposal_link")
def proposal_link(actor: Actor, proposal: Proposal) -> Verdict:
    if not proposal.is_taken_up:
        return no(_("Only a proposal that was accepted can be linked to what it changed."))
    return _receives(actor, proposal)
