import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorus.tags import LONGEST, HiddenTagsError, fold_tags, load_hidden, tags_of


def found_in(text):
    return tags_of(pl.Series([text])).to_list()[0]


def folded(tag):
    return fold_tags([tag]).to_list()[0]


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("We stand together #StrongerTogether.", ["StrongerTogether"]),
        ("#كلنا_معا! دم #تبرع", ["كلنا_معا", "تبرع"]),
        ("#satu#dua (#tiga)", ["satu", "dua", "tiga"]),
        ("＃Full width", ["Full"]),
        ("It was &#39;closed&#39; &#x27; at platform #2", []),
        ("#❤️ only", []),
        ("#5G and #A1", ["5G", "A1"]),
        ("", []),
        (None, []),
    ],
)
def test_hashtags_are_found_as_they_are_written(text, tags):
    assert found_in(text) == tags


@pytest.mark.parametrize(
    "spellings",
    [
        ("PrayForRiver", "prayforriver", "PRAYFORRIVER__", "\u202bPrayForRiver\u202c"),
        ("كُلُّنا_معاً", "كلنا_معا", "كلّنا_معا", "كـلـنا_معا"),
        ("أمان", "امان", "إمان", "آمان"),
        ("مدينة", "مدينه"),
        ("Liberté", "liberte", "LIBERTE\u0301"),
        ("Kita\u200dKuat", "KitaKuat", "Kita\ufe0fKuat"),
        ("ＫＩＴＡ", "kita"),
        ("hari١", "hari1"),
    ],
)
def test_spellings_of_a_tag_count_as_one(spellings):
    assert len({folded(spelling) for spelling in spellings}) == 1


def test_letters_that_are_marks_elsewhere_stay():
    assert folded("हिन्दी") == "हिन्दी"
    assert folded("แม่") != folded("แม")


@pytest.mark.parametrize("tag", ["", None, "___", "123", "\u202b\u200d", "a" * (LONGEST + 1), "❤️"])
def test_what_is_no_tag_folds_to_nothing(tag):
    assert folded(tag) == ""


@given(st.lists(st.text(max_size=30), max_size=30))
def test_folding_never_fails_and_twice_is_once(tags):
    once = fold_tags(tags).to_list()

    assert fold_tags(once).to_list() == once


@given(st.lists(st.text(), max_size=5))
def test_finding_never_fails_and_does_not_care_about_batches(texts):
    together = tags_of(pl.Series(texts, dtype=pl.String)).to_list()

    assert together == [found_in(text) for text in texts]


def test_hidden_tags_are_read_in_any_spelling(tmp_path):
    file = tmp_path / "hidden.txt"
    file.write_text("#AmanLim  # a person\n\n  رُباعي \n# only a remark\n", encoding="utf-8-sig")

    assert load_hidden(file) == {"amanlim", "رباعي"}


def test_a_file_of_hidden_tags_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(HiddenTagsError, match="cannot be opened"):
        load_hidden(tmp_path / "missing.txt")
    (tmp_path / "latin").write_bytes(b"caf\xe9")
    with pytest.raises(HiddenTagsError, match="save it as UTF-8"):
        load_hidden(tmp_path / "latin")
