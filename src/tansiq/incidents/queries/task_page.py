"""Everything about one task: the playbook's words, what it waits for, what it asks, its story."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from tansiq.access.actor import Actor
from tansiq.core.translations import show
from tansiq.incidents.models import Entry, Task
from tansiq.incidents.playbook.document import CheckSpec, SourceSpec, TaskSpec, WorksheetSpec
from tansiq.incidents.queries.log import LogLine, with_writers
from tansiq.incidents.queries.log import lines_of as log_lines_of
from tansiq.incidents.queries.tasks import TaskLine, lines_of
from tansiq.incidents.wording import role_title
from tansiq.plans.models import Certainty

_STORY = 50
_CERTAINTIES = {
    Certainty.VERIFIED: ("done", "check-circle"),
    Certainty.PARTLY: ("risk", "help"),
    Certainty.UNVERIFIED: ("risk", "help"),
    Certainty.PROPOSAL: ("calm", "info"),
}


@dataclass(frozen=True)
class TaskPage:
    """What the page of a task shows besides its row."""

    line: TaskLine
    detail: str
    detail_language: str
    spec: TaskSpec | None
    deputies: list[str]
    told_if_late: list[str]
    checks: list[CheckSpec]
    sources: list[SourceSpec]
    worksheet: WorksheetSpec | None
    waits_for: list[TaskLine]
    leads_to: list[TaskLine]
    story: list[LogLine]
    is_mine: bool

    @property
    def certainty(self) -> dict[str, str]:
        """Return how sure its source is, as a mark; nothing for what a city wrote itself."""
        if self.spec is None or self.spec.certainty == Certainty.OWN:
            return {}
        tone, icon = _CERTAINTIES[Certainty(self.spec.certainty)]
        return {"tone": tone, "icon": icon, "words": str(Certainty(self.spec.certainty).label)}

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Return the rights checks as choices of a form."""
        known = {check.key: str(check.title) for check in self.checks}
        return [(key, known.get(key, key)) for key in self.line.task.checks]

    @property
    def needs(self) -> set[str]:
        """Return which fields must be filled before it is done."""
        asked = {"evidence"} if self.line.task.needs_evidence else set()
        return asked | ({"despite"} if any(one.task.is_open for one in self.waits_for) else set())


def page_of_task(actor: Actor, task: Task, at: datetime) -> TaskPage:
    incident, language = task.incident, get_language() or "en"
    document, moment = incident.playbook.document, incident.room_time(at)
    spec = document.task(task.key) if document.has("tasks", task.key) else None
    rows = Task.objects.visible_to(actor).filter(incident=incident).select_related("ended_by")
    before = list(rows.filter(before=task).order_by("due_at", "pk"))
    after = list(rows.filter(after=task).order_by("due_at", "pk"))
    # The row itself with the words of who has it, in the same three queries.
    (line, *others) = lines_of([task, *before, *after], incident, moment)
    line.is_blocked = any(one.is_open for one in before)
    detail, written_in = _detail(task, spec, language)
    story = Entry.objects.visible_to(actor).filter(
        incident=incident, subject_kind="incidents.task", subject_id=task.pk
    )
    return TaskPage(
        line,
        detail,
        written_in,
        spec,
        [role_title(document, role, language) for role in task.deputies],
        [role_title(document, role, language) for role in (spec.if_late if spec else ())],
        [document.find("checks", key) for key in task.checks if document.has("checks", key)],
        [document.find("sources", key) for key in (spec.sources if spec else ())],
        document.find("worksheets", spec.worksheet) if spec and spec.worksheet else None,
        others[: len(before)],
        others[len(before) :],
        log_lines_of(with_writers(story).latest_first()[:_STORY], incident),
        task.taken_by_id is not None and task.taken_by_id == actor.person_id,
    )


def _detail(task: Task, spec: TaskSpec | None, language: str) -> tuple[str, str]:
    if spec is not None:
        return spec.detail.in_language(language), spec.detail.language_for(language)
    show([task], "detail", written_in=task.language or "en", language=language)
    shown = vars(task)["shown"]["detail"]
    return str(shown), shown.language
