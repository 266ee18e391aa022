"""What must hold between the things of a playbook: names, order, time, words."""

import difflib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.incidents.playbook.document import Document, PhaseSpec, TaskSpec
from tansiq.incidents.playbook.problems import Problem
from tansiq.incidents.playbook.schema import slots_of
from tansiq.incidents.playbook.times import CLOSE, START, Offset

_MOST_REPEATS = 1000
_UNKNOWN = {
    "sources": gettext_lazy("The source “%(key)s” does not exist."),
    "triggers": gettext_lazy("The trigger “%(key)s” does not exist."),
    "questions": gettext_lazy("The question “%(key)s” does not exist."),
    "phases": gettext_lazy("The phase “%(key)s” does not exist."),
    "roles": gettext_lazy("The role “%(key)s” does not exist."),
    "checks": gettext_lazy("The rights check “%(key)s” does not exist."),
    "worksheets": gettext_lazy("The worksheet “%(key)s” does not exist."),
    "windows": gettext_lazy("The time window “%(key)s” does not exist."),
    "tasks": gettext_lazy("The task “%(key)s” does not exist."),
}
_SLOT = re.compile(r"\{([^{}]*)\}")
_SLOT_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}", re.ASCII)

Found = Iterator[tuple[str, str]]


def problems_in(document: Document, lines: Mapping[str, int]) -> list[Problem]:
    """Return what does not hold in a document, each with the line of its place."""
    checks = (_parts, _references, _cycles, _windows, _tasks, _statements, _injects)
    return [
        Problem(_line_of(path, lines), path, sentence)
        for check in checks
        for path, sentence in check(document)
    ]


def _line_of(path: str, lines: Mapping[str, int]) -> int:
    """Return the line of a place, or of what it stands in."""
    while path and path not in lines:
        path = path.rpartition(".")[0]
    return lines.get(path, 1 if lines else 0)


def _parts(document: Document) -> Found:
    for section in ("triggers", "phases", "roles", "tasks"):
        if not getattr(document, section):
            yield (
                section,
                _("A playbook needs at least one entry in “%(section)s”.") % {"section": section},
            )
    if document.roles and not any(role.is_lead for role in document.roles):
        yield "roles", _("No role leads. Write “is_lead: yes” at one of them.")


def _references(document: Document) -> Found:
    for section in document.sections():
        for thing in getattr(document, section):
            yield from _references_of(document, thing, f"{section}.{thing.key}")


def _references_of(document: Document, thing: Any, path: str) -> Found:
    for slot in slots_of(type(thing)):
        value = getattr(thing, slot.name)
        where = f"{path}.{slot.name}"
        if section := slot.meta.get("refers"):
            for key in [value] if isinstance(value, str) else value:
                if key and not document.has(section, key):
                    yield f"{where}.{key}", _unknown(document, section, key)
        elif slot.is_nested and value:
            for one in value if slot.is_list else [value]:
                below = f"{where}.{one.key}" if slot.is_list else where
                yield from _references_of(document, one, below)


def _unknown(document: Document, section: str, key: str) -> str:
    sentence = str(_UNKNOWN[section]) % {"key": key}
    known = [thing.key for thing in getattr(document, section)]
    near = difflib.get_close_matches(key.upper(), [one.upper() for one in known], n=1, cutoff=0.75)
    if not near:
        return sentence
    guess = next(one for one in known if one.upper() == near[0])
    return f"{sentence} " + _("Did you mean “%(key)s”?") % {"key": guess}


def _cycles(document: Document) -> Found:
    """Name each circle of tasks that wait for each other, once, in full."""
    waits = {
        task.key: [key for key in task.after if document.has("tasks", key)]
        for task in document.tasks
    }
    done: set[str] = set()
    for start in waits:
        if circle := _circle_from(start, waits, done):
            yield (
                f"tasks.{circle[0]}.after",
                _("These tasks wait for each other: %(tasks)s.") % {"tasks": " → ".join(circle)},
            )


def _circle_from(start: str, waits: Mapping[str, list[str]], done: set[str]) -> list[str]:
    path: list[str] = []
    steps = [(start, iter(waits[start]))] if start not in done else []
    path += [start] if steps else []
    while steps:
        key, rest = steps[-1]
        following = next((one for one in rest if one not in done), None)
        if following is None:
            done.add(key)
            path.pop()
            steps.pop()
        elif following in path:
            done.update(path)
            return [*path[path.index(following) :], following]
        else:
            path.append(following)
            steps.append((following, iter(waits[following])))
    return []


def _windows(document: Document) -> Found:
    for section in ("phases", "windows"):
        for span in getattr(document, section):
            path = f"{section}.{span.key}"
            for name in ("begins", "ends"):
                yield from _before_start(getattr(span, name), f"{path}.{name}")
            if _is_later(span.begins, span.ends):
                yield f"{path}.ends", _("It ends before it begins.")


def _before_start(moment: Offset | None, path: str) -> Found:
    if moment and moment.is_from_start and moment.duration.is_negative:
        sentence = _("%(moment)s is before the first minute; nobody can do it then.")
        yield path, sentence % {"moment": moment}


def _is_later(first: Offset | None, second: Offset | None) -> bool:
    """Return whether the first can be later than the second; unlike anchors cannot be compared."""
    if not first or not second or first.anchor != second.anchor:
        return False
    return first.duration.may_exceed(second.duration)


def _tasks(document: Document) -> Found:
    phases = {phase.key: phase for phase in document.phases}
    for task in document.tasks:
        path = f"tasks.{task.key}"
        if phase := phases.get(task.phase):
            yield from _when(task, phase, path)
            yield from _waiting(document, task, phase, path)
        yield from _repeats(task, path)
        if task.role in task.deputies:
            sentence = _("The role %(role)s cannot be its own deputy.") % {"role": task.role}
            yield f"{path}.deputies", sentence


def _when(task: TaskSpec, phase: PhaseSpec, path: str) -> Found:
    if phase.is_standing:
        if task.review is None or task.review.is_zero or task.review.is_negative:
            yield path, _("A task of a standing phase needs “review”, such as P6M.")
        if task.due is not None:
            yield f"{path}.due", _("A task of a standing phase has “review”, not “due”.")
        return
    if task.review is not None:
        yield f"{path}.review", _("Only a task of a standing phase has “review”.")
    if task.due is None:
        yield path, _("“due” is missing, such as T0+PT30M.")
        return
    yield from _before_start(task.due, f"{path}.due")
    if _is_later(phase.begins, task.due):
        sentence = _("Due %(due)s, but its phase %(phase)s begins at %(moment)s.")
        names = {"due": task.due, "phase": phase.key, "moment": phase.begins}
        yield f"{path}.due", sentence % names
    if _is_later(task.due, phase.ends):
        sentence = _("Due %(due)s, but its phase %(phase)s ends at %(moment)s.")
        names = {"due": task.due, "phase": phase.key, "moment": phase.ends}
        yield f"{path}.due", sentence % names


def _waiting(document: Document, task: TaskSpec, phase: PhaseSpec, path: str) -> Found:
    for key in task.after:
        if not document.has("tasks", key):
            continue
        first = document.task(key)
        names = {"task": task.key, "due": task.due, "first": key, "first_due": first.due}
        where = f"{path}.after.{key}"
        if phase.is_standing and not first.review:
            sentence = _("%(task)s stands all year and cannot wait for %(first)s.")
            yield where, sentence % names
        elif _is_later(first.due, task.due):
            sentence = _(
                "%(task)s is due %(due)s, before %(first)s, for which it waits (%(first_due)s)."
            )
            yield where, sentence % names
        elif first.due and task.due and first.due.anchor == CLOSE != task.due.anchor:
            sentence = _(
                "%(task)s waits for %(first)s, which is due only when the incident closes."
            )
            yield where, sentence % names


def _repeats(task: TaskSpec, path: str) -> Found:
    repeats = task.repeats
    if repeats is None:
        return
    if repeats.every.is_zero or repeats.every.is_negative:
        yield f"{path}.repeats.every", _("It must come again after some time, such as P1D.")
        return
    if _is_later(task.due, repeats.until):
        sentence = _("It ends at %(until)s, before it is due for the first time.")
        yield f"{path}.repeats.until", sentence % {"until": repeats.until}
    most_days = repeats.every.nominal_days * _MOST_REPEATS
    if repeats.until.anchor == START and repeats.until.duration.nominal_days > most_days:
        sentence = _("It would come again more than %(most)s times.") % {"most": _MOST_REPEATS}
        yield f"{path}.repeats.every", sentence


def _statements(document: Document) -> Found:
    for statement in document.statements:
        path = f"statements.{statement.key}.text"
        wanted = set(_SLOT.findall(statement.text.in_language(document.language)))
        for language, text in statement.text.texts.items():
            where = f"{path}.{language}"
            found = set(_SLOT.findall(text))
            yield from ((where, one) for one in _slot_problems(text, found))
            if found != wanted:
                sentence = _(
                    "The blanks in “%(language)s” are not those of the original: %(names)s."
                )
                names = ", ".join(f"{{{name}}}" for name in sorted(found ^ wanted))
                yield where, sentence % {"language": language, "names": names}


def _slot_problems(text: str, found: set[str]) -> Iterator[str]:
    for name in sorted(found):
        if not _SLOT_NAME.fullmatch(name):
            yield _("“{%(name)s}” is no blank. Write it as in {place}.") % {"name": name}
    if set("{}") & set(_SLOT.sub("", text)):
        yield _("A brace is left open. Write blanks as in {place}.")


def _injects(document: Document) -> Found:
    for exercise in document.exercises:
        for inject in exercise.injects:
            path = f"exercises.{exercise.key}.injects.{inject.key}.at"
            if inject.at.anchor != START:
                yield path, _("What comes in during an exercise is counted from T0.")
            yield from _before_start(inject.at, path)
