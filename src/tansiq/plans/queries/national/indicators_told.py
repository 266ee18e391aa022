"""The indicators of the report: a table of all, and the trend of the first few."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

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
    """Compare with the period before; sums that rest on other places are only put beside."""
    if len(row["series"]) < _TREND or not row["number"]:
        return "–"
    (*_days, before, places), (*_days, now, places_now) = row["series"][-2:]
    was = teller.decimal(before, row["digits"])
    if places != places_now:
        said = ngettext("was %(was)s, from %(n)s place", "was %(was)s, from %(n)s places", places)
        return said % {"was": was, "n": teller.number(places)}
    words = _direction(Decimal(before), Decimal(now))
    return _("%(words)s (was %(was)s)") % {"words": words, "was": was}


def _direction(before: Decimal, now: Decimal) -> str:
    if before == now:
        return _("the same")
    return _("more") if now > before else _("less")


def _points(row: Data) -> list[list[str]]:
    """Return the periods for which at least half of the places reported; fewer mislead."""
    return [one for one in row["series"] if one[3] * 2 >= row["expected"]]


def _trend(teller: Teller, row: Data) -> Figure:
    known = _points(row)
    names = [teller.months(one[0], one[1]) for one in known]
    title = f"{row['code']} {teller.text(row['title'])}"
    drawn = charts.trend(
        [(name, float(one[2])) for name, one in zip(names, known, strict=True)],
        title=title,
        language=teller.language,
        target=float(row["target"]) if row["target"] else None,
    )
    told = "; ".join(
        f"{name}: {teller.decimal(one[2], row['digits'])}"
        for name, one in zip(names, known, strict=True)
    )
    return Figure(drawn, f"{title}: {told}", title)
