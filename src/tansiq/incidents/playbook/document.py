"""A playbook as data: phases, roles, tasks, words. The format itself is these classes.

The reader, the writer, the comparison and the reference page all walk the fields below; what a
field may hold stands in its type and in its metadata.
"""
# ruff: noqa: RUF009 -- these calls give a dataclass field, as field() itself

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from tansiq.incidents.playbook.schema import (
    LONG,
    a_key,
    a_text,
    a_title,
    always_written,
    one_of,
    plain_of,
    refers_to,
    refers_to_one,
    slots_of,
    words_of,
)
from tansiq.incidents.playbook.shaping import shaped
from tansiq.incidents.playbook.times import Duration, Offset
from tansiq.incidents.playbook.words import Words

FORMAT = 1
# In the words of `plans.Certainty`: "own" is what a city wrote itself.
CERTAINTIES = ("verified", "partly", "unverified", "proposal", "own")
EVIDENCE = (
    "note",
    "decision",
    "statement",
    "alert",
    "report",
    "bulletin",
    "reading",
    "count",
    "worksheet",
    "file",
)
STATEMENTS = ("holding", "update", "correction", "unity", "press", "all_clear", "remembrance")
# From low to high; in the words of `incidents.Level`.
LEVELS = ("watch", "partial", "full")
TRIGGERS = (
    "attack_in_city",
    "attack_elsewhere_same_country",
    "attack_elsewhere_salient_community",
    "hate_incident",
    "hoax_or_threat",
    "anniversary_or_trial",
    "exercise",
)


@dataclass(frozen=True, kw_only=True)
class Recurrence:
    """A task that comes again; it always has an end."""

    every: Duration
    until: Offset


@dataclass(frozen=True, kw_only=True)
class Condition:
    """When a task is needed: from a level on, and by what was answered at activation.

    An answer that nobody gave counts as fitting: in doubt the task stands there.
    """

    level: str = one_of(LEVELS, default="")
    answers: Mapping[str, bool] = field(default_factory=dict, metadata={"refers": "questions"})

    def holds(self, *, level: str, answers: Mapping[str, bool]) -> bool:
        if self.level and level and LEVELS.index(level) < LEVELS.index(self.level):
            return False
        return all(answers.get(name, wanted) == wanted for name, wanted in self.answers.items())


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What shows that a task was done."""

    type: str = one_of(EVIDENCE)
    is_required: bool = False


@dataclass(frozen=True, kw_only=True)
class SourceSpec:
    """A publication that supports what stands here."""

    key: str = a_key()
    title: Words = a_title()
    certainty: str = one_of(CERTAINTIES, default="own")
    link: str = ""


@dataclass(frozen=True, kw_only=True)
class PrincipleSpec:
    """A sentence by which one decides when no task fits."""

    key: str = a_key()
    title: Words = a_title()
    detail: Words = a_text()
    sources: tuple[str, ...] = refers_to("sources")
    certainty: str = one_of(CERTAINTIES, default="own")


@dataclass(frozen=True, kw_only=True)
class TriggerSpec:
    """A kind of event that sets the playbook going; the platform knows these seven."""

    key: str = one_of(TRIGGERS)
    title: Words = a_title()
    detail: Words = a_text()


@dataclass(frozen=True, kw_only=True)
class QuestionSpec:
    """What is asked at activation, to be answered by yes, no or "not known"."""

    key: str = a_key()
    title: Words = a_title()


@dataclass(frozen=True, kw_only=True)
class PhaseSpec:
    """A stretch of time with an aim. A phase without a beginning stands all year."""

    key: str = a_key(4)
    title: Words = a_title()
    aim: Words = a_text()
    begins: Offset | None = None
    ends: Offset | None = None

    @property
    def is_standing(self) -> bool:
        return self.begins is None


@dataclass(frozen=True, kw_only=True)
class RoleSpec:
    """Who does it; `holders` says which office holds it as a rule, by country."""

    key: str = a_key(20)
    title: Words = a_title()
    duties: Words = a_text()
    holders: Mapping[str, str] = field(default_factory=dict)
    holders_certainty: str = one_of(CERTAINTIES, default="own")
    is_lead: bool = False


@dataclass(frozen=True, kw_only=True)
class CheckSpec:
    """A question about rights that is answered before a task counts as done."""

    key: str = a_key()
    title: Words = a_title()
    detail: Words = a_text()


@dataclass(frozen=True, kw_only=True)
class FieldSpec:
    """A blank of a worksheet, or a line of a checklist."""

    key: str = a_key()
    title: Words = a_title()


@dataclass(frozen=True, kw_only=True)
class WorksheetSpec:
    """A form to fill while doing a task."""

    key: str = a_key()
    title: Words = a_title()
    detail: Words = a_text()
    fields: tuple[FieldSpec, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ChecklistSpec:
    """Lines to hand out or to tick."""

    key: str = a_key()
    title: Words = a_title()
    detail: Words = a_text()
    items: tuple[FieldSpec, ...] = ()
    sources: tuple[str, ...] = refers_to("sources")
    certainty: str = one_of(CERTAINTIES, default="own")


@dataclass(frozen=True, kw_only=True)
class WindowSpec:
    """What is said in a stretch of time, and what is not."""

    key: str = a_key()
    title: Words = a_title()
    purpose: Words = a_text()
    contains: Words = a_text()
    avoids: Words = a_text()
    begins: Offset | None = None
    ends: Offset | None = None


@dataclass(frozen=True, kw_only=True)
class StatementSpec:
    """A text approved beforehand; {slots} are filled on the day."""

    key: str = a_key()
    title: Words = a_title()
    kind: str = one_of(STATEMENTS)
    triggers: tuple[str, ...] = refers_to("triggers")
    window: str = refers_to_one("windows", default="")
    text: Words = a_title(LONG)
    certainty: str = one_of(CERTAINTIES, default="own")


@dataclass(frozen=True, kw_only=True)
class InjectSpec:
    """What players of an exercise are told, and what good play looks like."""

    key: str = a_key()
    at: Offset
    title: Words = a_title()
    text: Words = a_text()
    to: tuple[str, ...] = refers_to("roles")
    expected: Words = a_text()


@dataclass(frozen=True, kw_only=True)
class ExerciseSpec:
    """A story to play: a trigger and what comes in, minute by minute."""

    key: str = a_key()
    title: Words = a_title()
    detail: Words = a_text()
    trigger: str = refers_to_one("triggers")
    injects: tuple[InjectSpec, ...] = ()
    certainty: str = one_of(CERTAINTIES, default="own")


@dataclass(frozen=True, kw_only=True)
class TaskSpec:
    """One thing to do: by whom, by when, after what, and how one sees that it was done.

    A task of a standing phase has `review`, how often it is looked at again; every other one has
    `due`. Without `triggers` it belongs to all of them.
    """

    key: str = a_key(20)
    phase: str = refers_to_one("phases")
    title: Words = a_title()
    detail: Words = a_text()
    role: str = refers_to_one("roles")
    deputies: tuple[str, ...] = refers_to("roles")
    due: Offset | None = None
    review: Duration | None = None
    after: tuple[str, ...] = refers_to("tasks")
    triggers: tuple[str, ...] = refers_to("triggers")
    condition: Condition | None = None
    repeats: Recurrence | None = None
    evidence: Evidence | None = None
    checks: tuple[str, ...] = refers_to("checks")
    worksheet: str = refers_to_one("worksheets", default="")
    if_late: tuple[str, ...] = refers_to("roles")
    sources: tuple[str, ...] = refers_to("sources")
    due_sources: tuple[str, ...] = refers_to("sources")
    certainty: str = one_of(CERTAINTIES, default="own")

    def belongs_to(self, trigger: str) -> bool:
        return not self.triggers or trigger in self.triggers


@dataclass(frozen=True, kw_only=True)
class Document:
    """A whole playbook."""

    key: str = a_key()
    format: int = always_written(FORMAT, choices=(FORMAT,))
    language: str = always_written("en")
    title: Words = a_title()
    summary: Words = a_text()
    licence: Words = a_text()
    sources: tuple[SourceSpec, ...] = ()
    principles: tuple[PrincipleSpec, ...] = ()
    triggers: tuple[TriggerSpec, ...] = ()
    questions: tuple[QuestionSpec, ...] = ()
    phases: tuple[PhaseSpec, ...] = ()
    roles: tuple[RoleSpec, ...] = ()
    checks: tuple[CheckSpec, ...] = ()
    worksheets: tuple[WorksheetSpec, ...] = ()
    checklists: tuple[ChecklistSpec, ...] = ()
    windows: tuple[WindowSpec, ...] = ()
    statements: tuple[StatementSpec, ...] = ()
    exercises: tuple[ExerciseSpec, ...] = ()
    tasks: tuple[TaskSpec, ...] = ()

    @staticmethod
    def sections() -> tuple[str, ...]:
        """Return the names of the lists of things, in the order of the file."""
        return tuple(slot.name for slot in slots_of(Document) if slot.is_list)

    @cached_property
    def _by_key(self) -> dict[tuple[str, str], Any]:
        return {
            (section, thing.key): thing
            for section in self.sections()
            for thing in getattr(self, section)
        }

    def find(self, section: str, key: str) -> Any:
        """Return the thing of this key in a section; raises KeyError."""
        return self._by_key[section, key]

    def has(self, section: str, key: str) -> bool:
        return (section, key) in self._by_key

    def task(self, key: str) -> TaskSpec:
        found: TaskSpec = self.find("tasks", key)
        return found

    def role(self, key: str) -> RoleSpec:
        found: RoleSpec = self.find("roles", key)
        return found

    def phase(self, key: str) -> PhaseSpec:
        found: PhaseSpec = self.find("phases", key)
        return found

    @property
    def standing_tasks(self) -> tuple[TaskSpec, ...]:
        """Return the tasks of readiness: all year, each with its interval of review."""
        return tuple(task for task in self.tasks if self.phase(task.phase).is_standing)

    def tasks_for(
        self, trigger: str, answers: Mapping[str, bool] | None = None, *, level: str = ""
    ) -> tuple[TaskSpec, ...]:
        """Return the tasks that an activation sets going, in the order of the playbook.

        What a task waits for is narrowed to what was set going with it: through a task that is
        left out, it waits for what that one would have waited for. Readiness is not waited for.
        """
        chosen = [task for task in self.tasks if self._is_set_going(task, trigger, answers, level)]
        keys = {task.key for task in chosen}
        return tuple(replace(task, after=self._waits_for(task, keys)) for task in chosen)

    def _is_set_going(
        self,
        task: TaskSpec,
        trigger: str,
        answers: Mapping[str, bool] | None,
        level: str,
    ) -> bool:
        if self.phase(task.phase).is_standing or not task.belongs_to(trigger):
            return False
        return task.condition is None or task.condition.holds(level=level, answers=answers or {})

    def _waits_for(self, task: TaskSpec, chosen: set[str]) -> tuple[str, ...]:
        found: list[str] = []
        seen: set[str] = set()
        open_keys = list(task.after)
        while open_keys:
            key = open_keys.pop(0)
            if key in seen:
                continue
            seen.add(key)
            if key in chosen:
                found.append(key)
            else:
                open_keys += self.task(key).after
        return tuple(found)

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages in which anything is written, the source first."""
        others = {code for _path, words in words_of(self) for code in words.texts}
        return (self.language, *sorted(others - {self.language}))

    def as_json(self) -> dict[str, Any]:
        """Return plain data for a JSON column; `from_json` gives the same document back."""
        return plain_of(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Document":
        """Return the document of `as_json`; what was checked once is not checked again."""
        return shaped(cls, data)
