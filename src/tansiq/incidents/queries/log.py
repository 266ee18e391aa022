"""The lines of a room's log as its readers see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import get_language

from tansiq.access.actor import Actor
from tansiq.core.personal import kinds_in
from tansiq.core.translations import Shown, show_each
from tansiq.incidents.models import Entry, Incident
from tansiq.incidents.wording import role_title, sentence_of


@dataclass(frozen=True)
class LogLine:
    """One line: what the platform says, what a person wrote, who and in which role."""

    entry: Entry
    sentence: str
    text: Shown
    role: str

    @property
    def holds(self) -> list[str]:
        """What of a person the line seems to hold, in words; nothing once it was corrected."""
        if self.is_corrected or not self.entry.text:
            return []
        return kinds_in(self.entry.text, self.entry.language)

    @property
    def is_corrected(self) -> bool:
        return bool(getattr(self.entry, "is_corrected", False))


def entries_of(actor: Actor, incident: Incident, *, kind: str = "", text: str = "") -> Any:
    """Return the lines this actor sees, the latest first; of one kind, with words in them."""
    rows = Entry.objects.visible_to(actor).filter(incident=incident)
    if kind:
        rows = rows.filter(kind=kind)
    if text:
        rows = rows.filter(text__icontains=text)
    return with_writers(rows).latest_first()


def with_writers(rows: Any) -> Any:
    """Add what a line shows besides itself, in the same query."""
    later = Entry.objects.filter(corrects=OuterRef("pk"))
    known = rows.select_related("person", "organisation", "kept_by", "corrects")
    return known.annotate(is_corrected=Exists(later))


def lines_of(entries: Iterable[Entry], incident: Incident) -> list[LogLine]:
    """Return the lines in the active language; one query for all translations."""
    language = get_language() or "en"
    document = incident.playbook.document
    rows: list[Any] = list(entries)
    show_each(rows, "text", language_of=lambda entry: entry.language or "en", language=language)
    return [
        LogLine(
            entry,
            sentence_of(entry, document),
            entry.shown["text"],
            role_title(document, entry.role, language) if entry.role else "",
        )
        for entry in rows
    ]


def line_for_everybody(incident: Incident, pk: int) -> LogLine | None:
    """Return a line that all who are in the room may see; None if only some of them do."""
    entry = with_writers(Entry.objects.for_everybody().filter(incident=incident, pk=pk)).first()
    return lines_of([entry], incident)[0] if entry is not None else None
