"""Who makes and keeps a sharing group."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.models import Organisation
from tansiq.access.verdict import YES, Verdict, needs, no
from tansiq.exchange.models import Group


@rule("exchange.group_view")
def group_view(actor: Actor, group: Group) -> Verdict:
    return YES


@rule("exchange.group_make")
def group_make(actor: Actor, organisation: Organisation) -> Verdict:
    reason = _("Only a coordinator can make a group for this organisation.")
    return needs(actor, Role.COORDINATOR, organisation.pk, reason)


@rule("exchange.group_keep")
def group_keep(actor: Actor, group: Group) -> Verdict:
    """Change its name and members, or end it."""
    if group.ended_at is not None:
        return no(_("This group was ended."))
    reason = _("Only a coordinator of the organisation that made the group can change it.")
    return needs(actor, Role.COORDINATOR, group.owner_id, reason)
