"""The calendar of hard dates: each brings the playbook's tasks; families hear first."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor
from tansiq.access.notices import notify
from tansiq.access.notices import register as register_notice
from tansiq.access.zones import zone
from tansiq.core.editing import save_changes
from tansiq.core.order import append_in_order
from tansiq.incidents.actions.log import Line, write_down
from tansiq.incidents.actions.tasks import drop_task
from tansiq.incidents.actions.telling import holders_of
from tansiq.incidents.models import (
    EntryKind,
    Incident,
    IncidentStatus,
    Milestone,
    MilestoneKind,
    Task,
)
from tansiq.incidents.playbook.document import TaskSpec
from tansiq.incidents.wording import register

register("milestone_set", gettext_lazy("A date in the calendar: %(title)s, %(date_on)s."))
register("milestone_moved", gettext_lazy("The date moved: %(title)s, %(date_on)s."))
register("milestone_dropped", gettext_lazy("The date is off: %(title)s."))
register("milestone_told", gettext_lazy("The families were told first: %(title)s."))
register_notice(
    "incidents.milestone_near",
    gettext_lazy("Families first: %(title)s is on %(date_on)s. Tell them before anybody else."),
)

# How many days before a date those who stand by the families are reminded.
REMIND_BEFORE: Final = (14, 7)
FAMILIES: Final = "VICTIM"
# The hour at which a day of the calendar begins for tasks.
_MORNING = dt.time(9)


class MilestoneError(Exception):
    """The date cannot be set so; the message says what to do."""


@dataclass(frozen=True)
class Dated:
    """What happens on which day; `is_month_only` where the day is not known yet."""

    kind: MilestoneKind
    title: str
    on: dt.date
    is_month_only: bool
    language: str


@transaction.atomic
def set_milestone(incident: Incident, dated: Dated, *, by: Actor, at: datetime) -> Milestone:
    """Add a date, with the tasks that the playbook hangs on it. Raises MilestoneError."""
    _refuse_past(incident, dated, at)
    append_in_order()
    milestone = Milestone.objects.create(
        incident=incident,
        kind=dated.kind,
        title=dated.title,
        language=dated.language,
        on=_day(dated),
        is_month_only=dated.is_month_only,
        changed_at=at,
    )
    milestone.tasks.set(_tasks_for(milestone, at))
    _write(milestone, "milestone_set", by=by, at=at)
    return milestone


def _refuse_past(incident: Incident, dated: Dated, at: datetime) -> None:
    today = incident.room_time(at).astimezone(zone(incident.time_zone)).date()
    month = (today.year, today.month)
    is_past = dated.on < today
    if dated.is_month_only:
        is_past = (dated.on.year, dated.on.month) < month
    if is_past:
        raise MilestoneError(_("This day is over. Choose one that is still to come."))


def _day(dated: Dated) -> dt.date:
    return dated.on.replace(day=1) if dated.is_month_only else dated.on


def _tasks_for(milestone: Milestone, at: datetime) -> Iterator[Task]:
    """Give the tasks of the playbook that hang on this date, each with its own due moment.

    The first date takes the tasks that were waiting for one; each further date gets its own.
    """
    incident = milestone.incident
    for spec in _specs(milestone):
        rows = Task.objects.filter(incident=incident, key=spec.key)
        task = rows.open().filter(due_at__isnull=True).order_by("pk").first()
        if task is None:
            task = Task(
                incident=incident,
                key=spec.key,
                occurrence=rows.count() + 1,
                phase=spec.phase,
                role=spec.role,
                deputies=list(spec.deputies),
                needs_evidence=bool(spec.evidence and spec.evidence.is_required),
                checks=list(spec.checks),
            )
        task.due_at = _due_at(milestone, spec)
        task.changed_at = at
        task.save()
        yield task


def _specs(milestone: Milestone) -> list[TaskSpec]:
    """Return the tasks of this trigger that hang on any date, or on one of this kind."""
    wanted = milestone.incident.playbook.document.tasks_for(milestone.incident.trigger)
    anchors = {"milestone", milestone.kind}
    return [
        spec
        for spec in wanted
        if spec.due is not None and spec.due.is_from_milestone and spec.due.anchor in anchors
    ]


def _due_at(milestone: Milestone, spec: TaskSpec) -> datetime:
    assert spec.due is not None  # noqa: S101 -- only those that hang on a date are asked for
    there = zone(milestone.incident.time_zone)
    return spec.due.after(datetime.combine(milestone.on, _MORNING, there))


@transaction.atomic
def move_milestone(
    milestone: Milestone, dated: Dated, *, revision: int, by: Actor, at: datetime
) -> None:
    """Change what a date is about, or its day; open tasks and reminders move with it.

    Raises MilestoneError, and ChangedMeanwhileError.
    """
    _refuse_past(milestone.incident, dated, at)
    changes = {
        "title": dated.title,
        "on": _day(dated),
        "is_month_only": dated.is_month_only,
        "reminded": milestone.reminded if milestone.on == _day(dated) else [],
    }
    save_changes(milestone, changes, revision=revision, at=at)
    specs = {spec.key: spec for spec in _specs(milestone)}
    for task in milestone.tasks.open():
        if task.key in specs:
            moved = {"due_at": _due_at(milestone, specs[task.key])}
            save_changes(task, moved, revision=task.revision, at=at)
    _write(milestone, "milestone_moved", by=by, at=at)


@transaction.atomic
def drop_milestone(milestone: Milestone, *, reason: str, by: Actor, at: datetime) -> None:
    """Take a date off the calendar; its open tasks are not needed any more."""
    if milestone.is_dropped:
        raise MilestoneError(_("This date is off the calendar already."))
    if not reason.strip():
        raise MilestoneError(_("Say why it is off."))
    changes = {"dropped_at": milestone.incident.room_time(at)}
    save_changes(milestone, changes, revision=milestone.revision, at=at)
    for task in milestone.tasks.open():
        drop_task(task, reason, language=milestone.language, by=by, at=at)
    _write(milestone, "milestone_dropped", text=reason, by=by, at=at)


@transaction.atomic
def tell_families(milestone: Milestone, *, on: dt.date, by: Actor, at: datetime) -> None:
    """Note that the families heard of the date first; never which ones. Twice is once."""
    if milestone.are_families_told:
        return
    save_changes(milestone, {"families_told_on": on}, revision=milestone.revision, at=at)
    _write(milestone, "milestone_told", by=by, at=at)


def remind_of_milestones(*, at: datetime) -> int:
    """Remind who stands by the families, so many days before each date; return how many."""
    known = Milestone.objects.standing().exclude(incident__status=IncidentStatus.RETIRED)
    return sum(_remind(one, at=at) for one in known.select_related("incident").order_by("pk"))


@transaction.atomic
def _remind(milestone: Milestone, *, at: datetime) -> bool:
    incident = milestone.incident
    today = incident.room_time(at).astimezone(zone(incident.time_zone)).date()
    left = (milestone.on - today).days
    due = [days for days in REMIND_BEFORE if left <= days and days not in milestone.reminded]
    if not due or left < 0:
        return False
    # A reminder that nobody could send in time is not sent beside the next one.
    reminded = sorted({*milestone.reminded, *due})
    updated = Milestone.objects.filter(pk=milestone.pk, reminded=milestone.reminded)
    if not updated.update(reminded=reminded):
        return False
    notify(
        holders_of(incident, [FAMILIES]),
        "incidents.milestone_near",
        milestone,
        url=reverse("incidents:recovery", args=[incident.pk]),
        facts=_facts(milestone),
        at=at,
    )
    return True


def _write(milestone: Milestone, code: str, *, text: str = "", by: Actor, at: datetime) -> None:
    line = Line(
        EntryKind.RECOVERY,
        code,
        facts=_facts(milestone),
        text=text,
        language=milestone.language if text else "",
        subject=milestone,
    )
    write_down(milestone.incident, line, rule="incidents.milestone", by=by, at=at)


def _facts(milestone: Milestone) -> dict[str, str]:
    return {"title": milestone.title, "date_on": milestone.on.isoformat()}
