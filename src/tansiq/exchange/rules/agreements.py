"""Writing, offering, signing, renewing and ending agreements about sharing."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.models import Organisation
from tansiq.access.verdict import YES, Verdict, needs, no
from tansiq.exchange.models import Agreement, Item, Party


@rule("exchange.agreement_see")
def agreement_see(actor: Actor, agreement: Agreement) -> Verdict:
    return YES


@rule("exchange.agreement_write")
def agreement_write(actor: Actor, organisation: Organisation) -> Verdict:
    """Begin an agreement for this organisation."""
    reason = _("Only a coordinator of this organisation can begin an agreement for it.")
    return needs(actor, Role.COORDINATOR, organisation.pk, reason)


@rule("exchange.agreement_edit")
def agreement_edit(actor: Actor, agreement: Agreement) -> Verdict:
    if not agreement.is_draft:
        return no(_("This was offered to its parties and stays as it is. Write a new version."))
    reason = _("Only a coordinator of the organisation that writes it can change the draft.")
    return needs(actor, Role.COORDINATOR, agreement.owner_id, reason)


@rule("exchange.agreement_offer")
def agreement_offer(actor: Actor, agreement: Agreement) -> Verdict:
    if not agreement.is_draft:
        return no(_("This was offered already."))
    reason = _("Only a lead of the organisation that writes it can offer it for signing.")
    return needs(actor, Role.LEAD, agreement.owner_id, reason)


@rule("exchange.agreement_sign")
def agreement_sign(actor: Actor, party: Party) -> Verdict:
    if party.has_signed:
        return no(_("This organisation has signed."))
    if party.agreement.is_draft or party.agreement.ended_at is not None:
        return no(_("This agreement is not open for signing."))
    reason = _("Only a lead of the organisation can sign for it.")
    return needs(actor, Role.LEAD, party.organisation_id, reason)


@rule("exchange.agreement_amend")
def agreement_amend(actor: Actor, agreement: Agreement) -> Verdict:
    if agreement.is_draft:
        return no(_("This is a draft: change it as it stands."))
    reason = _("Only a coordinator of the owner can write a new version.")
    return needs(actor, Role.COORDINATOR, agreement.owner_id, reason)


@rule("exchange.agreement_end")
def agreement_end(actor: Actor, agreement: Agreement) -> Verdict:
    if agreement.is_draft or agreement.ended_at is not None:
        return no(_("Only an agreement that was offered and has not ended can be ended."))
    reason = _("Only a lead of the owner can end the agreement.")
    return needs(actor, Role.LEAD, agreement.owner_id, reason)


@rule("exchange.agreement_choose")
def agreement_choose(actor: Actor, item: Item) -> Verdict:
    """Say under which agreement an item goes."""
    if not item.is_draft:
        return no(_("This was sent. What was sent stays as it is; send a correction instead."))
    reason = _("Only a contributor of the organisation that writes can change the draft.")
    return needs(actor, Role.CONTRIBUTOR, item.owner_id, reason)


@rule("exchange.party_see")
def party_see(actor: Actor, party: Party) -> Verdict:
    return YES
