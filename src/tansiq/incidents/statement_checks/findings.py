"""All checks of a statement, one after the other."""

import re
from collections.abc import Iterator

from tansiq.incidents.statement_checks.draft import Draft, Finding, Weight
from tansiq.incidents.statement_checks.people import names_in
from tansiq.incidents.statement_checks.reading import words_in
from tansiq.incidents.statement_checks.words import pattern
from tansiq.incidents.statement_texts import (
    message_length,
    numbers_in,
    short_form,
    with_plain_digits,
)

# Kinds after which people expect to hear again.
_GOES_ON = frozenset({"holding", "update", "correction"})
_SOURCED = frozenset({"update", "correction", "press"})
_CALMS = frozenset({"holding", "update", "all_clear"})
_PLACEHOLDER = re.compile(
    r"\{\w*\}|\[[^\]\n]{0,40}\]|<[^>\n]{1,40}>|_{3,}|\bX{2,}\b|\b(?:HH|hh|jj|xx)[:.h](?:MM|mm)\b"
    r"|\b(?:TBC|TBD|lorem ipsum)\b|\?\?+|…{2,}|\.{4,}"
)
_TELEPHONE = re.compile(r"(?<!\d)(?:\+?\d[\d ().\-/]{5,}\d|1\d{2}|9\d{2}|\d{3,5}(?![:.]\d))(?!\d)")


def findings_in(draft: Draft) -> list[Finding]:
    """Return what was found, the stops first, each thing once."""
    found = [
        *_languages(draft),
        *_needed(draft),
        *_pictures(draft),
        *_facts(draft),
        *_per_text(draft),
        *names_in(draft),
        *words_in(draft),
        *_numbers_differ(draft),
    ]
    once = {one.key: one for one in found}
    return sorted(once.values(), key=lambda one: (not one.is_stop, one.code, one.language))


def _languages(draft: Draft) -> Iterator[Finding]:
    # In the first hour it is better to speak in one language now than in three later.
    weight = Weight.HINT if draft.is_first_hour or not draft.is_for_everybody else Weight.STOP
    if not draft.texts:
        yield Finding("no_text", Weight.STOP)
        return
    for code in draft.languages:
        if code not in draft.texts:
            yield Finding("language_missing", weight, code)


def _needed(draft: Draft) -> Iterator[Finding]:
    if not draft.is_for_everybody:
        return
    if draft.kind in _GOES_ON and not draft.promises_update:
        yield Finding("no_next_update", Weight.STOP)
    if draft.kind == "correction" and not draft.is_correction_linked:
        yield Finding("corrects_nothing", Weight.STOP)
    for code, text in draft.texts.items():
        yield from _needed_in(draft, code, text.whole)


def _needed_in(draft: Draft, code: str, text: str) -> Iterator[Finding]:
    is_sourced = draft.is_first_hour or pattern(code, "sources").search(text)
    if draft.kind in _SOURCED and not is_sourced:
        yield Finding("no_source", Weight.HINT, code)
    if draft.kind in _CALMS and not _names_help(text, draft.helpline):
        yield Finding("no_helpline", Weight.HINT, code)


def _names_help(text: str, helpline: str) -> bool:
    written = with_plain_digits(text)
    if helpline:
        return bool(numbers_in(helpline) & numbers_in(text)) or helpline in text
    without_times = re.sub(r"\b\d{1,2}[:.h]\d{2}\b", " ", written)
    return _TELEPHONE.search(without_times) is not None


def _pictures(draft: Draft) -> Iterator[Finding]:
    if draft.shows_victims:
        yield Finding("shows_victims", Weight.STOP)


def _facts(draft: Draft) -> Iterator[Finding]:
    for text in draft.withdrawn_facts:
        yield Finding("fact_withdrawn", Weight.STOP, quote=text)
    for text in draft.unconfirmed_facts:
        yield Finding("fact_unconfirmed", Weight.HINT, quote=text)


def _per_text(draft: Draft) -> Iterator[Finding]:
    for code, text in draft.texts.items():
        for match in _PLACEHOLDER.finditer(text.whole):
            yield Finding("blank_left", Weight.STOP, code, match.group().strip())
        if draft.goes_out_as_message:
            message = text.short or short_form(text.headline, text.body)
            length, most = message_length(message)
            if length > most:
                facts = {"length": str(length), "most": str(most)}
                yield Finding("too_long", Weight.HINT, code, facts=facts)


def _numbers_differ(draft: Draft) -> Iterator[Finding]:
    """Compare the numbers of all languages: a time or a helpline that differs misleads."""
    by_language = {code: numbers_in(text.body) for code, text in draft.texts.items()}
    if len(by_language) < 2:  # noqa: PLR2004 -- two are needed to differ
        return
    in_all = set.intersection(*by_language.values())
    for code, numbers in by_language.items():
        if numbers != in_all and numbers - in_all:
            quote = ", ".join(sorted(numbers - in_all))
            yield Finding("numbers_differ", Weight.HINT, code, quote)
