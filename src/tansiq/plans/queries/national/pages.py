"""The report of the nation as pages show it: sections, words and warnings, editions, changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tansiq.core import formats, money
from tansiq.core.documents.model import Block
from tansiq.plans.models import Edition, NationalReport, ReportText
from tansiq.plans.queries.national.canonical import Data
from tansiq.plans.queries.national.changes import Change
from tansiq.plans.queries.national.document import Source
from tansiq.plans.queries.national.editions import stale_in
from tansiq.plans.queries.national.sections import sections_of, tone_words
from tansiq.plans.queries.national.telling import Teller, titles


@dataclass(frozen=True)
class WrittenText:
    """What stands for a section in one language, and which of its paragraphs are out of date."""

    text: ReportText
    language: str
    paragraphs: list[tuple[str, bool]]

    @property
    def is_stale(self) -> bool:
        return any(stale for _text, stale in self.paragraphs)


@dataclass(frozen=True)
class SectionPage:
    key: str
    title: str
    blocks: Sequence[Block]
    texts: list[WrittenText]

    @property
    def is_stale(self) -> bool:
        return any(one.is_stale for one in self.texts)


def section_pages(report: NationalReport, source: Source, language: str) -> list[SectionPage]:
    """Return every section with its figures, and all that was written for it."""
    stale = stale_in(report)
    by_section: dict[str, list[WrittenText]] = {}
    for text in report.texts.exclude(text="").select_related("written_by").order_by("language"):
        lines = [one.strip() for one in text.text.split("\n") if one.strip()]
        marked = [(one, one in stale.get(text.pk, [])) for one in lines]
        shown = WrittenText(text, formats.language_name(text.language), marked)
        by_section.setdefault(text.section, []).append(shown)
    return [
        SectionPage(one.key, one.title, one.blocks, by_section.get(one.key, []))
        for one in sections_of(Teller(source.figures, language))
    ]


def section_told(source: Source, key: str, language: str) -> SectionPage | None:
    """Return one section with its figures; None if there is none of this name."""
    for one in sections_of(Teller(source.figures, language)):
        if one.key == key:
            return SectionPage(one.key, one.title, one.blocks, [])
    return None


def writing_languages(report: NationalReport, section: str) -> list[tuple[str, str, bool]]:
    """Return each language as (code, name, whether something is written in it for a section)."""
    there = set(
        report.texts.filter(section=section).exclude(text="").values_list("language", flat=True)
    )
    return [
        (code, formats.language_name(code), code in there) for code, _name in settings.LANGUAGES
    ]


def edition_lines(report: NationalReport) -> list[Edition]:
    """Return the editions, the newest first, without their figures."""
    return list(report.editions.defer("figures", "words").order_by("-number"))


@dataclass(frozen=True)
class ChangeLine:
    section: str
    what: str
    before: str
    after: str


def change_lines(changes: Iterable[Change], data: Data, language: str) -> list[ChangeLine]:
    """Return changed figures in words and digits of the reader."""
    teller = Teller(data, language)
    sections, names = titles(), _names()
    return [
        ChangeLine(
            sections[one.section],
            _subject(teller, one, names.get(one.name, one.name)),
            _written(one.before, one, language),
            _written(one.after, one, language),
        )
        for one in changes
    ]


def _subject(teller: Teller, change: Change, name: str) -> str:
    subject = change.subject.partition("#")[0]
    known = [*teller.data["indicators"], *teller.data["duties"]]
    known += teller.data["progress"]["objectives"]
    title = next((teller.text(row["title"]) for row in known if row["code"] == subject), "")
    return ": ".join(filter(None, [f"{subject} {title}".strip(), name]))


def _written(value: str, change: Change, language: str) -> str:
    if not value:
        return "–"
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    if change.section == "money":
        return money.exact(int(number), change.subject.split()[1], language)
    return formats.number(number, language)


def _names() -> dict[str, str]:
    return (
        tone_words()
        | {
            "total": _("actions in all"),
            "expected": _("places asked"),
            "reported": _("places that reported"),
            "accepted": _("reports accepted"),
            "waiting": _("reports sent, not accepted yet"),
            "returned": _("reports returned"),
            "missing": _("reports missing"),
            "late": pgettext("figure", "late"),
            "complete": _("places that answer every objective"),
            "places": pgettext("figure", "places"),
            "whole": _("places that answer all of it"),
            "number": _("figure of this period"),
            "target": pgettext("figure", "target"),
            "baseline": pgettext("figure", "baseline"),
            "given": pgettext("duty", "given"),
            "received": pgettext("duty", "received"),
            "answers_owed": _("answers owed to places"),
            "answers_late": _("answers that are late"),
            "answers_given": _("answers given"),
        }
        | _names_of_money()
    )


def _names_of_money() -> dict[str, str]:
    amounts = {
        "planned": pgettext("money", "planned"),
        "committed": pgettext("money", "committed"),
        "spent": pgettext("money", "spent"),
        "needed": pgettext("money", "needed"),
        "missing": pgettext("money", "missing"),
    }
    said = _("%(amount)s, local plans")
    local = {f"local_{name}": said % {"amount": words} for name, words in amounts.items()}
    return local | {f"own_{name}": words for name, words in amounts.items()}


@dataclass(frozen=True)
class StaleLine:
    section: str
    title: str
    language: str
    paragraph: str


def stale_lines(report: NationalReport) -> list[StaleLine]:
    """Return the paragraphs that name a figure which is another one by now."""
    stale = stale_in(report)
    named = titles()
    texts: dict[int, Any] = report.texts.in_bulk(list(stale))
    return [
        StaleLine(texts[pk].section, named[texts[pk].section], texts[pk].language, paragraph)
        for pk, paragraphs in stale.items()
        for paragraph in paragraphs
    ]
