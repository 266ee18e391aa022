"""Reading the figures: what goes which way, and how soon it is answered, side by side.

A share and a time stand only on enough cases (`FIGURES_LEAST`); below that the number alone is
shown. Lines are ordered by their place or by how much there is, never by who does better.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db.models import Max, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.models import Organisation, OrganisationKind, Place
from tansiq.core import formats
from tansiq.exchange.histograms import Histogram, percentile
from tansiq.exchange.models import (
    ALL,
    Cut,
    Direction,
    ItemKind,
    OwnTally,
    Side,
    Tally,
    TallyMonth,
)
from tansiq.exchange.queries.counting import (
    STORED,
    Sums,
    begin_of,
    countable,
    month_of,
    next_month,
    sums_by,
)

SPANS: Final = (3, 6, 12)
HUB, NATION, NOWHERE = -1, 0, 9


@dataclass(frozen=True)
class Span:
    """Whole months up to the one of today; the present one is still open."""

    first: dt.date
    latest: dt.date

    @property
    def months(self) -> list[dt.date]:
        found, month = [], self.first
        while month <= self.latest:
            found.append(month)
            month = next_month(month)
        return found

    @property
    def words(self) -> str:
        return formats.months(self.first, self.latest, get_language() or "en")


def span_of(count: int, *, today: dt.date) -> Span:
    latest = month_of(today)
    back = latest.year * 12 + latest.month - count
    return Span(dt.date(back // 12, back % 12 + 1, 1), latest)


@dataclass(frozen=True)
class Times:
    """How many came back, their share, and how long that took; None where cases are too few."""

    part: int
    whole: int
    times: Histogram
    least: int

    @property
    def open(self) -> int:
        return self.whole - self.part

    @property
    def share(self) -> float | None:
        return self.part / self.whole if self.whole >= self.least else None

    @property
    def median(self) -> dt.timedelta | None:
        return self._within(0.5)

    @property
    def most(self) -> dt.timedelta | None:
        """The time within which nine of ten came."""
        return self._within(0.9)

    def _within(self, share: float) -> dt.timedelta | None:
        return percentile(self.times, share) if self.part >= self.least else None


@dataclass(frozen=True)
class Line:
    """One line of a table: whose it is, and its figures."""

    label: str
    sums: Sums
    least: int

    @property
    def sent(self) -> int:
        return self.sums.sent

    @property
    def is_small(self) -> bool:
        return self.sums.sent < self.least

    @property
    def acknowledged(self) -> Times:
        one = self.sums
        return Times(one.acknowledged, one.sent, one.acknowledging, self.least)

    @property
    def answered(self) -> Times:
        """Of those that asked for words and were not told "cannot, because"."""
        one = self.sums
        return Times(one.answered, one.asked - one.declined, one.answering, self.least)

    @property
    def decided(self) -> Times:
        return Times(self.sums.decided, self.sums.sent, {}, self.least)


def line(label: object, sums: Sums) -> Line:
    return Line(str(label), sums, settings.FIGURES_LEAST)


def counted_at(span: Span) -> dt.datetime | None:
    """Return when the latest of these months was counted."""
    rows = TallyMonth.objects.filter(month__gte=span.first, month__lte=span.latest)
    found: dt.datetime | None = rows.aggregate(latest=Max("counted_at"))["latest"]
    return found


# -- A country ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CountryFigures:
    directions: Sequence[Line]
    levels: Sequence[Line]
    kinds: Sequence[Line]
    items: Sequence[Line]
    # For each direction: the share acknowledged of each month, where there is enough.
    months: Mapping[str, Sequence[tuple[dt.date, Sums]]]

    @property
    def is_empty(self) -> bool:
        return not any(one.sent for one in self.directions)


def country_figures(actor: Actor, country: Place, span: Span, item_kind: str) -> CountryFigures:
    """Add up the tallies of a country, of one kind of item or of all."""
    found = _read(actor, country, span, item_kind)
    months = {
        way: [(month, found["month"].get((way, month), Sums())) for month in span.months]
        for way in Direction.values
    }
    names = level_names(country)
    return CountryFigures(
        directions=[line(way.label, found[Cut.ITEMS].get((way,), Sums())) for way in _WAYS],
        levels=[
            line(_pair(names.get(one, str(one)), names.get(other, str(other))), sums)
            for (_way, one, other), sums in sorted(found[Cut.LEVELS].items(), key=_by_level)
        ],
        kinds=[
            line(_pair(_kind(one), _kind(other)), sums)
            for (one, other), sums in sorted(found[Cut.KINDS].items(), key=_by_number)
        ],
        items=_by_item(actor, country, span) if item_kind == ALL else [],
        months=months,
    )


_WAYS: Final = (Direction.UP, Direction.DOWN, Direction.ACROSS)
Found = dict[str, dict[tuple[Any, ...], Sums]]


def _rows(actor: Actor, country: Place, span: Span) -> Any:
    code = country.country_code
    return Tally.objects.visible_to(actor).filter(
        Q(from_country=code) | Q(to_country=code), month__gte=span.first, month__lte=span.latest
    )


def _read(actor: Actor, country: Place, span: Span, item_kind: str) -> Found:
    found: Found = {name: defaultdict(Sums) for name in (*Cut.values, "month")}
    columns = ("cut", "month", "direction", "from_level", "to_level", "from_kind", "to_kind")
    rows = _rows(actor, country, span).filter(item_kind=item_kind)
    for cut, month, way, one, other, giver, taker, *stored in rows.values_list(*columns, *STORED):
        key = {Cut.LEVELS: (way, one, other), Cut.KINDS: (giver, taker)}.get(cut, (way,))
        found[cut][key].take_stored(stored)
        if cut == Cut.ITEMS:
            found["month"][way, month].take_stored(stored)
    return found


def _by_item(actor: Actor, country: Place, span: Span) -> list[Line]:
    found: defaultdict[str, Sums] = defaultdict(Sums)
    rows = _rows(actor, country, span).filter(cut=Cut.ITEMS).exclude(item_kind=ALL)
    for kind, *stored in rows.values_list("item_kind", *STORED):
        found[kind].take_stored(stored)
    return [line(kind.label, found[kind]) for kind in ItemKind if kind in found]


def _by_level(entry: tuple[tuple[Any, ...], Sums]) -> tuple[int, ...]:
    """Put both ways between two levels one below the other."""
    _way, one, other = entry[0]
    return min(one, other), max(one, other), one


def _by_number(entry: tuple[tuple[Any, ...], Sums]) -> tuple[Any, ...]:
    return -entry[1].sent, *entry[0]


def _kind(value: str) -> str:
    return str(OrganisationKind(value).label) if value in OrganisationKind.values else value


def _pair(one: str, other: str) -> str:
    return _("%(from)s to %(to)s") % {"from": one, "to": other}


def level_names(country: Place | None) -> dict[int, str]:
    """Return what the levels of a country are called, by a place of each."""
    names = {HUB: _("regional hub"), NATION: _("nation"), NOWHERE: _("bodies without a place")}
    for level in range(1, NOWHERE):
        names[level] = _("level %(number)s") % {"number": level}
    if country is None:
        return names
    for level in range(1, NOWHERE):
        places = Place.objects.filter(country_code=country.country_code, level=level)
        first = places.order_by("name").first()
        if first is None:
            break
        names[level] = str(first.get_kind_display())
    return names


# -- One organisation -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Both:
    """What we sent to a level, and what came to us from it."""

    label: str
    sent: Line
    came: Line

    @property
    def sides(self) -> tuple[Line, Line]:
        return self.sent, self.came


@dataclass(frozen=True)
class OwnFigures:
    whole: Both
    levels: Sequence[Both]
    items: Sequence[Both]

    @property
    def is_empty(self) -> bool:
        return not (self.whole.sent.sent or self.whole.came.sent)


Key = tuple[int, str]


def own_figures(actor: Actor, organisation: Organisation, span: Span) -> OwnFigures:
    """Count what an organisation sent and what came to it; months of much traffic are read."""
    sides = {side: _own(actor, organisation, side, span) for side in Side}
    levels = sorted({level for sums in sides.values() for level, _kind in sums})
    names = level_names(organisation.place)
    return OwnFigures(
        whole=_both(_("All together"), sides, lambda _key: True),
        levels=[
            _both(names.get(level, str(level)), sides, lambda key, at=level: key[0] == at)
            for level in levels
        ],
        items=[
            both
            for kind in ItemKind
            if (both := _both(kind.label, sides, lambda key, of=kind: key[1] == of))
            and (both.sent.sent or both.came.sent)
        ],
    )


def whole_of(actor: Actor, organisation: Organisation, span: Span) -> Both:
    """Return the same over all levels and kinds, without their names."""
    sides = {side: _own(actor, organisation, side, span) for side in Side}
    return _both(_("All together"), sides, lambda _key: True)


def _both(label: object, sides: Mapping[Side, Mapping[Key, Sums]], keeps: Any) -> Both:
    found = {}
    for side, sums in sides.items():
        found[side] = Sums()
        for key, one in sums.items():
            if keeps(key):
                found[side].take(one)
    return Both(str(label), line(_("What we sent"), found[Side.SENT]), _came(found[Side.CAME]))


def _came(sums: Sums) -> Line:
    return line(_("What came to us"), sums)


def _own(actor: Actor, organisation: Organisation, side: Side, span: Span) -> dict[Key, Sums]:
    found: defaultdict[Key, Sums] = defaultdict(Sums)
    rows = OwnTally.objects.visible_to(actor).filter(
        organisation=organisation, side=side, month__gte=span.first, month__lte=span.latest
    )
    ahead = set()
    for month, level, kind, *stored in rows.values_list("month", "level", "item_kind", *STORED):
        ahead.add(month)
        found[level, kind].take_stored(stored)
    missing = _ranges([month for month in span.months if month not in ahead])
    if missing.children:
        holder, level = _COLUMNS[side]
        receipts = countable().filter(missing, **{holder: organisation})
        if side == Side.SENT:
            # Only what still held can have been passed on later; it spares the items of years.
            receipts = receipts.filter(item__expires_on__gte=span.first)
        for key, sums in sums_by(receipts, [level, "item__kind"]).items():
            found[key[0], key[1]].take(sums)
    return found


_COLUMNS: Final = {
    Side.SENT: ("item__owner", "to_level"),
    Side.CAME: ("organisation", "from_level"),
}


def _ranges(months: Iterable[dt.date]) -> Q:
    """Return the condition that a receipt was sent in one of these months."""
    spans: list[list[dt.date]] = []
    for month in months:
        if spans and spans[-1][1] == month:
            spans[-1][1] = next_month(month)
        else:
            spans.append([month, next_month(month)])
    wanted = Q()
    for first, after in spans:
        wanted |= Q(sent_at__gte=begin_of(first), sent_at__lt=begin_of(after))
    return wanted
