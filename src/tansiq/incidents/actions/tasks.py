"""Taking a task, ending it, opening it again, adding one, moving it.

Each action looks at the task as it stands in the database while nobody else writes in the room:
of two people who end the same task the second is told who did it and when.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

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
    write_down,
    written_in_room,
)
from tansiq.incidents.models import EntryKind, Incident, Task, TaskState
from tansiq.incidents.wording import moment_words, register

register("task_taken", gettext_lazy("Takes on: %(task)s"))
register("task_released", gettext_lazy("Gives back: %(task)s"))
register("task_done", gettext_lazy("Done: %(task)s"))
register("task_done_ahead", gettext_lazy("Done before what should come first: %(task)s"))
register("task_not_needed", gettext_lazy("Not needed: %(task)s"))
register("task_reopened", gettext_lazy("Open again: %(task)s"))
register("task_added", gettext_lazy("New task for %(role)s: %(task)s"))
register("task_moved", gettext_lazy("Changed: %(task)s, for %(role)s, due %(due_at)s"))
register("task_moved_no_date", gettext_lazy("Changed: %(task)s, for %(role)s, without a date"))


class TaskError(Exception):
    """The task cannot be changed so; the message says why and what to do."""


class TaskEndedError(TaskError):
    """Somebody ended it before; the message says who and when."""


class TaskTakenError(TaskError):
    """Somebody else has taken it; `task` is as it stands now."""

    def __init__(self, message: str, task: Task) -> None:
        super().__init__(message)
        self.task = task


class TaskBlockedError(TaskError):
    """Another task should come first; the message asks for a reason to go ahead all the same."""


class TaskUnprovenError(TaskError):
    """The evidence, or an answer to a rights check, is missing."""


@dataclass(frozen=True)
class Completion:
    """What is said when a task is done."""

    note: str = ""
    evidence: str = ""
    confirmed: tuple[str, ...] = ()
    # Why it is done although another task should come first.
    despite: str = ""
    language: str = "en"


@dataclass(frozen=True)
class NewTask:
    """A task that the room adds itself, or the new clock and role of one."""

    title: str
    role: str
    phase: str = ""
    detail: str = ""
    due_at: datetime | None = None
    language: str = "en"
    after: tuple[Task, ...] = field(default=())


@dataclass(frozen=True)
class Moved:
    """The new role and time of a task, and why."""

    role: str
    due_at: datetime | None
    reason: str = ""
    language: str = "en"


@transaction.atomic
def take_task(
    task: Task, *, over_from: int | None = None, by: Actor, at: datetime, sent: Sent = AT_ONCE
) -> Task:
    """Say that this person does it now.

    `over_from` names who had it, when it is meant to be taken over. Raises TaskEndedError, and
    TaskTakenError when somebody else has it.
    """
    current = _current(task)
    if arrived_before(current.incident, sent.client_key):
        return current
    _refuse_ended(current)
    if current.taken_by_id not in {None, by.person_id, over_from}:
        name, when = str(current.taken_by), moment_words(_known(current.taken_at))
        raise TaskTakenError(
            _("%(name)s took this on at %(when)s.") % {"name": name, "when": when}, current
        )
    if current.taken_by_id == by.person_id:
        return current
    changes = {"taken_by_id": by.person_id, "taken_at": current.incident.room_time(at)}
    save_changes(current, changes, revision=current.revision, at=at)
    line = _line(current, "task_taken", sent)
    write_down(current.incident, line, rule="incidents.task_take", by=by, at=at)
    return current


@transaction.atomic
def release_task(task: Task, *, by: Actor, at: datetime, sent: Sent = AT_ONCE) -> Task:
    """Give a task back that this person has taken. Of one taken by another nothing changes."""
    current = _current(task)
    if arrived_before(current.incident, sent.client_key) or current.taken_by_id != by.person_id:
        return current
    _refuse_ended(current)
    changes = {"taken_by_id": None, "taken_at": None}
    save_changes(current, changes, revision=current.revision, at=at)
    line = _line(current, "task_released", sent)
    write_down(current.incident, line, rule="incidents.task_take", by=by, at=at)
    return current


@transaction.atomic
def complete_task(
    task: Task, done: Completion, *, by: Actor, at: datetime, sent: Sent = AT_ONCE
) -> Task:
    """Mark a task as done.

    Raises TaskEndedError, TaskBlockedError without a reason in `despite`, and TaskUnprovenError.
    """
    current = _current(task)
    if arrived_before(current.incident, sent.client_key):
        return current
    _refuse_ended(current)
    is_blocked = current.after.filter(state=TaskState.OPEN).exists()
    if is_blocked and not done.despite.strip():
        raise TaskBlockedError(_("Another task should come first. If you go ahead, say why."))
    _refuse_unproven(current, done)
    code, reason = ("task_done_ahead", done.despite) if is_blocked else ("task_done", "")
    said = "\n".join(filter(None, (reason, done.note)))
    changes = {"evidence": done.evidence, "confirmed": sorted(done.confirmed), "note": said}
    _end(current, TaskState.DONE, changes, by=by, at=at, sent=sent)
    line = _line(current, code, sent, text=said or done.evidence, language=done.language)
    write_down(current.incident, line, rule="incidents.task_do", by=by, at=at)
    return current


@transaction.atomic
def drop_task(
    task: Task, reason: str, *, language: str, by: Actor, at: datetime, sent: Sent = AT_ONCE
) -> Task:
    """Say that a task is not needed here, and why. Raises TaskEndedError."""
    current = _current(task)
    if arrived_before(current.incident, sent.client_key):
        return current
    _refuse_ended(current)
    if not reason.strip():
        raise TaskError(_("Say why it is not needed."))
    _end(current, TaskState.NOT_NEEDED, {"note": reason}, by=by, at=at, sent=sent)
    line = _line(current, "task_not_needed", sent, text=reason, language=language)
    write_down(current.incident, line, rule="incidents.task_drop", by=by, at=at)
    return current


@transaction.atomic
def reopen_task(
    task: Task, reason: str = "", *, language: str, by: Actor, at: datetime, sent: Sent = AT_ONCE
) -> Task:
    """Take up a task again that was ended; what it was ended with stays in the log."""
    current = _current(task)
    if arrived_before(current.incident, sent.client_key) or current.is_open:
        return current
    changes = {"state": TaskState.OPEN, "ended_at": None, "ended_by_id": None, "note": ""}
    save_changes(current, changes, revision=current.revision, at=at)
    line = _line(current, "task_reopened", sent, text=reason, language=language)
    write_down(current.incident, line, rule="incidents.task_do", by=by, at=at)
    return current


@transaction.atomic
def add_task(
    incident: Incident, new: NewTask, *, by: Actor, at: datetime, sent: Sent = AT_ONCE
) -> Task:
    """Add a task that the playbook does not have."""
    before = arrived_before(incident, sent.client_key)
    if before is not None:
        return Task.objects.get(pk=before.subject_id or 0)
    task = Task.objects.create(
        incident=incident,
        phase=new.phase,
        title=new.title,
        detail=new.detail,
        language=new.language,
        role=new.role,
        due_at=new.due_at,
        changed_at=at,
    )
    task.after.set(new.after)
    line = _line(task, "task_added", sent, facts={"role": new.role})
    write_down(incident, line, rule="incidents.task_add", by=by, at=at)
    return task


@transaction.atomic
def move_task(task: Task, moved: Moved, *, revision: int, by: Actor, at: datetime) -> Task:
    """Give a task another time or another role.

    Raises TaskEndedError, and ChangedMeanwhileError when somebody changed it since `revision`.
    """
    current = _current(task)
    _refuse_ended(current)
    changes = {"role": moved.role, "due_at": moved.due_at}
    save_changes(current, changes, revision=revision, at=at)
    code, facts = "task_moved_no_date", {"role": moved.role}
    if moved.due_at is not None:
        code, facts = "task_moved", facts | {"due_at": moved.due_at.isoformat()}
    line = _line(current, code, facts=facts, text=moved.reason, language=moved.language)
    write_down(current.incident, line, rule="incidents.task_move", by=by, at=at)
    return current


def _current(task: Task) -> Task:
    """Return the task as it stands, while all others who write in rooms wait."""
    append_in_order()
    known = Task.objects.select_related("incident", "taken_by", "ended_by")
    return known.get(pk=task.pk)


def _known(moment: datetime | None) -> datetime:
    assert moment is not None  # noqa: S101 -- a task that was taken or ended has its moment
    return moment


def _refuse_ended(task: Task) -> None:
    if task.is_open:
        return
    facts = {
        "name": str(task.ended_by or _("Somebody")),
        "when": moment_words(_known(task.ended_at)),
    }
    if task.state == TaskState.DONE:
        raise TaskEndedError(_("%(name)s marked this as done: %(when)s.") % facts)
    raise TaskEndedError(_("%(name)s marked this as not needed: %(when)s.") % facts)


def _refuse_unproven(task: Task, done: Completion) -> None:
    if task.needs_evidence and not done.evidence.strip():
        raise TaskUnprovenError(_("Say what shows that it is done, or where it can be found."))
    if set(task.checks) - set(done.confirmed):
        raise TaskUnprovenError(_("Confirm each of the rights checks first."))


def _end(
    task: Task,
    state: TaskState,
    changes: dict[str, Any],
    *,
    by: Actor,
    at: datetime,
    sent: Sent,
) -> None:
    ended_at = written_in_room(task.incident, sent, at) or task.incident.room_time(at)
    ended = {"state": state, "ended_at": ended_at, "ended_by_id": by.person_id}
    save_changes(task, changes | ended, revision=task.revision, at=at)


def _line(
    task: Task,
    code: str,
    sent: Sent = AT_ONCE,
    *,
    facts: dict[str, Any] | None = None,
    text: str = "",
    language: str = "",
) -> Line:
    return Line(
        EntryKind.TASK,
        code,
        # A task of the room's own is known by its title: the words stand in for the key.
        {"task": task.key or task.title} | (facts or {}),
        text=text,
        language=language if text else "",
        subject=task,
        sent=sent,
    )
