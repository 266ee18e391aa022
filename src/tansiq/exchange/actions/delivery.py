"""What leaves the desk about an item: mails to people, messages over an office's own routes.

`hand_over` writes down who is to hear of it; `send_waiting` composes and sends, asking the gate
once more at that moment. What is AMBER+STRICT or RED leaves as "there is something for you".
"""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from tansiq.access.models import Notice, Person
from tansiq.access.queries import actor_for
from tansiq.core.posting import PostingError, Target, post_json
from tansiq.exchange.models import (
    Dispatch,
    DispatchState,
    Item,
    ItemKind,
    MailChoice,
    MailRhythm,
    Receipt,
    Route,
    RouteChannel,
)

MOST_ATTEMPTS: Final = 5
_AT_A_TIME: Final = 500
# What a text message holds in two parts of the narrowest alphabet.
_SMS_SIGNS: Final = 130
# Stands in each mail that takes an answer; what is below it is ours.
MARK: Final = "##"


@dataclass(frozen=True)
class Parcel:
    """What is posted where, and the number by which the other side knows it again."""

    url: str
    key: int
    content: dict[str, str]


class NotSetUpError(Exception):
    """The operator of this installation has not set up the channel; the text says so."""


def hand_over(item: Item, receipts: Sequence[Receipt], notices: Iterable[Notice]) -> int:
    """Write down who hears of the item outside the desk; return how many messages wait.

    Call it in the transaction of sending, with the notices that were made: who was told nothing on
    the desk, for it is history or not for them, is told nothing elsewhere.
    """
    told = {one.person_id for one in notices}
    if not told:
        return 0
    rows = [*_to_people(item, receipts, told), *_over_routes(item, receipts)]
    Dispatch.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return len(rows)


def _to_people(item: Item, receipts: Sequence[Receipt], told: set[int]) -> list[Dispatch]:
    waits = set()
    if item.kind != ItemKind.WARNING:
        later = MailChoice.objects.exclude(rhythm=MailRhythm.AT_ONCE)
        waits = set(later.values_list("person", flat=True))
    wanted = Person.objects.filter(pk__in=told - waits, mails=True, is_active=True)
    at: dict[int, Receipt] = {}
    bodies = {one.organisation_id: one for one in receipts if one.person_id is None}
    at |= {one.person_id: one for one in receipts if one.person_id is not None}
    terms = wanted.values_list("pk", "memberships__organisation")
    for person, organisation in terms:
        if organisation in bodies:
            at.setdefault(person, bodies[organisation])
    mailed = set(wanted.values_list("pk", flat=True))
    return [
        Dispatch(receipt=receipt, person_id=person, made_at=receipt.sent_at)
        for person, receipt in at.items()
        if person in mailed
    ]


def _over_routes(item: Item, receipts: Sequence[Receipt]) -> list[Dispatch]:
    # What is for one person alone does not go to an office.
    bodies = {one.organisation_id: one for one in receipts if one.person_id is None}
    routes = Route.objects.open().filter(organisation__in=bodies)
    if item.kind != ItemKind.WARNING:
        routes = routes.filter(only_warnings=False)
    return [
        Dispatch(
            receipt=bodies[route.organisation_id],
            route=route,
            made_at=bodies[route.organisation_id].sent_at,
        )
        for route in routes.order_by("pk")
    ]


def send_waiting(*, at: datetime) -> int:
    """Send what waits, oldest first; return how many left."""
    waiting = Dispatch.objects.waiting().select_related(
        "person", "route__organisation", "receipt__item__owner", "receipt__organisation"
    )
    return sum(_send(one, at=at) for one in waiting[:_AT_A_TIME])


def _send(one: Dispatch, *, at: datetime) -> bool:
    # Counted before sending: a message that stops the process is not tried for ever, and of two
    # processes one gets it.
    claimed = Dispatch.objects.filter(
        pk=one.pk, attempts=one.attempts, state=DispatchState.WAITING
    ).update(attempts=F("attempts") + 1)
    if not claimed:
        return False
    one.attempts += 1
    if not _is_still_wanted(one, at=at):
        one.state, one.ended_at = DispatchState.DROPPED, at
        one.save(update_fields=["state", "ended_at"])
        return False
    try:
        if one.person is not None:
            _mail(one, one.person)
        else:
            _over(one, at=at)
    except (PostingError, NotSetUpError, OSError) as problem:
        one.problem = str(problem)[:200]
        is_over = one.attempts >= MOST_ATTEMPTS or isinstance(problem, NotSetUpError)
        one.state = DispatchState.FAILED if is_over else DispatchState.WAITING
    else:
        one.state, one.problem = DispatchState.SENT, ""
    one.ended_at = None if one.state == DispatchState.WAITING else at
    one.save(update_fields=["state", "problem", "ended_at", "reply_digest"])
    if one.route is not None:
        Route.objects.filter(pk=one.route.pk).update(problem=one.problem)
    return one.state == DispatchState.SENT


def _is_still_wanted(one: Dispatch, *, at: datetime) -> bool:
    item = one.receipt.item
    if item.is_recalled or item.is_purged or item.is_over(at.date()):
        return False
    if one.person is None:
        return one.route is not None and not one.route.is_paused
    actor = actor_for(one.person, at=at)
    return one.person.mails and Item.objects.visible_to(actor).filter(pk=item.pk).exists()


def _mail(one: Dispatch, person: Person) -> None:
    language = person.language or settings.LANGUAGE_CODE
    reply_to = _reply_address(one)
    with translation.override(language):
        context = mail_context(one.receipt.item, language) | {
            "person": person,
            "reply_to": reply_to,
            "mark": MARK,
        }
        mail = EmailMultiAlternatives(
            _subject(one.receipt.item),
            render_to_string("exchange/mail/item.txt", context),
            to=[person.email],
            reply_to=[reply_to] if reply_to else None,
            headers={"Auto-Submitted": "auto-generated"},
        )
        mail.attach_alternative(render_to_string("exchange/mail/item.html", context), "text/html")
    mail.send()


def mail_context(item: Item, language: str) -> dict[str, object]:
    """Return what the templates of a mail about this item show, in the active language."""
    return {
        "item": item,
        "is_open": item.may_leave_in_mail,
        "url": f"{settings.ORIGIN}{item.get_absolute_url()}",
        "language": language,
        "is_rtl": translation.get_language_bidi(),
        "origin": settings.ORIGIN,
    }


def _subject(item: Item) -> str:
    if not item.may_leave_in_mail:
        return _("Tansiq: there is something for you")
    # A subject is one line, whatever the title holds.
    words = " ".join(item.title.split())
    return _("%(kind)s from %(from)s: %(title)s") % {
        "kind": item.get_kind_display().capitalize(),
        "from": item.owner,
        "title": words,
    }


def _reply_address(one: Dispatch) -> str:
    """Return an address for the answer, new with each mail; empty where none may come by mail."""
    if not settings.REPLY_ADDRESS or not one.receipt.item.may_leave_in_mail:
        return ""
    secret = secrets.token_hex(16)
    one.reply_digest = digest_of(secret)
    name, _at, domain = settings.REPLY_ADDRESS.partition("@")
    return f"{name}+{secret}@{domain}"


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _over(one: Dispatch, *, at: datetime) -> None:
    route = one.route
    if route is None:
        message = f"Dispatch {one.pk} goes nowhere."
        raise ValueError(message)
    with translation.override(route.language):
        if route.channel == RouteChannel.EMAIL:
            _mail_to_office(one.receipt.item, route)
        elif route.channel == RouteChannel.SMS:
            _text(one, route, at=at)
        else:
            _post_to(one, route, at=at)


def _mail_to_office(item: Item, route: Route) -> None:
    context = mail_context(item, route.language) | {"office": route.organisation}
    mail = EmailMultiAlternatives(
        _subject(item),
        render_to_string("exchange/mail/item.txt", context),
        to=[route.address],
        headers={"Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string("exchange/mail/item.html", context), "text/html")
    mail.send()


def short_words(item: Item) -> str:
    """Return what a text message says of the item, in the active language."""
    url = f"{settings.ORIGIN}{item.get_absolute_url()}"
    if not item.may_leave_in_mail:
        return _("Tansiq: there is something for you. Sign in to read it: %(url)s") % {
            "url": settings.ORIGIN
        }
    words = f"{item.get_kind_display()}, {item.owner}: {' '.join(item.title.split())}"
    if len(words) > _SMS_SIGNS:
        words = f"{words[: _SMS_SIGNS - 1]}…"
    return f"{words} {url}"


def _text(one: Dispatch, route: Route, *, at: datetime) -> None:
    if not settings.SMS_URL:
        raise NotSetUpError(_("Nobody has set up text messages here."))
    content = {"to": route.address, "text": short_words(one.receipt.item)}
    _post(Parcel(settings.SMS_URL, one.pk, content), route, at=at)


def _post_to(one: Dispatch, route: Route, *, at: datetime) -> None:
    item = one.receipt.item
    content: dict[str, str] = {"item_kind": item.kind, "marking": item.marking}
    if item.may_leave_in_mail:
        content |= {
            "from": item.owner.name,
            "title": item.title,
            "text": item.text,
            "holds_until": item.expires_on.isoformat(),
            "answer_by": item.reply_by.isoformat() if item.reply_by else "",
            "url": f"{settings.ORIGIN}{item.get_absolute_url()}",
        }
    else:
        content |= {"title": _("There is something for you. Sign in to read it.")}
    _post(Parcel(route.address, one.pk, content), route, at=at)


def _post(parcel: Parcel, route: Route, *, at: datetime) -> None:
    # The id lets the other side drop what it took already when the answer was lost.
    about = {"id": parcel.key, "kind": route.channel, "language": route.language}
    private = settings.CHANNELS_MAY_BE_PRIVATE
    target = Target(parcel.url, settings.CHANNEL_SECRET, may_be_private=private)
    post_json(target, about | parcel.content, at=at)
