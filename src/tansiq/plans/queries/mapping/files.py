"""A map as files: GeoJSON for other maps, rows for a spreadsheet."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from tansiq.access.models import Place, PlaceShape
from tansiq.core.geometry import right_handed
from tansiq.plans.queries.mapping.page import MapPage, Row

_LANGUAGES = [code for code, _name in settings.LANGUAGES]


def geojson_of(shown: MapPage) -> dict[str, Any]:
    """Return exactly what the map shows as a FeatureCollection (RFC 7946).

    A place without an outline is a point; one without either has no geometry, as the standard
    allows, so that no value is lost.
    """
    shapes = dict(
        PlaceShape.objects.filter(place__in=[row.place.pk for row in shown.rows])
        .order_by()
        .values_list("place_id", "geometry")
    )
    return {
        "type": "FeatureCollection",
        "title": shown.layer.title,
        "plan": shown.plan.title,
        "measure": shown.topic.key,
        "unit": shown.layer.unit,
        "level": shown.level,
        "as_of": shown.as_of.isoformat(),
        "features": [_feature(row, shapes.get(row.place.pk), shown) for row in shown.rows],
    }


def _feature(row: Row, geometry: dict[str, Any] | None, shown: MapPage) -> dict[str, Any]:
    place, value = row.place, row.value
    period = shown.moment.period
    return {
        "type": "Feature",
        "id": place.code,
        "geometry": _geometry_of(place, geometry),
        "properties": {
            "code": place.code,
            "iso": place.iso or None,
            "name": place.name,
            "names": names_of(place),
            "level": place.level,
            "value": _number(value.number),
            "words": value.words or None,
            "too_few": value.is_few,
            "base": value.base if value.of else None,
            "of": value.of or None,
            "from": period.starts_on.isoformat() if period else None,
            "as_of": shown.as_of.isoformat(),
        },
    }


def names_of(place: Place) -> dict[str, str]:
    """Return the names of a place in the languages of the platform, where they are known."""
    return {code: str(place.names[code]) for code in _LANGUAGES if place.names.get(code)}


def _geometry_of(place: Place, geometry: dict[str, Any] | None) -> dict[str, Any] | None:
    if geometry:
        return right_handed(geometry)
    if place.latitude is None or place.longitude is None:
        return None
    return {"type": "Point", "coordinates": [place.longitude, place.latitude]}


def _number(number: Any) -> int | float | None:
    """Return a number as JSON has it: whole where it is whole."""
    if number is None:
        return None
    return int(number) if number == int(number) else float(number)


def table_of(shown: MapPage) -> Iterable[list[Any]]:
    """Return one row a place: code, name, value, words, base, of, as of."""
    day = shown.as_of
    for row in shown.rows:
        number = row.value.number
        yield [
            row.place.code,
            row.place.name,
            "" if number is None else f"{number:f}",
            row.value.words,
            row.value.base if row.value.of else "",
            row.value.of or "",
            day.isoformat(),
        ]


def tags_of(shown: MapPage) -> list[str]:
    """Return the HXL tags of these columns."""
    where = f"#adm{shown.level}" if shown.level else "#country"
    return [
        f"{where}+code",
        f"{where}+name",
        "#indicator+value+num",
        "#indicator+value+text",
        "#meta+base+num",
        "#meta+expected+num",
        "#date+as_of",
    ]
