"""What is due to a person in incidents and in the exchange, for calendar programs."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import override

from tansiq.access.actor import Actor
from tansiq.core.icalendar import Event
from tansiq.core.practice import stamped
from tansiq.exchange.queries.deadlines import deadlines_of
from tansiq.incidents.models import Incident, Milestone, Task
from tansiq.incidents.wording import task_title

_BACK = dt.timedelta(days=30)


def events_of(actor: Actor, language: str, *, origin: str, at: dt.datetime) -> list[Event]:
    """Return my open tasks with a date, the dates of the calendars I see, and answers due.

    A calendar program is a place outside: what may not stand in a mail is not named there.
    """
    with override(language):
        return [
            *_tasks(actor, language, origin, at),
            *_milestones(actor, origin, at),
            *deadlines_of(actor, origin=origin, at=at),
        ]


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
