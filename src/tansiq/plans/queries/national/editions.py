"""Editions of a report of the nation: what documents are made from, what changed between two."""

import json
from typing import Any

from tansiq.plans.models import Edition, NationalReport, ReportText
from tansiq.plans.queries.national.canonical import Data, canonical, hash_of
from tansiq.plans.queries.national.changes import (
    Change,
    changes_between,
    facts_of,
    stale_paragraphs,
)
from tansiq.plans.queries.national.document import Source, Written


def figures_of(edition: Edition) -> Data:
    """Return the figures as they were frozen."""
    figures: Data = json.loads(edition.figures)
    return figures


def latest_edition(report: NationalReport) -> Edition:
    """Return the edition that is worked on, or the last one of a report that is final."""
    latest: Edition = report.editions.select_related(*_WITH_REPORT).latest("number")
    return latest


_WITH_REPORT = ("report__owner", "report__plan__country", "report__period")


def words_of(report: NationalReport) -> list[dict[str, str]]:
    """Return what is written for a report now, in the order in which it is kept."""
    texts = report.texts.exclude(text="").order_by("section", "language")
    return [{"section": one.section, "language": one.language, "text": one.text} for one in texts]


def source_of(edition: Edition) -> Source:
    """Return all that the documents of an edition are made from.

    The words of a closed edition were frozen with it; those of the open one are still written.
    """
    report = edition.report
    words = words_of(report) if edition.is_open else json.loads(edition.words)
    written = canonical(words)
    head = canonical([edition.number, report.marking, edition.is_final])
    return Source(
        figures=figures_of(edition),
        words=[Written(**one) for one in words],
        marking=report.marking,
        number=edition.number,
        made_at=edition.made_at,
        is_final=edition.is_final,
        receipt=report.receipt if edition.is_final else "",
        fingerprint=hash_of(edition.figures, written, head),
    )


def changes_since(edition: Edition) -> list[Change]:
    """Return which figures are others than in the edition before; nothing for the first."""
    before = edition.report.editions.filter(number=edition.number - 1).first()
    return changes_between(figures_of(before), figures_of(edition)) if before else []


def is_intact(edition: Edition) -> bool:
    """Return whether the frozen figures still have the hash that was kept with them."""
    return hash_of(edition.figures) == edition.sha256


def stale_in(report: NationalReport) -> dict[int, list[str]]:
    """Return by text the paragraphs that name a figure which is another one by now.

    A text is compared with the edition beside which it was last written.
    """
    editions = list(report.editions.order_by("number"))
    now = figures_of(editions[-1])
    known: dict[int, Data] = {}
    found: dict[int, list[str]] = {}
    for text in report.texts.exclude(text=""):
        edition = _edition_beside(editions, text)
        if edition.number == editions[-1].number:
            continue
        before = known.setdefault(edition.number, figures_of(edition))
        numbers = stale_paragraphs(text.text, text.section, before, now)
        paragraphs = text.text.split("\n")
        if numbers:
            found[text.pk] = [paragraphs[n].strip() for n in numbers]
    return found


def _edition_beside(editions: list[Edition], text: ReportText) -> Edition:
    earlier: list[Any] = [one for one in editions if _is_before(one, text)]
    return earlier[-1] if earlier else editions[0]


def _is_before(edition: Edition, text: ReportText) -> bool:
    return text.changed_at is None or edition.made_at <= text.changed_at


def count_of_figures(edition: Edition) -> int:
    return len(facts_of(figures_of(edition)))
