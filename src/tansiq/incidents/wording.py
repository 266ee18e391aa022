"""The sentences that the platform itself writes into a room's log, in the reader's language.

A file of actions registers its own where they belong:

    register("task_done", _("%(task)s is done."))

Facts named `task`, `role` and `inject` are keys of the playbook and read as its words; one whose
name ends in `_at` is a moment in ISO form, on the room's clock, one in `_on` a day; the rest are
plain texts and numbers.
"""

from datetime import date, datetime
from typing import Any

from django.utils import translation
from django.utils.timezone import localtime

from tansiq.core import formats
from tansiq.incidents.models import Entry
from tansiq.incidents.playbook.document import Document, ExerciseSpec, InjectSpec

_sentences: dict[str, Any] = {}


class UnknownSentenceError(LookupError):
    pass


def register(code: str, sentence: Any) -> None:
    """Say how the line of this code reads; `sentence` is lazy, with named placeholders."""
    if code in _sentences:
        message = f"Two sentences have the code {code!r}."
        raise UnknownSentenceError(message)
    _sentences[code] = sentence


def codes() -> list[str]:
    return sorted(_sentences)


def sentence_of(entry: Entry, document: Document) -> str:
    """Return what the platform says in this line, in the active language; empty without a code.

    Raises UnknownSentenceError for a code that nobody registered.
    """
    if not entry.code:
        return ""
    if entry.code not in _sentences:
        message = f"No sentence has the code {entry.code!r}. Known: {', '.join(codes())}."
        raise UnknownSentenceError(message)
    language = translation.get_language() or "en"
    facts = {name: _fact(name, value, document, language) for name, value in entry.facts.items()}
    return str(_sentences[entry.code]) % facts


def task_title(document: Document, key: str, language: str) -> str:
    """Return the words of a task; the key itself where the playbook no longer has it."""
    return document.task(key).title.in_language(language) if document.has("tasks", key) else key


def role_title(document: Document, key: str, language: str) -> str:
    """Return the words of a role; the key itself where the playbook does not have it."""
    return document.role(key).title.in_language(language) if document.has("roles", key) else key


def moment_words(moment: datetime, language: str = "") -> str:
    """Return a moment as the reader writes it, on the clock of the place."""
    return formats.moment(localtime(moment), language or translation.get_language() or "en")


def inject_of(document: Document, story: str, key: str) -> InjectSpec | None:
    """Return an inject of one of the playbook's stories; None where it no longer has it."""
    if not document.has("exercises", story):
        return None
    found: ExerciseSpec = document.find("exercises", story)
    return next((one for one in found.injects if one.key == key), None)


def _inject(document: Document, name: str, language: str) -> str:
    spec = inject_of(document, *name.split("/", 1))
    if spec is None:
        return name
    return f"{spec.title.in_language(language)}. {spec.text.in_language(language)}".strip()


def _fact(name: str, value: Any, document: Document, language: str) -> str:
    if name in _KEYS:
        return _KEYS[name](document, value, language)
    if name.endswith("_on"):
        return formats.day(date.fromisoformat(value), language)
    if name.endswith("_at"):
        return moment_words(datetime.fromisoformat(value), language)
    if isinstance(value, int | float):
        return formats.number(value, language)
    return str(value)


_KEYS = {"task": task_title, "inject": _inject, "role": role_title}
