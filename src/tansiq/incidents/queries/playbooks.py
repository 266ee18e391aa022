"""A playbook as its pages show it, and what is different between two versions."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from tansiq.access.actor import Actor, Role
from tansiq.incidents.models import Playbook, PlaybookVersion
from tansiq.incidents.playbook import Difference, Document, TaskSpec, differences, missing_words
from tansiq.incidents.playbook.document import PhaseSpec
from tansiq.incidents.playbook.schema import words_of
from tansiq.incidents.playbook.times import Duration, Offset
from tansiq.incidents.playbook_words import offset_words, span_words
from tansiq.plans.models import Certainty

SECTION_WORDS: dict[str, str | Promise] = {
    "": gettext_lazy("The playbook itself"),
    "sources": gettext_lazy("Sources"),
    "principles": gettext_lazy("Principles"),
    "triggers": gettext_lazy("Kinds of events"),
    "questions": gettext_lazy("Questions at activation"),
    "phases": gettext_lazy("Phases"),
    "roles": gettext_lazy("Roles"),
    "checks": gettext_lazy("Rights checks"),
    "worksheets": gettext_lazy("Worksheets"),
    "checklists": gettext_lazy("Checklists"),
    "windows": gettext_lazy("What is said when"),
    "statements": gettext_lazy("Statements"),
    "exercises": gettext_lazy("Exercises"),
    "tasks": gettext_lazy("Tasks"),
}
FIELD_WORDS: dict[str, str | Promise] = {
    "title": gettext_lazy("title"),
    "detail": gettext_lazy("how"),
    "role": gettext_lazy("role"),
    "deputies": gettext_lazy("deputies"),
    "due": pgettext_lazy("field of a task", "due"),
    "review": gettext_lazy("looked at again every"),
    "after": gettext_lazy("waits for"),
    "phase": gettext_lazy("phase"),
    "triggers": gettext_lazy("kinds of events"),
    "condition": gettext_lazy("condition"),
    "repeats": gettext_lazy("comes again"),
    "evidence": gettext_lazy("shown by"),
    "checks": gettext_lazy("rights checks"),
    "worksheet": gettext_lazy("worksheet"),
    "if_late": gettext_lazy("told when late"),
    "sources": gettext_lazy("sources"),
    "certainty": gettext_lazy("how sure we are"),
    "text": gettext_lazy("words"),
    "aim": gettext_lazy("aim"),
    "begins": gettext_lazy("begins"),
    "ends": gettext_lazy("ends"),
    "duties": gettext_lazy("duties"),
    "holders": gettext_lazy("held by, as a rule"),
    "is_lead": gettext_lazy("leads"),
    "summary": gettext_lazy("summary"),
}


# In the address, for every phase.
ALL = "all"


@dataclass(frozen=True)
class Choice:
    """What the reader asked to see of the tasks."""

    phase: str = ""
    role: str = ""
    trigger: str = ""


@dataclass(frozen=True)
class PhaseTasks:
    phase: PhaseSpec
    tasks: tuple[TaskSpec, ...]


@dataclass(frozen=True)
class Shelf:
    """What is different in one section."""

    title: str | Promise
    rows: tuple["Row", ...]


@dataclass(frozen=True)
class Row:
    """One difference as people read it."""

    one: Difference
    name: str
    field: str | Promise


def for_list(playbooks: QuerySet[Playbook], actor: Actor) -> QuerySet[Playbook]:
    """Add what a list shows; a playbook that is still only a draft is for its owner's people."""
    versions = PlaybookVersion.objects.filter(playbook=OuterRef("pk"))
    latest = versions.filter(published_at__isnull=False).order_by("-number")
    draft = versions.filter(published_at__isnull=True, playbook__owner__in=actor.organisation_ids)
    return (
        playbooks.select_related("owner")
        .annotate(
            in_force=Subquery(latest.values("number")[:1]),
            in_force_since=Subquery(latest.values("published_at")[:1]),
            draft=Subquery(draft.values("number")[:1]),
        )
        .filter(Q(in_force__isnull=False) | Q(owner__in=actor.organisation_ids))
        .order_by("owner__name", "title", "pk")
    )


def version_shown(actor: Actor, playbook: Playbook, number: int | None) -> PlaybookVersion | None:
    """Return the version asked for, else the one in force, else the draft."""
    versions = PlaybookVersion.objects.visible_to(actor).filter(playbook=playbook)
    if number is not None:
        return versions.filter(number=number).first()
    in_force = versions.published().order_by("-number").first()
    found: PlaybookVersion | None = in_force or versions.order_by("-number").first()
    return found


def draft_of(actor: Actor, playbook: Playbook) -> PlaybookVersion | None:
    versions = PlaybookVersion.objects.visible_to(actor).filter(playbook=playbook)
    found: PlaybookVersion | None = versions.filter(published_at__isnull=True).first()
    return found


def choice_in(document: Document, given: Mapping[str, str]) -> Choice:
    """Return what the address asks for; by itself the first hour, since 129 tasks are many."""
    role, trigger = given.get("role", ""), given.get("trigger", "")
    phase = given.get("phase", "")
    if not (phase or role or trigger):
        phase = next((one.key for one in document.phases if not one.is_standing), "")
    return Choice("" if phase == ALL else phase, role, trigger)


def tasks_by_phase(document: Document, choice: Choice) -> list[PhaseTasks]:
    """Return the phases with the tasks that fit; phases without any are left out."""
    found = [
        PhaseTasks(phase, tuple(task for task in document.tasks if _fits(task, phase, choice)))
        for phase in document.phases
        if choice.phase in {"", phase.key}
    ]
    return [one for one in found if one.tasks]


def _fits(task: TaskSpec, phase: PhaseSpec, choice: Choice) -> bool:
    if task.phase != phase.key:
        return False
    if choice.role and choice.role not in {task.role, *task.deputies}:
        return False
    return not choice.trigger or task.belongs_to(choice.trigger)


def phases_with_counts(document: Document) -> list[tuple[PhaseSpec, int]]:
    """Return each phase with how many tasks it has."""
    counts = Counter(task.phase for task in document.tasks)
    return [(phase, counts[phase.key]) for phase in document.phases]


def by_key(document: Document) -> dict[str, dict[str, Any]]:
    """Return what the tasks name, by section and key."""
    return {
        section: {one.key: one for one in getattr(document, section)}
        for section in ("roles", "triggers", "checks", "sources", "worksheets", "questions")
    }


def shelves(before: Document, after: Document) -> list[Shelf]:
    """Return what changed from one version to another, section by section."""
    rows: dict[str, list[Row]] = {}
    for one in differences(before, after):
        rows.setdefault(one.section, []).append(_row(one, before, after))
    order = ("tasks", *(section for section in SECTION_WORDS if section != "tasks"))
    return [Shelf(SECTION_WORDS[name], tuple(rows[name])) for name in order if name in rows]


def _row(one: Difference, before: Document, after: Document) -> Row:
    document = after if one.key and after.has(one.section, one.key) else before
    name = ""
    if one.key and document.has(one.section, one.key):
        name = str(document.find(one.section, one.key).title)
    last = one.field.rpartition(".")[2]
    said = replace(one, before=_said(last, one.before), after=_said(last, one.after))
    return Row(said, name, FIELD_WORDS.get(last, one.field))


def _said(field: str, value: str) -> str:
    """Return the value of a field as people say it."""
    if value and field in {"due", "begins", "ends", "at"}:
        return offset_words(Offset.read(value))
    if value and field == "review":
        return span_words(Duration.read(value))
    if value and field == "certainty":
        return str(Certainty(value).label)
    return value


def others_of(document: Document, key: str) -> list[str]:
    """Return the tasks that wait for this one."""
    return [task.key for task in document.tasks if key in task.after]


def may_own(actor: Actor) -> frozenset[int]:
    """Return the organisations for which the actor may start a playbook."""
    return actor.organisations_as(Role.COORDINATOR)


def words_missing(document: Document, languages: list[str]) -> Iterator[tuple[str, int, int]]:
    """Yield each language with how many texts it lacks, and how many there are."""
    total = sum(path[0] != "sources" for path, _words in words_of(document))
    for language in languages:
        yield language, len(missing_words(document, language)), total
