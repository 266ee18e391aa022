"""Spans and moments of a playbook: ISO 8601 durations, counted from the first minute or a date."""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

START = "T0"
CLOSE = "close"
# Dates that an incident's calendar gets later; a task due "milestone-P14D" comes with each of them.
MILESTONES = ("milestone", "anniversary", "trial", "inquiry", "release", "memorial")
ANCHORS = (START, CLOSE, *MILESTONES)

_MOST_YEARS = 100
_DURATION = re.compile(
    r"P(?:(?P<weeks>\d{1,4})W|(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,7})S)?)?)",
    re.ASCII,
)
_OFFSET = re.compile(r"(?P<alone>[+-]?P.*)|(?P<anchor>[A-Za-z]+[0-9]?)(?P<span>[+-]P.*)?", re.ASCII)
# Months differ in length: spans with months are compared from the first and last days of each.
_REFERENCES = tuple(
    datetime(year, month, day, tzinfo=UTC)
    for year in (2023, 2024)
    for month in range(1, 13)
    for day in (1, calendar.monthrange(year, month)[1])
)


class NotADurationError(ValueError):
    """The text is no ISO 8601 duration."""


class NotAnOffsetError(ValueError):
    """The text names no moment counted from an anchor."""


@dataclass(frozen=True, kw_only=True)
class Duration:
    """A span as ISO 8601 writes it; months and years keep their meaning, as no seconds could."""

    years: int = 0
    months: int = 0
    weeks: int = 0
    days: int = 0
    hours: int = 0
    minutes: int = 0
    seconds: int = 0
    is_negative: bool = False

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the span that `text` writes; raises NotADurationError."""
        sign, span = (text[:1], text[1:]) if text[:1] in {"-", "+"} else ("", text)
        match = _DURATION.fullmatch(span)
        parts = {k: int(v) for k, v in match.groupdict().items() if v} if match else {}
        if not parts:
            raise NotADurationError(text)
        found = cls(**parts, is_negative=sign == "-" and any(parts.values()))
        if found.nominal_days > _MOST_YEARS * 366:
            raise NotADurationError(text)
        return found

    @property
    def nominal_days(self) -> float:
        """Return about how many days it is, without a sign."""
        whole = self.years * 365.25 + self.months * 30.44 + self.weeks * 7 + self.days
        return whole + (self.hours * 3600 + self.minutes * 60 + self.seconds) / 86400

    @property
    def is_zero(self) -> bool:
        return self.nominal_days == 0

    def after(self, moment: datetime) -> datetime:
        """Return the moment this much later: dates by the calendar of its zone, hours exactly.

        A month after 31 January is the last day of February.
        """
        sign = -1 if self.is_negative else 1
        month = moment.year * 12 + moment.month - 1 + sign * (self.years * 12 + self.months)
        year, month = divmod(month, 12)
        day = min(moment.day, calendar.monthrange(year, month + 1)[1])
        dated = moment.replace(year=year, month=month + 1, day=day)
        dated += sign * timedelta(weeks=self.weeks, days=self.days)
        exact = timedelta(hours=self.hours, minutes=self.minutes, seconds=self.seconds)
        return (dated.astimezone(UTC) + sign * exact).astimezone(moment.tzinfo)

    def may_exceed(self, other: "Duration") -> bool:
        """Return whether it can end later than the other one, from some day of some year."""
        days = _REFERENCES if self.has_months or other.has_months else _REFERENCES[:1]
        return any(self.after(day) > other.after(day) for day in days)

    @property
    def has_months(self) -> bool:
        return bool(self.years or self.months)

    def __str__(self) -> str:
        dates = [(self.years, "Y"), (self.months, "M"), (self.weeks, "W"), (self.days, "D")]
        times = [(self.hours, "H"), (self.minutes, "M"), (self.seconds, "S")]
        date = "".join(f"{number}{unit}" for number, unit in dates if number)
        time = "".join(f"{number}{unit}" for number, unit in times if number)
        span = f"P{date}T{time}" if time else f"P{date}"
        return ("-" if self.is_negative else "") + (span if span != "P" else "PT0S")


@dataclass(frozen=True)
class Offset:
    """A moment counted from an anchor: the first minute, a date of the calendar, the close."""

    anchor: str
    duration: Duration = Duration()

    @classmethod
    def read(cls, text: str) -> Self:
        """Return what "T0+PT30M", "PT30M", "milestone-P14D" or "close" say.

        Raises NotAnOffsetError, also for an anchor that does not exist.
        """
        match = _OFFSET.fullmatch(text)
        anchor = (match["anchor"] or START) if match else ""
        if not match or anchor not in ANCHORS:
            raise NotAnOffsetError(text)
        span = match["span"] or match["alone"]
        try:
            return cls(anchor, Duration.read(span) if span else Duration())
        except NotADurationError as problem:
            raise NotAnOffsetError(text) from problem

    @property
    def is_from_start(self) -> bool:
        return self.anchor == START

    @property
    def is_from_milestone(self) -> bool:
        return self.anchor in MILESTONES

    def after(self, moment: datetime) -> datetime:
        """Return the moment itself, when `moment` is that of the anchor."""
        return self.duration.after(moment)

    def __str__(self) -> str:
        if self.duration.is_zero:
            return self.anchor
        sign = "" if self.duration.is_negative else "+"
        return f"{self.anchor}{sign}{self.duration}"
