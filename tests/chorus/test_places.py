from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorus.kernel import places
from chorus.places import LEVELS, NOWHERE, Gazetteer, GazetteerError, Place, load_gazetteer

CSV = """id,level,parent,name:en,name:id,name:ar,other
NU,country,,Nusaria,Nusaria,نوساريا,
NU-E,region,NU,East Nusaria,Nusaria Timur,,Nustim
NU-E-RM,city,NU-E,Rivermouth,Muara,مورا,Rivermouth City|R'mouth
NU-W-PT,city,NU,Port Tiga,Pelabuhan Tiga,,
"""

TOML = """
[[place]]
id = "NU"
level = "country"
names = { en = "Nusaria", id = "Nusaria", ar = "نوساريا" }

[[place]]
id = "NU-E"
level = "region"
parent = "NU"
names = { en = "East Nusaria", id = "Nusaria Timur" }
other = ["Nustim"]

[[place]]
id = "NU-E-RM"
level = "city"
parent = "NU-E"
names = { en = "Rivermouth", id = "Muara", ar = "مورا" }
other = ["Rivermouth City", "R'mouth"]

[[place]]
id = "NU-W-PT"
level = "city"
parent = "NU"
names = { en = "Port Tiga", id = "Pelabuhan Tiga" }
"""


@pytest.fixture
def gazetteer(tmp_path):
    return written(tmp_path, CSV)


def written(folder, content, name="places.csv"):
    file = folder / name
    file.write_text(content, encoding="utf-8")
    return load_gazetteer(file)


def test_a_table_and_a_toml_file_say_the_same(tmp_path, gazetteer):
    assert written(tmp_path, TOML, "places.toml") == gazetteer
    assert written(tmp_path, CSV.replace(",", ";")).fingerprint == gazetteer.fingerprint
    assert gazetteer.fingerprint != written(tmp_path, CSV.replace("Nustim", "")).fingerprint


def test_every_spelling_leads_to_its_row(gazetteer):
    spellings = gazetteer.spellings()

    assert spellings["nustim"] == spellings["nusaria timur"] == 2
    assert spellings["مورا"] == spellings["rivermouth city"] == 3
    assert "" not in spellings


def test_a_place_is_counted_in_what_it_lies_in(gazetteer):
    assert gazetteer.lineage(3) == (3, 2, 1)
    assert gazetteer.coarser("city").tolist() == [0, 1, 2, 3, 4]
    # Port Tiga lies in no region, so its country stands for it.
    assert gazetteer.coarser("region").tolist() == [0, 1, 2, 2, 1]
    assert gazetteer.coarser("country").tolist() == [0, 1, 1, 1, 1]


def test_a_name_that_two_places_share_stands_for_what_holds_both():
    gazetteer = Gazetteer.of(
        [
            Place("A", "country", {"en": "Aland"}),
            Place("A-C", "region", {"en": "Central"}, parent="A"),
            Place("A-C-C", "city", {"en": "Central"}, parent="A-C"),
            Place("A-N", "city", {"en": "Newtown"}, parent="A"),
            Place("A-C-N", "city", {"en": "Newtown"}, parent="A-C"),
            Place("B", "country", {"en": "Bland"}),
            Place("B-S", "city", {"en": "Springs"}, parent="B"),
            Place("A-S", "city", {"en": "Springs"}, parent="A"),
            Place("A-S2", "city", {"en": "springs"}, parent="A"),
        ]
    )

    assert gazetteer.spellings() == {"aland": 1, "central": 2, "newtown": 1, "bland": 6}


def test_places_are_found_in_texts_and_in_hashtags(gazetteer):
    texts = [
        "Need blood at RIVERMOUTH city hospital, nusaria",
        "Bertahan di #NusariaTimur",
        "من مورا",
        "nothing here, rivermouthful",
        "",
    ]

    assert places(texts, gazetteer.phrasebook()).tolist() == [3, 2, 3, 0, 0]


def test_the_example_is_found_in_six_languages():
    example = load_gazetteer(Path("benchmarks/places.csv"))
    texts = ["à Beyrouth", "في بيروت", "sa Maynila", "di Jatim", "dekat KL", "in EGYPT"]

    found = [example.places[row - 1].id for row in places(texts, example.phrasebook()).tolist()]

    assert found == ["LB-BEY", "LB-BEY", "PH-NCR-MNL", "ID-JI", "MY-KUL", "EG"]


def test_a_name_with_a_digit_is_refused_with_a_sentence():
    with pytest.raises(GazetteerError, match="has a digit"):
        Gazetteer.of([Place("A", "city", {"en": "District 9"})]).phrasebook()


def test_a_name_of_many_words_is_not_looked_for():
    name = "The Special Capital Region of Muara"

    assert Gazetteer.of([Place("A", "city", {"en": name}, ("Muara",))]).spellings() == {"muara": 1}


def test_a_place_has_a_name_for_the_report(gazetteer):
    assert gazetteer.name_of(NOWHERE) is None
    named = gazetteer.name_of(2)
    assert (named.id, named.level, named.parent) == ("NU-E", "region", "NU")
    assert named.names == (("en", "East Nusaria"), ("id", "Nusaria Timur"))


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("Q,district,NU,Old Quarter,,,", "only country, region and city"),
        ("NU,country,,Again,,,", "Two places have the id NU"),
        ("X,city,NOWHERE,Xtown,,,", "lies in NOWHERE, which is not in the file"),
        ("X,country,NU-E,Xland,,,", r"cannot lie in NU-E \(region\)"),
        ("X,city,NU,,,,", "has no name"),
        (",city,NU,Xtown,,,", "Line 6 of the place names has no id"),
        ("X,city,X,Xtown,,,", "of a coarser level"),
    ],
)
def test_a_place_that_does_not_fit_is_refused_with_a_sentence(tmp_path, line, sentence):
    with pytest.raises(GazetteerError, match=sentence):
        written(tmp_path, CSV + line + "\n")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "no column id"),
        ("a.csv", b"id,level\n", "holds no place"),
        ("a.csv", b'id,level,name\nX,city,"open', "as CSV"),
        ("a.csv", b"id,level,name\nX,city,caf\xe9", "save it as UTF-8"),
        ("a.toml", b"place = 3", r"\[\[place\]\]"),
        ("a.toml", b"[place", "is not TOML"),
        ("a.toml", b"[[place]]\nid='X'\nlevel='city'\nnames='X'", "names is a table"),
    ],
)
def test_a_file_that_is_no_gazetteer_is_refused_with_a_sentence(tmp_path, name, content, sentence):
    (tmp_path / name).write_bytes(content)

    with pytest.raises(GazetteerError, match=sentence):
        load_gazetteer(tmp_path / name)


def test_a_file_that_is_not_there_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(GazetteerError, match="cannot be opened"):
        load_gazetteer(tmp_path / "places.csv")


@st.composite
def gazetteers(draw):
    places = []
    for number in range(draw(st.integers(0, 12))):
        level = draw(st.sampled_from(LEVELS))
        above = [p.id for p in places if LEVELS.index(p.level) < LEVELS.index(level)]
        parent = draw(st.sampled_from([None, *above]))
        places.append(Place(str(number), level, {"en": draw(st.sampled_from("abcd"))}, (), parent))
    return Gazetteer.of(places)


@given(gazetteers())
def test_going_coarser_never_goes_finer_and_twice_is_once(gazetteer):
    for level in LEVELS:
        rows = gazetteer.coarser(level)
        assert rows[rows].tolist() == rows.tolist()
        for row, coarse in enumerate(rows.tolist()):
            assert coarse == NOWHERE or coarse in gazetteer.lineage(row)


@given(gazetteers())
def test_the_order_of_places_does_not_change_what_a_spelling_stands_for(gazetteer):
    backwards = Gazetteer.of(reversed(gazetteer.places))

    def ids(some):
        return {name: some.places[row - 1].id for name, row in some.spellings().items()}

    assert ids(gazetteer) == ids(backwards)
