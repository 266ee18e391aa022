"""Asking another level for support, and the way of a request until the help is there.

Both sides write into the same log. Two people who answer at once: the second is told what the
first said, and nothing is changed.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Organisation
from tansiq.access.notices import notify
from tansiq.access.notices import register as register_notice
from tansiq.access.queries import people_of
from tansiq.incidents.actions.log import Line, arrived_before, write_down
from tansiq.incidents.models import (
    EntryKind,
    Incident,
    SupportKind,
    SupportMessage,
    SupportRequest,
    SupportState,
    Urgency,
)
from tansiq.incidents.wording import register

_SENTENCES = {
    "asked": gettext_lazy("%(from)s asks %(to)s for support: %(what)s."),
    "seen": gettext_lazy("%(to)s has seen the request of %(from)s: %(what)s."),
    "offered": gettext_lazy("%(to)s offers %(from)s something else: %(what)s."),
    "accepted": gettext_lazy("%(to)s will help %(from)s: %(what)s."),
    "partly": gettext_lazy("%(to)s will help %(from)s in part: %(what)s."),
    "refused": gettext_lazy("%(to)s cannot help %(from)s: %(what)s."),
    "delivered": gettext_lazy("%(to)s says that the help for %(from)s is there: %(what)s."),
    "confirmed": gettext_lazy("%(from)s confirms the help of %(to)s: %(what)s."),
    "disputed": gettext_lazy("%(from)s misses help that %(to)s called delivered: %(what)s."),
    "withdrawn": gettext_lazy("%(from)s withdrew its request to %(to)s: %(what)s."),
    "taken": gettext_lazy("%(from)s takes what %(to)s offers: %(what)s."),
    "declined": gettext_lazy("%(from)s cannot use what %(to)s offers and asks again: %(what)s."),
    "message": gettext_lazy("Message about the request of %(from)s to %(to)s: %(what)s."),
    "late": gettext_lazy("%(to)s owes %(from)s an answer, and it is late: %(what)s."),
}
for _name, _sentence in _SENTENCES.items():
    register(f"support_{_name}", _sentence)
    register_notice(f"incidents.support_{_name}", _sentence)


@dataclass(frozen=True)
class Step:
    """One step on the way of a request: where it starts, where it leads, and whose it is."""

    state: SupportState
    starts: frozenset[str]
    rule: str = "incidents.answer_support"


_OPEN = frozenset({"asked", "seen", "offered"})
# What was promised may turn out not to be possible, or not to be needed; that is said, too.
_UNDELIVERED = _OPEN | {"accepted", "partly", "disputed"}
_SETTLE = "incidents.settle_support"
STEPS: Final = {
    "seen": Step(SupportState.SEEN, frozenset({"asked"})),
    "accepted": Step(SupportState.ACCEPTED, _OPEN),
    "partly": Step(SupportState.PARTLY, _OPEN),
    "offered": Step(SupportState.OFFERED, _OPEN),
    "refused": Step(SupportState.REFUSED, _UNDELIVERED),
    "delivered": Step(SupportState.DELIVERED, frozenset({"accepted", "partly", "disputed"})),
    "taken": Step(SupportState.PARTLY, frozenset({"offered"}), _SETTLE),
    "declined": Step(SupportState.ASKED, frozenset({"offered"}), _SETTLE),
    "confirmed": Step(SupportState.CONFIRMED, frozenset({"delivered"}), _SETTLE),
    "disputed": Step(SupportState.DISPUTED, frozenset({"delivered"}), _SETTLE),
    "withdrawn": Step(SupportState.WITHDRAWN, _UNDELIVERED, _SETTLE),
}
_ANSWERS = {"accepted", "partly", "offered", "refused"}
_WORDS_NEEDED = {
    "partly": gettext_lazy("Say what you can give, so that they can plan the rest."),
    "refused": gettext_lazy("Say why, so that they can look elsewhere."),
    "offered": gettext_lazy("Say what you can do instead."),
    "disputed": gettext_lazy("Say what is missing, so that they can act on it."),
}
_CLOCK = Actor.system("an answer is late")


class SupportError(Exception):
    """The step makes no sense now; the message says why, and nothing was changed."""


@dataclass(frozen=True)
class Asking:
    """What is asked, of whom, and how soon."""

    from_organisation: Organisation
    to_organisation: Organisation
    kind: SupportKind
    what: str
    urgency: Urgency
    language: str
    quantity: int | None = None
    unit: str = ""
    why: str = ""
    # On the room's clock.
    needed_by: datetime | None = None


@dataclass(frozen=True)
class Said:
    """What comes with a step: words, how much, and when it will be there."""

    text: str = ""
    quantity: int | None = None
    promised_for: datetime | None = None
    language: str = ""
    client_key: uuid.UUID | None = None


@transaction.atomic
def ask_for_support(
    incident: Incident,
    asking: Asking,
    *,
    by: Actor,
    at: datetime,
    client_key: uuid.UUID | None = None,
) -> SupportRequest:
    """Ask another organisation of the room. Raises SupportError when it does not take part."""
    if before := arrived_before(incident, client_key):
        return SupportRequest.objects.get(pk=before.subject_id or 0)
    _refuse_strangers(incident, asking)
    room_now = incident.room_time(at)
    wait = timedelta(minutes=settings.SUPPORT_MINUTES[asking.urgency])
    request = SupportRequest.objects.create(
        incident=incident,
        from_organisation=asking.from_organisation,
        to_organisation=asking.to_organisation,
        kind=asking.kind,
        what=asking.what,
        quantity=asking.quantity,
        unit=asking.unit,
        why=asking.why,
        language=asking.language,
        urgency=asking.urgency,
        needed_by=asking.needed_by,
        asked_at=room_now,
        answer_due_at=room_now + wait,
        changed_at=at,
    )
    said = Said(asking.why, language=asking.language, client_key=client_key)
    _write(request, "asked", said, rule="incidents.ask_support", by=by, at=at)
    _tell(request, "asked", [asking.to_organisation], by=by, at=at)
    return request


def _refuse_strangers(incident: Incident, asking: Asking) -> None:
    if not incident.is_open:
        raise SupportError(_("This incident is closed. Open it again to ask for support."))
    there = {incident.owner_id, *incident.named_organisations.values_list("pk", flat=True)}
    for one in (asking.from_organisation, asking.to_organisation):
        if one.pk not in there:
            sentence = _("%(organisation)s does not take part in this room. Name it first.")
            raise SupportError(sentence % {"organisation": one})
    if asking.from_organisation == asking.to_organisation:
        raise SupportError(_("Ask somebody other than yourselves."))


@transaction.atomic
def answer_support(
    request: SupportRequest, step: str, said: Said, *, by: Actor, at: datetime
) -> None:
    """Take a step as the side that was asked: seen, accepted, partly, refused, offered, delivered.

    Raises SupportError without the words that a step needs, and when the request stands
    elsewhere by now.
    """
    _move(request, step, said, rule="incidents.answer_support", by=by, at=at)


@transaction.atomic
def settle_support(
    request: SupportRequest, step: str, said: Said, *, by: Actor, at: datetime
) -> None:
    """Take a step as the side that asked: taken, declined, confirmed, disputed, withdrawn.

    Raises SupportError as `answer_support` does.
    """
    _move(request, step, said, rule=_SETTLE, by=by, at=at)


@transaction.atomic
def discuss_support(
    request: SupportRequest, organisation: Organisation, said: Said, *, by: Actor, at: datetime
) -> SupportMessage | None:
    """Add a message for the other side; None when this very message arrived before."""
    if arrived_before(request.incident, said.client_key):
        return None
    message = SupportMessage.objects.create(
        request=request,
        organisation=organisation,
        person_id=by.person_id,
        text=said.text,
        language=said.language,
        at=request.incident.room_time(at),
    )
    _write(request, "message", said, rule="incidents.discuss_support", by=by, at=at)
    others = [
        one
        for one in (request.from_organisation, request.to_organisation)
        if one.pk != organisation.pk
    ]
    _tell(request, "message", others, by=by, at=at)
    return message


def warn_of_late_answers(*, at: datetime) -> int:
    """Tell both sides once of each answer that is late on its room's clock; return how many."""
    waiting = SupportRequest.objects.unanswered().filter(
        warned_at__isnull=True, incident__status="open"
    )
    late = [
        request
        for request in waiting.select_related("incident").order_by("pk")
        if request.is_late(request.incident.room_time(at))
    ]
    return sum(_warn(request, at=at) for request in late)


@transaction.atomic
def _warn(request: SupportRequest, *, at: datetime) -> bool:
    current = _locked(request)
    if not current.waits_for_answer or current.warned_at is not None:
        return False
    _change(current, {"warned_at": current.incident.room_time(at)}, at=at)
    _write(current, "late", Said(), rule="incidents.warn_support", by=_CLOCK, at=at)
    both = [current.to_organisation, current.from_organisation]
    _tell(current, "late", both, by=_CLOCK, at=at)
    return True


def _move(
    request: SupportRequest, name: str, said: Said, *, rule: str, by: Actor, at: datetime
) -> None:
    """Take one step of the way, if it starts where the request stands now."""
    step = STEPS[name]
    if step.rule != rule:
        message = f"{name!r} is a step of the other side."
        raise ValueError(message)
    if arrived_before(request.incident, said.client_key):
        return
    if name in _WORDS_NEEDED and not said.text.strip():
        raise SupportError(str(_WORDS_NEEDED[name]))
    current = _locked(request)
    if current.state not in step.starts:
        sentence = _("This request now stands at “%(state)s”. Nothing was changed.")
        raise SupportError(sentence % {"state": current.get_state_display()})
    _change(current, {"state": step.state} | _changes(current, name, said, at), at=at)
    _write(current, name, said, rule=rule, by=by, at=at)
    other = current.to_organisation if rule == _SETTLE else current.from_organisation
    if name != "seen":
        _tell(current, name, [other], by=by, at=at)


def _changes(request: SupportRequest, name: str, said: Said, at: datetime) -> dict[str, Any]:
    """Return what this step changes beside the state."""
    room_now = request.incident.room_time(at)
    changes: dict[str, Any] = {}
    if name in _ANSWERS:
        changes = {"answer": said.text.strip(), "offered_quantity": said.quantity}
        changes |= {"promised_for": said.promised_for}
        changes |= {"answered_at": request.answered_at or room_now}
    if name in _ANSWERS | {"seen"}:
        changes["seen_at"] = request.seen_at or room_now
    if name == "delivered":
        changes["delivered_at"] = room_now
    if name == "disputed":
        changes["delivered_at"] = None
    if name == "declined":
        wait = timedelta(minutes=settings.SUPPORT_MINUTES[request.urgency])
        changes |= {"answer_due_at": room_now + wait, "warned_at": None}
    if name in {"refused", "confirmed", "withdrawn"}:
        changes["ended_at"] = room_now
    return changes


def _locked(request: SupportRequest) -> SupportRequest:
    rows = SupportRequest.objects.select_for_update(of=("self",))
    known = rows.select_related("incident", "from_organisation__place", "to_organisation__place")
    found: SupportRequest = known.get(pk=request.pk)
    return found


def _change(request: SupportRequest, changes: dict[str, Any], *, at: datetime) -> None:
    for name, value in changes.items():
        setattr(request, name, value)
    request.revision += 1
    request.changed_at = at
    request.save(update_fields=[*changes, "revision", "changed_at"])


def _facts(request: SupportRequest) -> dict[str, Any]:
    return {
        "from": str(request.from_organisation),
        "to": str(request.to_organisation),
        "what": request.what_and_how_much,
    }


def _write(
    request: SupportRequest, name: str, said: Said, *, rule: str, by: Actor, at: datetime
) -> None:
    line = Line(
        EntryKind.REQUEST,
        f"support_{name}",
        facts=_facts(request),
        text=said.text.strip(),
        language=said.language,
        subject=request,
    )
    line = replace(line, client_key=said.client_key)
    write_down(request.incident, line, rule=rule, by=by, at=at)


def _tell(
    request: SupportRequest, name: str, to: list[Organisation], *, by: Actor, at: datetime
) -> None:
    people = people_of([one.pk for one in to], at=at, least=Role.CONTRIBUTOR)
    notify(
        people.exclude(pk=by.person_id or 0),
        f"incidents.support_{name}",
        request,
        url=request.get_absolute_url(),
        facts=_facts(request),
        at=at,
    )
