"""Taking back, forwarding, putting right, writing lesser versions, passing on as one's own."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.models import Marking
from tansiq.access.verdict import YES, Verdict, needs, no
from tansiq.exchange.models import Correction, ForwardRequest, Item, Receipt


def _not_holding(actor: Actor, item: Item) -> Verdict | None:
    if item.is_draft:
        return no(_("This was not sent yet."))
    if item.is_recalled:
        return no(_("This was taken back."))
    if item.is_purged or (actor.on is not None and item.is_over(actor.on)):
        return no(_("Its time is over."))
    return None


def own_receipts(actor: Actor, item: Item, role: Role) -> Any:
    """Return the receipts of the item for which this actor may speak."""
    return Receipt.objects.filter(
        Q(person__isnull=True) | Q(person=actor.person_id),
        item=item,
        organisation__in=actor.organisations_as(role),
    )


@rule("exchange.recall")
def recall(actor: Actor, item: Item) -> Verdict:
    """Take back what was sent. Whether it is too late is asked of the clock by the action."""
    if item.is_draft or item.is_recalled or item.is_purged:
        return _not_holding(actor, item) or no(_("Its time is over."))
    reason = _("Only a coordinator of the sender can take this back.")
    return needs(actor, Role.COORDINATOR, item.owner_id, reason)


@rule("exchange.see_taken_back")
def see_taken_back(actor: Actor, receipt: Receipt) -> Verdict:
    return YES if receipt.item.is_recalled else no(_("This was not taken back."))


@rule("exchange.forward")
def forward(actor: Actor, item: Item) -> Verdict:
    """Hand an item on to others, as far as its marking lets a recipient."""
    if (stopped := _not_holding(actor, item)) is not None:
        return stopped
    if item.is_red:
        return no(_("TLP:RED stays with the persons named. Only the sender can name others."))
    if own_receipts(actor, item, Role.COORDINATOR).exists():
        return YES
    return no(_("Only a coordinator of a recipient can forward this."))


@rule("exchange.ask_forward")
def ask_forward(actor: Actor, item: Item) -> Verdict:
    """Ask the owner to let an item go to others."""
    if (stopped := _not_holding(actor, item)) is not None:
        return stopped
    if item.is_red:
        return no(_("TLP:RED stays with the persons named. Only the sender can name others."))
    if own_receipts(actor, item, Role.CONTRIBUTOR).exists():
        return YES
    return no(_("Only a contributor of a recipient can ask for this."))


@rule("exchange.answer_forward")
def answer_forward(actor: Actor, request: ForwardRequest) -> Verdict:
    if not request.is_open:
        return no(_("This was answered already."))
    reason = _("Only a coordinator of the sender can answer this.")
    return needs(actor, Role.COORDINATOR, request.item.owner_id, reason)


@rule("exchange.propose_correction")
def propose_correction(actor: Actor, item: Item) -> Verdict:
    """Tell the owner what is wrong in an item that one received."""
    if (stopped := _not_holding(actor, item)) is not None:
        return stopped
    if own_receipts(actor, item, Role.CONTRIBUTOR).exists():
        return YES
    return no(_("Only a contributor of a recipient can propose a correction."))


@rule("exchange.answer_correction")
def answer_correction(actor: Actor, correction: Correction) -> Verdict:
    if not correction.is_open:
        return no(_("This was answered already."))
    reason = _("Only a coordinator of the sender can answer this.")
    return needs(actor, Role.COORDINATOR, correction.item.owner_id, reason)


@rule("exchange.correct")
def correct(actor: Actor, item: Item) -> Verdict:
    """Put right what one sent, of one's own accord."""
    if item.is_draft or item.is_recalled or item.is_purged:
        return _not_holding(actor, item) or no(_("Its time is over."))
    reason = _("Only a coordinator of the sender can correct this.")
    return needs(actor, Role.COORDINATOR, item.owner_id, reason)


@rule("exchange.write_lesser")
def write_lesser(actor: Actor, item: Item) -> Verdict:
    """Write a version of an item with less in it, for more readers."""
    if item.is_recalled or item.is_purged:
        return no(_("This was taken back, or its time is over."))
    if item.fullest_id is not None:
        return no(_("Write lesser versions beside the fullest one."))
    if item.marking == Marking.CLEAR:
        return no(_("This is for everybody already; there is nothing lower."))
    reason = _("Only a contributor of the organisation that writes can do this.")
    return needs(actor, Role.CONTRIBUTOR, item.owner_id, reason)


@rule("exchange.see_check")
def see_check(actor: Actor, item: Item) -> Verdict:
    """Read what the check found in one's own draft."""
    reason = _("Only the organisation that writes sees the check.")
    return needs(actor, Role.CONTRIBUTOR, item.owner_id, reason)


@rule("exchange.release")
def release(actor: Actor, item: Item) -> Verdict:
    """Let something go out that the check found, with a reason."""
    if not item.is_draft:
        return no(_("This was sent already."))
    reason = _("Only a coordinator can let this go out.")
    return needs(actor, Role.COORDINATOR, item.owner_id, reason)


@rule("exchange.allow_passing_on")
def allow_passing_on(actor: Actor, item: Item) -> Verdict:
    """Let recipients pass a note on as their own, without the name of who wrote it."""
    if item.is_recalled or item.is_purged:
        return no(_("This was taken back, or its time is over."))
    reason = _("Only a contributor of the organisation that wrote it can say this.")
    return needs(actor, Role.CONTRIBUTOR, item.owner_id, reason)


@rule("exchange.pass_on")
def pass_on(actor: Actor, item: Item) -> Verdict:
    """Write an item of one's own out of what somebody else told."""
    if (stopped := _not_holding(actor, item)) is not None:
        return stopped
    handling = getattr(item, "handling", None)
    if handling is None or not handling.may_pass_on:
        return no(_("Who sent this has not said that you may pass it on as your own."))
    if own_receipts(actor, item, Role.CONTRIBUTOR).exists():
        return YES
    return no(_("Only a contributor of a recipient can pass this on."))


@rule("exchange.tell_source")
def tell_source(actor: Actor, item: Item) -> Verdict:
    """Decide whether the source learns in general words what became of its note."""
    if item.origin_id is None:
        return no(_("This was not passed on for somebody else."))
    reason = _("Only a contributor of the organisation that passed it on can say this.")
    return needs(actor, Role.CONTRIBUTOR, item.owner_id, reason)


@rule("exchange.review")
def review(actor: Actor, item: Item) -> Verdict:
    """Extend an item, loosen its marking, or let it end."""
    if item.is_draft or item.is_recalled or item.is_purged:
        return _not_holding(actor, item) or no(_("Its time is over."))
    reason = _("Only a coordinator of the sender can decide this.")
    return needs(actor, Role.COORDINATOR, item.owner_id, reason)


def recall_ends(item: Item) -> Any:
    """Return until when an item can be taken back, or None before it is sent."""
    return item.sent_at and item.sent_at + timedelta(hours=settings.RECALL_HOURS)


_FROM_MOST_READERS = [*Marking]


def is_lower(item: Item, fuller: Item) -> bool:
    """Return whether more may read this version than the fuller one."""
    rank = _FROM_MOST_READERS.index
    return rank(Marking(item.marking)) < rank(Marking(fuller.marking))


def lower_markings(fuller: Item) -> list[str]:
    """Return the markings that a lesser version may have, the nearest first."""
    rank = _FROM_MOST_READERS.index(Marking(fuller.marking))
    return [str(one) for one in _FROM_MOST_READERS[:rank][::-1]]
