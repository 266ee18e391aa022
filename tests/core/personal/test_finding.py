"""What the finder finds, form by form; and what looks like it and is nobody's."""

import string
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.core.personal import Certainty, Kind, find, masked
from tansiq.core.personal.identities import is_embg


def kinds(text, language=""):
    return [(str(one.kind), one.words) for one in find(text, language=language)]


@pytest.mark.parametrize(
    ("written", "country"),
    [
        ("0812-3456-7890", "id"),
        ("+62 812 3456 7890", "id"),
        ("0917 123 4567", ""),
        ("+63 (917) 123-4567", "ph"),
        ("03-8890 2217", ""),
        ("+60 12-345 6789", "my"),
        ("0112 345 678", ""),
        ("+254 712 345678", "ke"),
        ("0414 233 907", ""),
        ("+256 772 418305", "ug"),
        ("00962 79 551 2348", "jo"),
        ("+961 3 123 456", "lb"),
        ("70/318 224", "lb"),
        ("+389 70 482 917", "mk"),
    ],
)
def test_telephone_of_each_country_is_found_whole_and_its_country_where_only_one_has_it(
    written, country
):
    (one,) = find(f"Call {written}, please.")

    assert (one.kind, one.words, one.country) == (Kind.TELEPHONE, written, country)


@pytest.mark.parametrize(
    ("written", "country", "certainty"),
    [
        ("3374025509880003", "id", Certainty.SURE),
        ("880914-08-5523", "my", Certainty.SURE),
        ("0101985455016", "mk", Certainty.SURE),
        ("CM86031104XKLA", "ug", Certainty.LIKELY),
        ("4821-9034-1177-2045", "ph", Certainty.LIKELY),
        ("34-2819034-5", "ph", Certainty.LIKELY),
    ],
)
def test_identity_number_is_known_by_its_structure(written, country, certainty):
    (one,) = find(f"It says {written} there.")

    assert (one.kind, one.country, one.certainty) == (Kind.IDENTITY, country, certainty)


@pytest.mark.parametrize(
    "written",
    [
        "3374023299880003",  # The 32nd day.
        "9974025509880003",  # No such province.
        "881314-08-5523",  # The 13th month.
        "880914-00-5523",  # No such place of birth.
        "0101985455018",  # The check digit is another one.
    ],
)
def test_number_that_breaks_the_structure_is_no_identity_number(written):
    assert Kind.IDENTITY not in {one.kind for one in find(f"It says {written} there.")}


@pytest.mark.parametrize(
    "text",
    [
        "National ID number 28714093",
        "kitambulisho 28714093",
        "الرقم الوطني 9871034562",
        "carte d'identité 000012345678",
        "No. KTP 32750112",
    ],
)
def test_plain_number_is_an_identity_number_behind_a_word_that_says_so(text):
    assert [one.kind for one in find(text)] == [Kind.IDENTITY]
    assert kinds("Form 28714093 is blue.") == []


@given(st.integers(0, 10**12 - 1))
def test_check_digit_of_an_embg_is_one_of_ten_at_most(number):
    fitting = [one for one in range(10) if is_embg(f"{number:012d}{one}")]

    assert len(fitting) <= 1


@pytest.mark.parametrize(
    "text",
    [
        "Ibu-ibu PKK, Pak RT, Pak Lurah and Bu Camat",
        "Datuk Bandar Kuala Lumpur and the Governor of Nakuru",
        "UU No. 5/2018, RA 11479, Perpres 7/2021, S/RES/2178 (2014)",
        "from 2019 to 2025, on 12.05.2026 at 08.30-16.30",
        "KES 4,500,000, Rp 1.250.000.000, EUR 250 000",
        "Call 110, 112, 117, 119, 911 or 999.",
        "السيد رئيس البلدية والسيد المحافظ",
        "a ratio of 0.4829 and of 0.35124",
        "Meeting ID 845 2201 9937",
    ],
)
def test_what_is_nobodys_is_left_alone(text):
    assert kinds(text) == []


@pytest.mark.parametrize(
    "written",
    [
        "٠٧٩٥٥١٢٣٤٨",
        "۰۷۹۵۵۱۲۳۴۸",
        "０７９５５１２３４８",
        "07\u200b95\u200b512348",
        "0795\n512 348",
        "07955-12-348",
    ],
)
def test_number_is_found_however_it_is_hidden(written):
    text = f"ring {written} now"

    (one,) = find(text)

    assert one.kind == Kind.TELEPHONE
    assert text[one.start : one.end] == one.words
    assert masked(text, [one]) == "ring [telephone number] now"


@pytest.mark.parametrize(
    "written", ["mary＠clinic.example", "mary (at) clinic.example", "mary@cli\u200bnic.example"]
)
def test_address_is_found_however_it_is_hidden(written):
    assert [one.kind for one in find(f"write to {written}")] == [Kind.EMAIL]


def test_mailbox_of_an_office_is_less_sure_than_that_of_a_person():
    office, person = find("info@hub.example or mary@hub.example")

    assert (office.certainty, person.certainty) == (Certainty.LIKELY, Certainty.SURE)


def test_what_is_known_may_go_out():
    text = "Call the office, 021-5567-8123, or Pak Slamet."

    found = find(text, known=["(021) 5567 8123", "pak slamet"])

    assert found == []


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("ayon kay Mercedita", "fil", [("name", "kay Mercedita")]),
        ("si Paris accepte", "fr", []),
        ("والشيخ محمد الحسن", "ar", [("name", "والشيخ محمد الحسن")]),
        ("Jalan Tuanku Abdul Rahman", "ms", []),
        ("Muthu a/l Raman", "ms", [("name", "Muthu a/l Raman")]),
        ("PAK BUDI SANTOSO", "id", [("name", "PAK BUDI SANTOSO")]),
    ],
)
def test_name_is_known_by_what_stands_before_it(text, language, expected):
    assert kinds(text, language) == expected


ALPHABET = string.ascii_letters + string.digits + " .,-+@()/:\n" + "محمد٠١\u200b＠é°'\""


@given(st.text(ALPHABET, max_size=300))
def test_findings_are_in_order_apart_and_where_they_say(text):
    found = find(text)

    assert all(text[one.start : one.end] == one.words and one.words for one in found)
    assert all(first.end <= second.start for first, second in pairwise(found))


@given(st.text(max_size=200))
def test_any_text_at_all_can_be_looked_at(text):
    assert masked(text, find(text)) is not None


@given(st.sampled_from(["en", "ar", "id", "ms", "fil", "fr"]))
def test_what_was_replaced_is_not_found_again(language):
    text = "Mr Budi Santoso, 0812 3456 7890, NIK 3374025509880003, budi@x.example, @budi_77"

    assert find(masked(text, find(text, language=language)), language=language) == []


@pytest.mark.parametrize(
    "piece",
    ["1", "0 ", "a", "A ", "Pak ", "Ali bin ", "a@", "a.", "(", "1 rue ", "jl no 1 ", "ID ", "car ",
     "1.11111 ", "حي 1 ", "الشيخ ", "\n", "0-", "+", "http://x.com/", "1° ", "no 1 jalan "],
)  # fmt: skip
def test_hostile_text_takes_no_longer_than_its_length(piece):
    """A hundred thousand signs within some seconds, on a machine that is busy as well."""
    text = (piece * 100_000)[:100_000]
    before = time.process_time()

    find(text)

    assert time.process_time() - before < 4
