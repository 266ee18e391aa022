"""What people wrote, in the reader's language where a translation exists."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from tansiq.core.models import Translation, TranslationStatus


@dataclass(frozen=True)
class Shown:
    """A text as a reader sees it: `str()` gives the words, `language` what they are written in."""

    text: str
    language: str
    original: str
    status: str = ""

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)

    @property
    def direction(self) -> str:
        """Return the direction of its language; people may write another one, so mostly "auto".

        A translation that begins with a Latin name would otherwise run from left to right.
        """
        return "rtl" if self.is_translated and self.language == "ar" else "auto"

    @property
    def is_translated(self) -> bool:
        return bool(self.status)

    @property
    def is_machine(self) -> bool:
        return self.status == TranslationStatus.MACHINE


def hash_of(text: str) -> str:
    """Return the key under which translations of this text are kept."""
    return hashlib.sha256(text.strip().encode()).hexdigest()[:32]


def show(things: Iterable[Any], *fields: str, written_in: str, language: str = "") -> None:
    """Give each thing a `shown` with these fields in the reader's language; one query for all.

    `written_in` is the language of the originals. A text without a translation is shown as it
    was written, and says so by its `language`.
    """
    wanted = language or get_language() or "en"
    things = list(things)
    texts = {str(getattr(thing, field)) for thing in things for field in fields} - {""}
    found = translations_of(texts, wanted) if wanted != written_in else {}
    for thing in things:
        shown = getattr(thing, "shown", {})
        for field in fields:
            original = str(getattr(thing, field))
            shown[field] = found.get(original) or Shown(original, written_in, original)
        thing.shown = shown


def show_each(
    things: Iterable[Any], *fields: str, language_of: Callable[[Any], str], language: str = ""
) -> None:
    """Do the same for things that are not all written in one language; still one query."""
    wanted = language or get_language() or "en"
    things = list(things)
    foreign = [thing for thing in things if language_of(thing) != wanted]
    texts = {str(getattr(thing, field)) for thing in foreign for field in fields} - {""}
    found = translations_of(texts, wanted) if texts else {}
    for thing in things:
        written_in = language_of(thing)
        known = found if written_in != wanted else {}
        shown = getattr(thing, "shown", {})
        for field in fields:
            original = str(getattr(thing, field))
            shown[field] = known.get(original) or Shown(original, written_in, original)
        thing.shown = shown


def translations_of(texts: Iterable[str], language: str) -> dict[str, Shown]:
    """Return what is there of these texts in this language, by the original text."""
    by_hash = {hash_of(text): text for text in texts}
    rows = Translation.objects.filter(source_hash__in=list(by_hash), language=language)
    return {
        by_hash[row.source_hash]: Shown(row.text, language, by_hash[row.source_hash], row.status)
        for row in rows
    }


def remember(translations: Iterable[tuple[str, str, str]], *, status: str) -> int:
    """Keep translations, given as (original, language, text); the newest one counts."""
    rows = {
        (hash_of(original), language): Translation(
            source_hash=hash_of(original), language=language, text=text, status=status
        )
        for original, language, text in translations
        if original.strip() and text.strip()
    }
    Translation.objects.bulk_create(
        rows.values(),
        batch_size=500,
        update_conflicts=True,
        unique_fields=["source_hash", "language"],
        update_fields=["text", "status"],
    )
    return len(rows)
