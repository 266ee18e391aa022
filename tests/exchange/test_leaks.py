"""The check of lesser versions: what it finds in the labelled set, and what it must not find."""

import tomllib
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.exchange.leaks import Known, Nature, leaks, passage_key, passages

LABELLED = tomllib.loads((Path(__file__).parent.parent / "data/leaks.toml").read_text("utf-8"))
KNOWN = Known(places=LABELLED["places"], bodies=LABELLED["bodies"])
LANGUAGES = ("ar", "en", "fil", "fr", "id", "ms")


def _found(case):
    return leaks(
        case["kept"],
        case["freed"],
        case["out"],
        languages=(case["language"], case["language"]),
        known=KNOWN,
    )


def _spans(case):
    for words in case["told"]:
        start = case["out"].index(words)
        yield start, start + len(words)


def measure():
    """Return, by language, (found and right, found, told and found, told)."""
    counts = defaultdict(lambda: [0, 0, 0, 0])
    for case in LABELLED["case"]:
        told = list(_spans(case))
        found = [(one.start, one.end) for one in _found(case)]
        row = counts[case["language"]]
        row[0] += sum(any(a < y and x < b for x, y in told) for a, b in found)
        row[1] += len(found)
        row[2] += sum(any(a < y and x < b for a, b in found) for x, y in told)
        row[3] += len(told)
    return dict(counts)


def test_the_labelled_set_has_seven_cases_in_each_language():
    languages = [case["language"] for case in LABELLED["case"]]

    assert {one: languages.count(one) for one in languages} == dict.fromkeys(LANGUAGES, 7)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_found_is_right_and_most_of_what_is_told_is_found(language):
    right, found, hit, told = measure()[language]

    assert right / found >= 0.85
    assert hit / told >= 0.8


def test_a_number_is_one_number_in_any_writing():
    writings = ["23", "٢٣", "twenty-three", "vingt-trois", "dua puluh tiga", "dalawampu't tatlo"]

    missed = [
        (one, other)
        for one in writings[:5]
        for other in writings[:5]
        if not leaks([f"they saw {one} boxes"], [], f"about {other} things", languages=("", ""))
    ]

    assert missed == []


def test_a_day_is_one_day_in_any_writing():
    writings = [
        "14 May 2026",
        "2026-05-14",
        "14/05/2026",
        "May 14th",
        "14 mai",
        "١٤ أيار",
        "14 Mei",
    ]

    missed = [
        (one, other)
        for one in writings
        for other in writings
        if "day"
        not in {
            str(found.nature)
            for found in leaks([f"it was {one}."], [], f"so {other}.", languages=("", ""))
        }
    ]

    assert missed == []


def test_a_place_is_found_in_another_language():
    (found,) = leaks(["They met in Tripoli."], [], "في طرابلس", languages=("en", "ar"), known=KNOWN)

    assert (found.nature, found.words) == (Nature.PLACE, "طرابلس")


def test_what_is_freed_is_no_leak():
    text = "Two vans left the harbour with 23 boxes on 14 May."

    assert leaks([text], [text], text, languages=("en", "en")) == []
    assert leaks([text], [], text, languages=("en", "en")) != []


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=200))
def test_any_text_is_compared_and_findings_stand_where_they_say(kept, freed, out):
    found = leaks([kept], [freed], out, languages=("en", "ar"), known=KNOWN)

    assert [one.words for one in found] == [out[one.start : one.end] for one in found]
    assert all(before.start <= after.start for before, after in pairwise(found))


@given(st.text(max_size=300))
def test_passages_lose_no_word_and_have_one_sign_however_they_are_spaced(text):
    found = passages(text)

    assert "".join("".join(found).split()) == "".join(text.split())
    assert [passage_key(one) for one in found] == [passage_key(f" {one}  ") for one in found]
