"""Amounts of money: whole numbers of a currency's smallest unit, read and written exactly.

No floating point comes near them. An amount and its currency always travel together; sums of
several currencies are kept apart, and are converted only with rates that are shown beside them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from babel import Locale
from babel.numbers import get_currency_name, get_territory_currencies, list_currencies

from tansiq.core import formats
from tansiq.core.numbers import read_number, write_number

# ISO 4217's digits after the point, where they are not two. Not Babel's: CLDR gives the digits
# that people write, they change with its editions (LBP, IQD, MMK have none there), and what is
# stored must mean the same after an upgrade.
_DIGITS = {
    code: digits
    for digits, codes in (
        (0, ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI")),
        (0, ("VND", "VUV", "XAF", "XOF", "XPF")),
        (3, ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")),
        (4, ("CLF", "UYW")),
    )
    for code in codes
}
_USUAL_DIGITS = 2
# In which donors most often give, in every country.
WORLD = ("USD", "EUR", "GBP", "AUD", "JPY", "CHF")


class NotWholeError(ValueError):
    """An amount is finer than the smallest unit of its currency."""


def exponent(currency: str) -> int:
    """Return how many digits the smallest unit of a currency stands behind the point."""
    return _DIGITS.get(currency, _USUAL_DIGITS)


@lru_cache(maxsize=1)
def currencies() -> tuple[str, ...]:
    """Return the codes of all currencies in use today, in order."""
    places = [str(code) for code in Locale("en").territories]
    found = {code for place in places for code in get_territory_currencies(place)}
    return tuple(sorted(found & list_currencies()))


def is_currency(code: str) -> bool:
    return code in currencies()


@lru_cache(maxsize=256)
def currency_of(country_code: str) -> str:
    """Return the currency of a country by its two letters; US dollars where nothing is known."""
    found = get_territory_currencies(country_code.upper())
    return found[0] if found else "USD"


@lru_cache(maxsize=1024)
def currency_name(code: str, language: str) -> str:
    """Return "IDR, Indonesian rupiah" in the reader's language."""
    name = get_currency_name(code, locale=formats.locale_of(language))
    return code if name == code else f"{code}{formats.comma(language)}{name}"


# --- between the number that people know and the whole number that is kept


def minor_units(number: Decimal, currency: str) -> int:
    """Return 1500.25 dollars as 150025 cents. Raises NotWholeError for half a cent."""
    scaled = number.scaleb(exponent(currency))
    if scaled != scaled.to_integral_value():
        raise NotWholeError
    return int(scaled)


def as_number(amount: int, currency: str) -> Decimal:
    """Return 150025 cents as 1500.25 dollars."""
    return Decimal(amount).scaleb(-exponent(currency))


def read_amount(text: str, currency: str, language: str) -> int:
    """Return what a person typed, in the smallest unit. Raises UnreadableNumberError."""
    return minor_units(read_number(text, language, decimals=exponent(currency)), currency)


def write_amount(amount: int, currency: str, language: str) -> str:
    """Return an amount so that `read_amount` reads it back, without empty decimals."""
    return write_number(_without_empty_decimals(amount, currency), language)


def exact(amount: int, currency: str, language: str) -> str:
    """Return "IDR 1,234,567.50": every digit, and decimals where they say something."""
    number = _without_empty_decimals(amount, currency)
    decimals = exponent(currency) if number != number.to_integral_value() else 0
    return with_currency(formats.number(number, language, decimals=decimals), currency, language)


def short(amount: int, currency: str, language: str) -> str:
    """Return "IDR 1.2 bn", rounded for reading."""
    return formats.money(as_number(amount, currency), currency, language)


def with_currency(written: str, currency: str, language: str) -> str:
    """Put a currency's code to a written amount, as one piece in either direction."""
    if formats.locale_of(language).text_direction == "rtl":
        return f"\u2067{written}\u00a0{currency}\u2069"
    return formats.isolate(f"{currency}\u00a0{written}")


def _without_empty_decimals(amount: int, currency: str) -> Decimal:
    number = as_number(amount, currency)
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number


def as_units(number: Decimal) -> tuple[int, int]:
    """Return a number as whole units and the digits behind the point: 1.250 as (125, 2)."""
    plain = number.normalize()
    decimals = max(-int(plain.as_tuple().exponent), 0)
    return int(plain.scaleb(decimals)), decimals


def write_rate(number: Decimal, language: str) -> str:
    """Return a rate of exchange as a person would type it."""
    units, decimals = as_units(number)
    return write_number(Decimal(units).scaleb(-decimals), language)


# --- sums


def add(*sums: Mapping[str, int]) -> dict[str, int]:
    """Return the sum by currency, without the currencies that come to nothing."""
    total: dict[str, int] = {}
    for one in sums:
        for currency, amount in one.items():
            total[currency] = total.get(currency, 0) + amount
    return {currency: amount for currency, amount in sorted(total.items()) if amount}


def subtract(left: Mapping[str, int], right: Mapping[str, int]) -> dict[str, int]:
    """Return what of `left` is more (or, below zero, less) than `right`, by currency."""
    return add(left, {currency: -amount for currency, amount in right.items()})


# --- conversion


@dataclass(frozen=True)
class Rate:
    """One unit of `base` costs `number` units of `quote` on a day."""

    base: str
    quote: str
    number: Decimal
    on: date


@dataclass(frozen=True)
class Converted:
    """A sum in one currency, the rates it was reckoned with, and what no rate was found for."""

    amount: int
    currency: str
    rates: tuple[Rate, ...] = ()
    missing: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        return not self.missing


def convert(sums: Mapping[str, int], currency: str, rates: Iterable[Rate]) -> Converted:
    """Bring a sum of several currencies into one, rounded half to even once, at the very end.

    `rates` come with the best first. What no rate is given for is left out and named.
    """
    known = list(rates)
    total = Fraction(0)
    used: list[Rate] = []
    missing: dict[str, int] = {}
    for code, amount in sorted(sums.items()):
        if code == currency:
            total += amount
            continue
        rate = next((one for one in known if {one.base, one.quote} == {code, currency}), None)
        if rate is None:
            missing[code] = amount
        else:
            used.append(rate)
            total += _converted(amount, code, rate)
    return Converted(round(total), currency, tuple(used), missing)


def _converted(amount: int, code: str, rate: Rate) -> Fraction:
    """Return an amount in the smallest unit of the rate's other currency, not rounded."""
    other = rate.quote if code == rate.base else rate.base
    factor = Fraction(rate.number)
    if code != rate.base:
        factor = Fraction(1) / factor
    return amount * factor * Fraction(10) ** (exponent(other) - exponent(code))
