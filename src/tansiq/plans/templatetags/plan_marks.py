"""Marks that only plans have: how sure a fact is, and what a word of the field means."""

from functools import lru_cache

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy

from tansiq.core import formats, marks
from tansiq.plans.models import Certainty
from tansiq.plans.queries.coverage import Cell
from tansiq.plans.queries.glossary import term

register = template.Library()

# What the owner entered, and what was read in the source, needs no mark.
_MARKS = {
    Certainty.PARTLY: ("risk", "help", pgettext_lazy("certainty", "second-hand")),
    Certainty.UNVERIFIED: ("risk", "help", pgettext_lazy("certainty", "not verified")),
    Certainty.PROPOSAL: ("calm", "info", pgettext_lazy("certainty", "our proposal")),
}


@register.simple_tag
def certainty(value: str, source: str = "") -> SafeString:
    """Say how sure a fact is; with a source, on opening also where it stands."""
    mark = _MARKS.get(Certainty(value)) if value in Certainty.values else None
    if mark is None:
        return _source_mark(source) if value == Certainty.VERIFIED else SafeString("")
    tone, icon, words = mark
    meaning = str(Certainty(value).label)
    return format_html(
        '<details class="tip sure"><summary class="tag {}">{}{}</summary>'
        '<div class="pop-box start">{}{}</div></details>',
        tone,
        marks.icon(icon),
        words,
        meaning[:1].upper() + meaning[1:],
        _source_line(source),
    )


def _source_mark(source: str) -> SafeString:
    if not source:
        return SafeString("")
    return format_html(
        '<details class="tip sure"><summary class="tag calm">{}{}</summary>'
        '<div class="pop-box start">{}{}</div></details>',
        marks.icon("book"),
        gettext("source"),
        gettext("Read in the source."),
        _source_line(source),
    )


def _source_line(source: str) -> SafeString:
    if not source:
        return SafeString("")
    if source.startswith(("https://", "http://")):
        return format_html(
            '<p><a href="{}" rel="noopener noreferrer nofollow" dir="ltr">{}</a></p>',
            source,
            source,
        )
    return format_html('<p dir="auto">{}</p>', source)


@register.simple_tag
def cell(one: Cell, *, with_reasons: bool = False) -> SafeString:
    """Draw a cell of the coverage as a link; a page holds hundreds, so this is no template."""
    said = ""
    if one.says_how_many:
        language = get_language() or "en"
        answered, asked = (formats.number(n, language) for n in (one.answered, one.asked))
        said = f"<b>{answered}/{asked}</b> "
    why = escape(" · ".join(one.reasons)) if with_reasons and one.reasons else ""
    title = f' title="{why}"' if why else ""
    return SafeString(
        f'<a class="cell {one.state}" href="{escape(one.url)}" aria-label="{escape(one.told())}"'
        f"{title}>{said}{escape(one.words)}</a>"
    )


@register.filter
def places(count: int) -> str:
    """Write "21 places"."""
    return _places(count, get_language() or "en")


@lru_cache(maxsize=2048)
def _places(count: int, language: str) -> str:
    words = ngettext("%(count)s place", "%(count)s places", count)
    return words % {"count": formats.number(count, language)}


@register.simple_tag
def explain(code: str, words: str = "") -> SafeString:
    """Write a word of the field; opening it gives one plain sentence."""
    found = term(code)
    return format_html(
        '<details class="tip"><summary>{}</summary>'
        '<div class="pop-box start"><b>{}</b> {}</div></details>',
        words or found.word,
        found.word,
        found.text,
    )
