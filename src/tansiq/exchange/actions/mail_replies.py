"""Answers that come by mail: taken when the secret, the writer and the marking agree.

The address of an answer holds a secret made for one mail to one person. A sender can be forged,
a secret cannot be guessed; both must fit. A mail that is not taken changes nothing; who wrote it
is told why if the secret was theirs, and a stranger is told nothing.
"""

import email
import email.policy
import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from email.utils import getaddresses
from html.parser import HTMLParser
from typing import Final

from django.conf import settings
from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _

from tansiq.access.gate import can
from tansiq.access.log import record
from tansiq.access.models import Person
from tansiq.access.queries import actor_for
from tansiq.core.personal import find
from tansiq.exchange.actions.delivery import MARK, digest_of
from tansiq.exchange.actions.items import write_reply
from tansiq.exchange.models import Dispatch, Reply

MOST_BYTES: Final = 5_000_000
_MOST_SIGNS: Final = 10_000
_TO: Final = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
_QUOTED = re.compile(r"^\s*>")


class MailRefusedError(Exception):
    """The mail is not taken; the message says why, in the language of its writer."""


def take_mail(raw: bytes, *, at: datetime) -> Reply:
    """Write the answer that this mail holds. Raises MailRefusedError; then nothing is changed."""
    if len(raw) > MOST_BYTES:
        raise MailRefusedError(_("This mail is too large. Answer on the page."))
    message = email.message_from_bytes(raw, policy=email.policy.default)
    if _is_automatic(message):
        raise MailRefusedError(_("Answers of machines are not taken."))
    dispatch = _dispatch_of(message)
    if dispatch is None or dispatch.person is None:
        raise MailRefusedError(_("This address takes no answers, or not any more."))
    with translation.override(dispatch.person.language or settings.LANGUAGE_CODE):
        try:
            return _take(message, dispatch, dispatch.person, at=at)
        except MailRefusedError as problem:
            actor = actor_for(dispatch.person, at=at)
            detail = {"why": str(problem)}
            record(actor, "refused:exchange.reply_by_mail", dispatch.receipt, at=at, detail=detail)
            _tell(dispatch.person, str(problem))
            raise


def _take(message: EmailMessage, dispatch: Dispatch, person: Person, *, at: datetime) -> Reply:
    writers = {address.casefold() for _name, address in getaddresses([str(message["from"])])}
    if writers != {person.email.casefold()}:
        raise MailRefusedError(_("An answer must come from the address the mail went to."))
    receipt = dispatch.receipt
    verdict = can(actor_for(person, at=at), "exchange.reply", receipt)
    if not verdict:
        raise MailRefusedError(verdict.reason)
    if not receipt.item.may_leave_in_mail:
        raise MailRefusedError(_("What is marked so is answered on the page only."))
    if any(True for _part in message.iter_attachments()):
        raise MailRefusedError(_("Files are not taken by mail. Add them on the page."))
    text = _own_words(_text_of(message))
    if not text:
        raise MailRefusedError(_("The mail holds no words above the line."))
    language = person.language or settings.LANGUAGE_CODE
    if find(text, language=language):
        raise MailRefusedError(
            _("Your answer seems to hold something of a person, such as a name or a number.")
        )
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"{dispatch.reply_digest}/{message['message-id']}")
    return write_reply(
        receipt,
        receipt.organisation,
        text,
        language=language,
        by=actor_for(person, at=at),
        at=at,
        client_key=key,
    )


def _is_automatic(message: EmailMessage) -> bool:
    said = str(message.get("auto-submitted", "no")).lower()
    kind = str(message.get("precedence", "")).lower()
    return said != "no" or kind in {"bulk", "junk", "list"} or message["from"] is None


def _dispatch_of(message: EmailMessage) -> Dispatch | None:
    secrets = {digest_of(one) for one in _secrets_in(message)}
    found = Dispatch.objects.filter(reply_digest__in=secrets).select_related(
        "person", "receipt__item__owner", "receipt__organisation"
    )
    return found.first() if secrets else None


def _secrets_in(message: EmailMessage) -> Iterator[str]:
    name, _at, domain = settings.REPLY_ADDRESS.partition("@")
    if not name:
        return
    pattern = re.compile(rf"{re.escape(name)}\+([0-9a-f]{{32}})@{re.escape(domain)}", re.IGNORECASE)
    for header in _TO:
        for value in message.get_all(header, []):
            for found in pattern.finditer(str(value)[:2000]):
                yield found.group(1).lower()


def _text_of(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    try:
        content = part.get_content()
    except (LookupError, UnicodeError, ValueError):
        return ""
    text = content if isinstance(content, str) else ""
    if part.get_content_subtype() == "html":
        text = _plain(text)
    return text.replace("\x00", "")


class _Plain(HTMLParser):
    _BREAKS: Final = frozenset({"br", "p", "div", "li", "tr", "blockquote"})
    _HIDDEN: Final = frozenset({"script", "style", "head", "title"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in self._HIDDEN
        if tag in self._BREAKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in self._HIDDEN and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


def _plain(html: str) -> str:
    reader = _Plain()
    reader.feed(html)
    return "".join(reader.pieces)


def _own_words(text: str) -> str:
    """Return what stands above our mark, without quoted lines and the line that brings them in."""
    above, _mark, below = text.partition(MARK)
    lines = [line.rstrip() for line in above.splitlines() if not _QUOTED.match(line)]
    if below:
        # The last line before the quotation names its writer and the time, in any language.
        while lines and not lines[-1].strip():
            lines.pop()
        if lines and lines[-1].rstrip().endswith((":", "：")):
            lines.pop()
    return "\n".join(lines).strip()[:_MOST_SIGNS]


def _tell(person: Person, why: str) -> None:
    send_mail(
        _("Tansiq: your answer was not taken"),
        _("%(why)s\n\nYou can answer here: %(url)s") % {"why": why, "url": settings.ORIGIN},
        None,
        [person.email],
    )
