"""The log of a room as a table to take along, marked as the room is."""

from datetime import datetime

from django.http import HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tansiq.access.actor import Actor
from tansiq.core.exports import csv_file
from tansiq.incidents.models import Incident
from tansiq.incidents.queries.log import entries_of, lines_of

_MOST = 20_000


def log_file(actor: Actor, incident: Incident, *, at: datetime) -> HttpResponse:
    """Return the log as this actor sees it, the oldest line first; each line says EXERCISE."""
    mark = " ".join(filter(None, (f"TLP:{incident.marking.upper()}", _word(incident))))
    headings = (
        _("Marking"),
        _("Time in the room"),
        _("Written down"),
        pgettext("of a line", "Kind"),
        _("What the platform says"),
        _("What was written"),
        pgettext("of a line", "Role"),
        _("Person"),
        _("Organisation"),
        _("Number of the line"),
        _("Corrects line"),
    )
    entries = entries_of(actor, incident).order_by("at", "pk")[:_MOST]
    rows = [
        (
            mark,
            localtime(line.entry.at).isoformat(timespec="seconds"),
            localtime(line.entry.recorded_at).isoformat(timespec="seconds"),
            line.entry.get_kind_display(),
            line.sentence,
            line.text.original,
            line.role,
            line.entry.person or "",
            line.entry.organisation or "",
            line.entry.pk,
            line.entry.corrects_id or "",
        )
        for line in lines_of(entries, incident)
    ]
    name = f"log-{incident.pk}-{at:%Y%m%d-%H%M}"
    return csv_file(f"EXERCISE-{name}" if incident.is_exercise else name, headings, rows)


def _word(incident: Incident) -> str:
    return _("EXERCISE") if incident.is_exercise else ""
