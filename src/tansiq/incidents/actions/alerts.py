"""Alerts by CAP: drafted by one, signed by a second person, sent once, then only replaced."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor
from tansiq.access.models import Organisation
from tansiq.core.editing import ChangedMeanwhileError, save_changes
from tansiq.incidents.actions.log import Line, arrived_before, speaks_for, write_down
from tansiq.incidents.alert_notices import tell_bodies
from tansiq.incidents.cap.values import Kind, Status, Urgency
from tansiq.incidents.cap.writing import write_alert
from tansiq.incidents.channels import Message, adapter, hand_out
from tansiq.incidents.models import (
    Alert,
    AlertState,
    AlertText,
    Channel,
    EntryKind,
    Incident,
    Outgoing,
)
from tansiq.incidents.queries.alerts import message_of
from tansiq.incidents.wording import register

register("alert_drafted", gettext_lazy("An alert was drafted: %(headline)s"))
register("alert_changed", gettext_lazy("The draft of an alert was changed: %(headline)s"))
register(
    "alert_asked",
    gettext_lazy("%(body)s was asked to sign an alert by %(answer_at)s: %(headline)s"),
)
register("alert_returned", gettext_lazy("An alert came back without a signature: %(headline)s"))
register(
    "alert_lapsed",
    gettext_lazy("Nobody signed in time, so the alert was not sent: %(headline)s"),
)
register("alert_sent", gettext_lazy("An alert was signed and sent: %(headline)s"))
register("alert_cancelled", gettext_lazy("An alert was cancelled: %(headline)s"))
register("alert_dropped", gettext_lazy("The draft of an alert was dropped: %(headline)s"))

# Of an alert, what an update starts from.
_CARRIED = (
    "status",
    "scope",
    "restriction",
    "categories",
    "responses",
    "urgency",
    "severity",
    "certainty",
    "onset_at",
    "expires_at",
    "circle",
    "polygon",
    "web",
    "contact",
    "answer_minutes",
)
_SAID = ("language", "event", "headline", "description", "instruction", "area")


@adapter(Channel.FEED)
def _lies_open(message: Outgoing) -> None:
    """Do nothing: a feed is fetched by others, and what was handed out for it stands in it."""


class AlertError(Exception):
    """What was asked cannot be done with the alert; the message says what to do."""


@dataclass(frozen=True)
class Content:
    """What people enter: the facts by field of `Alert`, and one text for each language."""

    facts: dict[str, Any]
    texts: Sequence[dict[str, str]]
    cosigner: Organisation
    client_key: uuid.UUID | None = None


@dataclass(frozen=True)
class Said:
    """What an action adds to its line in the log."""

    code: str
    facts: dict[str, Any] = field(default_factory=dict)
    text: str = ""
    client_key: uuid.UUID | None = None


@transaction.atomic
def draft_alert(
    incident: Incident, content: Content, *, by: Actor, at: datetime, replaces: Alert | None = None
) -> Alert:
    """Write a draft; with `replaces`, one that will update that alert.

    Raises AlertError when nobody of the room's bodies writes it, or the other was replaced.
    """
    if (written := arrived_before(incident, content.client_key)) and written.subject_id:
        return Alert.objects.get(pk=written.subject_id)
    drafter = speaks_for(by, incident)
    if drafter is None:
        raise AlertError(_("Only who belongs to an organisation of this room can draft alerts."))
    alert = Alert(
        incident=incident,
        kind=Kind.UPDATE if replaces else Kind.ALERT,
        replaces=replaces,
        is_exercise=incident.is_exercise,
        drafter_id=drafter,
        cosigner=content.cosigner,
        written_by_id=by.person_id,
        changed_at=at,
        **_honest(incident, content.facts),
    )
    if replaces is not None:
        _demand_standing(replaces)
    alert.save()
    _write_texts(alert, content.texts)
    rule = "incidents.alert_update" if replaces else "incidents.alert_draft"
    _log(alert, rule, Said("alert_drafted", client_key=content.client_key), by=by, at=at)
    return alert


@transaction.atomic
def change_alert(alert: Alert, content: Content, *, revision: int, by: Actor, at: datetime) -> None:
    """Write a draft anew. Raises AlertError once it waits or was sent."""
    _demand_draft(alert)
    changes = {
        **_honest(alert.incident, content.facts),
        "cosigner": content.cosigner,
        "written_by_id": by.person_id,
        "returned": "",
        "has_lapsed": False,
    }
    save_changes(alert, changes, revision=revision, at=at)
    alert.texts.all().delete()
    _write_texts(alert, content.texts)
    _log(alert, "incidents.alert_change", Said("alert_changed"), by=by, at=at)


@transaction.atomic
def ask_cosign(alert: Alert, *, revision: int, by: Actor, at: datetime) -> None:
    """Ask the other body to sign. What the standard forbids is told now, not at the last moment.

    Raises AlertError with all that is wrong.
    """
    _demand_draft(alert)
    room_now = alert.incident.room_time(at)
    _written(alert, at=room_now)
    answer_by = room_now + timedelta(minutes=alert.answer_minutes)
    changes = {
        "state": AlertState.WAITING,
        "asked_by_id": by.person_id,
        "asked_at": room_now,
        "answer_by": answer_by,
        "returned": "",
        "has_lapsed": False,
    }
    save_changes(alert, changes, revision=revision, at=at)
    facts = {"body": alert.cosigner.name, "answer_at": answer_by.isoformat()}
    _log(alert, "incidents.alert_ask", Said("alert_asked", facts), by=by, at=at)
    tell_bodies(alert, "incidents.alert_asked", alert.cosigner_id, by=alert.drafter.name, at=at)


@transaction.atomic
def cosign_alert(alert: Alert, *, revision: int, by: Actor, at: datetime) -> None:
    """Sign what was read, and send it at once.

    Raises AlertError when the time ran out, or the person wrote it; ChangedMeanwhileError when it
    is no longer what was read.
    """
    if not alert.is_waiting:
        raise AlertError(_("This alert waits for no signature. Nothing was sent."))
    if by.person_id is None or by.person_id in {alert.written_by_id, alert.asked_by_id}:
        raise AlertError(_("You wrote this alert. A second person has to sign it."))
    room_now = alert.incident.room_time(at)
    if alert.answer_by is not None and alert.answer_by <= room_now:
        raise AlertError(_("The time to sign has run out. Nothing was sent; ask for it anew."))
    if alert.replaces is not None:
        _demand_standing(alert.replaces)
    _send(alert, {"cosigned_by_id": by.person_id}, revision=revision, at=at)
    _log(alert, "incidents.alert_cosign", Said("alert_sent"), by=by, at=at)
    tell_bodies(alert, "incidents.alert_sent", alert.drafter_id, alert.cosigner_id, at=at)


@transaction.atomic
def return_alert(alert: Alert, *, reason: str, revision: int, by: Actor, at: datetime) -> None:
    """Give it back unsigned, with a reason; it is a draft again."""
    if not alert.is_waiting:
        raise AlertError(_("This alert waits for no signature. Nothing was changed."))
    changes = {"state": AlertState.DRAFT, "answer_by": None, "returned": reason}
    save_changes(alert, changes, revision=revision, at=at)
    _log(alert, "incidents.alert_return", Said("alert_returned", text=reason), by=by, at=at)
    tell_bodies(alert, "incidents.alert_returned", alert.drafter_id, alert.cosigner_id, at=at)


@transaction.atomic
def drop_alert(alert: Alert, *, revision: int, by: Actor, at: datetime) -> None:
    """Put a draft away that will not be sent."""
    _demand_draft(alert)
    save_changes(alert, {"state": AlertState.DROPPED}, revision=revision, at=at)
    _log(alert, "incidents.alert_change", Said("alert_dropped"), by=by, at=at)


@transaction.atomic
def cancel_alert(
    alert: Alert, *, reason: str, by: Actor, at: datetime, client_key: uuid.UUID | None = None
) -> Alert:
    """Take back what was sent, in one step and without waiting for anybody.

    The cancellation says the same words in the same languages. Raises AlertError when a later
    message replaced the alert already.
    """
    incident = alert.incident
    if (written := arrived_before(incident, client_key)) and written.subject_id:
        return Alert.objects.get(pk=written.subject_id)
    _demand_standing(alert)
    facts = {name: getattr(alert, name) for name in _CARRIED}
    cancellation = Alert.objects.create(
        incident=incident,
        kind=Kind.CANCEL,
        replaces=alert,
        is_exercise=incident.is_exercise,
        drafter=alert.drafter,
        cosigner=alert.cosigner,
        written_by_id=by.person_id,
        note=reason,
        changed_at=at,
        **facts | {"urgency": Urgency.PAST, "responses": []},
    )
    _write_texts(cancellation, [_said(text) for text in alert.texts.all()])
    _send(cancellation, {}, revision=cancellation.revision, at=at)
    said = Said("alert_cancelled", text=reason, client_key=client_key)
    _log(cancellation, "incidents.alert_cancel", said, by=by, at=at)
    tell_bodies(
        cancellation,
        "incidents.alert_cancelled",
        alert.drafter_id,
        alert.cosigner_id,
        by=_name_of(by, incident),
        at=at,
    )
    return cancellation


@transaction.atomic
def lapse_alert(alert: Alert, *, at: datetime) -> None:
    """End a request that nobody answered in time: nothing is sent, and both bodies are told."""
    changes = {"state": AlertState.DRAFT, "answer_by": None, "has_lapsed": True}
    save_changes(alert, changes, revision=alert.revision, at=at)
    by = Actor.system("The time to sign an alert ran out")
    _log(alert, "incidents.alert_ask", Said("alert_lapsed"), by=by, at=at)
    tell_bodies(alert, "incidents.alert_lapsed", alert.drafter_id, alert.cosigner_id, at=at)


def lapse_all(*, at: datetime) -> int:
    """End the requests whose time has run out on the clock of their room; return how many."""
    ended = 0
    for alert in Alert.objects.waiting().select_related("incident", "drafter", "cosigner"):
        if alert.answer_by is None or alert.answer_by > alert.incident.room_time(at):
            continue
        try:
            lapse_alert(alert, at=at)
        except ChangedMeanwhileError:
            # Somebody signed it or gave it back at this very moment.
            continue
        ended += 1
    return ended


def carried_over(alert: Alert) -> Content:
    """Return what an update of this alert starts from."""
    facts = {name: getattr(alert, name) for name in _CARRIED}
    texts = [_said(text) for text in alert.texts.all()]
    return Content(facts, texts, alert.cosigner)


def _said(text: AlertText) -> dict[str, str]:
    return {name: getattr(text, name) for name in _SAID}


def _honest(incident: Incident, facts: dict[str, Any]) -> dict[str, Any]:
    """Of an exercise every alert says so; outside of one, none does."""
    if incident.is_exercise:
        return facts | {"status": Status.EXERCISE}
    if facts.get("status") == Status.EXERCISE:
        raise AlertError(_("This room is no exercise. Choose “technical test” to try things out."))
    return facts


def _write_texts(alert: Alert, texts: Sequence[dict[str, str]]) -> None:
    AlertText.objects.bulk_create(AlertText(alert=alert, **text) for text in texts)


def _texts_of(alert: Alert) -> list[AlertText]:
    """Return the texts, that of the incident's own language first."""
    own = alert.incident.language
    return sorted(alert.texts.all(), key=lambda text: (text.language != own, text.language))


def _demand_draft(alert: Alert) -> None:
    if not alert.is_draft:
        raise AlertError(_("This is no draft any more. Open it again to see what became of it."))


def _demand_standing(alert: Alert) -> None:
    """Wait for whoever replaces the same alert at this moment, then look."""
    Alert.objects.select_for_update().get(pk=alert.pk)
    if not alert.is_sent or alert.is_cancellation:
        raise AlertError(_("Only an alert that was sent can be updated or cancelled."))
    if alert.successors.filter(state=AlertState.SENT).exists():
        raise AlertError(_("A later message replaced this alert. Go on from that one."))


def _written(alert: Alert, *, at: datetime) -> bytes:
    """Return the alert as a file. Raises AlertError with what forbids it."""
    texts = _texts_of(alert)
    if not texts:
        raise AlertError(_("Say it in one language at least."))
    is_news = alert.kind != Kind.CANCEL
    if is_news and (alert.expires_at is None or alert.is_over(at)):
        raise AlertError(_("Say until when the alert holds; the time must be still to come."))
    try:
        return write_alert(message_of(alert, texts, sent_at=at))
    except ValueError as problem:
        # A drawing that cannot be read, or CapError with all that the standard forbids.
        raise AlertError(str(problem)) from problem


def _send(alert: Alert, signed: dict[str, Any], *, revision: int, at: datetime) -> None:
    """Freeze the file and hand it through the one door."""
    room_now = alert.incident.room_time(at)
    content = _written(alert, at=room_now).decode()
    first = _texts_of(alert)[0]
    message = Message(Channel.FEED, "alerts", first.headline, content, first.language)
    (outgoing,) = hand_out(alert.incident, [message], at=at)
    changes = {
        **signed,
        "state": AlertState.SENT,
        "sent_at": room_now.replace(microsecond=0),
        "content": content,
        "outgoing": outgoing,
        "answer_by": None,
    }
    save_changes(alert, changes, revision=revision, at=at)


def _name_of(by: Actor, incident: Incident) -> str:
    body = speaks_for(by, incident)
    return Organisation.objects.get(pk=body).name if body else ""


def _log(alert: Alert, rule: str, said: Said, *, by: Actor, at: datetime) -> None:
    texts = _texts_of(alert)
    line = Line(
        EntryKind.ALERT,
        said.code,
        {"headline": texts[0].headline if texts else ""} | said.facts,
        said.text,
        alert.incident.language if said.text else "",
        subject=alert,
        client_key=said.client_key,
    )
    write_down(alert.incident, line, rule=rule, by=by, at=at)
