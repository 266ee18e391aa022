"""Who settles what overlaps, and who talks about it: the two bodies whose activities they are."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.verdict import YES, Verdict, no
from tansiq.plans.models import Conversation, Overlap, OverlapState


@rule("plans.overlap_view")
def overlap_view(actor: Actor, overlap: Overlap) -> Verdict:
    return YES


@rule("plans.overlap_settle")
def overlap_settle(actor: Actor, overlap: Overlap) -> Verdict:
    if overlap.state == OverlapState.TALKING:
        return no(_("The two bodies are talking about this; it is settled in their conversation."))
    return _one_of(actor, _owners(overlap))


@rule("plans.conversation_open")
def conversation_open(actor: Actor, overlap: Overlap) -> Verdict:
    if overlap.conversation_id is not None:
        return no(_("The two bodies have a conversation about this already."))
    return _one_of(actor, _owners(overlap))


@rule("plans.conversation_view")
def conversation_view(actor: Actor, conversation: Conversation) -> Verdict:
    return YES


@rule("plans.conversation_reply")
def conversation_reply(actor: Actor, conversation: Conversation) -> Verdict:
    return _one_of(actor, conversation.two)


@rule("plans.conversation_close")
def conversation_close(actor: Actor, conversation: Conversation) -> Verdict:
    if not conversation.is_open:
        return no(_("How it goes on is written down already. Write again to talk about it anew."))
    return _one_of(actor, conversation.two)


def _owners(overlap: Overlap) -> tuple[int, int]:
    return overlap.first.owner_id, overlap.second.owner_id


def _one_of(actor: Actor, organisations: Iterable[int]) -> Verdict:
    if any(actor.is_at_least(Role.CONTRIBUTOR, in_organisation=pk) for pk in organisations):
        return YES
    return no(_("Only a contributor of one of the two organisations can do this."))
