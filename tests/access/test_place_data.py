"""The places that ship with Tansiq are what SOURCES.md says. Reads the files, nothing else."""

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tansiq.access.models.places import PlaceKind

PLACES = Path(__file__).parents[2] / "src/tansiq/access/data/places"
COUNTRIES = ["id", "jo", "ke", "lb", "mk", "my", "ph", "ug"]
COLUMNS = [
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
]
LANGUAGES = {"ar", "en", "fil", "fr", "id", "mk", "ms"}
TODAY = "2026-11-21"


def places(country):
    with (PLACES / country / "places.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def geometry(country):
    return json.loads((PLACES / country / "geometry.json").read_text(encoding="utf-8"))


def valid_on(rows, day, **wanted):
    return [
        row["code"]
        for row in rows
        if (row["valid_from"] or day) <= day <= (row["valid_to"] or day)
        and all(row[key] == value for key, value in wanted.items())
    ]


def faults_of_tree(rows):
    """Say which codes repeat, and which parents are missing or on the wrong level."""
    levels = {row["code"]: int(row["level"]) for row in rows}
    repeated = [code for code, times in Counter(row["code"] for row in rows).items() if times > 1]
    faults = [f"{code} is there twice" for code in repeated]
    for row in rows:
        if (int(row["level"]) == 0) is not (row["parent"] == ""):
            faults.append(f"{row['code']}: exactly the country has no parent")
        for parent in filter(None, (row["parent"], row["former_parent"])):
            if parent not in levels:
                faults.append(f"{row['code']}: {parent} does not exist")
            elif levels[parent] != int(row["level"]) - 1:
                faults.append(f"{row['code']}: {parent} is not one level up")
    return faults


def faults_of_cells(row):
    """Say what is wrong with the cells of one row, seen alone."""
    names = json.loads(row["names"])
    letters = set(names.get("ar", "")) - set(" ()-")
    point = float(row["latitude"]), float(row["longitude"])
    rules = {
        "kind": row["kind"] in PlaceKind.values,
        "code or name": row["code"] == row["code"].lower() and row["name"].strip(),
        "former parent and day": bool(row["former_parent"]) is bool(row["former_until"]),
        "names": set(names) <= LANGUAGES and all(map(str.strip, names.values())),
        "Arabic name": all("\u0600" <= letter <= "\u06ff" for letter in letters),
        "point": -12 <= point[0] <= 43 and 19 <= point[1] <= 142,
        "population": 0 < int(row["population"] or 1) < 300_000_000,
        "dates": all(is_day(row[key]) for key in ("former_until", "valid_from", "valid_to")),
    }
    return [rule for rule, holds in rules.items() if not holds]


def is_day(text):
    return text == "" or date.fromisoformat(text).isoformat() == text


def faults_of_shape(shape):
    """Say what is wrong with the rings of a polygon or of several."""
    parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    faults = [] if shape["type"] in {"Polygon", "MultiPolygon"} else ["not an area"]
    for ring in (ring for part in parts for ring in part):
        if len(ring) < 4 or ring[0] != ring[-1]:
            faults.append("open ring")
        if not all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in ring):
            faults.append("outside the world")
        if any(round(number, 3) != number for corner in ring for number in corner):
            faults.append("more than three decimals")
    return faults


def segments(shape):
    parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    rings = [ring for part in parts for ring in part]
    return Counter(
        frozenset((tuple(ring[i]), tuple(ring[i + 1])))
        for ring in rings
        for i in range(len(ring) - 1)
    )


def lone_segments(whole, parts):
    """Return the pieces of the outline of the whole that belong to no part's outline."""
    of_parts = set().union(*(segments(part) for part in parts))
    return set(segments(whole)) - of_parts


@pytest.mark.parametrize("country", COUNTRIES)
class TestEveryCountry:
    def test_columns_are_as_documented(self, country):
        assert list(places(country)[0]) == COLUMNS

    def test_tree_is_whole(self, country):
        assert faults_of_tree(places(country)) == []

    def test_cells_are_right(self, country):
        faults = {row["code"]: faults_of_cells(row) for row in places(country)}

        assert {code: found for code, found in faults.items() if found} == {}

    def test_codes_belong_to_the_country_and_iso_codes_match(self, country):
        rows = places(country)

        assert {row["code"].split("-")[0] for row in rows} == {country}
        assert [row for row in rows if row["iso"] and row["iso"].lower() != row["code"]] == []

    def test_rows_are_sorted(self, country):
        order = [(int(row["level"]), row["code"]) for row in places(country)]

        assert order == sorted(order)

    def test_every_polygon_belongs_to_a_place_and_is_drawable(self, country):
        features = geometry(country)["features"]
        codes = [feature["properties"]["code"] for feature in features]

        assert {key for feature in features for key in feature["properties"]} == {"code"}
        assert codes == sorted(set(codes))
        assert set(codes) <= {row["code"] for row in places(country)}
        assert [
            fault for feature in features for fault in faults_of_shape(feature["geometry"])
        ] == []

    def test_files_are_small_and_end_in_a_line(self, country):
        drawing = (PLACES / country / "geometry.json").read_bytes()

        assert len(drawing) < 120_000
        assert drawing.endswith(b"]}\n")
        assert b"\r" not in drawing + (PLACES / country / "places.csv").read_bytes()

    def test_licence_is_stated(self, country):
        assert "Natural Earth" in (PLACES / country / "LICENCE.md").read_text(encoding="utf-8")
        assert f"`{country}`" in (PLACES / "SOURCES.md").read_text(encoding="utf-8")


def test_all_polygons_together_fit_into_450_kilobytes():
    assert sum(len((PLACES / c / "geometry.json").read_bytes()) for c in COUNTRIES) < 450_000


@pytest.mark.parametrize("country", ["id", "jo", "lb", "mk", "my", "ph", "ug"])
def test_outline_of_the_country_runs_along_the_polygons_it_is_made_of(country):
    shapes = {f["properties"]["code"]: f["geometry"] for f in geometry(country)["features"]}
    whole = shapes.pop(country)

    assert lone_segments(whole, shapes.values()) == set()


def test_indonesia_has_38_provinces_and_514_regencies_and_cities():
    rows = places("id")

    assert len(valid_on(rows, TODAY, level="1")) == 38
    assert len(valid_on(rows, TODAY, level="2")) == 514
    assert len(valid_on(rows, TODAY, kind="city")) == 98
    assert len(valid_on(rows, "2022-01-01", level="1")) == 34


def test_provinces_without_a_polygon_are_the_known_ones():
    drawn = {feature["properties"]["code"] for feature in geometry("id")["features"]}
    provinces = {row["code"] for row in places("id") if row["level"] == "1"}

    assert provinces - drawn == {"id-ku", "id-pd", "id-pe", "id-ps", "id-pt"}


def test_philippines_has_18_regions_and_17_in_july_2023():
    rows = places("ph")
    today = set(valid_on(rows, TODAY, kind="region"))

    assert len(today) == 18
    assert today - set(valid_on(rows, "2023-07-20", kind="region")) == {"ph-1800000000"}
    assert len(valid_on(rows, "2023-07-20", kind="region")) == 17


def test_philippines_has_82_provinces_149_cities_and_1493_municipalities():
    rows = places("ph")

    assert len(valid_on(rows, TODAY, kind="province")) == 82
    assert len(valid_on(rows, TODAY, kind="city")) == 149
    assert len(valid_on(rows, TODAY, kind="municipality")) == 1493


def test_reforms_of_philippine_regions_keep_the_parent_from_before():
    moved = {
        row["code"]: (row["former_parent"], row["former_until"], row["parent"])
        for row in places("ph")
        if row["level"] == "2" and row["former_parent"]
    }

    negros = "ph-1800000000"
    assert moved == {
        "ph-nec": ("ph-06", "2024-06-10", negros),
        "ph-1830200000": ("ph-06", "2024-06-10", negros),
        "ph-ner": ("ph-07", "2024-06-10", negros),
        "ph-sig": ("ph-07", "2024-06-10", negros),
        "ph-slu": ("ph-14", "2025-07-29", "ph-09"),
    }


@pytest.mark.parametrize(
    ("country", "expected"), [("my", 16), ("ke", 47), ("lb", 8), ("jo", 12), ("mk", 80), ("ug", 4)]
)
def test_first_level_is_complete(country, expected):
    assert len(valid_on(places(country), TODAY, level="1")) == expected


def test_malaysia_has_three_federal_territories_and_uganda_135_districts():
    assert len(valid_on(places("my"), TODAY, kind="federal_territory")) == 3
    assert len(valid_on(places("ug"), TODAY, level="2")) == 135


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("id-3578", "سورابايا"),
        ("ph-1903617000", "ماراوي"),
        ("my-14", "كوالالمبور"),
        ("lb-ja-saida", "صيدا"),
        ("jo-ka", "الكرك"),
        ("mk-703", "كومانوفو"),
        ("ke-28", "مومباسا"),
        ("ug", "أوغندا"),
    ],
)
def test_well_known_places_have_an_arabic_name(code, name):
    row = next(row for row in places(code[:2]) if row["code"] == code)

    assert json.loads(row["names"])["ar"] == name


def test_tree_check_catches_what_it_is_for():
    country = {"code": "xx", "level": "0", "parent": "", "former_parent": ""}
    child = {"code": "xx-1", "level": "1", "parent": "xx", "former_parent": ""}

    assert faults_of_tree([country, child]) == []
    assert faults_of_tree([country, child, child]) == ["xx-1 is there twice"]
    assert faults_of_tree([country, child | {"parent": "yy"}]) == ["xx-1: yy does not exist"]
    assert faults_of_tree([country, child | {"former_parent": "yy"}]) == ["xx-1: yy does not exist"]
    assert faults_of_tree([country, child | {"level": "2"}]) == ["xx-1: xx is not one level up"]
    assert faults_of_tree([child | {"parent": ""}]) == ["xx-1: exactly the country has no parent"]


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"kind": "kingdom"}, "kind"),
        ({"code": "ID-JI"}, "code or name"),
        ({"name": " "}, "code or name"),
        ({"former_parent": "id-pa"}, "former parent and day"),
        ({"names": '{"xx": "Name"}'}, "names"),
        ({"names": '{"en": ""}'}, "names"),
        ({"names": '{"ar": "Java"}'}, "Arabic name"),
        ({"latitude": "112.7", "longitude": "-7.2"}, "point"),
        ({"population": "-1"}, "population"),
        ({"valid_to": "20240611"}, "dates"),
    ],
)
def test_cell_check_catches_what_it_is_for(cells, fault):
    good = next(row for row in places("id") if row["code"] == "id-ji")

    assert faults_of_cells(good) == []
    assert faults_of_cells(good | cells) == [fault]


@pytest.mark.parametrize(
    ("ring", "fault"),
    [
        ([[0, 0], [1, 0], [1, 1]], "open ring"),
        ([[0, 0], [1, 0], [1, 1], [0, 1]], "open ring"),
        ([[0, 0], [181, 0], [1, 1], [0, 0]], "outside the world"),
        ([[0, 0], [1.0001, 0], [1, 1], [0, 0]], "more than three decimals"),
    ],
)
def test_shape_check_catches_what_it_is_for(ring, fault):
    closed = [[0, 0], [1, 0], [1, 1], [0, 0]]

    assert faults_of_shape({"type": "Polygon", "coordinates": [closed]}) == []
    assert faults_of_shape({"type": "MultiPolygon", "coordinates": [[closed], [ring]]}) == [fault]
    assert faults_of_shape({"type": "Point", "coordinates": []}) == ["not an area"]


def test_border_check_catches_an_outline_that_strays():
    def polygon(*corners):
        return {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}

    left = polygon([0, 0], [1, 0], [1, 1], [0, 1])
    right = polygon([1, 0], [2, 0], [2, 1], [1, 1])
    whole = polygon([0, 0], [1, 0], [2, 0], [2, 1], [1, 1], [0, 1])
    strayed = polygon([0, 0], [1, 0], [2, 0], [2.1, 1], [1, 1], [0, 1])

    assert lone_segments(whole, [left, right]) == set()
    assert len(lone_segments(strayed, [left, right])) == 2
