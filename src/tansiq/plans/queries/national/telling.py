"""What every section of the report is told with: its figures, in one language."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tansiq.core import formats
from tansiq.core.documents.model import Cell
from tansiq.plans.queries.national.canonical import Data

# The sections in their order; a person may write something for each.
SECTIONS = (
    "summary",
    "progress",
    "coverage",
    "indicators",
    "places",
    "duties",
    "money",
    "voices",
    "outlook",
)
# Where the figures come from, in the order of the notes.
SOURCES = ("progress", "coverage", "indicators", "reports", "duties", "money", "voices")


def titles() -> dict[str, str]:
    """Return the titles of the sections in the active language."""
    return {
        "summary": _("In short"),
        "progress": _("How far the actions are"),
        "coverage": _("How places take the plan up"),
        "indicators": _("What is measured"),
        "places": _("Where the places stand"),
        "duties": _("What is owed, in both directions"),
        "money": _("Money"),
        "voices": _("What stands in the way, in the words of places"),
        "outlook": _("What comes next"),
    }


@dataclass(frozen=True)
class Teller:
    """The figures of an edition and the language they are told in; it must be active."""

    data: Data
    language: str

    def number(self, value: Any, decimals: int | None = None) -> str:
        return formats.number(value, self.language, decimals=decimals)

    def decimal(self, text: str, decimals: int = 0) -> str:
        """Write a stored figure, or a dash where there is none."""
        return self.number(Decimal(text), decimals) if text else "–"

    def share(self, part: int, whole: int) -> str:
        return formats.percent(part / whole, self.language) if whole else "–"

    def day(self, iso: str) -> str:
        return formats.short_day(dt.date.fromisoformat(iso), self.language) if iso else "–"

    def moment(self, iso: str) -> str:
        return formats.short_day(dt.datetime.fromisoformat(iso).date(), self.language)

    def text(self, original: str) -> str:
        """Return what people wrote in this language if a translation was there, else as it is."""
        known = self.data["translations"].get(original, {})
        return str(known.get(self.language) or original)

    def is_told(self, original: str, written_in: str) -> bool:
        """Return whether a text can be read in this language."""
        known = self.data["translations"].get(original, {})
        return written_in == self.language or self.language in known

    def named(self, row: Data, name: str = "name", names: str = "names") -> str:
        return str(row[names].get(self.language) or row[name])

    def note(self, source: str) -> str:
        """Return the mark that leads to the list of sources, such as " [3]"."""
        return f" [{self.number(SOURCES.index(source) + 1)}]"

    def page(self, name: str, *more: object, query: str = "") -> str:
        """Return the address of the page of the plan on which a figure stands."""
        plan = self.data["plan"]
        return reverse(f"plans:{name}", args=[plan["country"], plan["slug"], *more]) + query

    def linked(self, text: str, name: str, *more: object) -> Cell:
        return Cell(text, self.page(name, *more))

    @property
    def period(self) -> str:
        return self.months(self.data["period"]["starts"], self.data["period"]["ends"])

    def months(self, first: str, latest: str) -> str:
        """Return "January–June 2026"."""
        days = (dt.date.fromisoformat(one) for one in (first, latest))
        return formats.months(*days, self.language)

    @property
    def plan(self) -> str:
        """Return the plan's name: the short one is a name, the long one may be translated."""
        return str(self.data["plan"]["short"] or self.text(self.data["plan"]["title"]))


def state_words() -> dict[str, str]:
    """Return the words for the state of a place's report."""
    return {
        "accepted": pgettext("report", "accepted"),
        "submitted": pgettext("report", "sent"),
        "returned": pgettext("report", "returned with a question"),
        "counted": pgettext("report", "figures are counted"),
        "": pgettext("report", "not with us yet"),
    }
