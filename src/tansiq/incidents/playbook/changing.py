"""A playbook with one task changed, added or taken out."""

from dataclasses import replace

from django.utils.translation import gettext as _

from tansiq.incidents.playbook.checking import problems_in
from tansiq.incidents.playbook.document import Document, TaskSpec
from tansiq.incidents.playbook.problems import PlaybookError, Problem


def with_task(document: Document, task: TaskSpec, *, instead_of: str = "") -> Document:
    """Return the playbook with this task, in the place of another or as the last of its phase.

    Where the key changed, what waited for the old one waits for the new one. Raises
    PlaybookError.
    """
    tasks = list(document.tasks)
    keys = [one.key for one in tasks]
    if task.key in keys and task.key != instead_of:
        sentence = _("Another task has the key “%(key)s”.") % {"key": task.key}
        raise PlaybookError([Problem(0, f"tasks.{task.key}.key", sentence)])
    if instead_of:
        tasks[keys.index(instead_of)] = task
        tasks = [_waiting_for(one, {instead_of: (task.key,)}) for one in tasks]
    else:
        same = [place for place, one in enumerate(tasks) if one.phase == task.phase]
        tasks.insert(same[-1] + 1 if same else len(tasks), task)
    return _checked(replace(document, tasks=tuple(tasks)))


def without_task(document: Document, key: str) -> Document:
    """Return the playbook without a task; what waited for it waits for what it waited for.

    Raises PlaybookError, such as for the last task.
    """
    gone = document.task(key)
    rest = (one for one in document.tasks if one.key != key)
    tasks = tuple(_waiting_for(one, {key: gone.after}) for one in rest)
    return _checked(replace(document, tasks=tasks))


def _waiting_for(task: TaskSpec, instead: dict[str, tuple[str, ...]]) -> TaskSpec:
    if not instead.keys() & set(task.after):
        return task
    found: dict[str, None] = {}
    for key in task.after:
        found.update(dict.fromkeys(instead.get(key, (key,))))
    return replace(task, after=tuple(found))


def _checked(document: Document) -> Document:
    if problems := problems_in(document, {}):
        raise PlaybookError(problems)
    return document
