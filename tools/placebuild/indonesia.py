"""Indonesia: 38 provinces, 514 regencies and cities, and where these lie."""

import re
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

import pycountry

from placebuild import sources
from placebuild.parts import Country, Row, joined, point, put_by_hand
from placebuild.sources import plain


def indonesia(folder: Path) -> Country:
    rows = [Row("id", 0, "country", "", iso="ID")]
    names = {
        plain(unit.name): unit.code
        for unit in pycountry.subdivisions.get(country_code="ID")
        if unit.parent_code
    }
    names |= {
        "dkijakarta": "ID-JK",
        "daerahistimewayogyakarta": "ID-YO",
        "papuapegunungan": "ID-PE",
    }
    provinces = {}
    for line in sources.indonesia(folder, "provinces"):
        iso = names[plain(line["name"])]
        kind = "special_region" if iso in {"ID-JK", "ID-YO"} else "province"
        row = Row(
            iso.lower(), 1, kind, line["name"].title(), "id", iso=iso, national_code=line["code"]
        )
        row.valid_from = {
            "id-ps": "2022-11-11",
            "id-pt": "2022-11-11",
            "id-pe": "2022-11-11",
            "id-pd": "2022-12-09",
        }.get(row.code, "")
        provinces[line["code"]] = row
    rows += provinces.values()
    regencies = [
        _regency(line, provinces[line["province_code"]])
        for line in sources.indonesia(folder, "regencies")
    ]
    _place_regencies(folder, regencies)
    polygons = joined(folder, "id", provinces.values())
    put_by_hand(regencies)
    # The polygons of these are missing or wider than the province is today.
    for code in ("id-ku", "id-ps", "id-pt", "id-pe", "id-pd", "id-pa", "id-pb", "id-ki"):
        province = next(row for row in rows if row.code == code)
        own = [row for row in regencies if row.parent == code]
        province.latitude = median(row.latitude or 0 for row in own)
        province.longitude = median(row.longitude or 0 for row in own)
    return Country(rows + regencies, polygons, tolerance=0.05, smallest=0.004)


def _regency(line: dict[str, str], province: Row) -> Row:
    city = line["name"].startswith("KOTA ")
    name = re.sub(r"\bDan\b", "dan", line["name"].title())
    row = Row(
        f"id-{line['code'].replace('.', '')}", 2, "city" if city else "regency", name, province.code
    )
    row.national_code = line["code"]
    short = short_name(row)
    row.names = {"en": f"{short} City" if city else f"{short} Regency"}
    if province.code in {"id-ps", "id-pt", "id-pe"}:
        row.former_parent, row.former_until = "id-pa", "2022-11-10"
    if province.code == "id-pd":
        row.former_parent, row.former_until = "id-pb", "2022-12-08"
    return row


# GeoNames numbers Indonesia's provinces in its own way.
GAZETTEER_PROVINCES = {
    line["gazetteer"]: line["national_code"] for line in sources.own_table("gazetteer_provinces")
}


def _place_regencies(folder: Path, regencies: list[Row]) -> None:
    """Give every regency a point, since no open list has any.

    A city is the town of its name. A regency is the town of its name, unless a city has that
    name too; else a place amid its districts, its islands, its villages. A district or village
    counts if its name occurs once in the province and so does the place in the gazetteer.
    """
    known: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for name, places in sources.gazetteer(folder, "id").items():
        for place in places:
            known[GAZETTEER_PROVINCES.get(place["admin1code"], ""), name].append(place)
    districts, villages = (
        _places_amid(folder, table, known) for table in ("districts", "villages")
    )
    islands = sources.islands(folder)
    taken = {short_name(row) for row in regencies if row.kind == "city"}
    for row in regencies:
        code = row.national_code
        towns = known.get((code[:2], plain(short_name(row))), [])
        if row.kind == "regency":
            large = (
                []
                if short_name(row) in taken
                else [town for town in towns if town["population"] > TOWN]
            )
            towns = large or districts[code] or islands[code] or villages[code] or towns
        else:
            towns = towns[:1]
        if towns:
            point(row, towns[0] if towns[0].get("population", 0) > TOWN else _most_central(towns))


TOWN = 10_000
"""People from which on a town of the same name is taken to be the seat."""


def short_name(row: Row) -> str:
    return re.sub(r"^(Kota|Kabupaten)( Administrasi)? ", "", row.name)


def _places_amid(
    folder: Path, table: str, known: dict[tuple[str, str], list[dict[str, Any]]]
) -> dict[str, list[dict[str, Any]]]:
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    for line in sources.indonesia(folder, table):
        owners[line["code"][:2], plain(line["name"])].add(line["code"][:5])
    amid: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for key, regencies in sorted(owners.items()):
        if len(regencies) == 1 and len(known.get(key, [])) == 1:
            amid[next(iter(regencies))].append(known[key][0])
    return amid


def _most_central(places: list[dict[str, Any]]) -> dict[str, Any]:
    def apart(place: dict[str, Any]) -> float:
        return sum(
            abs(place["latitude"] - other["latitude"])
            + abs(place["longitude"] - other["longitude"])
            for other in places
        )

    return min(places, key=lambda place: (apart(place), place["latitude"], place["longitude"]))
