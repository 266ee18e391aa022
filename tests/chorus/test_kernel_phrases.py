"""Concepts and places are found by their words, and by nothing else."""

import dataclasses
import io
import itertools

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorus import kernel
from chorus.kernel import reference_features, reference_phrases
from chorus.kernel.weights import WORD_ROWS, orders_mask

LEXICON = {
    "blood": ["blood", "darah", "دم", "sang", "dugo"],
    "hurt": ["injur*", "wounded", "جريح", "جرح*", "bless*", "luka"],
    "brave": ["not_afraid", "not afraid at all", "tidak takut", "sans peur"],
    "fear": ["afraid", "takut", "peur*"],
    "hospital": ["hospital*", "مستشفي*", "rumah_sakit", "hôpital"],
    "house": ["rumah", "house*"],
    "heart": ["coeur", "💔"],
    "water": ["air", "water*"],
    "flight": ["air", "airport*", "air_traffic*"],
}
BOOK = kernel.Phrasebook.of_concepts(LEXICON)
PLACES = kernel.Phrasebook.of_places(
    [
        ("Surabaya", 1),
        ("Kota Surabaya Barat", 2),
        ("القاهرة", 3),
        ("بغداد", 4),
        ("San José del Monte", 5),
        ("San Jose", 6),
        ("N'Djamena", 7),
        ("Île-de-France", 8),
        ("الجيزة", 9),
        ("Surabaya", 10),
    ]
)

crumbs = st.sampled_from(
    [
        *["blood", "darah", "الدم", "والدم", "للجريح", "وجرحي", "injured", "injur", "inju"],
        *["not", "afraid", "at", "all", "tidak", "takut", "sans", "peureux", "rumah", "sakit"],
        *["hôpital", "HOPITAL", "cœur", "Coeur", "💔", "air", "airports", "air traffic jam"],
        *["Surabaya", "#KotaSurabayaBarat", "kota", "barat", "ببغداد", "للقاهرة", "وبالقاهرة"],
        *["San", "José", "del", "monte", "n’djamena", "الجيزة", "لل", "ال", "و", "x", "!"],
    ]
)
texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.text("والبكلفدم ", max_size=30),
    st.lists(crumbs, max_size=24).map(" ".join),
)
columns = st.lists(st.one_of(st.none(), texts), max_size=8)


def concepts_in(text, book=BOOK):
    finder = reference_phrases.Finder(book)
    return [book.names[number] for found in finder.found(text) for number in found]


@given(columns)
def test_c_and_plain_python_find_the_same_concepts(column):
    array = pa.array(column, pa.large_string())

    indptr, indices = kernel.features(array, BOOK, orders=[4])

    starts, rows = reference_features.features(array, orders_mask([4]), BOOK)
    assert (indptr.tolist(), indices.tolist()) == (starts.tolist(), rows.tolist())


@given(columns)
def test_c_and_plain_python_find_the_same_places(column):
    array = pa.array(column, pa.large_string())

    assert np.array_equal(kernel.places(array, PLACES), reference_phrases.places(array, PLACES))


@st.composite
def lexicons(draw):
    words = st.text("abç", min_size=1, max_size=3)
    phrases = st.lists(words, min_size=1, max_size=3).map(" ".join)
    beginnings = phrases.map(lambda phrase: phrase + "ab*")
    return draw(st.lists(st.one_of(phrases, beginnings), max_size=12))


@given(lexicons(), st.lists(st.text("abç ", max_size=40), max_size=5))
def test_any_lexicon_is_found_alike(patterns, column):
    book = kernel.Phrasebook.of_concepts({"one": patterns[::2], "two": patterns[1::2]})
    array = pa.array([*column, *column, " ".join(patterns)], pa.large_string())

    _, indices = kernel.features(array, book, orders=[])

    assert indices.tolist() == reference_features.features(array, 0, book)[1].tolist()


@given(st.lists(st.text("ولبكفالدم", min_size=2, max_size=6), max_size=8), st.data())
def test_any_arabic_lexicon_is_found_alike(words, data):
    pairs = [" ".join(pair) for pair in itertools.pairwise(words)]
    beginnings = [f"{word}*" for word in words[::3]]
    book = kernel.Phrasebook.of_concepts({"one": [*words, *pairs], "two": beginnings})
    before = st.sampled_from(["", "و", "ف", "ب", "ل", "ك", "ال", "وال", "لل", "ولل", "بال", "فبال"])
    written = st.builds(str.__add__, before, st.sampled_from(words or ["دم"]))
    array = pa.array(data.draw(st.lists(st.lists(written).map(" ".join))), pa.large_string())

    _, indices = kernel.features(array, book, orders=[])

    assert indices.tolist() == reference_features.features(array, 0, book)[1].tolist()


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("We need BLOOD for the injured", ["blood", "hurt"]),
        ("inju", []),
        ("I am not afraid", ["brave"]),
        ("not at all afraid", ["fear"]),
        ("Not afraid, at all!", ["brave"]),
        ("tidak takut", ["brave"]),
        ("di rumah sakit", ["hospital"]),
        ("di rumah saja", ["house"]),
        ("l'hôpital", []),
        ("à l’ hopital, mon cœur", ["hospital", "heart"]),
        ("مطلوب دم للجرحى", ["blood", "hurt"]),
        ("والدم بالمستشفى", ["blood", "hospital"]),
        ("قدم", []),
        ("ولد", []),
        ("air", ["water", "flight"]),
        ("air traffic controllers", ["flight"]),
        ("#BloodNeeded", ["blood"]),
        ("💔💔", ["heart"]),
        ("", []),
        (None, []),
    ],
)
def test_concepts_are_found_in_all_languages(text, concepts):
    assert concepts_in(text) == concepts


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Doa untuk #Surabaya", 1),
        ("kota surabaya", 1),
        ("di Kota Surabaya Barat dan Surabaya", 2),
        ("#KotaSurabayaBarat", 2),
        ("surabayaku", 0),
        ("من القاهره", 3),
        ("للقاهرة وبغداد", 3),
        ("في قاهرة", 0),
        ("ببغداد", 4),
        ("San José del Monte", 5),
        ("san jose del rey", 6),
        ("SAN JOSÉ", 6),
        ("N’Djamena", 7),
        ("en ile de france", 8),
        ("والجيزة", 9),
        ("", 0),
        (None, 0),
    ],
)
def test_places_are_found_in_their_spellings(text, place):
    assert kernel.places([text], PLACES).tolist() == [place]


def test_a_hash_alone_finds_nothing():
    # The planted fault: a book whose nodes lead to another pattern of the same length.
    book = kernel.Phrasebook.of_places([("Surabaya", 1), ("Semarang", 2)])
    swapped = dataclasses.replace(book.compiled, points=np.roll(book.compiled.points, 8))
    vars(book)["compiled"] = swapped

    assert kernel.places(["Surabaya", "Semarang"], book).tolist() == [0, 0]


def test_pairs_are_ordered_and_concepts_have_rows_of_their_own():
    def rows(text):
        _, indices = kernel.features([text], BOOK, orders=[])
        return [row for row in indices.tolist() if row >= WORD_ROWS]

    one, other = rows("blood injured"), rows("injured blood blood")

    assert len(one) == len(other) == 3
    assert one[::2] == other[::-2]
    assert one[1] != other[1]
    assert not rows("nothing of this")


def test_a_post_has_at_most_twelve_concepts():
    names = ["".join(pair) for pair in itertools.product("abcdefgh", "xyz")]
    book = kernel.Phrasebook.of_concepts({name: [name] for name in names})

    _, indices = kernel.features([" ".join(names)], book, orders=[])

    # 12 and 66 pairs, of which few may share a row.
    assert 74 <= (indices >= WORD_ROWS).sum() <= 78


def test_concepts_keep_their_rows_when_others_are_added():
    book = kernel.Phrasebook.of_concepts({"a much longer name": ["x"], **LEXICON})

    assert kernel.features(["blood injured"], book).indices.tolist() == (
        kernel.features(["blood injured"], BOOK).indices.tolist()
    )


def test_an_empty_lexicon_finds_nothing():
    empty = kernel.Phrasebook.of_concepts({})

    assert kernel.features(["blood"], empty).indices.tolist() == (
        kernel.features(["blood"]).indices.tolist()
    )
    assert kernel.places(["blood"], kernel.Phrasebook.of_places([])).tolist() == [0]


@given(columns)
def test_scores_with_concepts_are_those_of_plain_python(column):
    array = pa.array(column, pa.large_string())

    assert np.array_equal(kernel.score(array, WEIGHTS), reference_features.score(array, WEIGHTS))


def test_scores_can_be_made_from_features_and_coefficients():
    texts = ["blood injured not afraid", "rumah sakit penuh", "مطلوب دم", ""]
    indptr, indices = found = kernel.features_for(texts, WEIGHTS)
    values = found.values * WEIGHTS.idf[indices]
    coefficients = WEIGHTS.coefficients()

    for text, (start, stop) in enumerate(itertools.pairwise(indptr)):
        unit = values[start:stop] / max(np.linalg.norm(values[start:stop]), 1e-9)
        expected = unit @ coefficients[indices[start:stop]] + WEIGHTS.bias
        assert kernel.score(texts, WEIGHTS)[text] == pytest.approx(expected, abs=1e-4)


def test_packing_what_was_unpacked_changes_little():
    packed = kernel.Weights.from_float(
        WEIGHTS.coefficients(),
        WEIGHTS.bias,
        WEIGHTS.idf,
        columns=WEIGHTS.columns,
        orders=WEIGHTS.ngrams,
        phrasebook=BOOK,
    )
    texts = ["blood injured not afraid", "rumah sakit penuh", "مطلوب دم"]

    assert kernel.score(texts, packed) == pytest.approx(kernel.score(texts, WEIGHTS), abs=0.05)


def test_weights_bring_their_concepts_with_them():
    file = io.BytesIO()
    np.savez(file, **WEIGHTS.arrays())
    file.seek(0)

    with np.load(file, allow_pickle=False) as arrays:
        back = kernel.Weights.from_arrays(arrays)

    texts = ["blood injured", "rumah sakit", "مطلوب دم"]
    assert back.phrasebook.patterns == BOOK.patterns
    assert np.array_equal(kernel.score(texts, back), kernel.score(texts, WEIGHTS))


def _weights():
    random = np.random.default_rng(3)
    return kernel.Weights.from_float(
        random.normal(size=(kernel.ROWS, 2)),
        np.zeros(2),
        random.uniform(1, 9, kernel.ROWS),
        columns=["a", "b"],
        phrasebook=BOOK,
    )


WEIGHTS = _weights()


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        ("in*jur", "has a [*] before its end"),
        ("*", "The beginning '[*]' is too short"),
        ("not_a*", "The beginning 'not_a[*]' is too short"),
        ("…", "Nothing is left of the pattern"),
        ("a" + "bc" * 60, "over 80 characters"),
    ],
)
def test_a_pattern_that_says_nothing_is_refused(pattern, sentence):
    with pytest.raises(kernel.PhrasebookError, match=sentence):
        kernel.Phrasebook.of_concepts({"hurt": [pattern]})


@pytest.mark.parametrize("name", ["6 October", "Sura*"])
def test_a_place_that_other_words_would_match_is_refused(name):
    with pytest.raises(kernel.PhrasebookError, match="has a digit or"):
        kernel.Phrasebook.of_places([(name, 1)])


def test_places_are_counted_from_one():
    with pytest.raises(kernel.PhrasebookError, match="count from 1"):
        kernel.Phrasebook.of_places([("Surabaya", 0)])


@pytest.mark.parametrize("part", sorted(BOOK.arrays()))
def test_a_phrasebook_that_lacks_a_part_is_refused(part):
    arrays = BOOK.arrays()
    del arrays[part]

    with pytest.raises(kernel.PhrasebookError, match="take a file of chorus"):
        kernel.Phrasebook.from_arrays(arrays)


@pytest.mark.parametrize(
    "change",
    [
        {"numbers": np.array([99] * len(BOOK.numbers))},
        {"numbers_from": BOOK.numbers_from[:-1]},
        {"numbers_from": BOOK.numbers_from[::-1]},
        {"is_prefix": BOOK.is_prefix[:-1]},
        {"patterns": np.frombuffer(b"a\n\nb", np.uint8)},
    ],
)
def test_a_phrasebook_whose_parts_do_not_fit_is_refused(change):
    with pytest.raises(kernel.PhrasebookError, match="do not fit"):
        kernel.Phrasebook.from_arrays(BOOK.arrays() | change)
