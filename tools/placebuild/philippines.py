"""The Philippines: regions, provinces, cities and municipalities, and what moved when."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import pycountry

from placebuild import sources
from placebuild.parts import Country, Row, joined, point
from placebuild.sources import plain

PROVINCES = 2

REGIONS = {
    "01": "ph-01",
    "02": "ph-02",
    "03": "ph-03",
    "04": "ph-40",
    "05": "ph-05",
    "06": "ph-06",
    "07": "ph-07",
    "08": "ph-08",
    "09": "ph-09",
    "10": "ph-10",
    "11": "ph-11",
    "12": "ph-12",
    "13": "ph-00",
    "14": "ph-15",
    "16": "ph-13",
    "17": "ph-41",
    "18": "ph-1800000000",
    "19": "ph-14",
}
MOVED = {
    "ph-nec": ("ph-06", "2024-06-10"),
    "ph-1830200000": ("ph-06", "2024-06-10"),
    "ph-ner": ("ph-07", "2024-06-10"),
    "ph-sig": ("ph-07", "2024-06-10"),
    "ph-slu": ("ph-14", "2025-07-29"),
}
PROVINCE_ISO = {
    "cotabato": "PH-NCO",
    "samar": "PH-WSA",
    "occidentalmindoro": "PH-MDC",
    "orientalmindoro": "PH-MDR",
}


def philippines(folder: Path) -> Country:
    rows = [Row("ph", 0, "country", "", iso="PH")]
    for line in sources.philippines("regions"):
        code = REGIONS[line["psgc_code"][:2]]
        row = _from_psgc(code, "region", line, parent=rows[0])
        row.iso = code.upper() if len(code) == len("ph-00") else ""
        row.valid_from = "2024-06-11" if code == "ph-1800000000" else ""
        rows.append(row)
    parents = _provinces(rows)
    _cities_and_municipalities(rows, parents)
    for row in rows:
        row.former_parent, row.former_until = MOVED.get(
            row.code, (row.former_parent, row.former_until)
        )
    polygons = joined(folder, "ph", [row for row in rows if row.level == PROVINCES])
    upper = {row.code: row.parent for row in rows}
    areas: dict[str, list[str]] = defaultdict(list)
    for code in polygons:
        areas[upper[code]].append(code)
    return Country(rows, polygons, tolerance=0.032, smallest=0.003, areas=dict(areas))


def _from_psgc(code: str, kind: str, line: dict[str, Any], *, parent: Row) -> Row:
    row = Row(code, parent.level + 1, kind, line["name"], parent.code)
    row.national_code = line["psgc_code"]
    row.population = line["population"]
    point(row, line["coordinate"])
    return row


def _provinces(rows: list[Row]) -> dict[str, Row]:
    """Add the provinces; return for each PSGC code what its cities hang on."""
    iso = {
        plain(unit.name): unit.code
        for unit in pycountry.subdivisions.get(country_code="PH")
        if unit.parent_code
    } | PROVINCE_ISO
    regions = {row.code: row for row in rows}
    parents = {}
    for line in sources.philippines("provinces"):
        region = regions[REGIONS[line["region_code"][:2]]]
        if line["name"] == "Special Geographic Area":
            row = _from_psgc(f"ph-{line['psgc_code']}", "other", line, parent=region)
        elif line.get("is_pseudo"):
            # A city outside any province: it hangs on the region itself.
            parents[line["psgc_code"]] = region
            continue
        else:
            found = iso[plain(line["name"])]
            row = _from_psgc(found.lower(), "province", line, parent=region)
            row.iso = found
        row.valid_from = "2022-09-18" if row.code in {"ph-mgn", "ph-mgs"} else ""
        parents[line["psgc_code"]] = row
        rows.append(row)
    former = Row(
        "ph-mag", 2, "province", "Maguindanao", "ph-14", iso="PH-MAG", national_code="1903800000"
    )
    former.valid_to = "2022-09-17"
    rows.append(former)
    return parents


def _cities_and_municipalities(rows: list[Row], parents: dict[str, Row]) -> None:
    kinds = {"City": "city", "Mun": "municipality", "SubMun": "sub_municipality"}
    for line in sources.philippines("cities"):
        kind = kinds[line["geographic_level"]]
        parent = parents[line["province_code"]]
        if kind == "sub_municipality":
            parent = next(row for row in rows if row.name == "City of Manila")
        row = _from_psgc(f"ph-{line['psgc_code']}", kind, line, parent=parent)
        if row.name.startswith("City of "):
            short = row.name.removeprefix("City of ")
            row.names = {"en": f"{short} City", "fil": f"Lungsod ng {short}"}
        if parent.code in {"ph-mgn", "ph-mgs"}:
            row.former_parent, row.former_until = "ph-mag", "2022-09-17"
        if parent.kind == "other":
            row.valid_from = "2024-04-13"
        rows.append(row)
