"""The ways a call takes: a notice here, an e-mail with one link, a text message, another system."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.models import Notice, Person
from tansiq.access.notices import notify, register
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
    for call, _post in called:
        if call.person is not None:
            _notify(incident, call, call.person, at=at)


def _notify(incident: Incident, call: Call, person: Person, *, at: datetime) -> None:
    language = person.language or incident.language
    role = role_title(incident.playbook.document, call.seat.role, language)
    facts = {"place": incident.place.name_in(language), "role": role}
    url = reverse("incidents:seats", args=[incident.pk])
    made = notify([person], "incidents.called", incident, url=url, facts=facts, at=at)
    if not incident.is_exercise:
        # The mail with the link goes by itself. Of an exercise only this notice reaches anybody.
        Notice.objects.filter(pk__in=[one.pk for one in made]).update(mailed_at=at)


def tell_nobody_comes(seat: Seat, people: Iterable[Person], *, at: datetime) -> None:
    """Tell those who coordinate that the list for this seat is at its end."""
    incident = seat.incident
    for person in people:
        language = person.language or incident.language
        facts = {
            "place": incident.place.name_in(language),
            "role": role_title(incident.playbook.document, seat.role, language),
        }
        url = reverse("incidents:seats", args=[incident.pk])
        notify([person], "incidents.nobody_comes", incident, url=url, facts=facts, at=at)


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
