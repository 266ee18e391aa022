"""How one rumour, the bulletin and the trend are laid out: which step is next, words, charts."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tansiq.access.zones import zone
from tansiq.core import charts, formats
from tansiq.core.practice import stamped
from tansiq.incidents.models import Correction, Incident, Rumour, RumourCheck, RumourStatus
from tansiq.incidents.queries.rumours import Answered, Trend


@dataclass(frozen=True)
class Steps:
    """Where a rumour stands: what is next, and what is known of it."""

    next: str
    waiting: list[RumourCheck]
    answered: list[RumourCheck]
    corrections: list[Correction]


def steps_of(rumour: Rumour, checks: list[RumourCheck]) -> Steps:
    """Return what should happen next with a rumour."""
    waiting = [one for one in checks if not one.is_answered]
    answered = [one for one in checks if one.is_answered]
    corrections = list(rumour.corrections.order_by("language"))
    return Steps(_next(rumour, waiting, answered, corrections), waiting, answered, corrections)


def _next(
    rumour: Rumour,
    waiting: list[RumourCheck],
    answered: list[RumourCheck],
    corrections: list[Correction],
) -> str:
    if rumour.is_closed:
        return "closed"
    if rumour.is_new:
        return "triage"
    if not rumour.outcome:
        return "outcome" if answered else "answer" if waiting else "ask"
    if rumour.released_at:
        return "close"
    if rumour.cleared_at:
        return "release"
    return "clear" if corrections else "correct"


def stage_of(rumour: Rumour) -> Any:
    """Return where it stands in words: the outcome where one is known, else the status."""
    if rumour.status == RumourStatus.DECIDED:
        return rumour.get_outcome_display()
    return rumour.get_status_display()


def as_text(incident: Incident, lines: list[Answered], language: str, *, at: dt.datetime) -> str:
    """Return the bulletin as plain text in its language, to paste into a message."""
    with translation.override(language):
        moment = formats.moment(
            incident.room_time(at).astimezone(zone(incident.time_zone)), language
        )
        head = _("What is said, and what is so: %(place)s, %(time)s") % {
            "place": incident.place,
            "time": moment,
        }
        head = stamped(head) if incident.is_exercise else head
        said = _("%(number)s. It is said: %(claim)s\nThis is %(outcome)s. %(text)s")
        parts = [
            said
            % {
                "number": formats.number(number, language),
                "claim": one.claim,
                "outcome": one.rumour.get_outcome_display(),
                "text": one.text,
            }
            for number, one in enumerate(lines, start=1)
        ]
        foot = _("Please pass this on, and nothing that is not checked.")
    return "\n\n".join([head, *parts, foot])


def minutes(value: float | None, language: str) -> str:
    """Say how long something took: minutes up to two hours, then hours."""
    if value is None:
        return _("not yet")
    whole = round(value)
    if whole < _HOURS_FROM:
        said = ngettext("%(count)s minute", "%(count)s minutes", whole)
        return said % {"count": formats.number(whole, language)}
    hours = round(value / 60)
    said = ngettext("%(count)s hour", "%(count)s hours", hours)
    return said % {"count": formats.number(hours, language)}


_HOURS_FROM = 120


def drawings_of(trend: Trend, language: str) -> list[SafeString]:
    """Draw the trend: what came in by day, and what there is by harm; each with its table."""
    if not trend.by_status:
        return []
    return [_by_day(trend, language), _by_harm(trend, language)]


def _by_day(trend: Trend, language: str) -> SafeString:
    points = [(formats.short_day(day, language), float(n)) for day, n in trend.by_day]
    latest = trend.by_day[-1][1]
    said = ngettext(
        "%(count)s new rumour on the latest day", "%(count)s new rumours on the latest day", latest
    )
    title = said % {"count": formats.number(latest, language)}
    drawn = charts.trend(points, title=title, language=language)
    rows = [(name, formats.number(value, language)) for name, value in points]
    return charts.figure(title, drawn, charts.table_twin((_("Day"), _("New")), rows, caption=title))


def _by_harm(trend: Trend, language: str) -> SafeString:
    items = [charts.Item(str(label), count) for label, count, _times in trend.by_harm]
    title = _("What the rumours could do")
    drawn = charts.bars(items, title=title, language=language)
    heads = (_("Harm"), _("Rumours"), _("Until looked at"), _("Until the outcome"))
    rows = [
        (
            label,
            formats.number(count, language),
            minutes(times.triage.median, language),
            minutes(times.outcome.median, language),
        )
        for label, count, times in trend.by_harm
    ]
    return charts.figure(title, drawn, charts.table_twin(heads, rows, caption=title))
