"""Days, moments and numbers as the reader's language writes them.

Plain functions of a value and a language code, for pages, documents and messages alike. Every
answer is cached: a list page asks for the same few days and numbers again and again.
"""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_interval, format_skeleton
from babel.numbers import format_compact_decimal, format_decimal, format_percent

Number = int | float | Decimal

# British English, since its days come before its months, as in the other five languages.
_LOCALES = {"en": "en_GB"}
# CLDR has given plain "ar" Latin digits; our readers of Arabic write their own.
_NUMBERING = {"ar": "arab"}
_DIGITS = {"arab": str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩") | {ord("%"): "٪"}}
_FULL_DAY = {"en": "EEEE d MMMM y"}
_SHORT_ENGLISH = {"K": "k", "M": "m", "B": "bn", "T": "tn"}
_NARROW_SPACE = "\u202f"
_RIGHT_TO_LEFT_ISOLATE = "\u2067"
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


@lru_cache(maxsize=32)
def locale_of(language: str) -> Locale:
    """Return the locale that writes for this language; British English for an unknown one."""
    base = language.partition("-")[0]
    try:
        return Locale.parse(_LOCALES.get(base, base))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


_OWN_NAMES = {"en": "English", "fr": "Français", "id": "Bahasa Indonesia", "ms": "Bahasa Melayu"}


@lru_cache(maxsize=64)
def language_name(code: str) -> str:
    """Return the name of a language in that language."""
    try:
        return _OWN_NAMES.get(code) or Locale.parse(code, sep="-").get_display_name() or code
    except (UnknownLocaleError, ValueError):
        return code


def _base(language: str) -> str:
    return locale_of(language).language


def _numbering(language: str) -> str:
    return _NUMBERING.get(_base(language), "latn")


def digits(text: str, language: str) -> str:
    """Write the Latin digits and per cent signs in a text as the language does."""
    table = _DIGITS.get(_numbering(language))
    return text.translate(table) if table else text


@lru_cache(maxsize=4096)
def day(value: date, language: str) -> str:
    """Return "Thursday 14 May 2026"."""
    pattern = _FULL_DAY.get(_base(language), "full")
    return digits(format_date(value, pattern, locale=locale_of(language)), language)


@lru_cache(maxsize=4096)
def short_day(value: date, language: str) -> str:
    """Return "14 May 2026"."""
    return _skeleton(value, "yMMMd", language)


@lru_cache(maxsize=4096)
def weekday(value: date, language: str) -> str:
    """Return "Thu 14 May", for lists of duties."""
    return _skeleton(value, "MMMEd", language)


@lru_cache(maxsize=4096)
def month(value: date, language: str) -> str:
    """Return "May 2026"."""
    return _skeleton(value, "yMMMM", language)


@lru_cache(maxsize=4096)
def months(first: date, latest: date, language: str) -> str:
    """Return "January–June 2026"."""
    written = format_interval(first, latest, "yMMMM", locale=locale_of(language))
    return digits(written, language)


def clock(value: datetime, language: str) -> str:
    """Return "14:02". Always of 24 hours, so that nobody takes two in the night for the day."""
    # Without its zone: one moment in two zones is equal, and would be kept as one.
    return _clock(value.replace(tzinfo=None), language)


@lru_cache(maxsize=4096)
def _clock(value: datetime, language: str) -> str:
    return _skeleton(value, "Hm", language)


def moment(value: datetime, language: str) -> str:
    """Return "14 May 2026, 14:02"."""
    return f"{short_day(value.date(), language)}{comma(language)}{clock(value, language)}"


def comma(language: str) -> str:
    """Return what stands between the items of a list."""
    return "، " if _base(language) == "ar" else ", "


def _skeleton(value: date, skeleton: str, language: str) -> str:
    written = format_skeleton(skeleton, value, locale=locale_of(language))
    return digits(written, language)


@lru_cache(maxsize=4096)
def number(value: Number, language: str, *, decimals: int | None = None) -> str:
    """Return "12,345.6" with at most three decimals, or with exactly as many as asked for."""
    pattern = None if decimals is None else f"#,##0.{'0' * decimals}".rstrip(".")
    written = format_decimal(
        value, pattern, locale=locale_of(language), numbering_system=_numbering(language)
    )
    return digits(written, language)


@lru_cache(maxsize=4096)
def compact(value: Number, language: str) -> str:
    """Return "1.2 bn": rounded for reading."""
    if -1000 < value < 1000:  # noqa: PLR2004 -- below a thousand there is nothing to shorten
        return number(round(value, 1), language)
    written = format_compact_decimal(
        value,
        locale=locale_of(language),
        fraction_digits=1,
        numbering_system=_numbering(language),
    )
    if _base(language) == "en" and written[-1] in _SHORT_ENGLISH:
        return f"{written[:-1]}{_NARROW_SPACE}{_SHORT_ENGLISH[written[-1]]}"
    return digits(written, language)


@lru_cache(maxsize=4096)
def percent(value: Number, language: str, *, decimals: int = 0) -> str:
    """Return "61%" for 0.61."""
    pattern = locale_of(language).percent_formats[None].pattern
    if decimals:
        pattern = pattern.replace("#,##0", f"#,##0.{'0' * decimals}")
    written = format_percent(
        value, pattern, locale=locale_of(language), numbering_system=_numbering(language)
    )
    return digits(written, language)


def money(value: Number, currency: str, language: str) -> str:
    """Return "IDR 1.2 bn": the currency by its code, which no reader takes for another."""
    written = compact(value, language)
    if locale_of(language).text_direction == "rtl":
        return f"{_RIGHT_TO_LEFT_ISOLATE}{written}\u00a0{currency}{_POP_ISOLATE}"
    return isolate(f"{currency}\u00a0{written}")


def isolate(text: object, language: str = "en") -> str:
    """Wrap a text so that its direction does not disturb the line around it.

    A text without letters, such as "34%", has the direction of the language.
    """
    written = str(text)
    is_rtl = locale_of(language).text_direction == "rtl"
    if is_rtl and not any(letter.isalpha() for letter in written):
        return f"{_RIGHT_TO_LEFT_ISOLATE}{written}{_POP_ISOLATE}"
    return f"{_FIRST_STRONG_ISOLATE}{written}{_POP_ISOLATE}"
