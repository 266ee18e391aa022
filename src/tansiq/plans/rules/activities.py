"""Who enters and changes activities."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.models import Organisation
from tansiq.access.verdict import YES, Verdict, needs
from tansiq.plans.models import Activity


@rule("plans.activity_register")
def activity_register(actor: Actor, organisation: Organisation) -> Verdict:
    reason = _("Only a contributor of the organisation can register its activities.")
    return needs(actor, Role.CONTRIBUTOR, organisation.pk, reason)


@rule("plans.activity_view")
def activity_view(actor: Actor, activity: Activity) -> Verdict:
    return YES


@rule("plans.activity_edit")
def activity_edit(actor: Actor, activity: Activity) -> Verdict:
    reason = _("Only a contributor of the organisation that entered this can change it.")
    return needs(actor, Role.CONTRIBUTOR, activity.owner_id, reason)
