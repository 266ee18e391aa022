"""The money of the report in sentences and tables: every amount exact, no two currencies added."""

from collections import defaultdict

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tansiq.core import formats, money
from tansiq.core.documents.model import Block, Cell, Paragraph, Rows, Table
from tansiq.plans.models import Funding
from tansiq.plans.queries.national.telling import Teller

_COLUMNS = ("planned", "committed", "spent")


def money_sentence(teller: Teller) -> list[str]:
    """Say for each currency what was planned, promised and spent in all years of the plan."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_COLUMNS, 0))
    for row in teller.data["money"]["lines"]:
        for name in _COLUMNS:
            sums[row["currency"]][name] += row[name]
    said = _("Money over all years: %(planned)s planned, %(committed)s committed, %(spent)s spent.")
    return [
        said
        % {name: money.short(amount, currency, teller.language) for name, amount in row.items()}
        + teller.note("money")
        for currency, row in sorted(sums.items())
    ]


def money_blocks(teller: Teller) -> list[Block]:
    told = teller.data["money"]
    if not told["lines"] and not told["costs"]:
        return []
    blocks: list[Block] = [Paragraph(one) for one in money_sentence(teller)]
    if told["lines"]:
        blocks.append(_by_source(teller))
    if told["costs"]:
        blocks.append(_gap(teller))
    if told["left_out"]:
        said = ngettext(
            "The money of %(n)s plan is left out: it is marked more strictly than this report.",
            "The money of %(n)s plans is left out: they are marked more strictly than this report.",
            told["left_out"],
        )
        blocks.append(Paragraph(said % {"n": teller.number(told["left_out"])}, "small"))
    return blocks


def _by_source(teller: Teller) -> Table:
    rows: Rows = [
        [
            Cell(_year(row["year"], teller)),
            str(Funding(row["source"]).label),
            *(money.exact(row[name], row["currency"], teller.language) for name in _COLUMNS),
        ]
        for row in teller.data["money"]["lines"]
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


def _gap(teller: Teller) -> Table:
    committed: dict[tuple[int, str], int] = defaultdict(int)
    for row in teller.data["money"]["lines"]:
        committed[row["year"], row["currency"]] += row["committed"]
    rows: Rows = []
    for row in teller.data["money"]["costs"]:
        there = committed[row["year"], row["currency"]]
        amounts = (row["amount"], there, max(0, row["amount"] - there))
        written = [money.exact(one, row["currency"], teller.language) for one in amounts]
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
