"""Outlines of places: GeoJSON in, polygons by code and problems out."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from tansiq.access.place_files.problems import Problems, UnreadableFileError, text_of

MAX_FEATURES = 10_000
MAX_RING = 50_000
# Counted before parsing, so that a small file cannot become a mountain of objects in memory.
MAX_BRACKETS = 1_500_000
MAX_COMMAS = 3_000_000
DECIMALS = 5
SMALLEST_RING = 4
EAST, NORTH = 180, 90

# Where the code of a place stands in the files of statistical offices and mapping projects.
CODE_PROPERTIES = (
    "code",
    "shapeISO",
    "iso_3166_2",
    "ADM4_PCODE",
    "ADM3_PCODE",
    "ADM2_PCODE",
    "ADM1_PCODE",
    "ADM0_PCODE",
)
WGS84 = ("CRS84", "EPSG::4326", "EPSG:4326")

Ring = list[list[float]]
Geometry = dict[str, Any]


class _ShapeFaultError(ValueError):
    """One outline cannot be used; the message says why."""


@dataclass(frozen=True)
class Shapes:
    """Geometry by the code of its place, and what is wrong with the rest."""

    shapes: dict[str, Geometry]
    problems: Problems


def read_shapes(content: bytes, *, known: Mapping[str, str]) -> Shapes:
    """Read a GeoJSON feature collection of areas in WGS 84.

    `known` leads from anything that names a place (its code, its ISO or national code) to its
    code. Raises UnreadableFileError if the file as a whole cannot be read.
    """
    problems = Problems()
    shapes: dict[str, Geometry] = {}
    for number, feature in enumerate(_features(content), start=1):
        where = _("Feature %(number)s") % {"number": number}
        try:
            code = _code_of(feature, known, taken=shapes)
            where = f"{where} ({code})"
            shapes[code] = _geometry(feature.get("geometry"))
        except _ShapeFaultError as fault:
            problems.add(where, str(fault))
    return Shapes(shapes, problems)


def _features(content: bytes) -> list[Any]:
    text = text_of(content)
    if content.count(b"[") + content.count(b"{") > MAX_BRACKETS or content.count(b",") > MAX_COMMAS:
        raise UnreadableFileError(
            _("The outlines have too many points. Simplify them to about 100 metres.")
        )
    try:
        found = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as fault:
        raise UnreadableFileError(
            _("The file is not valid JSON. Export it again as GeoJSON.")
        ) from fault
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        raise UnreadableFileError(_("The file is not a GeoJSON feature collection."))
    crs = json.dumps(found.get("crs"))
    if found.get("crs") is not None and not any(name in crs for name in WGS84):
        raise UnreadableFileError(_("The coordinates are not in WGS 84. Export them as EPSG:4326."))
    features = found.get("features")
    if not isinstance(features, list) or len(features) > MAX_FEATURES:
        raise UnreadableFileError(_("The file must hold a list of at most 10,000 features."))
    return features


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def _code_of(feature: Any, known: Mapping[str, str], *, taken: Mapping[str, Any]) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        raise _ShapeFaultError(_("This is not a feature with properties."))
    stated = next((properties[key] for key in CODE_PROPERTIES if properties.get(key)), None)
    if isinstance(stated, int):
        stated = str(stated)
    if not isinstance(stated, str):
        raise _ShapeFaultError(_("Give it the property “code” with the code of its place."))
    code = known.get(stated) or known.get(stated.strip().lower())
    if code is None:
        raise _ShapeFaultError(
            _("No place has the code “%(code)s”. Load the table of places first.")
            % {"code": stated[:40]}
        )
    if code in taken:
        raise _ShapeFaultError(
            _("The place %(code)s is there twice. Merge its areas into one.") % {"code": code}
        )
    return code


def _geometry(geometry: Any) -> Geometry:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in {"Polygon", "MultiPolygon"}:
        raise _ShapeFaultError(_("Only areas can be used: Polygon or MultiPolygon."))
    coordinates = geometry.get("coordinates")
    if kind == "Polygon":
        return {"type": kind, "coordinates": _rings(coordinates)}
    return {"type": kind, "coordinates": [_rings(part) for part in _filled(coordinates)]}


def _rings(part: Any) -> list[Ring]:
    return [_ring(ring) for ring in _filled(part)]


def _filled(value: Any) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise _ShapeFaultError(_("The outline has no corners."))
    return value


def _ring(value: Any) -> Ring:
    if len(_filled(value)) > MAX_RING:
        raise _ShapeFaultError(
            _("One ring has more than 50,000 corners. Simplify the outline to about 100 metres.")
        )
    ring = [_corner(corner) for corner in value]
    if len(ring) < SMALLEST_RING or ring[0] != ring[-1]:
        raise _ShapeFaultError(
            _("A ring needs at least four corners, and the last must equal the first.")
        )
    if _area(ring) == 0:
        raise _ShapeFaultError(_("A ring encloses nothing. Remove it."))
    return ring


def _corner(value: Any) -> list[float]:
    # A third number is a height, which an outline does not need.
    if not isinstance(value, list) or len(value) not in {2, 3}:
        raise _ShapeFaultError(_("A corner is not a pair of longitude and latitude."))
    longitude, latitude = value[0], value[1]
    for number in (longitude, latitude):
        if type(number) not in {int, float}:
            raise _ShapeFaultError(_("A corner is not a pair of longitude and latitude."))
    if abs(longitude) > EAST or abs(latitude) > NORTH:
        raise _ShapeFaultError(
            _("A corner lies outside the world. Export the file in WGS 84 (EPSG:4326), in degrees.")
        )
    return [round(float(longitude), DECIMALS), round(float(latitude), DECIMALS)]


def _area(ring: Ring) -> float:
    doubled = math.fsum(one[0] * two[1] - two[0] * one[1] for one, two in pairwise(ring))
    return abs(doubled) / 2
