"""Who may do what with the tasks of a room."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.gate import rule
from tansiq.access.verdict import YES, Verdict, no
from tansiq.incidents.models import Incident, Task
from tansiq.incidents.rules.room import lead, write
from tansiq.incidents.rules.standing import holds_seat


@rule("incidents.task_view")
def task_view(actor: Actor, task: Task) -> Verdict:
    return YES


@rule("incidents.task_take")
def task_take(actor: Actor, task: Task) -> Verdict:
    return write(actor, task.incident)


@rule("incidents.task_do")
def task_do(actor: Actor, task: Task) -> Verdict:
    """Mark it as done, or open it again."""
    return write(actor, task.incident)


@rule("incidents.task_drop")
def task_drop(actor: Actor, task: Task) -> Verdict:
    """Say that it is not needed."""
    return task_move(actor, task)


@rule("incidents.task_move")
def task_move(actor: Actor, task: Task) -> Verdict:
    """Give it another time or another role."""
    may_write = write(actor, task.incident)
    if not may_write:
        return may_write
    if holds_seat(actor, task.incident, roles=(task.role, *task.deputies)):
        return YES
    if lead(actor, task.incident):
        return YES
    return no(_("Only who has the role of this task, or who leads the room, can do this."))


@rule("incidents.task_add")
def task_add(actor: Actor, incident: Incident) -> Verdict:
    return write(actor, incident)
