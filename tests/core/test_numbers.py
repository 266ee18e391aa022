"""Numbers as people type them, in six languages: read right, or asked about, never guessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.core.numbers import UnreadableNumberError, read_number, write_number

LANGUAGES = ("ar", "en", "fr", "id", "ms", "fil")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1 234,5", "1234.5"),
        ("1\u202f234,5", "1234.5"),
        ("١٬٢٣٤٫٥", "1234.5"),
        ("١٢٣٤", "1234"),
        ("۱۲۳۴", "1234"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1.234.567,8", "1234567.8"),
        ("1,5", "1.5"),
        ("1.5", "1.5"),
        (",5", "0.5"),
        ("0,123", "0.123"),
        ("1234,567", "1234.567"),
        (" 007 ", "7"),
        ("\u200f٣٫٥", "3.5"),
    ],
)
def test_unambiguous_numbers_are_read_alike_in_every_language(language, text, number):
    assert read_number(text, language, decimals=3) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "language", "decimals", "number"),
    [
        ("1,234", "en", 0, "1234"),
        ("1.234", "id", 0, "1234"),
        ("1.234", "id", 3, "1234"),
        ("1.234", "en", 3, "1.234"),
        ("1,234", "fr", 3, "1.234"),
    ],
)
def test_one_mark_before_three_digits_is_read_the_readers_way(text, language, decimals, number):
    assert read_number(text, language, decimals=decimals) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "language"), [("1.234", "en"), ("1,234", "id"), ("1,234", "fr"), ("1.234", "ar")]
)
def test_what_the_field_rules_out_is_asked_about(text, language):
    with pytest.raises(UnreadableNumberError):
        read_number(text, language, decimals=0)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "text",
    [
        "", " ", ",", "-3", "−3", "3-", "1e5", "NaN", "Infinity", "1,23,4", "1.23.567", "1 23",
        "12 34 5", "1٬23", "1,234.567,8", "٣٫٥٫٥", "½", "Ⅷ", "12 %", "1/2", "0x1f", "1_000",
        "9" * 41, "many", "\u0000",
    ],
)  # fmt: skip
def test_what_is_no_number_gets_a_sentence(language, text):
    with pytest.raises(UnreadableNumberError, match=r"[.?؟]$"):
        read_number(text, language, decimals=6)


def test_too_many_digits_after_the_point_are_refused():
    with pytest.raises(UnreadableNumberError, match="whole number"):
        read_number("1.5", "en", decimals=0)
    assert read_number("1.50", "en", decimals=1) == Decimal("1.5")


@given(
    whole=st.integers(0, 10**13),
    decimals=st.integers(0, 6),
    language=st.sampled_from(LANGUAGES),
    data=st.data(),
)
def test_what_is_written_is_read_back(whole, decimals, language, data):
    fraction = data.draw(st.integers(0, 10**decimals - 1))
    number = Decimal(whole) + Decimal(fraction).scaleb(-decimals)

    assert read_number(write_number(number, language), language, decimals=decimals) == number
