"""The eight countries, and the rows and polygons of the six smaller lists."""

import re
from collections import defaultdict
from pathlib import Path

import pycountry

from placebuild import shapes, sources
from placebuild.indonesia import indonesia
from placebuild.parts import Country, Row, cities, first_level, joined, point
from placebuild.philippines import philippines
from placebuild.sources import plain


def malaysia(folder: Path) -> Country:
    rows = first_level("my", "state")
    for row in rows:
        if row.name.startswith("Wilayah Persekutuan"):
            row.kind = "federal_territory"
    return Country(rows + cities(folder, "my"), joined(folder, "my", rows), tolerance=0.015)


def kenya(folder: Path) -> Country:
    rows = first_level("ke", "county")
    counties = {plain(line["name"]): line for line in sources.kenya(folder)}
    for row in rows[1:]:
        line = counties[plain(row.name.removesuffix(" City"))]
        point(row, line)
        # Kenya numbers its counties in another order than ISO 3166-2 does.
        row.national_code, row.population = line["code"].removeprefix("KE"), line["population"]
    outline = {
        f"ke-{plain(name)}": polygon
        for name, _, polygon in shapes.read_topojson(sources.topojson(folder, "ke"))
    }
    return Country(rows, outline, tolerance=0.015, outline_only=True)


def lebanon(folder: Path) -> Country:
    rows = first_level("lb", "governorate")
    towns = cities(folder, "lb")
    for row in rows:
        seats = {
            "lb-ak": "lb-ak-halba",
            "lb-bh": "lb-bh-baalbek",
            "lb-as": "lb-as-tripoli",
            "lb-bi": "lb-bi-zahle",
        }
        for town in towns:
            if town.code == seats.get(row.code):
                row.latitude, row.longitude = town.latitude, town.longitude
    return Country(rows + towns, joined(folder, "lb", rows), tolerance=0.004)


def jordan(folder: Path) -> Country:
    rows = first_level("jo", "governorate")
    return Country(rows + cities(folder, "jo"), joined(folder, "jo", rows), tolerance=0.008)


CYRILLIC = dict(zip("abvgdežzijklmnoprstufhcčš", "абвгдежзијклмнопрстуфхцчш", strict=True))
PAIRS = {"dž": "џ", "dz": "ѕ", "gj": "ѓ", "kj": "ќ", "lj": "љ", "nj": "њ"}


def _in_cyrillic(name: str) -> str:
    """Write a Macedonian name in Cyrillic; the official Latin spelling allows no choice."""
    words = []
    for word in re.split(r"([ -])", name):
        letters = word.lower()
        for latin, cyrillic in PAIRS.items():
            letters = letters.replace(latin, cyrillic)
        letters = "".join(CYRILLIC.get(letter, letter) for letter in letters)
        words.append(letters if letters == "и" else letters[:1].upper() + letters[1:])
    return "".join(words)


def macedonia(folder: Path) -> Country:
    rows = first_level("mk", "municipality")
    for row in rows[1:]:
        row.names = {"mk": _in_cyrillic(row.name)}
    return Country(rows, joined(folder, "mk", rows), tolerance=0.006)


def uganda(folder: Path) -> Country:
    rows = first_level("ug", "region")
    for unit in pycountry.subdivisions.get(country_code="UG"):
        if unit.parent_code:
            kind = "city" if unit.type == "City" else "district"
            national = unit.code.split("-")[1]
            rows.append(
                Row(
                    unit.code.lower(),
                    2,
                    kind,
                    unit.name,
                    unit.parent_code.lower(),
                    iso=unit.code,
                    national_code=national,
                )
            )
    districts = [row for row in rows if row.kind != "country" and row.parent != "ug"]
    polygons = joined(folder, "ug", districts)
    known = sources.gazetteer(folder, "ug")
    areas: dict[str, list[str]] = defaultdict(list)
    for row in districts:
        if row.code in polygons:
            areas[row.parent].append(row.code)
        elif town := known.get(plain(row.name)):
            point(row, town[0])
    return Country(rows, polygons, tolerance=0.022, areas=dict(areas))


COUNTRIES = {
    "id": indonesia,
    "ph": philippines,
    "my": malaysia,
    "ke": kenya,
    "lb": lebanon,
    "jo": jordan,
    "mk": macedonia,
    "ug": uganda,
}
