"""Tasks that the platform adds by itself when a count passes a line; once for one cause."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor
from tansiq.incidents.actions.log import Line, write_down
from tansiq.incidents.actions.tasks import NewTask, add_task
from tansiq.incidents.models import EntryKind, Incident, Raised, Task
from tansiq.incidents.queries.rooms import phase_of
from tansiq.incidents.wording import register

register("task_raised", gettext_lazy("A count passed its line; the platform added a task."))


@transaction.atomic
def raise_task(
    incident: Incident,
    cause: str,
    *,
    title: str,
    role: str,
    within: timedelta,
    kind: EntryKind,
    at: datetime,
) -> Task | None:
    """Add a task for this cause; None when there was one for it before."""
    if Raised.objects.filter(incident=incident, cause=cause).exists():
        return None
    system = Actor.system("a count of the room passed its line")
    phase = phase_of(incident, at)
    moment = incident.room_time(at)
    new = NewTask(
        title=title,
        role=role,
        phase=phase.key if phase else "",
        due_at=moment + within,
        language=incident.language,
    )
    task = add_task(incident, new, by=system, at=at)
    Raised.objects.create(incident=incident, cause=cause, task=task, at=moment)
    line = Line(kind, "task_raised", text=title, language=incident.language, subject=task)
    write_down(incident, line, rule="incidents.task_add", by=system, at=at)
    return task
