"""Keeping longer, holding, and reading what was deleted."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.verdict import YES, Verdict, needs, no
from tansiq.exchange.models import Hold, HoldKind, Item, Purge


@rule("exchange.purge_see")
def purge_see(actor: Actor, purge: Purge) -> Verdict:
    return YES


@rule("exchange.hold_see")
def hold_see(actor: Actor, hold: Hold) -> Verdict:
    return YES


@rule("exchange.extend")
def extend(actor: Actor, item: Item) -> Verdict:
    """Let it hold longer, before it is over."""
    if item.is_draft or item.is_recalled or item.is_purged:
        return no(_("Only what was sent and still holds can be made to hold longer."))
    if actor.on is not None and item.is_over(actor.on):
        return no(_("Its last day has passed."))
    reason = _("Only a coordinator of the sender can let it hold longer.")
    return needs(actor, Role.COORDINATOR, item.owner_id, reason)


@rule("exchange.hold")
def hold(actor: Actor, item: Item) -> Verdict:
    """Keep it from being deleted: a lead of the sender, or an overseer for a complaint."""
    if item.is_purged:
        return no(_("This was deleted already."))
    if _oversees(actor, item):
        return YES
    reason = _("Only a lead of the sender, or an overseer for a complaint, can hold it.")
    return needs(actor, Role.LEAD, item.owner_id, reason)


@rule("exchange.renew_hold")
def renew_hold(actor: Actor, hold: Hold) -> Verdict:
    return _keeps(actor, hold)


@rule("exchange.release_hold")
def release_hold(actor: Actor, hold: Hold) -> Verdict:
    return _keeps(actor, hold)


def _keeps(actor: Actor, hold: Hold) -> Verdict:
    """Only who holds it renews it or lets it go: the sender cannot end a hold for a complaint."""
    if hold.released_at is not None or hold.item.is_purged:
        return no(_("This is no longer held."))
    if hold.kind == HoldKind.COMPLAINT and _oversees(actor, hold.item):
        return YES
    reason = _("Only a lead of the organisation that holds it can do this.")
    return needs(actor, Role.LEAD, hold.organisation_id, reason)


def _oversees(actor: Actor, item: Item) -> bool:
    owner = item.owner
    return owner.country_code in actor.overseen or owner.pk in actor.overseen_hubs
