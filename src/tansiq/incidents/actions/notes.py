"""What people write into the log themselves."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Organisation
from tansiq.incidents.actions.log import AT_ONCE, Line, Sent, arrived_before, write_down
from tansiq.incidents.models import Entry, EntryKind, Incident
from tansiq.incidents.wording import register

register("line_corrected", gettext_lazy("Correction"))


class NoteError(Exception):
    """The line cannot be written so; the message says what to do."""


@transaction.atomic
def add_note(
    incident: Incident,
    text: str,
    *,
    language: str,
    kept_by: Organisation | None = None,
    by: Actor,
    at: datetime,
    sent: Sent = AT_ONCE,
) -> Entry:
    """Write a line into the log; `kept_by` keeps it to one organisation."""
    before = arrived_before(incident, sent.client_key)
    if before is not None:
        return before
    if not text.strip():
        raise NoteError(_("Write what happened."))
    line = Line(EntryKind.NOTE, text=text, language=language, kept_by=kept_by, sent=sent)
    return write_down(incident, line, rule="incidents.note", by=by, at=at)


@transaction.atomic
def correct_line(
    entry: Entry, text: str, *, language: str, by: Actor, at: datetime, sent: Sent = AT_ONCE
) -> Entry:
    """Correct a line by a new one; the old one stays and points to it.

    Raises NoteError when somebody corrected it before: then that line is the one to correct.
    """
    before = arrived_before(entry.incident, sent.client_key)
    if before is not None:
        return before
    if entry.corrections.exists():
        raise NoteError(_("This line was corrected already. Correct the newer line."))
    line = Line(
        EntryKind.NOTE,
        "line_corrected",
        text=text,
        language=language,
        kept_by=entry.kept_by,
        corrects=entry,
        sent=sent,
    )
    return write_down(entry.incident, line, rule="incidents.correct", by=by, at=at)


def note_file(incident: Incident, *, by: Actor, at: datetime) -> None:
    """Record that somebody took the log along; the room's own log does not tell it."""
    record(by, "incidents.log_file", incident, at=at)
