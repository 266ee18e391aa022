"""The one way into a room's log: each action writes its line here, in its own transaction."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Organisation
from tansiq.core.live import announce
from tansiq.core.order import append_in_order
from tansiq.incidents.models import Entry, EntryKind, Incident, Seat


@dataclass(frozen=True)
class Sent:
    """How a post left the device of who wrote it: under which key, and when it was typed there."""

    client_key: uuid.UUID | None = None
    # The real moment; None when it was sent at once.
    written_at: datetime | None = None


AT_ONCE = Sent()
# A device may keep a post for some days; what says it is older has a wrong clock.
_OLDEST = timedelta(days=7)
# So long a post takes on a slow line; then it was kept on the device.
_ON_THE_WAY = timedelta(minutes=1)


@dataclass(frozen=True)
class Line:
    """What an action writes into the room's log.

    `code` names a sentence of `tansiq.incidents.wording`, filled with `facts` (plain texts,
    numbers, moments in ISO form; `task` and `role` are keys of the playbook). `text` is what a
    person wrote, in `language`.
    """

    kind: EntryKind
    code: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    text: str = ""
    language: str = ""
    subject: models.Model | None = None
    role: str = ""
    kept_by: Organisation | None = None
    corrects: Entry | None = None
    client_key: uuid.UUID | None = None
    sent: Sent = AT_ONCE


def write_down(incident: Incident, line: Line, *, rule: str, by: Actor, at: datetime) -> Entry:
    """Add a line to the log of a room, record it in the audit log, and tell open pages.

    Call it inside the transaction of the action. `at` is the real moment; the line carries the
    room's time beside it.
    """
    entry = Entry(
        incident=incident,
        kind=line.kind,
        code=line.code,
        facts=line.facts,
        text=line.text,
        language=line.language,
        person_id=by.person_id,
        organisation_id=speaks_for(by, incident),
        role=line.role or role_of(by, incident),
        at=incident.room_time(at),
        recorded_at=at,
        written_at=written_in_room(incident, line.sent, at),
        client_key=line.client_key or line.sent.client_key,
        kept_by=line.kept_by,
        corrects=line.corrects,
    )
    if line.subject is not None:
        entry.subject_kind = line.subject._meta.label_lower
        entry.subject_id = line.subject.pk
    with transaction.atomic(savepoint=False):
        # Ids of lines follow the order in which they are saved; see `append_in_order`.
        append_in_order()
        entry.save(force_insert=True)
        record(by, rule, incident, at=at, detail={"entry": entry.pk, "kind": line.kind})
        # Who may not see a kept line learns from the event that there is one, and no more.
        told = {"entry": entry.pk, "kind": line.kind.value if line.kept_by is None else "own"}
        announce(incident.channel, "entry", told, at=at)
    return entry


def arrived_before(incident: Incident, client_key: uuid.UUID | None) -> Entry | None:
    """Return the line that this very post wrote already, when a device sends it once more.

    Ask it first in the transaction of an action: whoever sends the same at the same moment
    waits here until the first is saved.
    """
    if client_key is None:
        return None
    append_in_order()
    return Entry.objects.filter(incident=incident, client_key=client_key).first()


def written_in_room(incident: Incident, sent: Sent, at: datetime) -> datetime | None:
    """Return when a post that arrives now was typed, on the room's clock; None if just now.

    A moment that cannot be, since the device's clock is wrong, counts as now.
    """
    typed = sent.written_at
    if typed is None or typed < at - _OLDEST or typed > at - _ON_THE_WAY:
        return None
    return incident.room_time(max(typed, incident.clock_real))


def role_of(by: Actor, incident: Incident) -> str:
    """Return the role of this person in the room, a leading one first; empty without any."""
    if by.person_id is None:
        return ""
    seats = Seat.objects.filter(incident=incident, holder=by.person_id)
    return seats.order_by("-is_leading", "pk").values_list("role", flat=True).first() or ""


def speaks_for(by: Actor, incident: Incident) -> int | None:
    """Return the organisation for which this person acts in the room: the one that runs it first.

    None for the system, and for who belongs to none that takes part.
    """
    mine = by.organisation_ids
    if incident.owner_id in mine:
        return incident.owner_id
    taking_part = incident.named_organisations.filter(pk__in=mine).order_by("pk")
    return taking_part.values_list("pk", flat=True).first()
