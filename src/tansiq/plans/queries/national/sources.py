"""The list at the end of the report: where each figure comes from, and on what it rests."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tansiq.core.documents.model import Block, Cell, Paragraph, Rows, Table
from tansiq.plans.queries.national.telling import SOURCES, Teller


@dataclass(frozen=True)
class _Line:
    what: str
    how: str
    base: str
    page: str


def sources_table(teller: Teller) -> Iterator[Block]:
    """Give a line for each note of the report: what, how it is counted, its base and its page."""
    lines = _lines(teller)
    day = teller.moment(teller.data["as_of"])
    rows: Rows = [
        [
            f"[{teller.number(number)}]",
            lines[name].what,
            lines[name].how,
            lines[name].base,
            Cell(lines[name].page, lines[name].page),
        ]
        for number, name in enumerate(SOURCES, start=1)
    ]
    headings = [_("Note"), _("Figures"), _("How they are counted"), _("Base"), _("Page")]
    caption = _("Sources, all as of %(day)s") % {"day": day}
    yield Table(caption, headings, rows, widths=(2, 4, 7, 3, 5))
    yield Paragraph(
        _(
            "Each figure of the report ends in the number of its source. The pages are addresses "
            "on the platform; those who may read the plan find the figures of today there."
        ),
        "small",
    )


def _lines(teller: Teller) -> dict[str, _Line]:
    data = teller.data
    number = teller.number
    places = _places(teller, len(data["places"]))
    steps = sum(data["progress"]["total"].values())
    actions = ngettext("%(n)s action", "%(n)s actions", steps) % {"n": number(steps)}
    indicators = len(data["indicators"])
    duties = len(data["duties"])
    quotes = len(data["voices"]["quotes"])
    plans = data["money"]["plans"]
    return {
        "progress": _Line(
            _("Actions of the plan"),
            _("Status that the lead of each action gave; past its date, not done, is late."),
            actions,
            teller.page("detail"),
        ),
        "coverage": _Line(
            _("Coverage"),
            _("Answers of places to the actions with a role for local government."),
            ", ".join(_places(teller, level["places"]) for level in data["coverage"]) or "–",
            teller.page("coverage"),
        ),
        "indicators": _Line(
            _("Indicators"),
            _("Accepted figures of places, added up by the rule of each indicator."),
            ngettext("%(n)s indicator", "%(n)s indicators", indicators) % {"n": number(indicators)},
            teller.page("detail", query="#indicators"),
        ),
        "reports": _Line(
            _("Reports and stages of places"),
            _("Places with a plan of their own under this one, and the state of their report."),
            places,
            teller.page("places"),
        ),
        "duties": _Line(
            _("Duties"),
            _("Things owed to each place: given, received, or past their day."),
            ngettext("%(n)s duty", "%(n)s duties", duties) % {"n": number(duties)},
            teller.page("detail", query="#duties"),
        ),
        "money": _Line(
            _("Money"),
            _("Budget lines and costs of the national plan and of local plans we may read."),
            ngettext("%(n)s plan", "%(n)s plans", plans) % {"n": number(plans)},
            teller.page("money"),
        ),
        "voices": _Line(
            _("Words of places"),
            _("Reports of this period that were accepted and may be quoted here."),
            ngettext("%(n)s report", "%(n)s reports", quotes) % {"n": number(quotes)},
            teller.page("places"),
        ),
    }


def _places(teller: Teller, count: int) -> str:
    return ngettext("%(n)s place", "%(n)s places", count) % {"n": teller.number(count)}
