"""What every country is built of: rows, polygons, and how they find each other."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pycountry
from shapely.geometry.base import BaseGeometry

from placebuild import shapes, sources
from placebuild.sources import plain


@dataclass
class Row:
    """One line of places.csv."""

    code: str
    level: int
    kind: str
    name: str
    parent: str = ""
    former_parent: str = ""
    former_until: str = ""
    iso: str = ""
    national_code: str = ""
    names: dict[str, str] = field(default_factory=dict)
    latitude: float | None = None
    longitude: float | None = None
    population: int | None = None
    valid_from: str = ""
    valid_to: str = ""


@dataclass
class Country:
    """The rows of a country, its smallest polygons, and how these are drawn."""

    rows: list[Row]
    polygons: dict[str, BaseGeometry]
    tolerance: float
    smallest: float = 0.002
    areas: dict[str, list[str]] = field(default_factory=dict)
    """Codes of areas to dissolve, each with the codes of its polygons."""
    outline_only: bool = False
    """True if the polygons are of an older division and only serve for the outline."""


def first_level(country: str, kind: str) -> list[Row]:
    """Return the country and its ISO 3166-2 subdivisions that belong to no other one."""
    rows = [Row(country, 0, "country", "", iso=country.upper())]
    for unit in pycountry.subdivisions.get(country_code=country.upper()):
        if unit.parent_code is None:
            # The dagger marks the municipalities that make up the city of Skopje.
            name = unit.name.replace("†", "").strip()
            code, national = unit.code.lower(), unit.code.split("-")[1]
            rows.append(Row(code, 1, kind, name, country, iso=unit.code, national_code=national))
    return rows


def joined(folder: Path, country: str, rows: Iterable[Row]) -> dict[str, BaseGeometry]:
    """Give each polygon the code of the row with its name; merge the polygons of one code."""
    codes = {plain(row.name): row.code for row in rows}
    renamed = {
        line["polygon"]: line["code"]
        for line in sources.own_table("polygons")
        if line["country"] == country
    }
    found: dict[str, list[BaseGeometry]] = defaultdict(list)
    for name, fips, polygon in shapes.read_topojson(sources.topojson(folder, country)):
        area = f"{name} {'large' if polygon.area > SPLIT else 'small'}"
        code = renamed.get(area) or renamed.get(name) or codes.get(plain(name))
        if code is None:
            message = f"No place of {country} is called {name!r} ({fips}): add it to the table."
            raise LookupError(message)
        found[code].append(polygon)
    return {code: shapes.dissolved(parts) for code, parts in found.items()}


SPLIT = 0.25
"""Square degrees that tell a province or district from the city of the same name."""


def point(row: Row, place: dict[str, Any]) -> None:
    row.latitude, row.longitude = place["latitude"], place["longitude"]


def put_by_hand(rows: Iterable[Row]) -> None:
    """Set the points that no source has, or has wrong."""
    points = {line["code"]: line for line in sources.own_table("points")}
    for row in rows:
        if row.code in points:
            row.latitude = float(points[row.code]["latitude"])
            row.longitude = float(points[row.code]["longitude"])


def cities(folder: Path, country: str) -> list[Row]:
    """Return the cities listed by hand, each with its point from the gazetteer."""
    known = sources.gazetteer(folder, country)
    rows = []
    for line in sources.own_table("cities"):
        if not line["code"].startswith(f"{country}-"):
            continue
        row = Row(line["code"], 2, line["kind"], line["name"], line["code"][:5])
        row.names = {key: line[key] for key in ("en", "fr", "ar") if line[key]}
        if country != "my":
            # The official spelling says little to a reader of these; they know the English one.
            row.names |= dict.fromkeys(("id", "ms", "fil"), line["en"])
        if line["gazetteer"][0].isdigit():
            row.latitude, row.longitude = map(float, line["gazetteer"].split())
        else:
            point(row, known[plain(line["gazetteer"])][0])
        rows.append(row)
    return rows
