"""Commenting on a draft, answering each comment, and saying what changed."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.verdict import YES, Verdict, needs, no
from tansiq.exchange.models import Comment, Item, ItemKind, Receipt


@rule("exchange.consultation_see")
def consultation_see(actor: Actor, item: Item) -> Verdict:
    if item.kind != ItemKind.CONSULTATION or item.is_purged:
        return no(_("This is no consultation."))
    return YES


@rule("exchange.comment")
def comment(actor: Actor, receipt: Receipt) -> Verdict:
    """Say something to the draft for an organisation that was asked."""
    item = receipt.item
    if item.kind != ItemKind.CONSULTATION:
        return no(_("This is no consultation."))
    if item.is_recalled or item.is_purged:
        return no(_("The sender took this back, or its time is over."))
    reason = _("Only a contributor of an organisation that was asked can comment.")
    return needs(actor, Role.CONTRIBUTOR, receipt.organisation_id, reason)


@rule("exchange.withdraw_comment")
def withdraw_comment(actor: Actor, comment: Comment) -> Verdict:
    if comment.response_id is not None:
        return no(_("This was answered and stands."))
    reason = _("Only a contributor of the organisation that wrote it can take it back.")
    return needs(actor, Role.CONTRIBUTOR, comment.organisation_id, reason)


@rule("exchange.split")
def split(actor: Actor, item: Item) -> Verdict:
    """Give each passage of the draft a number, so that it can be commented on."""
    if item.kind != ItemKind.CONSULTATION or item.is_recalled or item.is_purged:
        return no(_("This is no consultation."))
    reason = _("Only a contributor of the sender can number the passages.")
    return needs(actor, Role.CONTRIBUTOR, item.owner_id, reason)


@rule("exchange.respond")
def respond(actor: Actor, item: Item) -> Verdict:
    """Answer comments in the name of who asked, and publish what changed."""
    if item.kind != ItemKind.CONSULTATION or item.is_draft or item.is_purged:
        return no(_("This is no consultation."))
    reason = _("Only a coordinator of the sender can answer comments.")
    return needs(actor, Role.COORDINATOR, item.owner_id, reason)
