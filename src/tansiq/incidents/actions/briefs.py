"""The brief that the nation owes for a report: given, cleared for the room, and late ones told."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Organisation
from tansiq.access.notices import notify
from tansiq.access.notices import register as register_notice
from tansiq.access.queries import people_of
from tansiq.core.editing import save_changes
from tansiq.incidents.actions.log import Line, write_down
from tansiq.incidents.models import Brief, EntryKind
from tansiq.incidents.wording import register

_SENTENCES = {
    "given": gettext_lazy("%(by)s answered situation report %(number)s with its brief."),
    "cleared": gettext_lazy("Cleared by %(by)s for everybody in this room:"),
    "late": gettext_lazy(
        "The brief that %(by)s owes %(to)s for situation report %(number)s is late."
    ),
    "wanted": gettext_lazy("%(to)s waits for the brief of %(by)s on situation report %(number)s."),
}
for _name, _sentence in _SENTENCES.items():
    register(f"brief_{_name}", _sentence)
    register_notice(f"incidents.brief_{_name}", _sentence)

# More often a reminder is noise.
_BETWEEN_REMINDERS = timedelta(hours=1)
_CLOCK = Actor.system("a brief is late")


class BriefError(Exception):
    """The step makes no sense now; the message says why."""


@dataclass(frozen=True)
class BriefText:
    """What the nation says: between the two; and what everybody in the room may read."""

    text: str
    cleared: str
    marking: str
    language: str


@transaction.atomic
def give_brief(brief: Brief, said: BriefText, *, revision: int, by: Actor, at: datetime) -> None:
    """Give the brief; what is cleared of it stands in the log for everybody in the room.

    Raises BriefError when it says nothing or was given already, and ChangedMeanwhileError.
    """
    if brief.is_given:
        raise BriefError(_("This brief was given already. Nothing was changed."))
    if not said.text.strip() and not said.cleared.strip():
        raise BriefError(_("Write what the nation can say, even if it is little."))
    changes = {
        "text": said.text.strip(),
        "cleared": said.cleared.strip(),
        "marking": said.marking,
        "language": said.language,
        "given_at": brief.incident.room_time(at),
    }
    save_changes(brief, changes, revision=revision, at=at)
    _write(brief, "given", by=by, at=at)
    if brief.cleared:
        _write(brief, "cleared", text=brief.cleared, by=by, at=at)
    _tell(brief, "given", [brief.owed_to], by=by, at=at)


@transaction.atomic
def remind_of_brief(brief: Brief, *, by: Actor, at: datetime) -> None:
    """Remind the nation. Raises BriefError within an hour of the last time, and when it is here."""
    room_now = brief.incident.room_time(at)
    current = Brief.objects.select_for_update(of=("self",)).get(pk=brief.pk)
    if current.is_given:
        raise BriefError(_("The brief is here already. Read it first."))
    latest = current.reminded_at
    if latest is not None and room_now - latest < _BETWEEN_REMINDERS:
        raise BriefError(_("A reminder went out less than an hour ago."))
    Brief.objects.filter(pk=brief.pk).update(reminded_at=room_now)
    _write(brief, "wanted", by=by, at=at)
    _tell(brief, "wanted", [brief.owed_by], by=by, at=at)


def warn_of_late_briefs(*, at: datetime) -> int:
    """Tell both sides once of each brief that is late on its room's clock; return how many."""
    owed = Brief.objects.owed().filter(warned_at__isnull=True, incident__status="open")
    known = owed.select_related("incident", "report", "owed_by", "owed_to").order_by("pk")
    late = [one for one in known if one.due_at < one.incident.room_time(at)]
    return sum(_warn(one, at=at) for one in late)


@transaction.atomic
def _warn(brief: Brief, *, at: datetime) -> bool:
    waiting = Brief.objects.owed().filter(pk=brief.pk, warned_at__isnull=True)
    if not waiting.update(warned_at=brief.incident.room_time(at)):
        return False
    _write(brief, "late", by=_CLOCK, at=at)
    _tell(brief, "late", [brief.owed_by, brief.owed_to], by=_CLOCK, at=at)
    return True


def _facts(brief: Brief) -> dict[str, Any]:
    sides = {"by": str(brief.owed_by), "to": str(brief.owed_to)}
    return sides | {"number": brief.report.number}


def _write(brief: Brief, name: str, *, text: str = "", by: Actor, at: datetime) -> None:
    line = Line(
        EntryKind.REPORT,
        f"brief_{name}",
        facts=_facts(brief),
        text=text,
        language=brief.language if text else "",
        subject=brief,
    )
    write_down(brief.incident, line, rule=f"incidents.brief_{name}", by=by, at=at)


def _tell(brief: Brief, name: str, to: list[Organisation], *, by: Actor, at: datetime) -> None:
    people = people_of([one.pk for one in to], at=at, least=Role.CONTRIBUTOR)
    notify(
        people.exclude(pk=by.person_id or 0),
        f"incidents.brief_{name}",
        brief,
        url=brief.report.get_absolute_url(),
        facts=_facts(brief),
        at=at,
    )
