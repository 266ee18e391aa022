"""Readings of tension by area and day, and counts of hate incidents with small numbers hidden."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.models import Place
from tansiq.core import charts, formats
from tansiq.incidents.models import (
    HateCount,
    HateKind,
    Incident,
    TensionLevel,
    TensionReading,
)

# Smaller numbers are shown to the organisation that runs the room only.
LEAST_SHOWN = 5
_SHOWN_AREAS = 8


def readings_of(actor: Actor, incident: Incident) -> QuerySet[TensionReading]:
    """Return the readings that stand, the latest first."""
    rows = TensionReading.objects.visible_to(actor).filter(
        incident=incident, withdrawn_at__isnull=True
    )
    known: QuerySet[TensionReading] = rows.select_related("place", "organisation", "kept_by")
    return known.order_by("-on", "-at", "-pk")


@dataclass(frozen=True)
class Area:
    """One area: its highest level of each day that was read, oldest first."""

    place: Place
    points: list[tuple[dt.date, int]]

    @property
    def level(self) -> TensionLevel:
        """The level of the latest day."""
        return TensionLevel(self.points[-1][1])

    @property
    def on(self) -> dt.date:
        return self.points[-1][0]

    def drawing(self, language: str) -> SafeString:
        """Draw the series, with its table beside it."""
        title = _("%(place)s: %(level)s on %(day)s") % {
            "place": self.place,
            "level": self.level.label,
            "day": formats.short_day(self.on, language),
        }
        named = [(formats.short_day(day, language), float(level)) for day, level in self.points]
        drawn = charts.trend(named, title=title, language=language)
        rows = [
            (formats.short_day(day, language), TensionLevel(level).label)
            for day, level in self.points
        ]
        return charts.figure(
            title, drawn, charts.table_twin((_("Day"), _("Tension")), rows, caption=title)
        )


def areas_read(readings: list[TensionReading]) -> list[Area]:
    """Return the areas with a reading, the tensest of the latest days first."""
    found: dict[Place, dict[dt.date, int]] = defaultdict(dict)
    for one in readings:
        days = found[one.place]
        days[one.on] = max(one.level, days.get(one.on, 0))
    areas = [Area(place, sorted(days.items())) for place, days in found.items()]
    return sorted(areas, key=lambda one: (-one.level, str(one.place)))[:_SHOWN_AREAS]


# --- hate incidents


@dataclass(frozen=True)
class HateLine:
    """How many of a kind in an area over the days shown; `count` is None where it is hidden."""

    place: Place
    kind: Any
    count: int | None


@dataclass(frozen=True)
class HateTable:
    """Counts by area and kind. Where one is hidden, so is the sum: else it could be worked out."""

    lines: list[HateLine]
    total: int | None
    is_exact: bool
    days: int

    @property
    def hides(self) -> bool:
        return any(one.count is None for one in self.lines)


def hate_table(actor: Actor, incident: Incident, *, until: dt.date, days: int = 28) -> HateTable:
    """Return the hate incidents of the latest days by area and kind.

    Numbers below five are hidden from all but the organisation that runs the room.
    """
    rows = HateCount.objects.visible_to(actor).filter(
        incident=incident, on__gt=until - dt.timedelta(days=days), on__lte=until
    )
    sums: dict[tuple[Place, str], int] = defaultdict(int)
    for one in rows.select_related("place").order_by("place__name", "pk"):
        sums[one.place, one.kind] += one.count
    is_exact = actor.is_system or incident.owner_id in actor.organisation_ids
    lines = [
        HateLine(place, HateKind(kind).label, _shown(count, is_exact))
        for (place, kind), count in sums.items()
        if count
    ]
    hides = any(one.count is None for one in lines)
    return HateTable(lines, None if hides else sum(sums.values()), is_exact, days)


def _shown(count: int, is_exact: bool) -> int | None:  # noqa: FBT001 -- a plain helper
    return count if is_exact or count >= LEAST_SHOWN else None
