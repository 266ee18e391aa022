"""The board of facts: what is known, how sure, from where. Nothing on it is ever wiped off."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor
from tansiq.core.editing import save_changes
from tansiq.core.order import append_in_order
from tansiq.incidents.actions.log import (
    AT_ONCE,
    Line,
    Sent,
    arrived_before,
    role_of,
    speaks_for,
    write_down,
    written_in_room,
)
from tansiq.incidents.models import EntryKind, Fact, FactState, FactVersion, Incident
from tansiq.incidents.wording import register

register("fact_confirmed", gettext_lazy("Confirmed by %(source)s"))
register("fact_unconfirmed", gettext_lazy("Not confirmed yet"))
register("fact_withdrawn", gettext_lazy("Withdrawn"))

_STATED = ("text", "language", "state", "source", "observed_at", "stated_at", "reason")
_WHO = ("person_id", "organisation_id", "role")


class FactError(Exception):
    """The fact cannot stand so; the message says what to do."""


@dataclass(frozen=True)
class Stated:
    """What is said of one thing. Without `observed_at` it was seen just now."""

    text: str
    language: str
    state: FactState = FactState.UNCONFIRMED
    source: str = ""
    observed_at: datetime | None = None
    reason: str = ""


@transaction.atomic
def add_fact(
    incident: Incident, stated: Stated, *, by: Actor, at: datetime, sent: Sent = AT_ONCE
) -> Fact:
    """Put a fact on the board. Raises FactError for a confirmed one without a source."""
    before = arrived_before(incident, sent.client_key)
    if before is not None:
        return Fact.objects.get(pk=before.subject_id or 0)
    fact = Fact(incident=incident, changed_at=at)
    _state(fact, stated, by=by, at=at, sent=sent)
    fact.save(force_insert=True)
    _keep(fact, sent=sent, by=by, at=at)
    return fact


@transaction.atomic
def revise_fact(
    fact: Fact, stated: Stated, *, revision: int, by: Actor, at: datetime, sent: Sent = AT_ONCE
) -> Fact:
    """Say what is known now; the version before stays. A withdrawal is a revision, too.

    Raises FactError, and ChangedMeanwhileError when somebody revised it since `revision`.
    """
    append_in_order()
    current = Fact.objects.select_related("incident").get(pk=fact.pk)
    if arrived_before(current.incident, sent.client_key):
        return current
    _state(current, stated, by=by, at=at, sent=sent)
    changes = {name: getattr(current, name) for name in (*_STATED, *_WHO)}
    save_changes(current, changes, revision=revision, at=at)
    _keep(current, sent=sent, by=by, at=at)
    return current


def withdraw_fact(
    fact: Fact, reason: str, *, revision: int, by: Actor, at: datetime, sent: Sent = AT_ONCE
) -> Fact:
    """Strike a fact through, and say why. It stays on the board."""
    stated = Stated(
        fact.text, fact.language, FactState.WITHDRAWN, fact.source, fact.observed_at, reason
    )
    return revise_fact(fact, stated, revision=revision, by=by, at=at, sent=sent)


def _state(fact: Fact, stated: Stated, *, by: Actor, at: datetime, sent: Sent) -> None:
    if stated.state == FactState.CONFIRMED and not stated.source.strip():
        raise FactError(_("Say who confirms it, or leave it unconfirmed."))
    if stated.state == FactState.WITHDRAWN and not stated.reason.strip():
        raise FactError(_("Say why it is withdrawn."))
    room_now = written_in_room(fact.incident, sent, at) or fact.incident.room_time(at)
    observed_at = stated.observed_at or room_now
    if observed_at > fact.incident.room_time(at):
        raise FactError(_("A fact cannot be seen later than now. Correct the time."))
    fact.text, fact.language, fact.state = stated.text, stated.language, stated.state
    fact.source, fact.reason = stated.source, stated.reason
    fact.observed_at, fact.stated_at = observed_at, room_now
    fact.person_id = by.person_id
    fact.organisation_id = speaks_for(by, fact.incident)
    fact.role = role_of(by, fact.incident)


def _keep(fact: Fact, *, sent: Sent, by: Actor, at: datetime) -> None:
    """Keep this version beside those before, and write it into the log."""
    FactVersion.objects.create(
        incident=fact.incident,
        fact=fact,
        number=fact.revision,
        **{name: getattr(fact, name) for name in (*_STATED, *_WHO)},
    )
    line = Line(
        EntryKind.FACT,
        f"fact_{fact.state}",
        {"source": fact.source},
        text="\n".join(filter(None, (fact.text, fact.reason))),
        language=fact.language,
        subject=fact,
        sent=sent,
    )
    write_down(fact.incident, line, rule="incidents.fact", by=by, at=at)
