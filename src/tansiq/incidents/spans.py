"""How far away a moment is, in the reader's words: "14 min late", "in 2 hr 5 min".

`static/incidents/clocks.js` counts on with the same rules; a test holds the two together.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.units import format_unit
from django.utils.translation import gettext as _

from tansiq.core import formats

# Up to then minutes are counted, hours with minutes, hours alone; from then on days.
MINUTES, HOURS_AND_MINUTES, HOURS = 90, 6 * 60, 48 * 60
# What is due within so long stands out.
SOON = timedelta(minutes=15)


@dataclass(frozen=True)
class Due:
    """When something is due, as seen from a moment; `tone` is one of the look's."""

    at: datetime
    words: str
    tone: str
    icon: str


def span(length: timedelta, language: str) -> str:
    """Return "14 min", "2 hr 5 min", "9 hr" or "3 days"; less than a minute is "0 min"."""
    minutes = int(abs(length).total_seconds()) // 60
    if minutes < MINUTES:
        return _unit(minutes, "minute", language)
    if minutes < HOURS_AND_MINUTES:
        hours, rest = divmod(minutes, 60)
        return f"{_unit(hours, 'hour', language)} {_unit(rest, 'minute', language)}"
    if minutes < HOURS:
        return _unit(minutes // 60, "hour", language)
    return _unit(minutes // (24 * 60), "day", language)


def due(at: datetime, moment: datetime, language: str) -> Due:
    """Return how a due time stands at a moment; both on the same clock."""
    left = at - moment
    if left < timedelta(0):
        return Due(at, _("%(span)s late") % {"span": span(left, language)}, "late", "late")
    words = _("in %(span)s") % {"span": span(left, language)}
    return Due(at, words, "risk" if left <= SOON else "on", "clock")


def _unit(number: int, unit: str, language: str) -> str:
    # "14 min" as in the field, where British English would write "14 mins".
    locale = "en" if language == "en" else formats.locale_of(language)
    written = format_unit(number, f"duration-{unit}", length="short", locale=locale)
    return formats.digits(written, language)
