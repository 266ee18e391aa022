"""What people put into a cell, read as one value and never guessed.

They write in their own digits and marks, and in their own order of day and month.
"""

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from babel.dates import get_month_names
from django.conf import settings
from django.utils.translation import gettext as _

from tansiq.core.documents.columns import Column, Kind, Value, canonical, plain_number, plain_text
from tansiq.core.formats import locale_of
from tansiq.core.numbers import read_number

FIRST_YEAR, LATEST_YEAR = 1990, 2100
_PARTS = re.compile(r"[\s/.,،\-–]+")
_UNSEEN = dict.fromkeys(map(ord, "\u200e\u200f\u061c\u2066\u2067\u2068\u2069\ufeff"))
_MOST_MONTHS = 12
_MOST_NAMED = 12


class UnreadableCellError(ValueError):
    """A cell cannot be read as what its column holds; the message says what to write instead."""


def read_cell(value: object, column: Column, language: str, words: "ChoiceWords") -> Value:
    """Return what a cell holds. Raises UnreadableCellError, or UnreadableNumberError."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if column.kind == Kind.NUMBER:
        return _number(value, column, language)
    if column.kind == Kind.DAY:
        return _day(value)
    text = text_of(value)
    if column.kind == Kind.CHOICE and text:
        return words.code_of(column, text)
    return text or None


def text_of(value: object) -> str:
    """Return the text of a cell, also where a spreadsheet made a number or a day of it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return plain_number(Decimal(repr(value)))
    if isinstance(value, dt.datetime):
        return canonical(value.date())
    if isinstance(value, dt.date):
        return canonical(value)
    return plain_text(str(value))


def _number(value: object, column: Column, language: str) -> Decimal:
    if isinstance(value, bool | dt.date | dt.time | dt.timedelta):
        raise UnreadableCellError(_("Write the number alone, in digits, such as 1200."))
    if isinstance(value, int | float):
        # The shortest decimal number that a spreadsheet shows for it; no sum is made with it.
        number = Decimal(repr(value))
        if not number.is_finite():
            raise UnreadableCellError(_("Write the number alone, in digits, such as 1200."))
        return number
    return read_number(str(value), language, decimals=column.decimals)


def _day(value: object) -> dt.date:
    if isinstance(value, dt.datetime):
        day = value.date()
    elif isinstance(value, dt.date):
        day = value
    elif isinstance(value, str):
        day = _day_in_words(value)
    else:
        raise UnreadableCellError(
            _(
                "This is a number, not a day. Write the day as 2026-05-14, or give the cell "
                "the format of a date."
            )
        )
    if not FIRST_YEAR <= day.year <= LATEST_YEAR:
        raise UnreadableCellError(_("This year cannot be right. Check it."))
    return day


def _day_in_words(text: str) -> dt.date:
    plain = "".join(_latin(one) for one in text.translate(_UNSEEN)).strip().casefold()
    parts = [one for one in _PARTS.split(plain) if one]
    if len(parts) != 3:  # noqa: PLR2004 -- year, month and day
        raise UnreadableCellError(_how_to_write_a_day())
    named = [_month_named(one) for one in parts]
    if any(named):
        return _day_with_a_name(parts, named)
    if not all(one.isdecimal() for one in parts):
        raise UnreadableCellError(_how_to_write_a_day())
    first, second, third = map(int, parts)
    if len(parts[0]) == 4:  # noqa: PLR2004 -- a year of four digits
        return _made(first, second, third)
    if len(parts[2]) != 4:  # noqa: PLR2004 -- a year of four digits
        raise UnreadableCellError(_how_to_write_a_day())
    if first <= _MOST_MONTHS and second <= _MOST_MONTHS and first != second:
        raise UnreadableCellError(
            _("Is this %(one)s or %(other)s? Write it as year, month and day, such as %(one)s.")
            % {
                "one": _made(third, second, first).isoformat(),
                "other": _made(third, first, second).isoformat(),
            }
        )
    if second > _MOST_MONTHS:
        first, second = second, first
    return _made(third, second, first)


def _day_with_a_name(parts: list[str], named: list[int]) -> dt.date:
    """Read "14 May 2026", "May 14, 2026" and "2026 May 14"."""
    month = max(named)
    numbers = [one for one, name in zip(parts, named, strict=True) if not name]
    if len(numbers) != 2 or not all(one.isdecimal() for one in numbers):  # noqa: PLR2004 -- day, year
        raise UnreadableCellError(_how_to_write_a_day())
    years = [one for one in numbers if len(one) == 4]  # noqa: PLR2004 -- a year of four digits
    if len(years) != 1:
        raise UnreadableCellError(_how_to_write_a_day())
    [day] = [one for one in numbers if one != years[0]]
    return _made(int(years[0]), month, int(day))


def _made(year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError as fault:
        raise UnreadableCellError(_("There is no such day. Check it.")) from fault


def _how_to_write_a_day() -> str:
    return _("Write the day as year, month and day: 2026-05-14.")


def _latin(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def _month_named(word: str) -> int:
    return _months().get(word, 0)


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    """Return the months of all our languages by their names, long and short."""
    found: dict[str, int] = {}
    for code, _name in settings.LANGUAGES:
        for width in ("wide", "abbreviated"):
            for number, name in get_month_names(width, locale=locale_of(code)).items():
                found.setdefault(str(name).casefold().strip("."), number)
    return found


class ChoiceWords:
    """The codes of pick lists by their words, in the languages that a workbook may be in."""

    def __init__(self, words: dict[str, dict[str, str]]) -> None:
        # By the key of the column: each word, in small letters, with its code.
        self.words = words

    def code_of(self, column: Column, text: str) -> str:
        """Return the code of a word. Raises UnreadableCellError, which names the words."""
        known = {str(words).casefold(): code for code, words in column.choices}
        known |= {code.casefold(): code for code, _words in column.choices}
        found = known.get(text.casefold()) or self.words.get(column.key, {}).get(text.casefold())
        codes = {code for code, _words in column.choices}
        if found is None or found not in codes:
            told = ", ".join(words for _code, words in column.choices[:_MOST_NAMED])
            raise UnreadableCellError(_("Choose one of these: %(known)s.") % {"known": told})
        return found
