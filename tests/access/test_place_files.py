import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.access.place_files.problems import MAX_BYTES, MAX_PROBLEMS, UnreadableFileError
from tansiq.access.place_files.shapes import read_shapes
from tansiq.access.place_files.tables import read_places

HEADER = "code,kind,parent,name"
COUNTRY = "xx,country,,Xland"
SQUARE = [[0, 0], [1, 0], [1, 1], [0, 0]]


def table(*lines, header=HEADER):
    return "\n".join([header, COUNTRY + "," * (header.count(",") - 3), *lines]).encode()


def problems(*lines, header=HEADER):
    return [str(problem) for problem in read_places(table(*lines, header=header)).problems]


def collection(*features, **more):
    return json.dumps({"type": "FeatureCollection", "features": features} | more).encode()


def feature(coordinates, *, kind="Polygon", **properties):
    return {
        "type": "Feature",
        "properties": {"code": "xx-1"} | properties,
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def shape_problems(*features):
    return [
        str(fault) for fault in read_shapes(collection(*features), known={"xx-1": "xx-1"}).problems
    ]


def test_rows_come_back_in_order_with_their_levels():
    found = read_places(table("xx-1-1,city,xx-1,Town", "xx-1,province,xx,Shire"))

    assert found.problems == []
    assert [(row.row, row.code, row.level) for row in found.rows] == [
        (2, "xx", 0),
        (3, "xx-1-1", 2),
        (4, "xx-1", 1),
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_tables_as_spreadsheets_write_them_are_read(separator, mark, ending):
    text = ending.join([HEADER, COUNTRY, 'xx-1,province,xx,"Ilocos ""One"""', ""])

    found = read_places(mark + text.replace(",", separator).encode())

    assert [row.name for row in found.rows] == ["Xland", 'Ilocos "One"']


def test_all_columns_are_read():
    header = (
        f"{HEADER},level,iso,national_code,names,latitude,longitude,population,"
        "valid_from,valid_to,former_parent,former_until"
    )
    line = (
        'XX-1,province,XX,Shire,1,XX-1,042,"{""ar"":""مقاطعة""}",-7.25,112.5,12500,'
        "2020-01-01,2030-12-31,xx-2,2019-12-31"
    )

    found = read_places(table(line, "xx-2,province,xx,Old,1,,,,,,,,,,", header=header))

    assert found.problems == []
    first = found.rows[1]
    assert (first.code, first.parent, first.national_code) == ("xx-1", "xx", "042")
    assert (first.latitude, first.longitude, first.population) == (-7.25, 112.5, 12500)
    assert first.names == {"ar": "مقاطعة"}
    assert (first.former_parent, first.former_until.year) == ("xx-2", 2019)


def test_parents_may_stand_outside_the_table():
    found = read_places(f"{HEADER}\nxx-1-1,city,xx-1,Town".encode(), known={"xx": 0, "xx-1": 1})

    assert [(row.code, row.level) for row in found.rows] == [("xx-1-1", 2)]


def test_names_that_look_like_formulas_are_plain_text():
    found = read_places(table('xx-1,province,xx,"=HYPERLINK(""x"")"', "xx-2,province,xx,@here"))

    assert [row.name for row in found.rows[1:]] == ['=HYPERLINK("x")', "@here"]


@pytest.mark.parametrize(
    ("line", "column", "sentence"),
    [
        ("x 1,province,xx,A", "code", "“x 1” is not a code. Write the country and a code"),
        (",province,xx,A", "code", "“” is not a code. Write the country and a code"),
        ("xx,country,,A", "code", "The code xx is already in row 2. Give each place its own."),
        ("xx-1,province,xx,", "name", "Every place needs a name."),
        ("xx-1,province,xx,A\u202eB", "name", "There is an invisible control character"),
        (f"xx-1,province,xx,{'A' * 121}", "name", "This is longer than 120 characters."),
        ("xx-1,province,xx-1,A", "parent", "A place cannot be its own parent."),
        ("xx-1,province,yy,A", "parent", "The parent is in another country."),
        ("xx-1,province,xx-9,A", "parent", "The parent xx-9 is not in the table"),
        ("xx-1,province,,A", "parent", "A country has a code of two letters and no parent"),
    ],
)
def test_bad_row_gets_one_sentence_that_says_what_to_do(line, column, sentence):
    [problem] = problems(line)

    assert problem.startswith(f"Row 3, column {column}: {sentence}")


def test_row_with_a_cell_too_few_is_told():
    assert problems("xx-1,province,xx") == [
        "Row 3: This row has 3 cells and the first one 4. Compare them."
    ]


def test_unknown_kind_names_the_kinds_there_are():
    [problem] = problems("xx-1,kingdom,xx,A")

    assert problem.startswith("Row 3, column kind: “kingdom” is not a kind of place.")
    assert "province" in problem


@pytest.mark.parametrize(
    ("column", "cell", "word"),
    [
        ("latitude", "91", "-90"),
        ("latitude", "-7\u00b025", "7.25"),
        ("latitude", "nan", "7.25"),
        ("latitude", "inf", "7.25"),
        ("latitude", "1_0", "7.25"),
        ("longitude", "1e999", "180"),
        ("population", "12.500", "digits only"),
        ("population", "-5", "digits only"),
        ("population", "9" * 40, "digits only"),
        ("population", "9" * 5000, "longer than"),
        ("valid_from", "11/06/2024", "2024-06-11"),
        ("valid_from", "20240611", "2024-06-11"),
        ("valid_to", "2024-02-30", "2024-06-11"),
        ("level", "3", "level 1, not 3"),
        ("level", "11", "10 levels"),
        ("names", "East Java", "JSON"),
        ("names", "[1]", "JSON"),
        ("names", '"{""english"": ""A""}"', "JSON"),
        ("names", '"{""en"": 5}"', "JSON"),
        ("names", "[" * 3000, "JSON"),
        ("names", "9" * 5000, "longer than"),
        ("former_parent", "xx-9", "xx-9"),
    ],
)
def test_bad_cell_gets_a_sentence_with_its_row_and_column(column, cell, word):
    header = f"{HEADER},{column},latitude,longitude,former_parent,former_until".split(",")
    header = ",".join(dict.fromkeys(header))
    filled = {
        "latitude": "1",
        "longitude": "1",
        "former_parent": "xx",
        "former_until": "2020-01-01",
    }
    filled |= {"code": "xx-1", "kind": "province", "parent": "xx", "name": "A", column: cell}
    line = ",".join(filled[name] for name in header.split(","))

    found = problems(line, header=header)

    assert len(found) == 1
    assert found[0].startswith("Row 3, column ")
    assert word in found[0]


@pytest.mark.parametrize(
    ("columns", "cells", "where"),
    [
        ("latitude,longitude", "1,", "longitude"),
        ("former_parent,former_until", "xx,", "former_until"),
        ("former_parent,former_until", ",2020-01-01", "former_until"),
        ("former_parent,former_until", "yy,2020-01-01", "former_parent"),
        ("valid_from,valid_to", "2024-01-02,2024-01-01", "valid_to"),
    ],
)
def test_cells_that_contradict_each_other_are_told(columns, cells, where):
    [problem] = problems(f"xx-1,province,xx,A,{cells}", header=f"{HEADER},{columns}")

    assert problem.startswith(f"Row 3, column {where}: ")


def test_circle_of_parents_is_told_at_every_row_of_it():
    found = read_places(table("xx-1,province,xx-2,A", "xx-2,province,xx-1,B", "xx-3,city,xx-2,C"))

    assert [row.code for row in found.rows] == ["xx"]
    assert [problem.where for problem in found.problems] == [
        f"Row {number}, column parent" for number in (3, 4, 5)
    ]
    assert "circle" in found.problems[0].message


def test_chain_of_a_hundred_thousand_parents_is_refused_and_does_not_hang():
    lines = [f"xx-{n},city,xx-{n - 1},P" if n else "xx-0,city,xx,P" for n in range(90_000)]

    found = read_places(table(*lines))

    assert len(found.rows) == 11
    assert len(found.problems) == MAX_PROBLEMS
    assert found.problems.total == 90_000 - 10
    assert "10 levels" in found.problems[0].message


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"a" * (MAX_BYTES + 1), "20 MB"),
        (b"PK\x03\x04rest", "CSV UTF-8"),
        ("code,name".encode("utf-16"), "UTF-16"),
        (b"code,kind,parent,name\nxx,country,,X\x00Y", "zero bytes"),
        ("code,kind,parent,name\nxx,country,,Curaçao".encode("latin-1"), "Line 2 is not in UTF-8"),
        (b"code,name\n", "kind, parent is missing"),
        (b"code,kind,parent,name,name\n", r"there twice (name)"),
        (b"code,kind,parent,name,valid form\n", "valid form"),
        (b'code,kind,parent,name\nxx,country,,"open', "quotation mark"),
        (b"code,kind,parent,name\nxx,country,," + b"A" * 200_000, "too long"),
        (b"code,kind,parent,name\n" + b"\n" * 100_001, "100,000 rows"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_unreadable_table_gets_one_sentence(content, word):
    with pytest.raises(UnreadableFileError, match=word.replace("(", r"\(").replace(")", r"\)")):
        read_places(content)


@given(
    st.binary(max_size=400)
    | st.text(max_size=400).map(lambda text: (HEADER + "\n" + text).encode())
)
def test_no_bytes_at_all_bring_the_reader_down(content):
    try:
        found = read_places(content)
    except UnreadableFileError:
        return
    assert all(map(str, found.problems))


def test_outlines_are_read_and_heights_dropped():
    found = read_shapes(
        collection(feature([[[0, 0, 9], [1, 0, 9], [1, 1.1234567, 9], [0, 0, 9]]])),
        known={"xx-1": "xx-1"},
    )

    assert found.problems == []
    assert found.shapes == {
        "xx-1": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1.12346], [0, 0]]]}
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [("code", "XX-1"), ("shapeISO", "XX-1"), ("ADM1_PCODE", "PH01"), ("ADM1_PCODE", 35)],
)
def test_codes_of_statistical_offices_lead_to_the_place(name, value):
    one = feature([SQUARE], code=None, **({name: value} if name != "code" else {}))
    one["properties"][name] = value

    found = read_shapes(collection(one), known={"xx-1": "xx-1", "PH01": "xx-1", "35": "xx-1"})

    assert set(found.shapes) == {"xx-1"}


@pytest.mark.parametrize(
    ("faulty", "word"),
    [
        ({"type": "Feature"}, "properties"),
        ("text", "properties"),
        (feature([SQUARE], code=None), "property “code”"),
        (feature([SQUARE], code="zz-9"), "No place has the code “zz-9”"),
        (feature([SQUARE], code=["xx-1"]), "property “code”"),
        (feature([1, 2], kind="Point"), "Only areas"),
        (feature([]), "no corners"),
        (feature([[]]), "no corners"),
        (feature({"a": 1}), "no corners"),
        (feature([[[0, 0], [1, 1], [0, 0]]]), "four corners"),
        (feature([[[0, 0], [1, 0], [1, 1], [0, 1]]]), "four corners"),
        (feature([[[0, 0], [1, 1], [2, 2], [0, 0]]]), "encloses nothing"),
        (feature([[[0, 0], [106000, 0], [1, 1], [0, 0]]]), "EPSG:4326"),
        (feature([[[0, 0], [10**400, 0], [1, 1], [0, 0]]]), "outside the world"),
        (feature([[["0", "0"], [1, 0], [1, 1], [0, 0]]]), "pair of longitude"),
        (feature([[[True, 0], [1, 0], [1, 1], [0, 0]]]), "pair of longitude"),
        (feature([[[0, 0, 0, 0], [1, 0], [1, 1], [0, 0]]]), "pair of longitude"),
        (feature([[[0, 0], *[[n % 2, 1] for n in range(50_001)], [0, 0]]]), "50,000 corners"),
    ],
)
def test_bad_outline_gets_a_sentence_and_the_others_are_kept(faulty, word):
    good = feature([SQUARE], code="xx-2")

    found = read_shapes(collection(faulty, good), known={"xx-1": "xx-1", "xx-2": "xx-2"})

    assert set(found.shapes) == {"xx-2"}
    [problem] = found.problems
    assert problem.where.startswith("Feature 1")
    assert word in problem.message


def test_place_with_two_outlines_is_told():
    [problem] = shape_problems(feature([SQUARE]), feature([SQUARE]))

    assert problem == "Feature 2: The place xx-1 is there twice. Merge its areas into one."


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"{", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b"[" * 2_000_000, "too many points"),
        (b"[" + b"1," * 3_100_000 + b"1]", "too many points"),
        (b'{"type": "FeatureCollection", "features": [NaN]}', "not valid JSON"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not valid JSON"),
        (b"[]", "feature collection"),
        (b'{"type": "FeatureCollection", "features": 5}', "10,000 features"),
        (
            b'{"type": "FeatureCollection", "features": [' + b"1," * 10_000 + b"1]}",
            "10,000 features",
        ),
        (collection(crs={"properties": {"name": "urn:ogc:def:crs:EPSG::32748"}}), "EPSG:4326"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_unreadable_outlines_get_one_sentence(content, word):
    with pytest.raises(UnreadableFileError, match=word):
        read_shapes(content, known={})


def test_stated_wgs84_is_accepted():
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}

    assert read_shapes(collection(feature([SQUARE]), crs=crs), known={"xx-1": "xx-1"}).shapes


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "code", "properties", "geometry", "coordinates"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(json_values)
def test_no_json_at_all_brings_the_reader_down(value):
    content = json.dumps({"type": "FeatureCollection", "features": [value]}).encode()
    try:
        found = read_shapes(content, known={"xx": "xx"})
    except UnreadableFileError:
        return
    assert all(map(str, found.problems))
