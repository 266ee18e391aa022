"""The one door through which words leave a room: mail, text messages, webhooks, feeds, pages.

`hand_out` writes each message down; `tasks` sends what waits. A message of an exercise is stamped
with the word and written down as shown: it never waits, so nothing can send it, and the database
refuses to hold it in any other state.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tansiq.core import practice
from tansiq.core.posting import PostingError, Target, post_json
from tansiq.incidents.models import Channel, Incident, Outgoing, OutgoingState

MOST_ATTEMPTS: Final = 5
Send = Callable[[Outgoing], None]

_adapters: dict[str, Send] = {}
# Whether the operator has set up what the adapter needs.
_is_set_up: dict[str, Callable[[], bool]] = {}


class ChannelError(Exception):
    """The other side did not take the message; the text says why."""


@dataclass(frozen=True)
class Message:
    """What leaves, and to whom: an address of a member or contact, or the name of a feed."""

    channel: Channel
    address: str
    subject: str
    body: str
    language: str = "en"


def adapter(channel: Channel, *, when: Callable[[], bool] = lambda: True) -> Callable[[Send], Send]:
    """Register the function that hands a message of this channel to the world outside."""

    def register(send: Send) -> Send:
        _adapters[channel] = send
        _is_set_up[channel] = when
        return send

    return register


def is_open(channel: Channel) -> bool:
    """Return whether this installation can send on the channel."""
    return channel in _adapters and _is_set_up[channel]()


def stamped(words: str, language: str) -> str:
    """Return the words with EXERCISE before them, in their own language."""
    with translation.override(language or "en"):
        return practice.stamped(words)


def hand_out(incident: Incident, messages: Iterable[Message], *, at: datetime) -> list[Outgoing]:
    """Write messages down so that they leave within seconds; of an exercise they only show.

    Call it inside the transaction of the action: what is not saved is not sent.
    """
    state = OutgoingState.SHOWN if incident.is_exercise else OutgoingState.WAITING
    rows = []
    for one in messages:
        subject, body = one.subject, one.body
        if incident.is_exercise:
            subject, body = stamped(subject, one.language), stamped(body, one.language)
        rows.append(
            Outgoing(
                incident=incident,
                channel=one.channel,
                address=one.address,
                subject=subject[:200],
                body=body,
                language=one.language,
                is_exercise=incident.is_exercise,
                state=state,
                made_at=at,
            )
        )
    return Outgoing.objects.bulk_create(rows)


def send_waiting(*, at: datetime) -> int:
    """Send what waits, oldest first; return how many left."""
    sent = 0
    waiting = Outgoing.objects.filter(state=OutgoingState.WAITING, is_exercise=False)
    for message in waiting.select_related("incident").order_by("pk"):
        # Asked once more of the incident itself: the copy on the row is not trusted alone.
        if not message.incident.is_exercise:
            sent += _send(message, at=at)
    return sent


def _send(message: Outgoing, *, at: datetime) -> bool:
    # Counted before sending: a message that stops the process is not tried for ever.
    Outgoing.objects.filter(pk=message.pk).update(attempts=F("attempts") + 1)
    try:
        send = _adapters[message.channel] if is_open(Channel(message.channel)) else _closed
        send(message)
    except (ChannelError, PostingError, OSError) as problem:
        message.problem = str(problem)[:200]
        is_over = message.attempts + 1 >= MOST_ATTEMPTS or not is_open(Channel(message.channel))
        message.state = OutgoingState.FAILED if is_over else OutgoingState.WAITING
    else:
        message.state, message.problem = OutgoingState.SENT, ""
    message.ended_at = None if message.state == OutgoingState.WAITING else at
    message.save(update_fields=["state", "problem", "ended_at"])
    return message.state == OutgoingState.SENT


def _closed(message: Outgoing) -> None:
    raise ChannelError(_("Nobody has set up this channel here."))


@adapter(Channel.EMAIL)
def _by_mail(message: Outgoing) -> None:
    EmailMessage(
        message.subject, message.body, settings.DEFAULT_FROM_EMAIL, [message.address]
    ).send()


@adapter(Channel.PAGE)
def _on_page(message: Outgoing) -> None:
    """Do nothing: the public page reads what was released; the row says that it went there."""


@adapter(Channel.SMS, when=lambda: bool(settings.SMS_URL))
def _by_text_message(message: Outgoing) -> None:
    """Hand it to the operator's gateway: number, text, language."""
    _post(settings.SMS_URL, message, {"to": message.address, "text": message.body})


@adapter(Channel.WEBHOOK, when=lambda: bool(settings.WEBHOOK_URL))
def _by_webhook(message: Outgoing) -> None:
    content = {"to": message.address, "subject": message.subject, "text": message.body}
    _post(settings.WEBHOOK_URL, message, content)


def _post(url: str, message: Outgoing, content: dict[str, str]) -> None:
    # The id lets the other side drop what it took already when the answer was lost.
    about = {"id": message.pk, "kind": message.channel, "language": message.language}
    target = Target(url, settings.CHANNEL_SECRET, may_be_private=settings.CHANNELS_MAY_BE_PRIVATE)
    post_json(target, about | content, at=now())
