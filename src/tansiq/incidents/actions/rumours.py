"""The rumour desk: heard, looked at, checked with somebody who can know, answered in public."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access import notices
from tansiq.access.actor import Actor
from tansiq.access.models import Organisation, Place
from tansiq.core.editing import save_changes
from tansiq.incidents.actions.log import AT_ONCE, Line, Sent, arrived_before, speaks_for, write_down
from tansiq.incidents.actions.refusing import refuse_persons
from tansiq.incidents.actions.telling import holders_of
from tansiq.incidents.desks import LISTENING_ROLES, TRIAGE_MINUTES, triage_due
from tansiq.incidents.models import (
    EntryKind,
    Harm,
    Incident,
    Outcome,
    Rumour,
    RumourCheck,
    RumourStatus,
    Seat,
)
from tansiq.incidents.wording import register

register("rumour_entered", gettext_lazy("A rumour was entered."))
register("rumour_heard_again", gettext_lazy("A rumour was heard again."))
register("rumour_triaged", gettext_lazy("A rumour was looked at."))
register("rumour_asked", gettext_lazy("%(role)s was asked about a rumour."))
register("rumour_asked_body", gettext_lazy("%(body)s was asked about a rumour."))
register("rumour_answered", gettext_lazy("An answer about a rumour came in."))
register("rumour_decided_true", gettext_lazy("A rumour turned out to be true."))
register("rumour_decided_false", gettext_lazy("A rumour turned out to be false."))
register("rumour_decided_misleading", gettext_lazy("A rumour turned out to be misleading."))
register("rumour_decided_unverifiable", gettext_lazy("A rumour cannot be verified."))
register("rumour_closed", gettext_lazy("A rumour was closed."))
register("rumour_reopened", gettext_lazy("A rumour was taken up again."))
notices.register(
    "incidents.rumour_urgent",
    gettext_lazy("%(room)s: a rumour that can hurt people waits to be looked at."),
)


class RumourError(Exception):
    """The rumour cannot become that; the message says what is missing."""


@dataclass(frozen=True)
class Heard:
    """What was heard, in neutral words, and where: kinds of places, an area, languages."""

    claim: str
    language: str
    harm: str
    heard_in: tuple[str, ...]
    place: Place | None = None
    spoken: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verifier:
    """Who can know: a role of the room, an organisation in it, or another body by its name."""

    role: str = ""
    organisation: Organisation | None = None
    body: str = ""


@dataclass(frozen=True)
class Answer:
    """What the verifier says, and what that rests on."""

    answer: str
    says: str
    source: str
    language: str


@transaction.atomic
def enter_rumour(
    incident: Incident,
    heard: Heard,
    *,
    by: Actor,
    at: datetime,
    sent: Sent = AT_ONCE,
) -> Rumour:
    """Put a claim on the desk and start its clock. Raises NotAboutPersonsError."""
    before = arrived_before(incident, sent.client_key)
    if before is not None:
        return Rumour.objects.get(pk=before.subject_id or 0)
    refuse_persons([heard.claim])
    moment = incident.room_time(at)
    rumour = Rumour.objects.create(
        incident=incident,
        claim=heard.claim,
        language=heard.language,
        harm=heard.harm,
        heard_in=list(heard.heard_in),
        spoken=list(heard.spoken),
        place=heard.place,
        entered_by_id=by.person_id,
        organisation_id=speaks_for(by, incident),
        entered_at=moment,
        triage_due_at=triage_due(heard.harm, moment),
        changed_at=at,
    )
    _say(rumour, "rumour_entered", rule="incidents.rumour_enter", by=by, at=at, sent=sent)
    if TRIAGE_MINUTES[Harm(heard.harm)] == min(TRIAGE_MINUTES.values()):
        _call_desk(rumour, at=at)
    return rumour


def _call_desk(rumour: Rumour, *, at: datetime) -> None:
    incident = rumour.incident
    url = reverse("incidents:rumour", args=[incident.pk, rumour.pk])
    people = holders_of(incident, LISTENING_ROLES)
    facts = {"room": incident.title}
    notices.notify(people, "incidents.rumour_urgent", rumour, url=url, facts=facts, at=at)


@transaction.atomic
def hear_again(
    rumour: Rumour,
    heard: Heard,
    *,
    by: Actor,
    at: datetime,
    sent: Sent = AT_ONCE,
) -> Rumour:
    """Count a claim that stands on the desk already, and where it was heard now."""
    if arrived_before(rumour.incident, sent.client_key) is not None:
        return rumour
    changes = {
        "times_heard": F("times_heard") + 1,
        "heard_in": _together(rumour.heard_in, heard.heard_in),
        "spoken": _together(rumour.spoken, heard.spoken),
    }
    Rumour.objects.filter(pk=rumour.pk).update(**changes, changed_at=at)
    rumour.refresh_from_db()
    _say(rumour, "rumour_heard_again", rule="incidents.rumour_enter", by=by, at=at, sent=sent)
    return rumour


def _together(known: list[str], more: tuple[str, ...]) -> list[str]:
    return [*known, *(one for one in more if one not in known)]


@transaction.atomic
def triage_rumour(rumour: Rumour, *, harm: str, revision: int, by: Actor, at: datetime) -> None:
    """Say that somebody looked, and what it could do. Raises ChangedMeanwhileError."""
    if not rumour.is_new:
        raise RumourError(_("Somebody looked at this rumour already. Go on below."))
    changes = {
        "harm": harm,
        "status": RumourStatus.TRIAGED,
        "triaged_at": rumour.incident.room_time(at),
    }
    save_changes(rumour, changes, revision=revision, at=at)
    _say(rumour, "rumour_triaged", rule="incidents.rumour_check", by=by, at=at)


@transaction.atomic
def ask_verifier(rumour: Rumour, verifier: Verifier, *, by: Actor, at: datetime) -> RumourCheck:
    """Note who was asked. Raises RumourError when that is who entered it, or it is closed."""
    _refuse_closed(rumour)
    refuse_persons([verifier.body])
    if _is_who_entered(rumour, verifier):
        raise RumourError(
            _("This is who entered the rumour. Ask somebody else, who can know it independently.")
        )
    check = RumourCheck.objects.create(
        incident=rumour.incident,
        rumour=rumour,
        role=verifier.role,
        organisation=verifier.organisation,
        body=verifier.body,
        asked_by_id=by.person_id,
        asked_at=rumour.incident.room_time(at),
        changed_at=at,
    )
    if not rumour.outcome:
        _set(rumour, at=at, status=RumourStatus.CHECKING, **_looked_at(rumour, at))
    code, facts = "rumour_asked_body", {"body": str(verifier.organisation or verifier.body)}
    if verifier.role:
        code, facts = "rumour_asked", {"role": verifier.role}
    _say(rumour, code, rule="incidents.rumour_check", by=by, at=at, facts=facts)
    return check


def _is_who_entered(rumour: Rumour, verifier: Verifier) -> bool:
    if verifier.role:
        seats = Seat.objects.filter(incident=rumour.incident, role=verifier.role)
        holder = seats.values_list("holder", flat=True).first()
        return holder is not None and holder == rumour.entered_by_id
    if verifier.organisation is not None:
        return verifier.organisation.pk == rumour.organisation_id
    return False


def _looked_at(rumour: Rumour, at: datetime) -> dict[str, datetime]:
    """Whoever asks has looked: the clock of the first look stops."""
    return {} if rumour.triaged_at else {"triaged_at": rumour.incident.room_time(at)}


@transaction.atomic
def note_answer(
    check: RumourCheck, given: Answer, *, revision: int, by: Actor, at: datetime
) -> None:
    """Keep what the verifier says. Raises ChangedMeanwhileError, NotAboutPersonsError."""
    refuse_persons([given.says, given.source])
    if check.is_answered:
        raise RumourError(_("This answer was noted already. Ask again if it changed."))
    changes = {
        "answer": given.answer,
        "says": given.says,
        "source": given.source,
        "language": given.language,
        "answered_at": check.incident.room_time(at),
        "answered_by_id": by.person_id,
    }
    save_changes(check, changes, revision=revision, at=at)
    _say(check.rumour, "rumour_answered", rule="incidents.rumour_check", by=by, at=at)


@transaction.atomic
def decide_outcome(
    rumour: Rumour, *, outcome: str, source: str, revision: int, by: Actor, at: datetime
) -> None:
    """Say what came out. Raises RumourError unless a verifier other than its author answered."""
    _refuse_closed(rumour)
    refuse_persons([source])
    answered = [one for one in rumour.checks.all() if one.is_answered]
    independent = [one for one in answered if not _is_who_entered(rumour, _verifier_of(one))]
    if not independent:
        raise RumourError(
            _("Nobody who can know has answered yet. Ask somebody and note the answer first.")
        )
    moment = rumour.incident.room_time(at)
    changes = {
        "outcome": Outcome(outcome),
        "source": source,
        "status": RumourStatus.DECIDED,
        "decided_at": moment,
        "decided_by_id": by.person_id,
        # What was cleared spoke of another outcome.
        "cleared_at": None,
        "cleared_by_id": None,
        "released_at": None,
    }
    save_changes(rumour, changes | _looked_at(rumour, at), revision=revision, at=at)
    _say(rumour, f"rumour_decided_{outcome}", rule="incidents.rumour_decide", by=by, at=at)


def _verifier_of(check: RumourCheck) -> Verifier:
    return Verifier(check.role, check.organisation, check.body)


@transaction.atomic
def close_rumour(rumour: Rumour, *, reason: str, revision: int, by: Actor, at: datetime) -> None:
    """Take a rumour off the desk, with the reason. It can be taken up again."""
    _refuse_closed(rumour)
    refuse_persons([reason])
    moment = rumour.incident.room_time(at)
    changes = {"status": RumourStatus.CLOSED, "closed_at": moment, "closed_because": reason}
    save_changes(rumour, changes | _looked_at(rumour, at), revision=revision, at=at)
    _say(rumour, "rumour_closed", rule="incidents.rumour_check", by=by, at=at)


@transaction.atomic
def reopen_rumour(rumour: Rumour, *, revision: int, by: Actor, at: datetime) -> None:
    """Put a closed rumour back on the desk, where it stood. Raises RumourError if it is not."""
    if not rumour.is_closed:
        raise RumourError(_("This rumour is on the desk already."))
    status = RumourStatus.DECIDED if rumour.outcome else RumourStatus.TRIAGED
    if rumour.released_at:
        status = RumourStatus.CORRECTED
    changes = {"status": status, "closed_at": None, "closed_because": ""}
    save_changes(rumour, changes, revision=revision, at=at)
    _say(rumour, "rumour_reopened", rule="incidents.rumour_check", by=by, at=at)


def _refuse_closed(rumour: Rumour) -> None:
    if rumour.is_closed:
        raise RumourError(_("This rumour is closed. Take it up again first."))


def _set(rumour: Rumour, *, at: datetime, **changes: object) -> None:
    save_changes(rumour, changes, revision=rumour.revision, at=at)


def _say(
    rumour: Rumour,
    code: str,
    *,
    rule: str,
    by: Actor,
    at: datetime,
    facts: dict[str, str] | None = None,
    sent: Sent = AT_ONCE,
) -> None:
    line = Line(
        EntryKind.RUMOUR,
        code,
        facts=facts or {},
        text=rumour.claim,
        language=rumour.language,
        subject=rumour,
        sent=sent,
    )
    write_down(rumour.incident, line, rule=rule, by=by, at=at)
