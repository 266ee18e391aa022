"""The sections of the report of a nation: each tells its figures in sentences, tables, drawings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tansiq.core import charts
from tansiq.core.documents.model import Block, Bullets, Cell, Figure, Paragraph, Rows, Table
from tansiq.plans.queries.coverage import words_of_states
from tansiq.plans.queries.national.canonical import Data
from tansiq.plans.queries.national.indicators_told import indicators
from tansiq.plans.queries.national.money_told import money_blocks, money_sentence
from tansiq.plans.queries.national.places_told import duties, places, voices
from tansiq.plans.queries.national.sentences import (
    coverage_sentence,
    in_words,
    kinds_of,
    owed_sentence,
    progress_sentences,
    reported_sentence,
)
from tansiq.plans.queries.national.telling import SECTIONS, Teller, titles

# A trend needs two points.
_TREND = 2


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    blocks: Sequence[Block]


def sections_of(teller: Teller) -> list[Section]:
    """Return all sections; one without figures may still have words. Its language is active."""
    named = titles()
    told = {key: tell(teller) for key, tell in _TELLERS.items()}
    return [Section(key, named[key], told.get(key, [])) for key in SECTIONS]


# --- in short


def summary(teller: Teller) -> list[Block]:
    data = teller.data
    sentences = [reported_sentence(teller), *progress_sentences(teller)]
    sentences += [coverage_sentence(teller, level) for level in data["coverage"]]
    reached = [one for one in data["indicators"] if _has_reached(one)]
    measured = [one for one in data["indicators"] if one["number"] and one["target"]]
    if measured:
        sentences.append(
            ngettext(
                "%(n)s of %(all)s indicators with a target has reached it.",
                "%(n)s of %(all)s indicators with a target have reached it.",
                len(reached),
            )
            % {"n": teller.number(len(reached)), "all": teller.number(len(measured))}
            + teller.note("indicators")
        )
    sentences += [owed_sentence(teller), *money_sentence(teller)]
    return [Bullets(sentences)]


def _has_reached(row: Data) -> bool:
    if not row["number"] or not row["target"]:
        return False
    number, target = float(row["number"]), float(row["target"])
    return number <= target if row["falling_is_good"] else number >= target


# --- progress


def progress(teller: Teller) -> list[Block]:
    told = teller.data["progress"]
    if not told["objectives"]:
        return []
    total = told["total"]
    words = tone_words()
    items = [
        charts.Item(words[tone], total[tone], mark)
        for tone, mark in _TONE_MARKS.items()
        if total[tone]
    ]
    title = progress_sentences(teller)[0].partition(" [")[0]
    drawn = charts.stacked(items, title=title, language=teller.language)
    rows: Rows = [
        [
            teller.linked(f"{row['code']} {teller.text(row['title'])}", "detail"),
            *(teller.number(row["counts"][tone]) for tone in _TONE_MARKS),
            teller.number(sum(row["counts"].values())),
        ]
        for row in told["objectives"]
    ]
    rows.append(
        [
            Cell(pgettext("row of a table", "All"), is_strong=True),
            *(Cell(teller.number(total[tone]), is_strong=True) for tone in _TONE_MARKS),
            Cell(teller.number(sum(total.values())), is_strong=True),
        ]
    )
    headings = [_("Objective"), *(words[tone] for tone in _TONE_MARKS), _("All actions")]
    blocks: list[Block] = [
        Figure(drawn, in_words(title, items, teller), title),
        Table(
            _("Actions by objective") + teller.note("progress"),
            headings,
            rows,
            frozenset(range(1, 7)),
            (6, 2, 2, 2, 2, 2, 2),
        ),
    ]
    if told["late"]:
        blocks.append(_late_table(teller, told["late"]))
    return blocks


_TONE_MARKS = {
    "done": "done",
    "on_track": "on",
    "at_risk": "risk",
    "late": "late",
    "not_started": "calm",
}


def tone_words() -> dict[str, str]:
    """Return the word for each way an action may stand."""
    return {
        "done": pgettext("action", "done"),
        "on_track": pgettext("action", "on track"),
        "at_risk": pgettext("action", "at risk"),
        "late": pgettext("action", "late"),
        "not_started": pgettext("action", "not started"),
    }


def _late_table(teller: Teller, late: list[Data]) -> Table:
    rows: Rows = [
        [
            teller.linked(f"{row['code']} {teller.text(row['title'])}", "action", row["code"]),
            teller.day(row["due"]),
        ]
        for row in late
    ]
    headings = [_("Action"), _("Was due on")]
    caption = _("Actions that are late") + teller.note("progress")
    return Table(caption, headings, rows, widths=(4, 1))


# --- coverage


def coverage(teller: Teller) -> list[Block]:
    words = words_of_states()
    blocks: list[Block] = []
    for level in teller.data["coverage"]:
        blocks.append(Paragraph(coverage_sentence(teller, level)))
        rows: Rows = [
            [
                teller.linked(f"{row['code']} {teller.text(row['title'])}", "coverage"),
                *(teller.number(row["states"].get(state, 0)) for state in words),
                teller.share(row["whole"], level["places"]),
            ]
            for row in level["rows"]
        ]
        caption = _("How many places answer each objective, and how: %(kinds)s") % {
            "kinds": kinds_of(level)
        }
        columns = len(words) + 2
        blocks.append(
            Table(
                caption + teller.note("coverage"),
                [_("Objective"), *words.values(), _("answer all of it")],
                rows,
                frozenset(range(1, columns)),
                (8, *([4] * (columns - 1))),
            )
        )
    return blocks


_TELLERS: dict[str, Callable[[Teller], list[Block]]] = {
    "summary": summary,
    "progress": progress,
    "coverage": coverage,
    "indicators": indicators,
    "places": places,
    "duties": duties,
    "money": money_blocks,
    "voices": voices,
}
