"""Polygons: read TopoJSON, put it on one grid, simplify neighbours together, dissolve."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon, mapping, shape
from shapely.geometry.base import BaseGeometry

DECIMALS = 3
CRACK = 0.005
"""Square degrees up to which a hole in a merged area is a fault of the source."""


def read_topojson(path: Path) -> Iterator[tuple[str, str, BaseGeometry]]:
    """Yield name, FIPS code and polygon of every unit, with coordinates on our grid."""
    topology = json.loads(path.read_text(encoding="utf-8"))
    arcs = [_unpack(arc, topology["transform"]) for arc in topology["arcs"]]
    for unit in topology["objects"]["units"]["geometries"]:
        parts = unit["arcs"] if unit["type"] == "MultiPolygon" else [unit["arcs"]]
        rings = [[_ring(indexes, arcs) for indexes in part] for part in parts]
        polygon = shape({"type": "MultiPolygon", "coordinates": rings})
        properties = unit["properties"]
        yield properties["name"], properties["fips"], polygons_of(shapely.make_valid(polygon))


def _unpack(arc: list[list[int]], transform: dict[str, Any]) -> list[tuple[float, float]]:
    # Rounding before anything else keeps the corners of neighbours equal to the last digit.
    (step_x, step_y), (origin_x, origin_y) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for delta_x, delta_y in arc:
        x, y = x + delta_x, y + delta_y
        points.append(
            (round(x * step_x + origin_x, DECIMALS), round(y * step_y + origin_y, DECIMALS))
        )
    return points


def _ring(indexes: list[int], arcs: list[list[tuple[float, float]]]) -> list[tuple[float, float]]:
    ring: list[tuple[float, float]] = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring += arc[1:] if ring else arc
    return ring


def polygons_of(geometry: BaseGeometry) -> BaseGeometry:
    """Keep the areas of a geometry and leave out lines and points that mending made."""
    areas = [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon)]
    areas += [
        inner
        for part in shapely.get_parts(geometry)
        if isinstance(part, MultiPolygon)
        for inner in part.geoms
    ]
    return MultiPolygon(areas)


def simplified(
    units: Mapping[str, BaseGeometry], *, tolerance: float, smallest: float
) -> dict[str, BaseGeometry]:
    """Simplify all units at once so that shared borders stay shared; drop tiny islets.

    The largest part of every unit stays, however small it is.
    """
    codes = sorted(units)
    together = shapely.coverage_simplify([units[code] for code in codes], tolerance)
    return {
        code: _without_islets(geometry, smallest)
        for code, geometry in zip(codes, together, strict=True)
    }


def _without_islets(geometry: BaseGeometry, smallest: float) -> BaseGeometry:
    parts = sorted(shapely.get_parts(geometry), key=lambda part: -part.area)
    kept = [part for position, part in enumerate(parts) if position == 0 or part.area >= smallest]
    return MultiPolygon(kept)


def dissolved(geometries: Iterable[BaseGeometry]) -> BaseGeometry:
    """Merge neighbours into one area. The cracks that older borders leave are closed."""
    merged = polygons_of(shapely.make_valid(shapely.union_all(list(geometries))))
    return MultiPolygon([_without_cracks(part) for part in merged.geoms])


def _without_cracks(polygon: Polygon) -> Polygon:
    holes = [hole for hole in polygon.interiors if Polygon(hole).area > CRACK]
    return Polygon(polygon.exterior, holes)


def as_geojson(geometry: BaseGeometry) -> dict[str, Any]:
    """Return plain GeoJSON: outer rings against the clock, parts in a stable order."""
    parts = [
        shapely.orient_polygons(shapely.normalize(part)) for part in shapely.get_parts(geometry)
    ]
    parts.sort(key=lambda part: (-part.area, part.bounds))
    flat = parts[0] if len(parts) == 1 else MultiPolygon(parts)
    found = mapping(flat)
    return {"type": found["type"], "coordinates": _rounded(found["coordinates"])}


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DECIMALS)
    return [_rounded(inner) for inner in value]
