"""The tasks of a room as its pages show them: words, clock, what they wait for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, When
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.core.translations import show_each
from tansiq.incidents.models import Incident, Seat, Task, TaskState
from tansiq.incidents.playbook.document import Document, PhaseSpec
from tansiq.incidents.spans import Due, due
from tansiq.incidents.wording import role_title

FIRST = 3
LATE, BLOCKED, OPEN, ENDED = range(4)
# So long what somebody has just ended stands there to be taken back.
_UNDO = timedelta(minutes=10)


@dataclass
class TaskLine:
    """A task as a list shows it."""

    task: Task
    title: str
    language: str
    role: str
    due: Due | None = None
    group: str = ""
    is_blocked: bool = False

    @property
    def asks_first(self) -> bool:
        """Return whether something must be said before it is done: no single tap ends it."""
        return self.is_blocked or self.task.needs_evidence or bool(self.task.checks)


@dataclass(frozen=True)
class Now:
    """What to do now: the most pressing tasks, of this person's roles if they hold any."""

    lines: list[TaskLine]
    open: int
    late: int
    is_mine: bool
    undo: TaskLine | None = None


@dataclass(frozen=True)
class Step:
    """A phase on the way through an incident, with what is still open in it."""

    phase: PhaseSpec
    title: str
    open: int
    late: int
    state: str


def roles_of(actor: Actor, incident: Incident) -> list[str]:
    """Return the roles this person holds in the room."""
    if actor.person_id is None:
        return []
    held = Seat.objects.filter(incident=incident, holder=actor.person_id)
    return list(held.values_list("role", flat=True))


def my_tasks(actor: Actor, incident: Incident, roles: Iterable[str]) -> Any:
    """Return the tasks of these roles, and what this person took on besides."""
    tasks = Task.objects.visible_to(actor).filter(incident=incident)
    return tasks.filter(Q(role__in=roles) | Q(taken_by=actor.person_id))


def now_for(actor: Actor, incident: Incident, at: datetime) -> Now:
    """Return the three things to do now, what can be done before what has to wait."""
    roles, moment = roles_of(actor, incident), incident.room_time(at)
    is_mine = bool(roles)
    rows: Any = Task.objects.visible_to(actor).filter(incident=incident)
    if is_mine:
        rows = my_tasks(actor, incident, roles)
    counts = rows.open().aggregate(open=Count("pk"), late=Count("pk", Q(due_at__lt=moment)))
    # What is late comes first; then what can be done before what has to wait. What has no date,
    # such as retiring the incident, is nothing for now while anything else is.
    pressing = Case(When(due_at__lt=moment, then=0), When(due_at__isnull=True, then=2), default=1)
    able = rows.open().select_related("taken_by").with_blocking()
    first = able.order_by(pressing, "is_blocked", *_BY_TIME)[:FIRST]
    ended = rows.filter(ended_by=actor.person_id, ended_at__gt=moment - _UNDO).order_by("-ended_at")
    lines = lines_of([*first, *ended[:1]], incident, moment)
    undo = lines.pop() if lines and not lines[-1].task.is_open else None
    return Now(lines, counts["open"], counts["late"], is_mine, undo)


_BY_TIME = ("due_at", "phase", "key", "pk")


# What a list can be narrowed to, in the order of its filter.
FILTERS = (
    ("mine", pgettext_lazy("tasks", "Mine")),
    ("open", pgettext_lazy("tasks", "All open")),
    ("late", pgettext_lazy("tasks", "Late")),
    ("blocked", pgettext_lazy("tasks", "Waiting for another")),
    ("ended", pgettext_lazy("tasks", "Ended")),
    ("all", pgettext_lazy("tasks", "All")),
)


def tasks_for(
    actor: Actor, incident: Incident, asked: str, moment: datetime, *, role: str, phase: str
) -> Any:
    """Return the tasks that a filter asks for; an unknown one gives what is open."""
    rows: Any = (
        Task.objects.visible_to(actor)
        .filter(incident=incident)
        .select_related("taken_by", "ended_by")
    )
    narrowed = {
        "mine": lambda: rows.open().filter(
            Q(role__in=roles_of(actor, incident)) | Q(taken_by=actor.person_id)
        ),
        "late": lambda: rows.late(moment),
        "blocked": lambda: rows.open().with_blocking().filter(is_blocked=True),
        "ended": lambda: rows.exclude(state=TaskState.OPEN),
        "all": lambda: rows,
    }.get(asked, rows.open)()
    if role:
        narrowed = narrowed.filter(role=role)
    return narrowed.filter(phase=phase) if phase else narrowed


def roles_in(incident: Incident) -> list[tuple[str, str]]:
    """Return the roles of the playbook, as choices in the reader's language."""
    language = get_language() or "en"
    return [
        (role.key, role.title.in_language(language)) for role in incident.playbook.document.roles
    ]


def ordered(rows: Any, moment: datetime) -> Any:
    """Order tasks: late ones, those that wait for another, the open ones, the ended ones."""
    ranked = rows.with_blocking().annotate(
        rank=Case(
            When(state="open", due_at__lt=moment, then=LATE),
            When(state="open", is_blocked=True, then=BLOCKED),
            When(state="open", then=OPEN),
            default=ENDED,
            output_field=IntegerField(),
        ),
        ranked_phase=Case(When(state="open", due_at__lt=moment, then=None), default="phase"),
    )
    return ranked.order_by("rank", "ranked_phase", *_BY_TIME)


def lines_of(tasks: Iterable[Task], incident: Incident, moment: datetime) -> list[TaskLine]:
    """Return the tasks with their words in the reader's language."""
    language = get_language() or "en"
    document = incident.playbook.document
    rows: list[Any] = list(tasks)
    show_each(rows, "title", language_of=lambda task: task.language or "en", language=language)
    return [_line(task, document, moment, language) for task in rows]


def _line(task: Any, document: Document, moment: datetime, language: str) -> TaskLine:
    title, written_in = str(task.shown["title"]), task.shown["title"].language
    if document.has("tasks", task.key):
        words = document.task(task.key).title
        title, written_in = words.in_language(language), words.language_for(language)
    clock = due(task.due_at, moment, language) if task.is_open and task.due_at else None
    return TaskLine(
        task,
        title,
        written_in,
        role_title(document, task.role, language),
        clock,
        _group(task, document, language),
        getattr(task, "is_blocked", False),
    )


def _group(task: Task, document: Document, language: str) -> str:
    rank = getattr(task, "rank", OPEN)
    if rank in _GROUPS:
        return {LATE: _("Late"), BLOCKED: _("Waits for another task"), ENDED: _("Ended")}[rank]
    known = document.has("phases", task.phase)
    return document.phase(task.phase).title.in_language(language) if known else task.phase


_GROUPS = {LATE, BLOCKED, ENDED}


def steps_of(actor: Actor, incident: Incident, at: datetime) -> list[Step]:
    """Return the phases of the incident as steps: passed, current or still to come."""
    moment, language = incident.room_time(at), get_language() or "en"
    rows = Task.objects.visible_to(actor).open().filter(incident=incident).values("phase")
    counts: dict[str, Any] = {
        row["phase"]: row
        for row in rows.annotate(open=Count("pk"), late=Count("pk", Q(due_at__lt=moment)))
    }
    phases = [phase for phase in incident.playbook.document.phases if phase.begins is not None]
    begun = [one.begins.after(incident.began_at) <= moment for one in phases if one.begins]
    current = sum(begun) - 1
    return [
        Step(
            phase,
            phase.title.in_language(language),
            counts.get(phase.key, {}).get("open", 0),
            counts.get(phase.key, {}).get("late", 0),
            "passed" if place < current else "current" if place == current else "",
        )
        for place, phase in enumerate(phases)
    ]
