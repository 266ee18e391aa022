"""Amounts survive being typed, kept, shown, added up and converted to the last digit."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from babel.numbers import get_currency_precision
from hypothesis import given
from hypothesis import strategies as st

from tansiq.core.money import (
    NotWholeError,
    Rate,
    add,
    as_number,
    convert,
    currencies,
    currency_name,
    currency_of,
    exact,
    exponent,
    minor_units,
    read_amount,
    short,
    subtract,
    write_amount,
)
from tansiq.core.numbers import UnreadableNumberError

LANGUAGES = ("ar", "en", "fr", "id", "ms", "fil")
CODES = st.sampled_from(["IDR", "PHP", "MYR", "USD", "EUR", "JPY", "KWD", "IQD", "XOF"])
AMOUNTS = st.integers(0, 10**15)
SUMS = st.dictionaries(CODES, st.integers(-(10**15), 10**15), max_size=5)
RATES = st.builds(
    Rate,
    base=CODES,
    quote=st.just("IDR"),
    number=st.decimals("0.0001", "99999", places=4),
    on=st.just(date(2026, 5, 4)),
)


def test_every_currency_in_use_has_the_digits_of_its_standard():
    known = {"IDR": 2, "JPY": 0, "KWD": 3, "IQD": 3, "MMK": 2, "LBP": 2, "VND": 0, "CLF": 4}

    assert {code: exponent(code) for code in known} == known
    assert {"IDR", "PHP", "MYR", "USD", "EUR"} <= set(currencies())
    # Where people write fewer digits than the standard has; nowhere do they write more.
    assert all(get_currency_precision(code) <= exponent(code) for code in currencies())


def test_currency_of_a_country_is_its_own():
    found = {code: currency_of(code) for code in ("id", "ph", "my", "iq", "zz")}

    assert found == {"id": "IDR", "ph": "PHP", "my": "MYR", "iq": "IQD", "zz": "USD"}


def test_half_a_cent_is_refused():
    with pytest.raises(NotWholeError):
        minor_units(Decimal("0.005"), "USD")


@given(amount=AMOUNTS, currency=CODES, language=st.sampled_from(LANGUAGES))
def test_what_is_written_is_read_back_to_the_cent(amount, currency, language):
    text = write_amount(amount, currency, language)

    assert read_amount(text, currency, language) == amount
    assert minor_units(as_number(amount, currency), currency) == amount


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("1,234,567.50", "en"),
        ("1.234.567,50", "id"),
        ("1 234 567,5", "fr"),
        ("1\u202f234\u202f567,50", "fr"),
        ("1,234,567.50", "ms"),
        ("1,234,567.50", "fil"),
        ("١٬٢٣٤٬٥٦٧٫٥٠", "ar"),
        ("١٢٣٤٥٦٧٫٥", "ar"),
        ("1234567.5", "ar"),
    ],
)
def test_amounts_are_read_as_each_language_writes_them(typed, language):
    assert read_amount(typed, "USD", language) == 123_456_750


@pytest.mark.parametrize("typed", ["", "abc", "1,23,4", "-5", "1.005", "IDR 5", "1e9", "NaN"])
def test_what_is_no_amount_is_refused_with_a_sentence(typed):
    with pytest.raises(UnreadableNumberError, match=r"\w+ .*\."):
        read_amount(typed, "USD", "en")


def test_amounts_are_shown_with_their_currency_in_each_direction():
    assert exact(123_456_750, "USD", "en") == "\u2068USD\u00a01,234,567.50\u2069"
    assert exact(120_000_000_000, "IDR", "id") == "\u2068IDR\u00a01.200.000.000\u2069"
    assert exact(150, "JPY", "ar") == "\u2067١٥٠\u00a0JPY\u2069"
    assert short(120_000_000_000, "IDR", "en") == "\u2068IDR\u00a01.2\u202fbn\u2069"
    assert currency_name("IDR", "en") == "IDR, Indonesian Rupiah"


@given(one=SUMS, two=SUMS)
def test_taking_away_undoes_adding(one, two):
    assert subtract(add(one, two), two) == add(one)
    assert add(one, two) == add(two, one)


@given(sums=SUMS, rates=st.lists(RATES, max_size=5))
def test_conversion_is_rounded_once_and_names_what_has_no_rate(sums, rates):
    rates = [one for one in rates if one.base != one.quote]

    found = convert(sums, "IDR", rates)

    first = {one.base: one for one in reversed(rates)}
    exactly = Fraction(sums.get("IDR", 0))
    for code in sums.keys() & first.keys():
        scale = Fraction(10) ** (2 - exponent(code))
        exactly += sums[code] * Fraction(first[code].number) * scale
    assert found.amount == round(exactly)
    assert type(found.amount) is int
    assert found.missing.keys() == sums.keys() - first.keys() - {"IDR"}
    assert {one.base for one in found.rates} == sums.keys() & first.keys()


@pytest.mark.parametrize(("cents", "rupees"), [(50, 0), (150, 2), (250, 2), (-50, 0), (-150, -2)])
def test_halves_go_to_the_even_neighbour(cents, rupees):
    rate = Rate("USD", "JPY", Decimal(1), date(2026, 5, 4))

    assert convert({"USD": cents}, "JPY", [rate]).amount == rupees


def test_a_rate_serves_both_ways():
    rate = Rate("USD", "IDR", Decimal("16250.50"), date(2026, 5, 4))

    there = convert({"USD": 100}, "IDR", [rate])
    back = convert({"IDR": 1_625_050}, "USD", [rate])

    assert (there.amount, back.amount) == (1_625_050, 100)
