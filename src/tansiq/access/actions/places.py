"""Loading tables and outlines of places, from the files we ship or from an administrator."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db import connection, transaction
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.events import places_moved
from tansiq.access.log import record
from tansiq.access.models import FormerParent, Place, PlaceLink, PlaceShape
from tansiq.access.place_files.shapes import Geometry
from tansiq.access.place_files.tables import MAX_DEPTH, OPTIONAL, REQUIRED, PlaceRow

T = TypeVar("T")

# What a row says of a place itself; parent and level follow from the whole tree.
FIELDS = (
    "kind",
    "iso",
    "national_code",
    "name",
    "names",
    "latitude",
    "longitude",
    "population",
    "valid_from",
    "valid_to",
)
# What hangs on a place only to describe it, and may go with it.
OWN = (PlaceLink, PlaceShape)

_LINKS_TO_ALL_ABOVE = """
INSERT INTO access_placelink (ancestor_id, place_id, depth)
SELECT above.ancestor_id, place.id, above.depth + 1
FROM access_place place JOIN access_placelink above ON above.place_id = place.parent_id
WHERE place.country_code = %s AND place.level = %s
AND NOT EXISTS (SELECT 1 FROM access_placelink own WHERE own.place_id = place.id)
"""
_LINKS_TO_ITSELF = """
INSERT INTO access_placelink (ancestor_id, place_id, depth)
SELECT place.id, place.id, 0 FROM access_place place
WHERE place.country_code = %s AND place.level = %s AND NOT EXISTS (
    SELECT 1 FROM access_placelink own WHERE own.place_id = place.id AND own.depth = 0)
"""


class PlacesRefusedError(Exception):
    """The places cannot be loaded as they are; the message says why. Nothing was saved."""


@dataclass(frozen=True)
class LoadedPlaces:
    """How many places one loading added, changed, moved to another parent, closed, removed."""

    added: int = 0
    changed: int = 0
    moved: int = 0
    closed: int = 0
    removed: int = 0


@transaction.atomic
def load_places(
    rows: Iterable[PlaceRow],
    *,
    by: Actor,
    at: datetime,
    columns: Collection[str] = (*REQUIRED, *OPTIONAL),
    complete: bool = False,
) -> LoadedPlaces:
    """Add the places of a table and bring those that are there up to date.

    Only `columns` are overwritten in places that are there. With `complete` the table lists
    every place of its countries: those it lacks are removed if nothing refers to them, else
    they end the day before. Loading the same table again changes nothing.

    Raises PlacesRefusedError if parents are missing or run in a circle.
    """
    tree = _Tree(list(rows))
    fields = [name for name in FIELDS if name in columns]
    levels = tree.levels()
    added = tree.add_new(levels)
    moved, changed = tree.change_standing(levels, fields)
    if added or moved:
        _relink(tree, tree.below(moved) - added)
    former = _keep_former_parents(tree)
    closed, removed = _end_missing(tree, on=at.date()) if complete else (0, 0)
    if moved:
        ids = [tree.standing[code].pk for code in sorted(tree.below(moved))]
        places_moved.send(sender=Place, place_ids=ids)
    loaded = LoadedPlaces(len(added), len(changed), len(moved), closed, removed)
    if former or loaded != LoadedPlaces():
        detail = asdict(loaded) | {"countries": sorted(tree.countries)}
        record(by, "access.load_places", None, at=at, detail=detail)
    return loaded


@transaction.atomic
def load_shapes(shapes: Mapping[str, Geometry], *, by: Actor, at: datetime) -> int:
    """Set the outlines of places by code; return how many were added or changed.

    Raises PlacesRefusedError if a code is unknown.
    """
    places: dict[str, int] = {}
    for codes in _batches(sorted(shapes)):
        places |= Place.objects.filter(code__in=codes).values_list("code", "pk")
    unknown = sorted(set(shapes) - set(places))
    if unknown:
        message = _("No place has the code “%(code)s”. Load the table of places first.")
        raise PlacesRefusedError(message % {"code": unknown[0]})
    changed = [
        PlaceShape(place_id=places[code], geometry=shapes[code])
        for code in _differing(shapes, places)
    ]
    if changed:
        PlaceShape.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["place"], update_fields=["geometry"]
        )
        record(by, "access.load_shapes", None, at=at, detail={"changed": len(changed)})
    return len(changed)


def _differing(shapes: Mapping[str, Geometry], places: Mapping[str, int]) -> Iterator[str]:
    # A few at a time: all outlines of a country at once would be a lot of memory.
    for codes in _batches(sorted(shapes), 50):
        standing = dict(
            PlaceShape.objects.filter(place__in=[places[code] for code in codes]).values_list(
                "place_id", "geometry"
            )
        )
        yield from (code for code in codes if standing.get(places[code]) != shapes[code])


class _Tree:
    """The places of the countries in a table: what stands, and what the table makes of it."""

    def __init__(self, rows: list[PlaceRow]) -> None:
        self.rows = {row.code: row for row in rows}
        self.countries = {row.country_code for row in rows}
        standing = Place.objects.filter(country_code__in=self.countries).order_by("level", "pk")
        self.standing = {place.code: place for place in standing.select_for_update()}
        codes = {place.pk: place.code for place in self.standing.values()}
        self.parents_before = {
            place.code: codes.get(place.parent_id or 0, "") for place in self.standing.values()
        }
        self.parents = self.parents_before | {row.code: row.parent for row in rows}
        self.children: dict[str, list[str]] = {}
        for code, parent in self.parents.items():
            self.children.setdefault(parent, []).append(code)

    def levels(self) -> dict[str, int]:
        """Return the level of every place. Raises PlacesRefusedError if one hangs nowhere."""
        levels = dict.fromkeys(self.children.get("", []), 0)
        waiting = list(levels)
        while waiting:
            parent = waiting.pop()
            for code in self.children.get(parent, []):
                levels[code] = levels[parent] + 1
                waiting.append(code)
        lost = sorted(set(self.parents) - set(levels))
        if lost:
            message = _("The parents of %(code)s are missing or run in a circle.")
            raise PlacesRefusedError(message % {"code": lost[0]})
        if max(levels.values(), default=0) > MAX_DEPTH:
            raise PlacesRefusedError(_("Places may be at most 10 levels deep."))
        return levels

    def below(self, codes: Iterable[str]) -> set[str]:
        """Return these places and everything below them."""
        found, waiting = set(codes), list(codes)
        while waiting:
            fresh = [code for code in self.children.get(waiting.pop(), []) if code not in found]
            found.update(fresh)
            waiting += fresh
        return found

    def add_new(self, levels: Mapping[str, int]) -> set[str]:
        """Save the places that are not there yet, parents first; return their codes."""
        added = set(self.rows) - set(self.standing)
        for level in sorted({levels[code] for code in added}):
            places = [self._made(code, level) for code in sorted(added) if levels[code] == level]
            for place in Place.objects.bulk_create(places):
                self.standing[place.code] = place
        return added

    def _made(self, code: str, level: int) -> Place:
        row = self.rows[code]
        place = Place(code=code, country_code=row.country_code, level=level)
        for name in FIELDS:
            setattr(place, name, getattr(row, name))
        place.parent = self.standing.get(row.parent)
        return place

    def change_standing(
        self, levels: Mapping[str, int], fields: Sequence[str]
    ) -> tuple[set[str], set[str]]:
        """Bring what stands up to date; return the codes of what moved and of all that changed."""
        moved = {code for code, was in self.parents_before.items() if was != self.parents[code]}
        changed = {
            code
            for code in self.parents_before
            if code in moved
            or levels[code] != self.standing[code].level
            or self._differs(code, fields)
        }
        for code in changed:
            self._update(self.standing[code], levels[code], fields)
        # Without their keys, so that nothing but the code can be in conflict.
        copies = [_copy_of(self.standing[code]) for code in sorted(changed)]
        if copies:
            Place.objects.bulk_create(
                copies,
                update_conflicts=True,
                unique_fields=["code"],
                update_fields=["parent", "level", *fields],
            )
        return moved, changed

    def _differs(self, code: str, fields: Sequence[str]) -> bool:
        place, row = self.standing[code], self.rows.get(code)
        return row is not None and any(
            getattr(place, name) != getattr(row, name) for name in fields
        )

    def _update(self, place: Place, level: int, fields: Sequence[str]) -> None:
        row = self.rows.get(place.code)
        place.level = level
        place.parent = self.standing.get(self.parents[place.code])
        for name in fields if row else ():
            setattr(place, name, getattr(row, name))


def _copy_of(place: Place) -> Place:
    values = {field.attname: getattr(place, field.attname) for field in Place._meta.concrete_fields}
    return Place(**(values | {"id": None}))


def _relink(tree: _Tree, stale: Collection[str]) -> None:
    """Make the links of new and moved places, level by level, each from those of its parent."""
    for pks in _batches(sorted(tree.standing[code].pk for code in stale)):
        PlaceLink.objects.filter(place__in=pks).delete()
    with connection.cursor() as cursor:
        for country in sorted(tree.countries):
            for level in range(MAX_DEPTH + 1):
                cursor.execute(_LINKS_TO_ALL_ABOVE, [country, level])
                cursor.execute(_LINKS_TO_ITSELF, [country, level])


def _keep_former_parents(tree: _Tree) -> int:
    """Write down where places belonged before; return how many entries are new or corrected."""
    known = {
        (entry.place_id, entry.until): entry.parent_id
        for entry in FormerParent.objects.filter(place__country_code__in=tree.countries)
    }
    fresh = []
    for row in tree.rows.values():
        if row.former_parent and row.former_until:
            if row.former_parent not in tree.standing:
                message = _("The former parent %(code)s is not in the table. Add it.")
                raise PlacesRefusedError(message % {"code": row.former_parent})
            place, parent = tree.standing[row.code].pk, tree.standing[row.former_parent].pk
            if known.get((place, row.former_until)) != parent:
                entry = FormerParent(place_id=place, parent_id=parent, until=row.former_until)
                fresh.append(entry)
    FormerParent.objects.bulk_create(
        fresh, update_conflicts=True, unique_fields=["place", "until"], update_fields=["parent"]
    )
    return len(fresh)


def _end_missing(tree: _Tree, *, on: date) -> tuple[int, int]:
    """End or remove the places a complete table lacks; return how many of each."""
    last = on - timedelta(days=1)
    missing = {
        place.pk: place
        for code, place in tree.standing.items()
        if place.level > 0
        and code not in tree.rows
        and (place.valid_to is None or place.valid_to > last)
    }
    kept = _referred_to(missing)
    for place in sorted(tree.standing.values(), key=lambda place: -place.level):
        stays = place.pk in kept or place.pk not in missing
        if stays and place.parent_id in missing:
            kept.add(place.parent_id)
    for pk in kept:
        missing[pk].valid_to = max(last, missing[pk].valid_from or last)
    Place.objects.bulk_update([missing[pk] for pk in kept], ["valid_to"], batch_size=500)
    unused = sorted(set(missing) - kept, key=lambda pk: -missing[pk].level)
    for pks in _batches(unused):
        Place.objects.filter(pk__in=pks).delete()
    return len(kept), len(unused)


def _referred_to(places: Collection[int]) -> set[int]:
    """Return which of these places anything in any part of the platform refers to.

    Places below them do not count here.
    """
    found: set[int] = set()
    fields: list[Any] = [*Place._meta.get_fields(include_hidden=True)]
    for relation in fields:
        if relation.concrete or not (relation.one_to_many or relation.one_to_one):
            continue
        model, name = relation.related_model, relation.field.name
        if model in {Place, *OWN} or (model is FormerParent and name == "place"):
            continue
        for pks in _batches(sorted(places)):
            used = model._meta.base_manager.filter(**{f"{name}__in": pks})
            found.update(used.values_list(f"{name}_id", flat=True))
    return found


def _batches(items: Sequence[T], size: int = 500) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
