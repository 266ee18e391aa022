"""Words of a playbook in templates: `{{ task.due|when }}`, `{{ task.certainty|certainty }}`."""

from typing import Any

from django import template
from django.utils.translation import get_language

from tansiq.incidents.models import Level
from tansiq.incidents.playbook.times import Duration, Offset
from tansiq.incidents.playbook.words import Words
from tansiq.incidents.playbook_words import (
    EVIDENCE_WORDS,
    STATEMENT_WORDS,
    elapsed_words,
    offset_words,
    span_words,
    until_words,
)
from tansiq.plans.models import Certainty

register = template.Library()


@register.filter
def when(offset: Offset | None) -> str:
    return offset_words(offset) if offset else ""


@register.filter
def span(duration: Duration | None) -> str:
    return span_words(duration) if duration else ""


@register.filter
def certainty(mark: str) -> str:
    """Return in words how sure we are that the sources support this."""
    return str(Certainty(mark).label)


@register.filter
def evidence(kind: str) -> str:
    return str(EVIDENCE_WORDS[kind])


@register.filter
def statement_kind(kind: str) -> str:
    return str(STATEMENT_WORDS[kind])


@register.filter
def language_of(words: Words) -> str:
    """Return the language in which these words are shown, for `lang`."""
    return words.language_for(get_language() or "en")


@register.filter
def titles(keys: tuple[str, ...], known: dict[str, Any]) -> list[str]:
    """Return the titles of the things of these keys."""
    return [str(known[key].title) for key in keys]


@register.filter
def title_of(known: dict[str, Any], key: str) -> str:
    """Return the title of the thing of this key."""
    return str(known[key].title)


@register.filter
def level(value: str) -> str:
    """Return from which level of activation on."""
    return str(Level(value).label)


@register.filter
def until(offset: Offset) -> str:
    """Return "for 21 days" or "until the incident is closed"."""
    return until_words(offset)


@register.filter
def elapsed(offset: Offset) -> str:
    """Return "after 8 minutes", as the clock of an exercise shows it."""
    return elapsed_words(offset)
