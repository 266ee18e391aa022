"""The board of facts as its readers see it."""

from collections.abc import Iterable
from typing import Any

from tansiq.access.actor import Actor
from tansiq.core.translations import show_each
from tansiq.incidents.models import Fact, FactVersion


def with_words(facts: Iterable[Any]) -> list[Any]:
    """Give facts, or versions of them, their words in the reader's language."""
    facts = list(facts)
    show_each(facts, "text", "reason", language_of=lambda fact: fact.language)
    return facts


def versions_of(actor: Actor, fact: Fact) -> list[FactVersion]:
    """Return each way a fact ever stood, the latest first."""
    versions = FactVersion.objects.visible_to(actor).filter(fact=fact).order_by("-number")
    return with_words(versions.select_related("person", "organisation"))
