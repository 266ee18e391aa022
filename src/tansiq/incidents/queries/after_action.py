"""The figures of an after-action report, read from the room each time; nothing of them is kept."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from tansiq.incidents.models import Call, Entry, Incident, Task, TaskState
from tansiq.incidents.models.support import level_of

NO_LEVEL = 9
_DONE = ("task_done", "task_done_ahead")


@dataclass(frozen=True)
class TaskTime:
    """When a task was due, when it was done, and at which level."""

    task: Task
    level: int
    # What the room's clock showed when it was counted.
    moment: datetime

    @property
    def delay(self) -> timedelta | None:
        """How much after its time it was done, or is not yet; negative before its time."""
        if self.task.due_at is None or self.task.state == TaskState.NOT_NEEDED:
            return None
        return (self.task.ended_at or self.moment) - self.task.due_at

    @property
    def is_late(self) -> bool:
        return self.delay is not None and self.delay > timedelta(0)

    @property
    def is_due(self) -> bool:
        """Whether it counts: it was done, or should have been by now."""
        return self.delay is not None and (not self.task.is_open or self.is_late)


@dataclass(frozen=True)
class Timing:
    """How many tasks were done in time, and how late the others were."""

    due: int
    in_time: int
    late: int
    still_open: int
    # Of those that were done late or are late, in minutes.
    median_delay: float | None
    longest_delay: float | None


@dataclass(frozen=True)
class CallTimes:
    """How quick the roles were filled by call-out; counts, never who."""

    roles: int
    answered: int
    coming: int
    median_minutes: float | None
    longest_minutes: float | None


def ended_at(incident: Incident, at: datetime) -> datetime:
    """Return until when the report counts, on the room's clock: the end, or now."""
    return incident.closed_at or incident.room_time(at)


def task_times(incident: Incident, at: datetime) -> list[TaskTime]:
    """Return all tasks of a room in the order of their due times."""
    levels = _levels(incident)
    rows = Task.objects.filter(incident=incident).most_pressing()
    moment = ended_at(incident, at)
    return [TaskTime(one, levels.get(one.pk, NO_LEVEL), moment) for one in rows]


def _levels(incident: Incident) -> dict[int, int]:
    """Return the level of who did each task: that of the organisation in the log's line."""
    lines = Entry.objects.filter(
        incident=incident, code__in=_DONE, subject_kind=Task._meta.label_lower
    )
    known = lines.select_related("organisation__place").order_by("pk")
    return {
        line.subject_id: level_of(line.organisation)
        for line in known
        if line.subject_id and line.organisation
    }


def timing_of(rows: Iterable[TaskTime]) -> Timing:
    counted = [one for one in rows if one.is_due]
    late = [one for one in counted if one.is_late]
    delays = [one.delay.total_seconds() / 60 for one in late if one.delay is not None]
    return Timing(
        due=len(counted),
        in_time=len(counted) - len(late),
        late=len(late),
        still_open=sum(one.task.is_open for one in late),
        median_delay=median(delays) if delays else None,
        longest_delay=max(delays, default=None),
    )


def timing_by_level(rows: Iterable[TaskTime]) -> list[tuple[int, Timing]]:
    """Return the same for each level that did tasks, the nation first."""
    groups: dict[int, list[TaskTime]] = defaultdict(list)
    for one in rows:
        if not one.task.is_open:
            groups[one.level].append(one)
    return [(level, timing_of(groups[level])) for level in sorted(groups)]


def call_times(incident: Incident) -> CallTimes:
    """Return how long it took from the first call for a role to the first answer."""
    calls: dict[int, list[Call]] = defaultdict(list)
    for call in Call.objects.filter(incident=incident).order_by("called_at", "pk"):
        calls[call.seat_id].append(call)
    waited, coming = [], 0
    for of_seat in calls.values():
        answers = sorted(one.answered_at for one in of_seat if one.answered_at is not None)
        coming += any(one.answer == "coming" for one in of_seat)
        if answers:
            waited.append((answers[0] - of_seat[0].called_at).total_seconds() / 60)
    return CallTimes(
        roles=len(calls),
        answered=len(waited),
        coming=coming,
        median_minutes=median(waited) if waited else None,
        longest_minutes=max(waited, default=None),
    )
