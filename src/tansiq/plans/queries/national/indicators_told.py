"""The indicators of the report: a table of all, and the trend of the first few."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tansiq.core import charts
from tansiq.core.documents.model import Block, Cell, Figure, Paragraph, Table
from tansiq.plans.queries.national.canonical import Data
from tansiq.plans.queries.national.telling import Teller

# A trend needs two points; more drawings than these nobody compares.
_TREND, _DRAWINGS = 2, 4


def indicators(teller: Teller) -> list[Block]:
    told = teller.data["indicators"]
    if not told:
        return []
    rows = [_indicator_row(teller, row) for row in told]
    headings = [
        _("Indicator"),
        pgettext("indicator", "Baseline"),
        pgettext("indicator", "This period"),
        pgettext("indicator", "Target"),
        _("Reported by"),
        _("Against the period before"),
    ]
    blocks: list[Block] = [
        Table(
            _("Indicators: where they began, stand and should be") + teller.note("indicators"),
            headings,
            rows,
            frozenset({1, 2, 3, 4}),
            (6, 2, 2, 2, 2, 3),
        ),
        Paragraph(
            _(
                "“Reported by” says on how many places a figure rests, of how many that are asked. "
                "A dash means that no accepted figure is there yet."
            ),
            "small",
        ),
    ]
    return (
        blocks + [_trend(teller, row) for row in told if len(row["series"]) >= _TREND][:_DRAWINGS]
    )


def _indicator_row(teller: Teller, row: Data) -> list[Cell | str]:
    digits = row["digits"]
    unit = teller.text(row["unit"])
    name = f"{row['code']} {teller.text(row['title'])}" + (f" ({unit})" if unit else "")
    return [
        teller.linked(name, "indicator", row["code"]),
        teller.decimal(row["baseline"], digits),
        Cell(teller.decimal(row["number"], digits), is_strong=True),
        teller.decimal(row["target"], digits),
        _("%(n)s of %(all)s")
        % {"n": teller.number(row["places"]), "all": teller.number(row["expected"])},
        _against_before(teller, row),
    ]


def _against_before(teller: Teller, row: Data) -> str:
    if len(row["series"]) < _TREND or not row["number"]:
        return "–"
    before, now = (float(one[2]) for one in row["series"][-2:])
    words = _("the same") if before == now else _("more") if now > before else _("less")
    was = teller.decimal(row["series"][-2][2], row["digits"])
    return _("%(words)s (was %(was)s)") % {"words": words, "was": was}


def _trend(teller: Teller, row: Data) -> Figure:
    points = [
        (Teller({"period": {"starts": a, "ends": b}}, teller.language).period, float(number))
        for a, b, number in row["series"]
    ]
    title = f"{row['code']} {teller.text(row['title'])}"
    target = float(row["target"]) if row["target"] else None
    drawn = charts.trend(points, title=title, language=teller.language, target=target)
    told = "; ".join(
        f"{name}: {teller.decimal(one[2], row['digits'])}"
        for (name, _value), one in zip(points, row["series"], strict=True)
    )
    return Figure(drawn, f"{title}: {told}", title)
