"""The words of the report in the reader's language, with its digits, days and plural forms."""

import re
import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from functools import cache
from importlib.resources import files
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.dates import format_skeleton
from babel.numbers import format_decimal

LANGUAGES: Final = ("en", "ar", "fr", "id", "ms", "fil")
OWN_NAMES: Final = {
    "en": "English",
    "ar": "العربية",
    "fr": "Français",
    "id": "Bahasa Indonesia",
    "ms": "Bahasa Melayu",
    "fil": "Filipino",
}
# British English, since its days come before its months, as in the other five languages.
_LOCALES: Final = {"en": "en_GB"}
# CLDR has given plain "ar" Latin digits; readers of Arabic in a response room write their own.
_DIGITS: Final = {"ar": str.maketrans("0123456789%", "٠١٢٣٤٥٦٧٨٩٪")}
_ISOLATE, _RTL_ISOLATE, _POP_ISOLATE = "\u2068", "\u2067", "\u2069"
_HOUR, _DAY, _MANY_DAYS = 60, 1440, 4
_OFFSET: Final = re.compile(r"(?:UTC|GMT)?(?P<sign>[+\-−])(?P<hours>\d\d):?(?P<rest>\d\d)")

Entry = str | dict[str, str]


class LanguageError(ValueError):
    """The report cannot be written in this language; the message says in which it can."""


@cache
def entries(language: str) -> dict[str, dict[str, Entry]]:
    """Return the sections of words of a language as they stand in its file.

    Raises LanguageError for a language without one.
    """
    if language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        message = f"There is no report in {language!r}. Choose among {known}."
        raise LanguageError(message)
    text = files("chorus.report").joinpath("words", f"{language}.toml").read_text("utf-8")
    return tomllib.loads(text)


@dataclass(frozen=True)
class Words:
    """Says everything in one language and in the clock of the incident."""

    language: str
    zone: str = "UTC"

    @property
    def is_rtl(self) -> bool:
        return self.language == "ar"

    @property
    def direction(self) -> str:
        return "rtl" if self.is_rtl else "ltr"

    def __call__(self, key: str, **values: object) -> str:
        """Return the words of `section.name` with the values put in.

        A number is written as the language does. Where the words have plural forms, the value named
        `count`, or else `k`, chooses among them. Raises KeyError for a key that no file has.
        """
        section, _, name = key.partition(".")
        entry = entries(self.language)[section][name]
        if isinstance(entry, dict):
            count = values.get("count", values.get("k"))
            form = self._locale.plural_form(abs(count)) if isinstance(count, int) else "other"
            entry = entry.get(form, entry["other"])
        return entry % {name: self._put(value) for name, value in values.items()}

    def has(self, section: str, name: str) -> bool:
        return name in entries(self.language)[section]

    def code(self, section: str, name: str) -> str:
        """Return the words of a code; for one that is unknown, those of `other` with the code."""
        if self.has(section, name):
            return self(f"{section}.{name}")
        return self(f"{section}.other", code=name)

    def label(self, key: str) -> str:
        """Return the name of a label of the code book; one that is new stands as its key."""
        head, _, name = key.partition(".")
        # A head of one label is called as it is: "claim" for "claim.claim".
        known = head if head == name and not self.has("label", key) else key
        return self(f"label.{known}") if self.has("label", known) else key

    def tongue(self, code: str | None) -> str:
        if code is None:
            return self("table.all")
        return self(f"tongue.{code}") if self.has("tongue", code) else code

    def number(self, value: float, *, decimals: int = 0) -> str:
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        return self._digits(format_decimal(value, pattern, locale=self._locale))

    def percent(self, share: float) -> str:
        # A space that does not break, as French has it; the others write none.
        gap = "\u202f" if self.language == "fr" else ""
        return self._digits(f"{round(share * 100)}{gap}%")

    def day(self, at: datetime) -> str:
        """Return "14 May 2026" in the clock of the incident."""
        return self._skeleton("yMMMd", at)

    def short_day(self, at: datetime) -> str:
        """Return "Thu 14 May"."""
        return self._skeleton("MMMEd", at)

    def clock(self, at: datetime) -> str:
        """Return "14:02". Always of 24 hours, so that nobody takes two in the night for the day."""
        return self._skeleton("Hm", at)

    def moment(self, at: datetime) -> str:
        """Return "14 May 2026, 14:02"."""
        comma = "، " if self.is_rtl else ", "
        return f"{self.day(at)}{comma}{self.clock(at)}"

    def short_moment(self, at: datetime) -> str:
        """Return "Thu 14 May, 14:02"."""
        comma = "، " if self.is_rtl else ", "
        return f"{self.short_day(at)}{comma}{self.clock(at)}"

    def length(self, minutes: int) -> str:
        """Return a time in its largest whole unit: "6 hours"."""
        if minutes >= 2 * _DAY and minutes % _DAY == 0:
            return self("say.days", count=minutes // _DAY)
        if minutes >= _HOUR and minutes % _HOUR == 0:
            return self("say.hours", count=minutes // _HOUR)
        return self("say.minutes", count=minutes)

    def elapsed(self, since: timedelta) -> str:
        """Return "T+02:14", and in whole days after the fourth."""
        minutes = int(since.total_seconds()) // 60
        if minutes >= _MANY_DAYS * _DAY:
            return self("say.days", count=minutes // _DAY)
        sign = "−" if minutes < 0 else "+"
        hours, rest = divmod(abs(minutes), 60)
        return self._digits(f"T{sign}{hours:02d}:{rest:02d}")

    def local(self, at: datetime) -> datetime:
        """Return the moment in the clock of the incident."""
        return at.astimezone(_zone(self.zone))

    def isolate(self, text: str) -> str:
        """Keep a foreign piece of text from turning its neighbours round."""
        if not self.is_rtl:
            return text
        # Without a letter to go by, a number and its per cent sign run as the page does.
        opening = _ISOLATE if any(map(str.isalpha, text)) else _RTL_ISOLATE
        return f"{opening}{text}{_POP_ISOLATE}"

    def _put(self, value: Any) -> str:
        if isinstance(value, bool | str):
            return self.isolate(str(value))
        if isinstance(value, int):
            return self.isolate(self.number(value))
        return self.isolate(self.number(value, decimals=1))

    def _skeleton(self, skeleton: str, at: datetime) -> str:
        return self._digits(format_skeleton(skeleton, self.local(at), locale=self._locale))

    def _digits(self, text: str) -> str:
        table = _DIGITS.get(self.language)
        return text.translate(table).replace(",", "٬").replace(".", "٫") if table else text

    @property
    def _locale(self) -> Locale:
        return _locale(self.language)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(_LOCALES.get(language, language))


@cache
def _zone(name: str) -> tzinfo:
    # An incident may be given with an offset alone: 2026-05-13T07:30+07:00.
    offset = _OFFSET.fullmatch(name)
    if offset:
        sign = -1 if offset["sign"] in "-−" else 1
        return timezone(sign * timedelta(hours=int(offset["hours"]), minutes=int(offset["rest"])))
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as problem:
        message = f"There is no time zone {name!r}. Name one as Asia/Jakarta or +07:00."
        raise LanguageError(message) from problem
