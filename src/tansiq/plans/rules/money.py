"""Who sees and enters the money of a plan, and the rates of exchange of a country."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.models import Place
from tansiq.access.queries import lead_of
from tansiq.access.verdict import YES, Verdict, needs, no
from tansiq.plans.models import Plan, Rate


@rule("plans.money_view")
def money_view(actor: Actor, plan: Plan) -> Verdict:
    """Asked of the plan: its money is as visible as the plan itself."""
    return YES


@rule("plans.money_edit")
def money_edit(actor: Actor, plan: Plan) -> Verdict:
    reason = _("Only a coordinator of the organisation that owns the plan can enter its money.")
    return needs(actor, Role.COORDINATOR, plan.owner_id, reason)


@rule("plans.rate_edit")
def rate_edit(actor: Actor, country: Place) -> Verdict:
    """Asked of the country: one body keeps the rates that all its plans are reckoned with."""
    lead = lead_of(country)
    if lead is None:
        return no(_("No organisation leads this country yet."))
    reason = _("Only a coordinator of %(organisation)s can enter rates of exchange.") % {
        "organisation": lead
    }
    return needs(actor, Role.COORDINATOR, lead.pk, reason)


@rule("plans.rate_view")
def rate_view(actor: Actor, rate: Rate) -> Verdict:
    return YES
