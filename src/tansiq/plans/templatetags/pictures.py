"""Words and marks of threat and resilience pictures."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tansiq.core import marks
from tansiq.plans.models import Confidence, Level, Picture, PictureStatus, RestsOn, Trend
from tansiq.plans.queries.picture_compare import period_words
from tansiq.plans.queries.pictures import MEANINGS

register = template.Library()

_MARKS = {
    PictureStatus.DRAFT: ("calm", "edit"),
    PictureStatus.AGREED: ("done", "check-circle"),
    PictureStatus.SUPERSEDED: ("calm", "history"),
}


@register.filter
def period_of(picture: Picture) -> str:
    """Write "January–June 2026"."""
    return period_words(picture)


@register.simple_tag
def picture_status(picture: Picture) -> SafeString:
    """Show how far a picture is, as icon and word."""
    tone, icon = _MARKS[PictureStatus(picture.status)]
    words = str(PictureStatus(picture.status).label)
    return marks.tag(tone, words[:1].upper() + words[1:], icon)


@register.simple_tag
def picture_words() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the words of the form with what each means, by question."""
    questions: tuple[tuple[str, Any], ...] = (
        (_("How strong"), Level),
        (_("Which way it moves"), Trend),
        (_("How sure we are"), Confidence),
        (_("What it rests on"), RestsOn),
    )
    return [
        (name, [(str(one.label), str(MEANINGS[one])) for one in words]) for name, words in questions
    ]


@register.simple_tag
def no_names() -> str:
    """Give the warning that stands at every text of a picture and of a consultation."""
    return _(
        "Write about conditions, never about somebody: no names of persons, no telephone numbers "
        "or accounts, no single place of worship, no community by faith or descent as a risk. "
        "What speaks of a person is refused."
    )


@register.filter
def beside(cells: Sequence[Any], columns: Sequence[str]) -> Iterable[tuple[str, Any]]:
    """Put each cell beside the name of its column."""
    return zip(columns, cells, strict=True)


@register.filter
def confidence_words(word: str) -> str:
    """Write "(confidence: low)"."""
    return _("(confidence: %(word)s)") % {"word": word}
