"""GeoJSON shapes as paths on paper: a plain projection, without a map library."""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Point = tuple[float, float]
_MARGIN = 8.0
_POLYGONS = {"Polygon": 1, "MultiPolygon": 2}
# Islands smaller than this many square units of the drawing are not worth their bytes.
_SPECK = 0.35


@dataclass(frozen=True)
class Shape:
    """One place on the drawing: a path, or a point only; and where a label may stand."""

    code: str
    name: str
    path: str
    at: Point
    room: float


@dataclass(frozen=True)
class Outline:
    """A country drawn once, to be coloured many times. Keep it: making it costs milliseconds."""

    width: int
    height: int
    shapes: tuple[Shape, ...]


def outline(features: Iterable[Mapping[str, Any]], *, width: int = 800) -> Outline:
    """Project features with `id`, `properties.name` and a geometry onto a drawing.

    A feature without a polygon is drawn as a point: give it a Point geometry, or a `point`
    among its properties. One without either is left out.
    """
    placed = [(feature, list(_rings(feature)), _point(feature)) for feature in features]
    known = [p for _, rings, _ in placed for ring in rings for p in ring]
    known += [point for _, rings, point in placed if point and not rings]
    if not known:
        return Outline(width, 0, ())
    west, east = min(x for x, _ in known), max(x for x, _ in known)
    south, north = min(y for _, y in known), max(y for _, y in known)
    shrink = math.cos(math.radians((south + north) / 2))
    scale = (width - 2 * _MARGIN) / max((east - west) * shrink, 0.01)
    # A tall country must not fill three screens: it is drawn as high as wide at most.
    scale = min(scale, (width - 2 * _MARGIN) / max(north - south, 0.01))
    left = (width - (east - west) * shrink * scale) / 2

    def project(point: Point) -> Point:
        x, y = point
        return (left + (x - west) * shrink * scale, _MARGIN + (north - y) * scale)

    shapes = []
    for feature, rings, point in placed:
        flat = [[project(p) for p in ring] for ring in rings]
        if not flat and not point:
            continue
        shapes.append(_shape(feature, flat, project(point) if point else None))
    height = round((north - south) * scale + 2 * _MARGIN)
    return Outline(width, height, tuple(shapes))


def _shape(feature: Mapping[str, Any], rings: list[list[Point]], point: Point | None) -> Shape:
    properties = feature.get("properties") or {}
    code = str(feature.get("id") or properties.get("code") or "")
    name = str(properties.get("name") or code)
    if not rings:
        return Shape(code, name, "", point or (0, 0), 0)
    widest = max(rings, key=_area)
    path = "".join(_path(ring) for ring in rings if ring is widest or _area(ring) > _SPECK)
    xs, ys = [x for x, _ in widest], [y for _, y in widest]
    room = min(max(xs) - min(xs), 2 * (max(ys) - min(ys)))
    return Shape(code, name, path, _middle(widest), room)


def _rings(feature: Mapping[str, Any]) -> Iterator[list[Point]]:
    geometry = feature.get("geometry") or {}
    depth = _POLYGONS.get(geometry.get("type", ""))
    if depth == _POLYGONS["Polygon"]:
        yield from _points(geometry["coordinates"])
    elif depth:
        for polygon in geometry["coordinates"]:
            yield from _points(polygon)


def _points(polygon: Iterable[Iterable[Any]]) -> Iterator[list[Point]]:
    for ring in polygon:
        yield [(float(point[0]), float(point[1])) for point in ring]


def _point(feature: Mapping[str, Any]) -> Point | None:
    geometry = feature.get("geometry") or {}
    found = (feature.get("properties") or {}).get("point")
    if geometry.get("type") == "Point":
        found = geometry["coordinates"]
    return (float(found[0]), float(found[1])) if found else None


def _area(ring: list[Point]) -> float:
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(x * v - u * y for (x, y), (u, v) in pairs)) / 2


def _middle(ring: list[Point]) -> Point:
    """Return the centre of gravity, which lies inside most shapes."""
    pairs = list(zip(ring, ring[1:] + ring[:1], strict=True))
    double = sum(x * v - u * y for (x, y), (u, v) in pairs)
    if not double:
        return ring[0]
    across = sum((x + u) * (x * v - u * y) for (x, y), (u, v) in pairs)
    down = sum((y + v) * (x * v - u * y) for (x, y), (u, v) in pairs)
    return (across / (3 * double), down / (3 * double))


def _path(ring: list[Point]) -> str:
    """Write a ring in steps of half a unit, relative to the point before: short and exact."""
    grid = [(round(2 * x), round(2 * y)) for x, y in ring]
    kept = [grid[0]]
    kept += [now for before, now in itertools.pairwise(grid) if now != before]
    start, steps = kept[0], []
    for (x, y), (u, v) in itertools.pairwise(kept):
        steps.append(f"{_half(u - x)} {_half(v - y)}")
    return f"M{_half(start[0])} {_half(start[1])}l{' '.join(steps)}z" if steps else ""


def _half(twice: int) -> str:
    return f"{twice / 2:g}"


def right_handed(geometry: Mapping[str, Any]) -> dict[str, Any]:
    """Return a geometry whose outer rings run counter-clockwise and whose holes run clockwise.

    RFC 7946 asks for it; what people load often runs the other way.
    """
    kind = geometry.get("type", "")
    if kind == "Polygon":
        return {"type": kind, "coordinates": _wound(geometry["coordinates"])}
    if kind == "MultiPolygon":
        return {"type": kind, "coordinates": [_wound(one) for one in geometry["coordinates"]]}
    return dict(geometry)


def _wound(polygon: Iterable[list[Any]]) -> list[list[Any]]:
    rings = []
    for number, ring in enumerate(polygon):
        turns_left = _turn(ring) > 0
        is_outer = number == 0
        rings.append(list(ring) if turns_left == is_outer else list(reversed(ring)))
    return rings


def _turn(ring: list[Any]) -> float:
    """Return twice the area of a closed ring, above zero if it runs counter-clockwise."""
    pairs = itertools.pairwise(ring)
    return float(sum(one[0] * two[1] - two[0] * one[1] for one, two in pairs))
