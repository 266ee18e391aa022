"""Connections with other platforms: who sees them and who answers for them."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.models import Organisation
from tansiq.access.verdict import YES, Verdict, needs, no
from tansiq.exchange.models import Peer


@rule("exchange.peer_see")
def see(actor: Actor, peer: Peer) -> Verdict:
    return YES


@rule("exchange.peer_introduce")
def introduce(actor: Actor, organisation: Organisation) -> Verdict:
    """Begin a connection that this organisation keeps."""
    if actor.is_operator:
        return YES
    reason = _("Only a lead of the organisation that keeps a connection can begin it.")
    return needs(actor, Role.LEAD, organisation.pk, reason)


@rule("exchange.peer_keep")
def keep(actor: Actor, peer: Peer) -> Verdict:
    """Trust the platform, say what may go there, pause and end the connection."""
    if peer.is_ended:
        return no(_("This connection was ended. Introduce the platform anew."))
    if actor.is_operator:
        return YES
    reason = _("Only a lead of the organisation that keeps the connection can do this.")
    return needs(actor, Role.LEAD, peer.keeper_id, reason)


@rule("exchange.peer_carry")
def carry(actor: Actor, peer: Peer) -> Verdict:
    """Take a file with bundles along, or bring one: an operator does not see what is shared."""
    if not peer.is_open:
        return no(_("Nothing goes there as long as the connection does not work."))
    reason = _("Only a lead of the organisation that keeps the connection can do this.")
    return needs(actor, Role.LEAD, peer.keeper_id, reason)
