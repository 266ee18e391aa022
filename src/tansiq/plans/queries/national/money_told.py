"""The money of the report in sentences and tables: the nation's own, and beside it the local."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tansiq.core import formats, money
from tansiq.core.documents.model import Block, Cell, Heading, Paragraph, Rows, Table
from tansiq.plans.models import Funding
from tansiq.plans.queries.national.canonical import Data
from tansiq.plans.queries.national.money import parts_of
from tansiq.plans.queries.national.telling import Teller

_COLUMNS = ("planned", "committed", "spent")
_AMOUNTS = ("needed", "committed", "missing")


def money_sentence(teller: Teller) -> list[str]:
    """Say what the plan itself has in all years, and what it lacks; then the same of local plans.

    What a nation passes on to its places would count twice in a sum of both.
    """
    return [
        f"{said}{teller.note('money')}"
        for part, told in parts_of(teller.data["money"])
        for said in (*_totals(teller, part, told), *_gaps_ahead(teller, part, told))
    ]


def _totals(teller: Teller, part: str, told: Data) -> Iterator[str]:
    said = {
        "own": _(
            "Money over all years: %(planned)s planned, %(committed)s committed, %(spent)s spent."
        ),
        "local": _(
            "Money of local plans over all years: %(planned)s planned, %(committed)s committed, "
            "%(spent)s spent."
        ),
    }
    sums: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_COLUMNS, 0))
    for row in told["lines"]:
        for name in _COLUMNS:
            sums[row["currency"]][name] += row[name]
    for currency, row in sorted(sums.items()):
        yield said[part] % {
            name: money.short(amount, currency, teller.language) for name, amount in row.items()
        }


def _gaps_ahead(teller: Teller, part: str, told: Data) -> Iterator[str]:
    """Say what is not funded of this year and those to come, as the desk and every page say it."""
    short = {
        "own": _("From %(year)s on, %(missing)s of %(needed)s is not funded."),
        "local": _("From %(year)s on, local plans lack %(missing)s of %(needed)s."),
    }
    funded = {
        "own": _("From %(year)s on, all of %(needed)s that the plan needs is committed."),
        "local": _("From %(year)s on, all of %(needed)s that local plans need is committed."),
    }
    for row in told["ahead"]:
        words = short if row["missing"] > 0 else funded
        yield words[part] % {
            "year": _year(teller.data["money"]["since"], teller),
            "missing": money.short(row["missing"], row["currency"], teller.language),
            "needed": money.short(row["needed"], row["currency"], teller.language),
        }


def money_blocks(teller: Teller) -> list[Block]:
    data = teller.data["money"]
    parts = {part: told for part, told in parts_of(data) if told["lines"] or told["years"]}
    if not parts:
        return []
    blocks: list[Block] = [Paragraph(one) for one in money_sentence(teller)]
    for part, told in parts.items():
        if part == "local":
            blocks.append(Heading(_("Money of local plans"), 2))
        blocks += _part(teller, told)
    blocks += [Paragraph(one, "small") for one in _reckoned(teller)]
    if data["left_out"]:
        said = ngettext(
            "The money of %(n)s plan is left out: it is marked more strictly than this report.",
            "The money of %(n)s plans is left out: they are marked more strictly than this report.",
            data["left_out"],
        )
        blocks.append(Paragraph(said % {"n": teller.number(data["left_out"])}, "small"))
    return blocks


def _part(teller: Teller, told: Data) -> Iterator[Block]:
    if told["lines"]:
        yield _by_source(teller, told)
    if told["years"]:
        yield _gap(teller, told)
        yield from _covering_nothing(teller, told)


def _covering_nothing(teller: Teller, told: Data) -> Iterator[Block]:
    """Say in which years money is committed that closes no gap: no plan, or not each, has costs."""
    with_costs = {row["year"] for row in told["years"]}
    of_none = [one for one in told["uncovered"] if one not in with_costs]
    of_some = [one for one in told["uncovered"] if one in with_costs]
    for years, said in (
        (of_none, _("No cost is entered for %(years)s, so what is committed then covers nothing.")),
        (of_some, _("For %(years)s not every plan has a cost; what such a plan has is left out.")),
    ):
        if years:
            listed = formats.comma(teller.language).join(_year(one, teller) for one in years)
            yield Paragraph(said % {"years": listed}, "small")


def _reckoned(teller: Teller) -> Iterator[str]:
    """Say with which rates the gaps were brought into the country's currency, or that one lacks."""
    data = teller.data["money"]
    for one in data.get("rates", ()):
        number = Decimal(one["number"])
        rate = _("%(unit)s %(base)s = %(number)s %(quote)s") % {
            "unit": teller.number(1),
            "base": one["base"],
            "quote": one["quote"],
            "number": teller.number(number, money.as_units(number)[1]),
        }
        said = _("The gap is reckoned with %(rate)s (%(source)s, %(day)s).")
        facts = {"source": teller.text(one["source"]), "day": teller.day(one["on"])}
        yield said % {"rate": rate, **facts}
    if data.get("without_rate"):
        lacking = _(
            "There is no rate of exchange between %(codes)s and %(currency)s. Sums with it are "
            "shown by currency."
        )
        codes = formats.comma(teller.language).join(data["without_rate"])
        yield lacking % {"codes": codes, "currency": data["currency"]}


def _by_source(teller: Teller, told: Data) -> Table:
    rows: Rows = [
        [
            Cell(_year(row["year"], teller)),
            str(Funding(row["source"]).label),
            *(money.exact(row[name], row["currency"], teller.language) for name in _COLUMNS),
        ]
        for row in told["lines"]
    ]
    headings = [
        _("Year"),
        _("With whose money"),
        pgettext("money", "planned"),
        pgettext("money", "committed"),
        pgettext("money", "spent"),
    ]
    caption = _("Money by year and source") + teller.note("money")
    return Table(caption, headings, rows, frozenset({2, 3, 4}), (2, 4, 4, 4, 4))


def _gap(teller: Teller, told: Data) -> Table:
    rows: Rows = []
    for row in told["years"]:
        amounts = row | {"missing": max(0, row["missing"])}
        written = [money.exact(amounts[n], row["currency"], teller.language) for n in _AMOUNTS]
        rows.append([_year(row["year"], teller), *written])
    headings = [
        _("Year"),
        pgettext("money", "needed"),
        pgettext("money", "committed"),
        pgettext("money", "missing"),
    ]
    caption = _("What is needed, what is committed, and the gap") + teller.note("money")
    return Table(caption, headings, rows, frozenset({1, 2, 3}), (1, 3, 3, 3))


def _year(year: int, teller: Teller) -> str:
    return formats.digits(str(year), teller.language)
