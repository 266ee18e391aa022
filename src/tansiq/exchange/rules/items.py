"""Writing, sending, saying what one makes of it, answering."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.models import Organisation
from tansiq.access.verdict import YES, Verdict, needs, no
from tansiq.exchange.models import Attachment, Item, Receipt


@rule("exchange.read")
def read(actor: Actor, item: Item) -> Verdict:
    return YES


@rule("exchange.write")
def write(actor: Actor, organisation: Organisation) -> Verdict:
    """Begin an item for this organisation."""
    reason = _("Only a contributor of this organisation can write for it.")
    return needs(actor, Role.CONTRIBUTOR, organisation.pk, reason)


@rule("exchange.edit")
def edit(actor: Actor, item: Item) -> Verdict:
    if not item.is_draft:
        return no(_("This was sent. What was sent stays as it is; send a correction instead."))
    reason = _("Only a contributor of the organisation that writes can change the draft.")
    return needs(actor, Role.CONTRIBUTOR, item.owner_id, reason)


@rule("exchange.send")
def send(actor: Actor, item: Item) -> Verdict:
    if not item.is_draft:
        return no(_("This was sent already."))
    reason = _("Only a coordinator can send in the name of the organisation.")
    return needs(actor, Role.COORDINATOR, item.owner_id, reason)


@rule("exchange.see_receipt")
def see_receipt(actor: Actor, receipt: Receipt) -> Verdict:
    return YES


@rule("exchange.acknowledge")
def acknowledge(actor: Actor, receipt: Receipt) -> Verdict:
    """Say for the recipient what it makes of the item, or what it led to."""
    if receipt.item.is_recalled or receipt.item.is_purged:
        return no(_("The sender took this back, or its time is over."))
    reason = _("Only a contributor of the organisation that received it can say this.")
    return needs(actor, Role.CONTRIBUTOR, receipt.organisation_id, reason)


@rule("exchange.reply")
def reply(actor: Actor, receipt: Receipt) -> Verdict:
    """Write in the exchange between the sender and this recipient."""
    if receipt.item.is_recalled or receipt.item.is_purged:
        return no(_("The sender took this back, or its time is over."))
    if actor.is_at_least(Role.CONTRIBUTOR, in_organisation=receipt.item.owner_id):
        return YES
    reason = _("Only a contributor of the sender or of this recipient can answer.")
    return needs(actor, Role.CONTRIBUTOR, receipt.organisation_id, reason)


@rule("exchange.decide")
def decide(actor: Actor, receipt: Receipt) -> Verdict:
    """Say for the recipient what the item led to."""
    return acknowledge(actor, receipt)


@rule("exchange.answer_all")
def answer_all(actor: Actor, item: Item) -> Verdict:
    """Write something that every recipient reads."""
    if item.is_draft:
        return no(_("This was not sent yet."))
    if item.is_recalled or item.is_purged:
        return no(_("The sender took this back, or its time is over."))
    reason = _("Only a contributor of the sender can write to all recipients.")
    return needs(actor, Role.CONTRIBUTOR, item.owner_id, reason)


@rule("exchange.see_recipients")
def see_recipients(actor: Actor, item: Item) -> Verdict:
    """Take the list of recipients and their states along as a table."""
    if item.is_draft:
        return no(_("This was not sent yet."))
    reason = _("Only the sender can take the list of recipients along.")
    return needs(actor, Role.CONTRIBUTOR, item.owner_id, reason)


@rule("exchange.file")
def file(actor: Actor, attachment: Attachment) -> Verdict:
    return YES


@rule("exchange.detach")
def detach(actor: Actor, attachment: Attachment) -> Verdict:
    """Remove a file from a draft."""
    return edit(actor, attachment.item)
