"""Decisions as their readers see them, with the facts as they stood."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import get_language

from tansiq.access.actor import Actor
from tansiq.core.translations import show_each
from tansiq.incidents.models import Decision, FactVersion, Incident
from tansiq.incidents.queries.facts import with_words
from tansiq.incidents.wording import role_title


@dataclass(frozen=True)
class DecisionPage:
    """A decision, what it rests on, and what became of both."""

    decision: Decision
    role: str
    facts: list[FactVersion]
    later: Decision | None

    @property
    def withdrawn(self) -> list[FactVersion]:
        """Return the facts it rests on that were struck through since."""
        return [one for one in self.facts if one.fact.is_withdrawn and not one.is_withdrawn]


def decisions_of(actor: Actor, incident: Incident) -> Any:
    """Return the decisions of a room, the latest first, each saying whether it still stands."""
    later = Decision.objects.filter(replaces=OuterRef("pk"))
    rows = Decision.objects.visible_to(actor).filter(incident=incident)
    known = rows.select_related("person", "organisation").annotate(is_replaced=Exists(later))
    return known.order_by("-decided_at", "-pk")


def with_texts(decisions: Any) -> list[Decision]:
    """Give decisions their words in the reader's language."""
    rows = list(decisions)
    fields = ("text", "why", "information", "alternatives")
    show_each(rows, *fields, language_of=lambda decision: decision.language)
    return rows


def page_of_decision(actor: Actor, decision: Decision) -> DecisionPage:
    document = decision.incident.playbook.document
    versions = FactVersion.objects.visible_to(actor).filter(decisions=decision)
    with_texts([decision])
    return DecisionPage(
        decision,
        role_title(document, decision.role, get_language() or "en") if decision.role else "",
        with_words(versions.select_related("fact").order_by("-observed_at", "pk")),
        Decision.objects.visible_to(actor).filter(replaces=decision).first(),
    )
