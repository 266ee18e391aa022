"""What is due, as an iCalendar file (RFC 5545) that calendar programs read."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override

from tansiq.access.actor import Actor
from tansiq.core.practice import stamped
from tansiq.incidents.models import Incident, Milestone, Task
from tansiq.incidents.wording import task_title

# In octets, as the standard counts; a longer line is folded.
_LINE = 75
_BACK = dt.timedelta(days=30)


@dataclass(frozen=True)
class Event:
    """One thing of a calendar: a moment, or a whole day."""

    key: str
    summary: str
    begins: dt.datetime | dt.date
    url: str


def events_of(actor: Actor, language: str, *, origin: str, at: dt.datetime) -> list[Event]:
    """Return my open tasks with a date, and the dates of the calendars I see.

    A calendar program is a place outside: what may not stand in a mail is not named there.
    """
    with override(language):
        return [*_tasks(actor, language, origin, at), *_milestones(actor, origin, at)]


def _tasks(actor: Actor, language: str, origin: str, at: dt.datetime) -> Iterator[Event]:
    if actor.person_id is None:
        return
    rows = Task.objects.visible_to(actor).open().filter(due_at__gte=at - _BACK)
    known = rows.exclude(incident__status="retired").select_related("incident__playbook")
    seats: dict[int, set[str]] = {}
    for task in known.most_pressing():
        room = task.incident
        if room.pk not in seats:
            held = room.seat_set.filter(holder=actor.person_id)
            seats[room.pk] = set(held.values_list("role", flat=True))
        if task.role in seats[room.pk] and task.due_at is not None:
            words = task.title or task_title(room.playbook.document, task.key, language)
            yield Event(f"task-{task.pk}", _named(room, words), task.due_at, _address(room, origin))


def _milestones(actor: Actor, origin: str, at: dt.datetime) -> Iterator[Event]:
    rows = Milestone.objects.visible_to(actor).coming(at.date() - _BACK)
    for one in rows.exclude(incident__status="retired").select_related("incident"):
        # Its kind alone: what happens on the day may be known to few.
        words = str(one.get_kind_display())
        if one.is_month_only:
            words = _("%(what)s (day not known yet)") % {"what": words}
        yield Event(
            f"date-{one.pk}", _named(one.incident, words), one.on, _address(one.incident, origin)
        )


def _named(incident: Incident, words: str) -> str:
    if not incident.may_leave_in_mail:
        words = _("Something is due. Sign in to read it.")
    else:
        words = f"{words} · {incident.title}"
    return stamped(words) if incident.is_exercise else words


def _address(incident: Incident, origin: str) -> str:
    return f"{origin}{incident.get_absolute_url()}"


def as_icalendar(events: list[Event], *, host: str, at: dt.datetime) -> str:
    """Write the events as RFC 5545 says: lines of 75 octets, ended by CR and LF."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tansiq//Incidents//EN"]
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.key}@{host}",
            f"DTSTAMP:{_moment(at)}",
            _begins(event.begins),
            f"SUMMARY:{_escaped(event.summary)}",
            f"URL:{event.url}",
            "CLASS:PRIVATE",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _begins(moment: dt.datetime | dt.date) -> str:
    if isinstance(moment, dt.datetime):
        return f"DTSTART:{_moment(moment)}"
    return f"DTSTART;VALUE=DATE:{moment:%Y%m%d}"


def _moment(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    # Whatever begins a new line would begin a new property.
    return "\\n".join(escaped.splitlines())


def _folded(line: str) -> str:
    """Fold a line into pieces of at most 75 octets, never inside a character."""
    pieces: list[str] = []
    piece = ""
    for letter in line:
        limit = _LINE if not pieces else _LINE - 1
        if len((piece + letter).encode()) > limit:
            pieces.append(piece)
            piece = ""
        piece += letter
    return "\r\n ".join([*pieces, piece])
