"""Who may say what about something that is owed, and who keeps standing duties."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.models import Organisation
from tansiq.access.verdict import YES, Verdict, needs, no
from tansiq.exchange.models import Item, Obligation, ObligationState, Rhythm


@rule("exchange.see_obligation")
def see_obligation(actor: Actor, obligation: Obligation) -> Verdict:
    return YES


@rule("exchange.give")
def give(actor: Actor, obligation: Obligation) -> Verdict:
    """Say that it was given. An answer is given by answering."""
    if not obligation.is_active:
        return no(_("This is not open any more."))
    reason = _("Only a contributor of the organisation that owes it can say this.")
    return needs(actor, Role.CONTRIBUTOR, obligation.debtor_id, reason)


@rule("exchange.confirm")
def confirm(actor: Actor, obligation: Obligation) -> Verdict:
    return _as_creditor(actor, obligation)


@rule("exchange.dispute")
def dispute(actor: Actor, obligation: Obligation) -> Verdict:
    return _as_creditor(actor, obligation)


def _as_creditor(actor: Actor, obligation: Obligation) -> Verdict:
    if obligation.state != ObligationState.DONE:
        return no(_("This was not marked as given yet. Send a reminder instead."))
    reason = _("Only a contributor of the organisation that waits for it can say this.")
    return needs(actor, Role.CONTRIBUTOR, obligation.creditor_id, reason)


@rule("exchange.waive")
def waive(actor: Actor, obligation: Obligation) -> Verdict:
    if not obligation.is_active:
        return no(_("This is not open any more."))
    reason = _("Only a lead of the organisation that waits for it can waive it.")
    return needs(actor, Role.LEAD, obligation.creditor_id, reason)


@rule("exchange.remind")
def remind(actor: Actor, obligation: Obligation) -> Verdict:
    if not obligation.is_active:
        return no(_("This is not open any more."))
    reason = _("Only a contributor of the organisation that waits for it can remind.")
    return needs(actor, Role.CONTRIBUTOR, obligation.creditor_id, reason)


@rule("exchange.remind_recipients")
def remind_recipients(actor: Actor, item: Item) -> Verdict:
    """Remind everybody who said nothing to an item."""
    reason = _("Only a contributor of the sender can remind its recipients.")
    return needs(actor, Role.CONTRIBUTOR, item.owner_id, reason)


@rule("exchange.make_rhythm")
def make_rhythm(actor: Actor, organisation: Organisation) -> Verdict:
    reason = _("Only a lead can bind the organisation to a standing duty.")
    return needs(actor, Role.LEAD, organisation.pk, reason)


@rule("exchange.see_rhythm")
def see_rhythm(actor: Actor, rhythm: Rhythm) -> Verdict:
    return YES


@rule("exchange.edit_rhythm")
def edit_rhythm(actor: Actor, rhythm: Rhythm) -> Verdict:
    return _as_keeper(actor, rhythm)


@rule("exchange.end_rhythm")
def end_rhythm(actor: Actor, rhythm: Rhythm) -> Verdict:
    return _as_keeper(actor, rhythm)


def _as_keeper(actor: Actor, rhythm: Rhythm) -> Verdict:
    if rhythm.is_ended:
        return no(_("This has ended."))
    reason = _("Only a lead of the organisation that made it can change it.")
    return needs(actor, Role.LEAD, rhythm.owner_id, reason)
