"""Places and audiences nobody serves: a count for each cell, and a sentence for each that is empty.

Counted is every activity that is not RED and was not called off, at the place or below it, as in
all statistics of the register: the count says that something is done, never what or by whom.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tansiq.access.models import Place
from tansiq.core import formats
from tansiq.core.formats import isolate
from tansiq.plans.models import ActionStatus, Activity, Audience, Plan, Theme

AUDIENCE, THEME = "audience", "theme"
_CHOICES: dict[str, type[Audience] | type[Theme]] = {AUDIENCE: Audience, THEME: Theme}
# "Others" and "something else" are nobody one could forget.
_OTHER = "other"


@dataclass(frozen=True)
class Asked:
    """What is looked at: places of one level under a place, in a period; what is empty is wide."""

    under: Place
    level: int
    since: dt.date
    until: dt.date
    across: str = AUDIENCE
    plan: Plan | None = None
    audience: str = ""
    theme: str = ""
    # Whether the period is the one that is looked at when nobody chose another.
    is_usual: bool = True

    @property
    def columns(self) -> list[tuple[str, str]]:
        kept = self.theme if self.across == THEME else self.audience
        choices = [(str(one.value), str(one.label)) for one in _CHOICES[self.across]]
        return [(v, label) for v, label in choices if v != _OTHER and (not kept or v == kept)]


@dataclass(frozen=True)
class Cell:
    value: str
    label: str
    count: int
    url: str


@dataclass
class Row:
    place: Place
    cells: list[Cell] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(cell.count for cell in self.cells)


@dataclass(frozen=True)
class Gap:
    """One sentence, and where something can be planned for it; no place where it is all of them."""

    sentence: str
    url: str
    place: Place | None = None
    # How many activities are for the whole of what lies above, and serve this as well.
    beside: int = 0


@dataclass
class Matrix:
    """Places as rows, audiences or themes as columns, how many activities in each cell."""

    asked: Asked
    rows: list[Row]
    # What is done for the place as a whole, beside what is done in its parts.
    above: Row

    @property
    def columns(self) -> list[tuple[str, str]]:
        return self.asked.columns

    @property
    def empty(self) -> int:
        return sum(not cell.count for row in self.rows for cell in row.cells)

    @cached_property
    def gaps(self) -> list[Gap]:
        """Return the sentences, the widest first: nobody anywhere, nothing at a place."""
        if not self.rows:
            return []
        nowhere = {
            value
            for n, (value, _label) in enumerate(self.columns)
            if not any(row.cells[n].count for row in self.rows)
        }
        told = [*self._nowhere(nowhere), *self._nothing_at()]
        rows = [row for row in in_order_of_need(self.rows) if row.total]
        return told + [
            self._gap(row.place, cell)
            for row in rows
            for cell in row.cells
            if not cell.count and cell.value not in nowhere
        ]

    def _nowhere(self, values: set[str]) -> Iterator[Gap]:
        for value, label in self.columns:
            if value in values and len(self.rows) > 1:
                facts = {"what": label, "place": isolate(self.asked.under)}
                said = _NOWHERE[self.asked.across]() % facts
                url = plan_url(self.asked, self.asked.under, value)
                yield Gap(self._dated(said), url, beside=self._beside(value))

    def _nothing_at(self) -> Iterator[Gap]:
        for row in in_order_of_need(self.rows):
            if not row.total and len(self.columns) > 1:
                said = _("No activity at all in %(place)s") % {"place": isolate(row.place)}
                yield Gap(self._dated(said), plan_url(self.asked, row.place, ""), row.place)

    def _gap(self, place: Place, cell: Cell) -> Gap:
        said = _AT[self.asked.across]() % {"what": cell.label, "place": isolate(place)}
        url = plan_url(self.asked, place, cell.value)
        return Gap(self._dated(said), url, place, beside=self._beside(cell.value))

    def _beside(self, value: str) -> int:
        return next(cell.count for cell in self.above.cells if cell.value == value)

    def _dated(self, said: str) -> str:
        """Put the period behind what is said."""
        if self.asked.is_usual:
            return _("%(said)s in the last twelve months.") % {"said": said}
        language = get_language() or "en"
        days = (formats.short_day(one, language) for one in (self.asked.since, self.asked.until))
        since, until = days
        facts = {"said": said, "since": since, "until": until}
        return _("%(said)s from %(since)s to %(until)s.") % facts


_AT = {
    AUDIENCE: lambda: _("No activity for %(what)s in %(place)s"),
    THEME: lambda: _("No activity about %(what)s in %(place)s"),
}
_NOWHERE = {
    AUDIENCE: lambda: _("No activity for %(what)s in any of these places of %(place)s"),
    THEME: lambda: _("No activity about %(what)s in any of these places of %(place)s"),
}


def in_order_of_need(rows: Sequence[Row]) -> list[Row]:
    """Put first where most people live, as far as that is known.

    What else makes a place need something, such as a picture of its risks, is to be weighed here.
    """
    return sorted(rows, key=lambda row: (-(row.place.population or 0), row.place.name))


def matrix_of(asked: Asked, places: Sequence[Place]) -> Matrix:
    """Return the matrix of these places, with as many queries for one as for all."""
    counts: dict[tuple[int, str], int] = {}
    inside = (
        _activities(asked)
        .filter(place__links_up__ancestor__in=[one.pk for one in places])
        .order_by()
        .values_list(F("place__links_up__ancestor"), asked.across)
        .annotate(count=Count("pk"))
    )
    counts = {(place, value): count for place, value, count in inside}
    alone = dict(
        _activities(asked)
        .filter(place=asked.under)
        .order_by()
        .values_list(asked.across)
        .annotate(count=Count("pk"))
    )
    rows = [
        Row(
            place,
            [_cell(asked, place, one, counts.get((place.pk, one[0]), 0)) for one in asked.columns],
        )
        for place in places
    ]
    whole = [_cell(asked, asked.under, one, alone.get(one[0], 0)) for one in asked.columns]
    return Matrix(asked, rows, Row(asked.under, whole))


def _activities(asked: Asked) -> Any:
    found = (
        Activity.objects.countable()
        .exclude(status=ActionStatus.CANCELLED)
        .filter(starts_on__lte=asked.until, ends_on__gte=asked.since)
    )
    if asked.plan is not None:
        found = found.filter(Q(plan=asked.plan) | Q(plan__parent=asked.plan))
    equal = {"audience": asked.audience, "theme": asked.theme}
    return found.filter(**{name: value for name, value in equal.items() if value})


def _cell(asked: Asked, place: Place, column: tuple[str, str], count: int) -> Cell:
    value, label = column
    url = list_url(asked, place, value) if count else plan_url(asked, place, value)
    return Cell(value, label, count, url)


def _narrowing(asked: Asked, value: str) -> dict[str, str]:
    narrowing = {"audience": asked.audience, "theme": asked.theme, asked.across: value}
    return {name: one for name, one in narrowing.items() if one}


def list_url(asked: Asked, place: Place, value: str) -> str:
    """Return where the activities of a cell are listed, as far as the reader may see them."""
    days = {"since": asked.since.isoformat(), "until": asked.until.isoformat()}
    asks = {"place": place.code} | _narrowing(asked, value) | days
    return f"{reverse('plans:activities')}?{urlencode(asks)}"


def plan_url(asked: Asked, place: Place, value: str) -> str:
    """Return where something is entered for an empty cell, filled in as far as it is known."""
    plan = {"plan": str(asked.plan.pk)} if asked.plan else {}
    asks = {"place": place.code, "status": ActionStatus.NOT_STARTED.value}
    return f"{reverse('plans:activity_add')}?{urlencode(asks | _narrowing(asked, value) | plan)}"


# -- Which places ---------------------------------------------------------------------------------


def levels_under(place: Place) -> list[tuple[int, str]]:
    """Return the levels below a place, each with the kinds of place it has."""
    kinds: dict[int, list[str]] = {}
    below = Place.objects.under(place).filter(level__gt=place.level, level__lte=place.level + 3)
    for one in below.order_by("level", "kind").values("level", "kind").distinct():
        label = dict(Place._meta.get_field("kind").flatchoices)[one["kind"]]
        kinds.setdefault(one["level"], []).append(str(label))
    comma = formats.comma(get_language() or "en")
    return [(level, comma.join(words)) for level, words in kinds.items()]


def places_under(place: Place, level: int) -> Any:
    return Place.objects.under(place).filter(level=level).order_by("name", "pk")


def looked_from(place: Place) -> Place:
    """Return the place whose parts are shown: one without parts stands among its neighbours."""
    has_parts = Place.objects.under(place).filter(level__gt=place.level).exists()
    return place if has_parts or place.parent is None else place.parent
