"""Finding activities that overlap, one line of places at a time or all of them, and settling it.

Found pairs are derived from the activities and can be found anew at any time; what people said
about a pair stays with it.
"""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, lru_cache
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Organisation, Place
from tansiq.plans.models import Activity, Outcome, Overlap, OverlapState, Theme
from tansiq.plans.overlapping import Above, Entry, Pair, pairs_among

_BATCH = 2000


class Line(NamedTuple):
    """What may have changed: activities of one audience and theme at a place and below it."""

    theme: str
    audience: str
    place: int


def line_of(activity: Activity) -> Line | None:
    """Return the line an activity stands in; None where there is nothing to compare."""
    if activity.theme in {"", Theme.OTHER} or activity.is_red:
        return None
    return Line(activity.theme, activity.audience, activity.place_id)


def comparable() -> QuerySet[Activity]:
    """Return the activities that are compared: not RED, not called off, and with a theme."""
    return (
        Activity.objects.countable()
        .exclude(status="cancelled")
        .exclude(theme__in=("", Theme.OTHER))
    )


@transaction.atomic
def find_in_line(line: Line, *, at: datetime) -> int:
    """Find the pairs of one line anew; return how many were added or taken away."""
    place = Place.objects.get(pk=line.place)
    of_line = comparable().filter(theme=line.theme, audience=line.audience)
    chain = [one.pk for one in reversed(Place.objects.above(place)) if one.level or one == place]
    below = _at_or_below(place, "place")
    activities = of_line.filter(below | Q(place__in=chain))
    known = Overlap.objects.filter(
        _at_or_below(place, "second__place"), theme=line.theme, audience=line.audience
    )
    entries = list(_entries(activities))
    above = _chains({one.place for one in entries})
    higher = set(chain) - {place.pk}
    places_of = {one.pk: one.place for one in entries}
    found = (pair for pair in pairs_among(entries, above) if places_of[pair.second] not in higher)
    return _keep(found, known, line, at=at)


def _at_or_below(place: Place, field: str) -> Q:
    # What concerns the whole country stands above everything, and is compared with its like.
    if place.level == 0:
        return Q(**{field: place})
    return Q(**{f"{field}__in": Place.objects.under(place).values("pk")})


def find_all(*, at: datetime) -> int:
    """Find all pairs anew, one audience and theme after the other; return how many there are."""
    above = _every_chain()
    groups = comparable().order_by("theme", "audience").values_list("theme", "audience")
    wanted = set(groups.distinct()) | set(
        Overlap.objects.order_by().values_list("theme", "audience").distinct()
    )
    with _cycles_left_alone():
        for theme, audience in sorted(wanted):
            activities = comparable().filter(theme=theme, audience=audience)
            known = Overlap.objects.filter(theme=theme, audience=audience)
            found = pairs_among(_entries(activities), above)
            with transaction.atomic():
                _keep(found, known, Line(theme, audience, 0), at=at)
    return Overlap.objects.count()


@contextmanager
def _cycles_left_alone() -> Iterator[None]:
    """Do not look for cycles in memory: plain rows have none, and looking takes a third longer."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def forget_pairs_of(activity: Activity) -> None:
    """Take away the pairs of an activity nobody spoke about; it stands in another line now."""
    Overlap.objects.filter(Q(first=activity) | Q(second=activity), state=OverlapState.NEW).delete()


_COLUMNS = ("first_day", "pk", "last_day", "owner_id", "place_id", "title", "language")


def _entries(activities: QuerySet[Activity]) -> Iterator[Entry]:
    # As text: a million activities have few different days, and each is read but once.
    days = {
        "first_day": Cast("starts_on", CharField(max_length=10)),
        "last_day": Cast("ends_on", CharField(max_length=10)),
    }
    rows = activities.order_by().annotate(**days).values_list(*_COLUMNS)
    for first_day, pk, last_day, *rest in rows.iterator(_BATCH):
        yield Entry(_number(first_day), pk, _number(last_day), *rest)


@lru_cache(maxsize=65_536)
def _number(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def _chains(places: Iterable[int]) -> Above:
    """Return for a few places what lies above each, the country left out."""
    chains: dict[int, list[int]] = {}
    rows = (
        Place.objects.filter(pk__in=list(places))
        .order_by("pk", "links_up__depth")
        .values_list("pk", "links_up__ancestor", "links_up__ancestor__level")
    )
    for pk, ancestor, level in rows:
        chain = chains.setdefault(pk, [])
        if level or pk == ancestor:
            chain.append(ancestor)
    return chains.__getitem__


def _every_chain() -> Above:
    """Return the same for all places: one number and a parent for each are held, no more."""
    parents = dict(Place.objects.filter(level__gt=1).values_list("pk", "parent_id").iterator())

    @cache
    def above(place: int) -> Sequence[int]:
        parent = parents.get(place)
        return (place,) if parent is None else (place, *above(parent))

    return above


def _keep(found: Iterable[Pair], known: QuerySet[Overlap], line: Line, *, at: datetime) -> int:
    """Bring what is stored in step with what was found; return how much changed."""
    columns = ("first_id", "second_id", "levels", "days", "likeness", "score")
    stored = {
        (row[0], row[1]): (row[-2], row[-1], row[:-2])
        for row in known.values_list(*columns, "pk", "state").iterator(_BATCH)
    }
    spoken = {frozenset(two) for two, (_pk, state, _row) in stored.items() if state != "new"}
    changes = _Changes()
    for pair in found:
        pk, _state, row = stored.pop((pair.first, pair.second), (None, "", ()))
        if pk is not None and row != tuple(pair):
            changes.changed.append((*pair[2:], pk))
        elif pk is None and not (spoken and frozenset((pair.first, pair.second)) in spoken):
            changes.fresh.append(pair)
    changes.gone = [pk for pk, state, _row in stored.values() if state == OverlapState.NEW]
    changes.write(line, at=at)
    return len(changes.fresh) + len(changes.changed) + len(changes.gone)


# A full run writes hundreds of thousands; rows of the ORM would take longer than finding them.
_INSERT = """
INSERT INTO plans_overlap
    (first_id, second_id, levels, days, likeness, score, theme, audience, found_at, state)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'new')
ON CONFLICT (first_id, second_id) DO NOTHING
"""
_UPDATE = "UPDATE plans_overlap SET levels = %s, days = %s, likeness = %s, score = %s WHERE id = %s"


@dataclass
class _Changes:
    """What must be written so that the stored pairs are those that were found."""

    fresh: list[Pair] = field(default_factory=list)
    changed: list[tuple[int, ...]] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)

    def write(self, line: Line, *, at: datetime) -> None:
        moment = connection.ops.adapt_datetimefield_value(at)
        rest = (line.theme, line.audience, moment)
        with connection.cursor() as cursor:
            if self.fresh:
                cursor.executemany(_INSERT, [(*pair, *rest) for pair in self.fresh])
            if self.changed:
                cursor.executemany(_UPDATE, self.changed)
        for start in range(0, len(self.gone), _BATCH):
            Overlap.objects.filter(pk__in=self.gone[start : start + _BATCH]).delete()


@transaction.atomic
def settle_overlap(
    overlap: Overlap,
    outcome: Outcome,
    words: str,
    *,
    organisation: Organisation,
    by: Actor,
    at: datetime,
) -> None:
    """Say how two bodies go on with what overlaps, in a sentence both can read."""
    overlap.state = OverlapState(outcome.value)
    overlap.settled_words, overlap.settled_by, overlap.settled_at = words, organisation, at
    overlap.save(update_fields=["state", "settled_words", "settled_by", "settled_at"])
    detail = {"outcome": outcome.value, "other": overlap.first_id}
    record(by, "plans.overlap_settle", overlap.second, at=at, detail=detail)
