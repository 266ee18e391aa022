"""Numbers as people type them: their digits, their marks, and never a guess.

"1.234,5", "1,234.5", "1 234,5" and "١٬٢٣٤٫٥" are one number. "1.234" is a thousand and more for
one reader and one and a bit for another: the reader's language decides where it can, and where
the field rules that reading out, the person is asked.
"""

import re
import unicodedata
from decimal import Decimal

from babel.numbers import get_decimal_symbol, get_group_symbol
from django.utils.translation import gettext as _

from tansiq.core.formats import digits, locale_of

LONGEST = 40
_ARABIC_POINT, _ARABIC_GROUP, _ARABIC_COMMA = "٫", "٬", "،"
# Spaces and apostrophes that stand between thousands, never for a decimal point; and signs
# that only steer the direction of writing.
_SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2009'’"), " ")
_UNSEEN = dict.fromkeys(map(ord, "\u200e\u200f\u061c\u2066\u2067\u2068\u2069"))
_GROUPED_BY = "[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+(?:[.,٫][0-9]*)?"
_DIGITS_AND_MARKS = re.compile(r"[0-9.,]+")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:[.,][0-9]{3})+")


class UnreadableNumberError(ValueError):
    """A text is no number, or may be two; the message says what to write instead."""


def read_number(text: str, language: str, *, decimals: int) -> Decimal:
    """Return the number a person wrote, who reads this language, in a field of so many decimals.

    Raises UnreadableNumberError.
    """
    plain = _plain(text)
    if not _DIGITS_AND_MARKS.fullmatch(plain) or not any(map(str.isdigit, plain)):
        raise UnreadableNumberError(_("Write the number alone, in digits, such as 1200."))
    whole, fraction = _split(plain, language, decimals=decimals)
    if len(fraction.rstrip("0")) > decimals:
        raise UnreadableNumberError(_too_many_digits(decimals))
    return Decimal(f"{whole or '0'}.{fraction or '0'}")


def check_number(number: Decimal, *, decimals: int) -> Decimal:
    """Return a number that came as one, such as from a spreadsheet, if the field can take it.

    Raises UnreadableNumberError, as `read_number` does for what people typed.
    """
    if not number.is_finite() or len(f"{number:f}") > LONGEST:
        raise UnreadableNumberError(_("This number is too long. Check what you typed."))
    if number < 0:
        raise UnreadableNumberError(_("A figure here cannot be below zero."))
    _whole, _point, fraction = f"{number:f}".partition(".")
    if len(fraction.rstrip("0")) > decimals:
        raise UnreadableNumberError(_too_many_digits(decimals))
    return number


def _plain(text: str) -> str:
    """Return the number in Latin digits, with nothing but points and commas in a right one."""
    text = text.strip()
    if len(text) > LONGEST:
        raise UnreadableNumberError(_("This number is too long. Check what you typed."))
    if text[:1] in {"-", "−", "–"} or text.endswith(("-", "−")):
        raise UnreadableNumberError(_("A figure here cannot be below zero."))
    if "%" in text or "٪" in text:
        raise UnreadableNumberError(_("Write the number without the per cent sign."))
    plain = "".join(_latin(one) for one in text.translate(_SPACES | _UNSEEN))
    for mark in (" ", _ARABIC_GROUP):
        if mark in plain:
            if not re.fullmatch(_GROUPED_BY.format(mark=mark), plain):
                raise _contradiction()
            plain = plain.replace(mark, "")
    whole, point, fraction = plain.partition(_ARABIC_POINT)
    if point and fraction.isdigit() and (whole.isdigit() or not whole):
        # No thousands follow a leading zero, so the point that is put here stays one.
        return f"0{whole}.{fraction}"
    return plain.replace(_ARABIC_COMMA, ",")


def _latin(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def _split(plain: str, language: str, *, decimals: int) -> tuple[str, str]:
    """Return the whole part and the fraction of a number whose marks are points and commas."""
    latest = max(plain.rfind("."), plain.rfind(","))
    if latest == -1:
        return plain, ""
    mark, other = plain[latest], "," if plain[latest] == "." else "."
    if other in plain or plain.count(mark) > 1:
        return _split_by_grouping(plain, latest)
    if not _GROUPED.fullmatch(plain):
        return plain[:latest], plain[latest + 1 :]
    return _split_by_language(plain, mark, language, decimals=decimals)


def _split_by_grouping(plain: str, latest: int) -> tuple[str, str]:
    """Read marks of two kinds, or one kind several times: only the latest can be the point."""
    if plain.count(plain[latest]) > 1:
        whole, fraction = plain, ""
    else:
        whole, fraction = plain[:latest], plain[latest + 1 :]
    if not _GROUPED.fullmatch(whole) or {".", ","} <= set(whole):
        raise _contradiction()
    return re.sub("[.,]", "", whole), fraction


def _contradiction() -> UnreadableNumberError:
    return UnreadableNumberError(
        _("The marks in this number contradict each other. Write it without them, such as 1200.")
    )


def _split_by_language(plain: str, mark: str, language: str, *, decimals: int) -> tuple[str, str]:
    """Read "1.234" the way of the language, unless the field rules that way out."""
    locale = locale_of(language)
    whole, _mark, fraction = plain.partition(mark)
    if mark == get_group_symbol(locale):
        return whole + fraction, ""
    if mark == get_decimal_symbol(locale) and decimals >= len(fraction):
        return whole, fraction
    raise UnreadableNumberError(
        _("Is this %(large)s, or %(whole)s and a fraction? Write it without points and commas.")
        % {"large": whole + fraction, "whole": whole}
    )


def _too_many_digits(decimals: int) -> str:
    if decimals == 0:
        return _("Write a whole number.")
    return _("Write at most %(decimals)s digits after the point.") % {"decimals": decimals}


def write_number(number: Decimal, language: str) -> str:
    """Return the number so that `read_number` reads it back: the reader's digits and point."""
    whole, point, fraction = f"{number:f}".partition(".")
    written = digits(whole, language)
    if not point:
        return written
    has_own_digits = digits("0", language) != "0"
    symbol = _ARABIC_POINT if has_own_digits else get_decimal_symbol(locale_of(language))
    return f"{written}{symbol}{digits(fraction, language)}"
