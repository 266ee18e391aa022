"""Two organisations talk: opened about something, answered, ended with how both go on."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Marking, Organisation
from tansiq.plans.models import Conversation, Message, Outcome, Overlap, OverlapState
from tansiq.plans.notices import tell_both


class AlreadyTalkingError(Exception):
    """The other organisation opened the conversation a moment ago; `conversation` is it."""

    def __init__(self, conversation: Conversation) -> None:
        super().__init__(
            _("The other organisation opened a conversation a moment ago. Write there.")
        )
        self.conversation = conversation


@transaction.atomic
def open_conversation(
    overlap: Overlap,
    text: str,
    *,
    organisation: Organisation,
    language: str,
    by: Actor,
    at: datetime,
) -> Conversation:
    """Begin to talk about two activities, as one of the bodies whose they are.

    Raises AlreadyTalkingError.
    """
    overlap = Overlap.objects.select_for_update(of=("self",)).get(pk=overlap.pk)
    if overlap.conversation is not None:
        raise AlreadyTalkingError(overlap.conversation)
    bodies = (overlap.first.owner, overlap.second.owner)
    [other] = [one for one in bodies if one.pk != organisation.pk]
    purpose = _("Two activities of two bodies that are much alike")
    conversation = _begin(organisation, other, purpose, language=language, at=at)
    overlap.conversation, overlap.state = conversation, OverlapState.TALKING
    overlap.save(update_fields=["conversation", "state"])
    _write(conversation, text, organisation=organisation, language=language, by=by, at=at)
    record(by, "plans.conversation_open", conversation, at=at, detail={"other": other.pk})
    tell_both(conversation, "plans.conversation_opened", organisation, by=by, at=at)
    return conversation


def _begin(
    organisation: Organisation, other: Organisation, purpose: str, *, language: str, at: datetime
) -> Conversation:
    conversation = Conversation.objects.create(
        owner=organisation,
        other=other,
        marking=Marking.AMBER_STRICT,
        purpose=purpose,
        language=language,
        opened_at=at,
        latest_by=organisation,
        latest_at=at,
    )
    conversation.named_organisations.add(other)
    return conversation


@transaction.atomic
def say(
    conversation: Conversation,
    text: str,
    *,
    organisation: Organisation,
    language: str,
    by: Actor,
    at: datetime,
) -> Message:
    """Write to the other organisation; where an outcome was written down, talk about it anew."""
    message = _write(conversation, text, organisation=organisation, language=language, by=by, at=at)
    conversation.latest_by, conversation.latest_at = organisation, at
    was_over = not conversation.is_open
    if was_over:
        conversation.outcome, conversation.closed_at, conversation.closed_by = "", None, None
        conversation.overlaps.update(state=OverlapState.TALKING)
    conversation.save(update_fields=_STATE)
    detail = {"again": True} if was_over else {}
    record(by, "plans.conversation_reply", conversation, at=at, detail=detail)
    tell_both(conversation, "plans.conversation_replied", organisation, by=by, at=at)
    return message


_STATE = ["latest_by", "latest_at", "outcome", "outcome_words", "closed_by", "closed_at"]


@transaction.atomic
def close_conversation(
    conversation: Conversation,
    outcome: Outcome,
    words: str,
    *,
    organisation: Organisation,
    language: str,
    by: Actor,
    at: datetime,
) -> None:
    """Write down how both go on; what they talked about says so from then on."""
    conversation.outcome, conversation.outcome_words = outcome, words
    conversation.closed_by, conversation.closed_at = organisation, at
    conversation.latest_by, conversation.latest_at = organisation, at
    conversation.save(update_fields=_STATE)
    _write(
        conversation,
        words,
        organisation=organisation,
        language=language,
        outcome=outcome,
        by=by,
        at=at,
    )
    conversation.overlaps.update(
        state=OverlapState(outcome.value),
        settled_words=words[:300],
        settled_by=organisation,
        settled_at=at,
    )
    record(by, "plans.conversation_close", conversation, at=at, detail={"outcome": outcome.value})
    tell_both(conversation, "plans.conversation_closed", organisation, by=by, at=at)


def _write(
    conversation: Conversation,
    text: str,
    *,
    organisation: Organisation,
    language: str,
    by: Actor,
    at: datetime,
    outcome: str = "",
) -> Message:
    return Message.objects.create(
        conversation=conversation,
        organisation=organisation,
        person_id=by.person_id,
        text=text,
        language=language,
        at=at,
        outcome=outcome,
    )
