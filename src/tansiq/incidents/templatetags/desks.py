"""Marks of the desks of a room: clocks that run, outcomes, levels."""

import datetime as dt

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tansiq.core import formats, marks
from tansiq.incidents.models import Harm, Need, Outcome, Rumour, RumourStatus, TensionLevel
from tansiq.incidents.queries.rumour_pages import minutes, stage_of

register = template.Library()
_TONES = {
    Outcome.TRUE: ("on", "check"),
    Outcome.FALSE: ("late", "close"),
    Outcome.MISLEADING: ("risk", "at-risk"),
    Outcome.UNVERIFIABLE: ("calm", "help"),
}
_DANGEROUS = (Harm.RETALIATION, Harm.OBSTRUCTS)
_HOUR, _DAY = 60, 24 * 60


@register.simple_tag
def clock_until(due_at: dt.datetime | None, moment: dt.datetime) -> SafeString:
    """Show how long it is until a moment of the room, or how late it is."""
    if due_at is None:
        return SafeString("")
    left = round((due_at - moment).total_seconds() / 60)
    if left < 0:
        return marks.tag("late", _("%(time)s late") % {"time": _span(-left)}, "late")
    return marks.tag("risk" if left < _HOUR else "on", _("in %(time)s") % {"time": _span(left)})


def _span(left: int) -> str:
    language = get_language() or "en"
    if left < 2 * _HOUR:
        return minutes(left, language)
    if left < 2 * _DAY:
        said = ngettext("%(count)s hour", "%(count)s hours", left // _HOUR)
        return said % {"count": formats.number(left // _HOUR, language)}
    said = ngettext("%(count)s day", "%(count)s days", left // _DAY)
    return said % {"count": formats.number(left // _DAY, language)}


@register.filter
def took(value: float | None) -> str:
    """Say how long something took, in minutes or hours."""
    return minutes(value, get_language() or "en")


@register.simple_tag
def rumour_mark(rumour: Rumour) -> SafeString:
    """Show where a rumour stands: its outcome where one is known, else its status."""
    if rumour.outcome and rumour.status == RumourStatus.DECIDED:
        tone, icon = _TONES[Outcome(rumour.outcome)]
        return marks.tag(tone, str(stage_of(rumour)), icon)
    done = rumour.status in {RumourStatus.CORRECTED, RumourStatus.CLOSED}
    return marks.tag("done" if done else "calm", str(stage_of(rumour)))


@register.simple_tag
def harm_mark(rumour: Rumour) -> SafeString:
    """Show what a rumour could do; in red where people may be hurt."""
    tone = "late" if rumour.harm in _DANGEROUS else "calm"
    icon = "at-risk" if tone == "late" else ""
    return marks.tag(tone, str(rumour.get_harm_display()), icon)


@register.filter
def names_in(codes: list[str]) -> list[str]:
    """Return the names of languages by their codes."""
    return [formats.language_name(code) for code in codes]


@register.simple_tag
def need_mark(need: Need) -> SafeString:
    """Show for how many people nobody is there yet, or that a need is met or closed."""
    if not need.is_open:
        return marks.tag("done", str(need.get_state_display()))
    language = get_language() or "en"
    said = _("%(met)s of %(count)s") % {
        "met": formats.number(need.met, language),
        "count": formats.number(need.count, language),
    }
    return marks.tag("on" if need.is_part_met else "risk", said)


_LEVELS = {0: "done", 1: "on", 2: "risk", 3: "late", 4: "late"}


@register.simple_tag
def level_mark(level: int) -> SafeString:
    """Show a level of tension as figure and word."""
    known = TensionLevel(level)
    number = formats.number(known.value, get_language() or "en")
    return marks.tag(_LEVELS[known.value], f"{number} · {known.label}")
