"""What the page of recovery shows: dates to come, memorials, the fund's totals, recommendations."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from tansiq.core import formats
from tansiq.core.documents.model import Document, Heading, Paragraph, Table
from tansiq.core.money import exponent
from tansiq.incidents.models import Fund, FundCategory, FundEntry, Incident, Retirement
from tansiq.incidents.wording import moment_words


@dataclass(frozen=True)
class Total:
    """What came in or went out under one category, in whole units for reading."""

    label: str
    amount: float
    recipients: int
    is_income: bool


@dataclass(frozen=True)
class Totals:
    rows: list[Total]
    income: float
    paid: float

    @property
    def rest(self) -> float:
        return self.income - self.paid


def totals_of(fund: Fund) -> Totals:
    """Return the totals by category; every sum is of whole numbers."""
    sums: dict[str, int] = {}
    recipients: dict[str, int] = {}
    for entry in FundEntry.objects.filter(fund=fund):
        sums[entry.category] = sums.get(entry.category, 0) + entry.amount
        recipients[entry.category] = recipients.get(entry.category, 0) + (entry.recipients or 0)
    scale = 10 ** exponent(fund.currency)
    income = ("gifts", "business", "public")
    rows = [
        Total(
            str(category.label),
            sums[category] / scale,
            recipients[category],
            category.value in income,
        )
        for category in FundCategory
        if category in sums
    ]
    came = sum(amount for name, amount in sums.items() if name in income)
    went = sum(amount for name, amount in sums.items() if name not in income)
    return Totals(rows, came / scale, went / scale)


def days_until(day: date, incident: Incident, at: datetime) -> int:
    return (day - incident.room_time(at).date()).days


@dataclass(frozen=True)
class Proved:
    """One line of the proof: rows and links to persons, before and after."""

    label: str
    rows_before: int
    rows_after: int
    links_before: int
    links_after: int


def proof_of(retirement: Retirement) -> list[Proved]:
    counts: dict[str, dict[str, list[int]]] = retirement.counts
    return [Proved(label, *row["rows"], *row["links"]) for label, row in sorted(counts.items())]


def proof_document(retirement: Retirement, language: str) -> Document:
    """Return the proof as a document to keep elsewhere."""
    incident = retirement.incident
    rows = proof_of(retirement)
    numbers = [
        [
            one.label,
            *(
                formats.number(value, language)
                for value in (one.rows_before, one.rows_after, one.links_before, one.links_after)
            ),
        ]
        for one in rows
    ]
    headings = [
        _("Table"),
        _("Rows before"),
        _("Rows after"),
        _("Links to persons before"),
        _("Links to persons after"),
    ]
    table = Table(_("What was there before and after"), headings, numbers, frozenset({1, 2, 3, 4}))
    done = retirement.done_at
    return Document(
        title=_("Proof of deletion"),
        subtitle=incident.title,
        language=language,
        author=str(retirement.organisation or incident.owner),
        made_at=done or retirement.stated_at,
        blocks=[
            Paragraph(
                _("What told of persons was deleted. Counts, decisions and lessons are kept.")
            ),
            Heading(_("What was there before and after")),
            table,
        ],
        facts=[
            (_("Retired"), moment_words(done, language) if done else ""),
            (_("By"), str(retirement.organisation or "")),
            (_("SHA-256 of the log that is kept"), retirement.log_hash),
            (_("Seal of the audit log"), retirement.seal),
        ],
        marking=f"TLP:{incident.marking.upper()}",
        state=_("EXERCISE") if incident.is_exercise else "",
        footer=f"{_('Proof of deletion')} · {incident.title}",
    )
