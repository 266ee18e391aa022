"""Statements as pages show them: words in order, what corrects what, one line for a list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Prefetch, Q

from tansiq.access.actor import Actor
from tansiq.access.gate import can
from tansiq.core.formats import language_name
from tansiq.incidents.models import Incident, Statement, StatementRelease, StatementText
from tansiq.incidents.queries.statements import (
    approvals_needed,
    languages_for,
    office_for,
    texts_of,
)
from tansiq.incidents.statement_texts import message_length, short_form

# So many wait at once at most, before somebody should look at the list.
_MOST = 3


@dataclass(frozen=True)
class ShownText:
    """The words in one language, and what fits into a text message."""

    text: StatementText
    name: str
    short: str
    length: int
    most: int

    @property
    def language(self) -> str:
        return str(self.text.language)

    @property
    def direction(self) -> str:
        return "rtl" if self.language == "ar" else "ltr"

    @property
    def whole(self) -> str:
        """What is copied: headline and text."""
        text = self.text
        return f"{text.headline}\n\n{text.body}" if text.headline else str(text.body)


@dataclass(frozen=True)
class Shown:
    """A statement with its words, the reader's language first, and its releases."""

    texts: list[ShownText]
    missing: list[str]
    releases: list[StatementRelease]
    corrections: list[Statement]


def shown(statement: Statement, *, language: str) -> Shown:
    texts = texts_of(statement)
    order = sorted(texts, key=lambda code: code != language)
    wanted = languages_for(statement.incident)
    releases: Any = statement.releases.select_related("person").order_by("at", "pk")
    return Shown(
        texts=[_shown_text(texts[code]) for code in order],
        missing=[code for code in wanted if code not in texts],
        releases=list(releases),
        corrections=list(statement.corrections.ever_released().order_by("released_at", "pk")),
    )


def _shown_text(text: StatementText) -> ShownText:
    short = text.short or short_form(text.headline, text.body)
    length, most = message_length(short)
    return ShownText(text, language_name(text.language), short, length, most)


@dataclass(frozen=True)
class Line:
    """One statement in a list."""

    statement: Statement
    words: str
    language: str
    languages: list[str]
    approvals: int
    needed: int
    is_expired: bool
    is_corrected: bool


def lines_of(statements: Iterable[Statement], incident: Incident, *, at: datetime) -> list[Line]:
    """Return the lines of a list; the number of queries does not grow with them."""
    keys = [one.pk for one in statements]
    counting = Count("approvals", filter=Q(approvals__version=F("version")), distinct=True)
    released = Q(corrections__released_at__isnull=False)
    rows = (
        Statement.objects.filter(pk__in=keys)
        .annotate(given=counting, corrected=Count("corrections", filter=released, distinct=True))
        .prefetch_related(Prefetch("texts", StatementText.objects.order_by("language")))
    )
    by_key: dict[int, Any] = {one.pk: one for one in rows}
    office, moment = office_for(incident), incident.room_time(at)
    return [_line(by_key[key], incident, office, moment) for key in keys if key in by_key]


def _line(statement: Any, incident: Incident, office: Any, moment: datetime) -> Line:
    statement.incident = incident
    texts = {one.language: one for one in statement.texts.all()}
    first = texts.get(incident.language) or next(iter(texts.values()), None)
    return Line(
        statement=statement,
        words=(first.headline or first.body) if first else statement.known,
        language=first.language if first else statement.language,
        languages=sorted(texts),
        approvals=statement.given,
        needed=approvals_needed(statement, office),
        is_expired=statement.is_expired(moment),
        is_corrected=bool(statement.corrected),
    )


def to_approve(actor: Actor, incident: Incident) -> list[Statement]:
    """Return the statements that wait for this very person."""
    rows: Any = Statement.objects.visible_to(actor).filter(incident=incident, state="waiting")
    stood = Q(approvals__version=F("version"), approvals__person=actor.person_id or 0)
    unread = rows.exclude(pk__in=rows.filter(stood).values("pk"))
    found = list(unread.exclude(writers=actor.person_id or 0).order_by("pk")[:_MOST])
    # Whoever wrote in one is left out above; the rest of the rule is the same for all of a room.
    return found if found and can(actor, "incidents.approve_statement", found[0]) else []
