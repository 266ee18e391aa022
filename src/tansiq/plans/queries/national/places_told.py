"""Places in the report: where they stand, what is owed in both directions, what they say."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tansiq.core import charts
from tansiq.core.documents.model import Block, Cell, Figure, Heading, Paragraph, Rows, Table
from tansiq.core.documents.words import paragraphs_of
from tansiq.plans.models import StageName
from tansiq.plans.queries.national.canonical import Data
from tansiq.plans.queries.national.sentences import in_words, owed_sentence, reported_sentence
from tansiq.plans.queries.national.telling import Teller


def places(teller: Teller) -> list[Block]:
    rows = teller.data["places"]
    counts = dict.fromkeys(StageName.values, 0)
    for row in rows:
        counts[row["stage"] or StageName.NONE] += 1
    items = [charts.Item(str(StageName(stage).label), n) for stage, n in counts.items() if n]
    title = reported_sentence(teller).partition(" [")[0]
    blocks: list[Block] = [Paragraph(reported_sentence(teller))]
    reporting = teller.data["reporting"]
    if items:
        caption = _("Places by the stage of their plan")
        drawn = charts.bars(items, title=caption, language=teller.language)
        blocks.append(Figure(drawn, in_words(title, items, teller), caption))
    lines = [
        (pgettext("reports", "accepted"), reporting["accepted"]),
        (pgettext("reports", "sent, not accepted yet"), reporting["waiting"]),
        (pgettext("reports", "returned with a question"), reporting["returned"]),
        (pgettext("reports", "not with us yet"), reporting["missing"] - reporting["returned"]),
    ]
    link = teller.page("places")
    table: Rows = [
        [Cell(words, link), teller.number(n), teller.share(n, reporting["expected"])]
        for words, n in lines
    ]
    caption = _("Reports of places for this period") + teller.note("reports")
    headings = [_("State of the report"), _("Places"), _("Share")]
    blocks.append(Table(caption, headings, table, frozenset({1, 2}), (4, 1, 1)))
    return blocks


def duties(teller: Teller) -> list[Block]:
    told, answers = teller.data["duties"], teller.data["answers"]
    blocks: list[Block] = [Paragraph(owed_sentence(teller))]
    if told:
        rows: Rows = [
            [
                teller.linked(f"{row['code']} {teller.text(row['title'])}", "action", row["code"]),
                *(teller.number(row[name]) for name in ("places", "given", "received", "late")),
            ]
            for row in told
        ]
        headings = [
            _("What we owe to places"),
            _("Places"),
            pgettext("duty", "given"),
            pgettext("duty", "received"),
            pgettext("duty", "late"),
        ]
        caption = _("From the national level to places") + teller.note("duties")
        blocks.append(Table(caption, headings, rows, frozenset({1, 2, 3, 4}), (6, 1, 1, 1, 1)))
    reporting = teller.data["reporting"]
    both = [
        [
            _("Reports that places owe"),
            teller.number(reporting["missing"]),
            teller.number(reporting["late"]),
        ],
        [
            _("Answers to reports that we owe"),
            teller.number(answers["owed"]),
            teller.number(answers["late"]),
        ],
    ]
    caption = _("Reports and answers, side by side") + teller.note("duties")
    headings = [_("What is owed"), pgettext("duties", "open"), pgettext("duties", "late")]
    return [*blocks, Table(caption, headings, both, frozenset({1, 2}), (4, 1, 1))]


# --- the words of places


def voices(teller: Teller) -> list[Block]:
    told = teller.data["voices"]
    blocks: list[Block] = []
    if told["quotes"]:
        said = _("From reports that were accepted, in the words of the places.")
        blocks.append(Paragraph(said + teller.note("voices"), "small"))
    for quote in told["quotes"]:
        blocks += _quoted(teller, quote)
    if told["kept_back"]:
        said = ngettext(
            "%(n)s more report says what stands in the way; who may read it does not allow to "
            "quote it here.",
            "%(n)s more reports say what stands in the way; who may read them does not allow to "
            "quote them here.",
            told["kept_back"],
        )
        blocks.append(Paragraph(said % {"n": teller.number(told["kept_back"])}, "small"))
    return blocks or [Paragraph(_("No accepted report of this period names anything."))]


def _quoted(teller: Teller, quote: Data) -> list[Block]:
    blocks: list[Block] = [Heading(teller.named(quote, "place"), 2)]
    for name, label in (
        ("blockers", _("What stands in the way")),
        ("wishes", _("What it needs from the level above")),
    ):
        original = quote[name]
        if not original.strip():
            continue
        blocks.append(Paragraph(label, "small"))
        text = teller.text(original)
        language = teller.language if text != original else quote["language"]
        blocks += [Paragraph(one, "quote", language) for one in paragraphs_of(text)]
    return blocks
