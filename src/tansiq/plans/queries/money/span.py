"""Of which years money is looked at: one, all, or this year and those to come."""

from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, QuerySet

ModelT = TypeVar("ModelT", bound=Model)
ALL = "all"
_YEAR_DIGITS = 4


@dataclass(frozen=True)
class Span:
    """The years from one to another; None is open."""

    since: int | None = None
    until: int | None = None

    @property
    def is_all(self) -> bool:
        return self.since is None and self.until is None

    @property
    def is_from(self) -> bool:
        """Whether it is a year and all that come after it."""
        return self.since is not None and self.until is None

    @property
    def year(self) -> int | None:
        return self.since if self.since == self.until else None

    @property
    def asked(self) -> str:
        """What stands for it in an address."""
        if self.is_all:
            return ALL
        return "" if self.is_from else str(self.year)

    def holds(self, year: int) -> bool:
        return (self.since or year) <= year <= (self.until or year)

    def narrow(self, rows: QuerySet[ModelT]) -> QuerySet[ModelT]:
        if self.since is not None:
            rows = rows.filter(year__gte=self.since)
        return rows if self.until is None else rows.filter(year__lte=self.until)


def year_asked(text: str) -> int | None:
    """Return the year that stands in an address, or None."""
    is_year = text.isascii() and text.isdecimal() and len(text) == _YEAR_DIGITS
    return int(text) if is_year else None


def span_asked(text: str, *, this_year: int) -> Span:
    """Read what stands in an address; without anything, what can still be changed counts."""
    year = year_asked(text)
    if year is not None:
        return Span(year, year)
    return Span() if text == ALL else Span(since=this_year)
