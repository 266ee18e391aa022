"""The ways a call takes: a notice here, an e-mail with one link, a text message, another system."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.models import Person
from tansiq.access.notices import notify_each, register
from tansiq.incidents.channels import Message, hand_out, is_open
from tansiq.incidents.links import key_for
from tansiq.incidents.models import Call, Channel, Incident, Post, Seat
from tansiq.incidents.wording import role_title

register(
    "incidents.called",
    gettext_lazy("You are called, %(place)s: %(role)s. Say whether you come."),
)
register(
    "incidents.nobody_comes",
    gettext_lazy("Nobody answers, %(place)s: %(role)s. Name somebody for it."),
)

Called = tuple[Call, Post | None]


def ring(incident: Incident, called: Iterable[Called], *, at: datetime) -> None:
    """Let each of them know by every way that is open to them, and keep which ways those were."""
    called = list(called)
    messages: list[Message] = []
    for call, post in called:
        ways = list(_messages(incident, call, post))
        messages += ways
        call.channels = ["notice"] if call.person is not None else []
        call.channels += [str(way.channel) for way in ways]
    hand_out(incident, messages, at=at)
    Call.objects.bulk_update([call for call, _post in called], ["channels"], batch_size=100)
    told = [
        (call.person, _facts(incident, call.seat.role, call.person))
        for call, _post in called
        if call.person is not None
    ]
    url = reverse("incidents:seats", args=[incident.pk])
    # The mail with the link goes by itself. Of an exercise only the notice reaches anybody.
    mailed_at = None if incident.is_exercise else at
    notify_each(told, "incidents.called", incident, url=url, at=at, mailed_at=mailed_at)


def _facts(incident: Incident, role: str, person: Person) -> dict[str, str]:
    language = person.language or incident.language
    title = role_title(incident.playbook.document, role, language)
    return {"place": incident.place.name_in(language), "role": title}


def tell_nobody_comes(seat: Seat, people: Iterable[Person], *, at: datetime) -> None:
    """Tell those who coordinate that the list for this seat is at its end."""
    incident = seat.incident
    told = [(person, _facts(incident, seat.role, person)) for person in people]
    url = reverse("incidents:seats", args=[incident.pk])
    notify_each(told, "incidents.nobody_comes", incident, url=url, at=at)


def _messages(incident: Incident, call: Call, post: Post | None) -> Iterable[Message]:
    language = _language_of(incident, call, post)
    with translation.override(language):
        words = _words(incident, call, language)
        link = settings.ORIGIN + reverse("incidents:answer", args=[key_for(call)])
        short = _("%(words)s Answer here: %(link)s") % {"words": words["line"], "link": link}
        for channel, address in _addresses(call, post):
            body = short if channel == Channel.SMS else "\n\n".join([*words["long"], link, _foot()])
            yield Message(channel, address, words["line"], body, language)


def _language_of(incident: Incident, call: Call, post: Post | None) -> str:
    if call.person is not None and call.person.language:
        return str(call.person.language)
    known = [code for code in (post.languages if post else []) if code in dict(settings.LANGUAGES)]
    return known[0] if known else str(incident.language)


def _words(incident: Incident, call: Call, language: str) -> dict[str, Any]:
    role = role_title(incident.playbook.document, call.seat.role, language)
    line = _("%(place)s calls you: %(role)s.") % {
        "place": incident.place.name_in(language),
        "role": role,
    }
    asked = _("Open this link and say whether you come. It works once you confirm, for one day.")
    # What happened stands there only where the marking lets words leave in mail.
    told = [incident.title] if incident.may_leave_in_mail else []
    return {"line": line, "long": [line, *told, asked]}


def _foot() -> str:
    return _("If you do not answer, your deputy is called.")


def _addresses(call: Call, post: Post | None) -> Iterable[tuple[Channel, str]]:
    holder = call.contact or call.person
    email = holder.email if holder is not None else ""
    phone = (post.phone if post else "") or (call.contact.phone if call.contact else "")
    if email:
        yield Channel.EMAIL, email
    if phone and is_open(Channel.SMS):
        yield Channel.SMS, phone
    if is_open(Channel.WEBHOOK) and (email or phone):
        yield Channel.WEBHOOK, email or phone
