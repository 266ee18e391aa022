"""Spans, moments and kinds of a playbook in the reader's language."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from tansiq.core import formats
from tansiq.incidents.playbook.times import CLOSE, MILESTONES, START, Duration, Offset

EVIDENCE_WORDS: dict[str, str | Promise] = {
    "note": pgettext_lazy("evidence", "a note in the log"),
    "decision": pgettext_lazy("evidence", "a decision"),
    "statement": pgettext_lazy("evidence", "a statement"),
    "alert": pgettext_lazy("evidence", "an alert"),
    "report": pgettext_lazy("evidence", "a report"),
    "bulletin": pgettext_lazy("evidence", "an entry at the rumour desk"),
    "reading": pgettext_lazy("evidence", "a tension reading"),
    "count": pgettext_lazy("evidence", "a number"),
    "worksheet": pgettext_lazy("evidence", "a filled worksheet"),
    "file": pgettext_lazy("evidence", "a file"),
}
STATEMENT_WORDS: dict[str, str | Promise] = {
    "holding": pgettext_lazy("kind of statement", "first words"),
    "update": pgettext_lazy("kind of statement", "update"),
    "correction": pgettext_lazy("kind of statement", "correction"),
    "unity": pgettext_lazy("kind of statement", "unity"),
    "press": pgettext_lazy("kind of statement", "for the press"),
    "all_clear": pgettext_lazy("kind of statement", "all clear"),
    "remembrance": pgettext_lazy("kind of statement", "remembrance"),
}
# Before and after each date of a kind.
_DATES: dict[str, tuple[Promise, Promise]] = {
    "milestone": (
        gettext_lazy("before each date of the calendar"),
        gettext_lazy("after each date of the calendar"),
    ),
    "anniversary": (
        gettext_lazy("before each anniversary"),
        gettext_lazy("after each anniversary"),
    ),
    "trial": (gettext_lazy("before each trial"), gettext_lazy("after each trial")),
    "inquiry": (gettext_lazy("before each inquiry"), gettext_lazy("after each inquiry")),
    "release": (gettext_lazy("before each release"), gettext_lazy("after each release")),
    "memorial": (gettext_lazy("before each memorial"), gettext_lazy("after each memorial")),
}


def anchor_choices() -> list[tuple[str, str | Promise]]:
    """Return what a moment may be counted from, with its direction: "trial-" is before a trial."""
    dates = (
        (name + sign, words)
        for name in MILESTONES
        for sign, words in zip("-+", _DATES[name], strict=True)
    )
    return [
        (START, gettext_lazy("after the first minute")),
        *dates,
        (CLOSE, gettext_lazy("after the incident is closed")),
    ]


def span_words(span: Duration) -> str:
    """Return "30 minutes", "1 year, 2 months"."""
    parts = (
        (span.years, ngettext("%(count)s year", "%(count)s years", span.years)),
        (span.months, ngettext("%(count)s month", "%(count)s months", span.months)),
        (span.weeks, ngettext("%(count)s week", "%(count)s weeks", span.weeks)),
        (span.days, ngettext("%(count)s day", "%(count)s days", span.days)),
        (span.hours, ngettext("%(count)s hour", "%(count)s hours", span.hours)),
        (span.minutes, ngettext("%(count)s minute", "%(count)s minutes", span.minutes)),
        (span.seconds, ngettext("%(count)s second", "%(count)s seconds", span.seconds)),
    )
    language = get_language() or "en"
    said = [words % {"count": formats.number(count, language)} for count, words in parts if count]
    return pgettext("between parts of a span of time", ", ").join(said)


def offset_words(offset: Offset) -> str:
    """Return "within 30 minutes", "14 days before each trial", "when the incident is closed"."""
    if offset.duration.is_zero:
        if offset.anchor == START:
            return _("at once")
        return _("when the incident is closed") if offset.anchor == CLOSE else _("on each date")
    span = span_words(offset.duration)
    if offset.anchor == START:
        return _("within %(span)s") % {"span": span}
    if offset.anchor == CLOSE:
        return _("%(span)s after the incident is closed") % {"span": span}
    before, after = _DATES[offset.anchor]
    when: Any = before if offset.duration.is_negative else after
    sentence = pgettext("such as: 14 days before each trial", "%(span)s %(when)s")
    return sentence % {"span": span, "when": when}


def until_words(offset: Offset) -> str:
    """Return "for 21 days", "until the incident is closed"."""
    if offset.anchor == CLOSE:
        return _("until the incident is closed")
    if offset.anchor == START:
        return _("for %(span)s") % {"span": span_words(offset.duration)}
    return _("until %(moment)s") % {"moment": offset_words(offset)}


def elapsed_words(offset: Offset) -> str:
    """Return "at the first minute", "after 8 minutes"."""
    if offset.duration.is_zero:
        return _("at the first minute")
    return _("after %(span)s") % {"span": span_words(offset.duration)}
