"""The whole report as one document: figures, the words written for it, and where all comes from."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from tansiq.core import formats
from tansiq.core.documents.model import (
    Block,
    Cell,
    Document,
    Heading,
    Paragraph,
    Table,
)
from tansiq.core.documents.words import paragraphs_of
from tansiq.plans.models import StageName
from tansiq.plans.queries.national.audience import shows_places
from tansiq.plans.queries.national.canonical import Data
from tansiq.plans.queries.national.sections import Section, sections_of
from tansiq.plans.queries.national.sentences import kind_word, reported_sentence
from tansiq.plans.queries.national.sources import sources_table
from tansiq.plans.queries.national.telling import Teller, state_words

_SHOWN_OF_HASH = 12


@dataclass(frozen=True)
class Written:
    """What a person wrote for a section, and in which language."""

    section: str
    language: str
    text: str


@dataclass(frozen=True)
class Source:
    """All a document is made from: figures, words, and what the edition says of itself."""

    figures: Data
    words: list[Written]
    marking: str
    number: int
    made_at: dt.datetime
    is_final: bool
    receipt: str
    fingerprint: str

    def words_for(self, section: str, language: str) -> Written | None:
        """Return the words of a section in this language, or those of another one."""
        there = [one for one in self.words if one.section == section and one.text.strip()]
        own = [one for one in there if one.language == language]
        plan_language = self.figures["plan"]["language"]
        there.sort(key=lambda one: (one.language != plan_language, one.language))
        return next(iter([*own, *there]), None)


def document_of(source: Source, language: str) -> Document:
    """Return the document in one language. The same source gives the same document."""
    with override(language):
        return _document(source, Teller(source.figures, language))


def _document(source: Source, teller: Teller) -> Document:
    data = source.figures
    blocks: list[Block] = []
    for section in sections_of(teller):
        blocks += section_blocks(section, source, teller)
    blocks += _annexes(teller)
    owner = teller.named(data["plan"], "owner", "owner_names")
    return Document(
        title=_("Report of the nation: %(plan)s") % {"plan": teller.plan},
        subtitle=teller.period,
        subject=_("Half-year report on a national plan"),
        language=teller.language,
        author=owner,
        made_at=source.made_at,
        blocks=blocks,
        facts=_facts(source, teller, owner),
        marking=f"TLP:{source.marking.upper()}",
        state="" if source.is_final else _("Draft"),
        footer=made_from(source, teller),
        contents_title=_("Contents"),
    )


def made_from(source: Source, teller: Teller) -> str:
    """Say from which edition a document is made, so that another copy can be compared."""
    said = _("Made from edition %(number)s of %(day)s · %(fingerprint)s")
    return said % {
        "number": teller.number(source.number),
        "day": formats.short_day(source.made_at.date(), teller.language),
        "fingerprint": source.fingerprint[:_SHOWN_OF_HASH],
    }


def _facts(source: Source, teller: Teller, owner: str) -> list[tuple[str, str]]:
    data = source.figures
    plan = data["plan"]
    runs = f"{teller.day(plan['starts'])} – {teller.day(plan['ends'])}"
    facts = [
        (_("Country"), teller.named(plan, "country_name", "country_names")),
        (_("Plan"), teller.text(plan["title"])),
        (_("In force"), runs),
        (_("Legal basis"), plan["legal"] or _("not entered")),
        (_("Period"), teller.period),
        (_("Presented by"), owner),
        (_("State of the figures"), f"{teller.moment(data['as_of'])}. {_reported(teller)}"),
        (_("Edition"), made_from(source, teller)),
    ]
    if plan["version"]:
        facts.insert(2, (_("Version of the plan"), teller.number(plan["version"])))
    if source.receipt:
        facts.append((_("Receipt"), source.receipt))
    return facts


def _reported(teller: Teller) -> str:
    return reported_sentence(teller).partition(" [")[0]


def section_blocks(section: Section, source: Source, teller: Teller) -> Iterator[Block]:
    """Give the heading of a section, the words written for it, and its figures.

    A section without either is left out.
    """
    words = source.words_for(section.key, teller.language)
    if not section.blocks and words is None:
        return
    yield Heading(section.title, 1, section.key)
    if words is not None:
        yield from _said(words, teller)
    yield from section.blocks


def _said(words: Written, teller: Teller) -> Iterator[Block]:
    if words.language != teller.language:
        note = _("Written in %(language)s; not translated.")
        yield Paragraph(note % {"language": formats.language_name(words.language)}, "small")
    for one in paragraphs_of(words.text):
        yield Paragraph(one, "body", words.language)


# --- annexes


def _annexes(teller: Teller) -> Iterator[Block]:
    yield Heading(_("Annex: all places"), 1, "annex-places")
    yield _places_table(teller)
    yield Heading(_("Annex: where the figures come from"), 1, "annex-sources")
    yield from sources_table(teller)


def _places_table(teller: Teller) -> Table:
    with_state = shows_places(teller.data["audience"])
    states = state_words()
    stages = {str(one): str(one.label) for one in StageName}
    rows: list[list[Cell | str]] = []
    for row in teller.data["places"]:
        above = teller.named(row, "above", "above_names")
        line: list[Any] = [
            Cell(teller.named(row), teller.page("place", row["code"])),
            f"{kind_word(row['kind'])}, {above}" if above else kind_word(row["kind"]),
            stages.get(row["stage"], stages[StageName.NONE]),
        ]
        if with_state:
            line += [states[row["state"]], teller.day(row["sent"])]
        counts = (row["taken_up"], row["answered"], row["late_duties"])
        rows.append([*line, *(teller.number(one) for one in counts)])
    headings = [_("Place"), _("Kind, and where"), _("Stage of its plan")]
    widths = [5, 5, 3]
    if with_state:
        headings += [_("Report"), _("Sent on")]
        widths += [4, 3]
    headings += [_("Taken up"), _("Answered"), _("Late duties")]
    columns = len(headings)
    numeric = frozenset(range(columns - 3, columns))
    caption = _(
        "All places with a plan under the national one: how many national actions each took up and "
        "answered, and how many duties to it are late"
    ) + teller.note("reports")
    return Table(caption, headings, rows, numeric, (*widths, 3, 3, 3))
