"""Small pieces of HTML that stand beside words: icons, statuses, markings, bars.

Plain functions that give safe strings, for template tags, charts and fragments alike. What
depends only on its arguments and the language is cached; a cached function takes the language
as an argument to that end only.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext_lazy

from tansiq.core import formats

_SPRITE = Path(__file__).parent / "static" / "core" / "icons.svg"
ICONS = frozenset(re.findall(r'<symbol id="([\w-]+)"', _SPRITE.read_text("utf-8")))
# Icons that point along the line of reading turn round in a right-to-left page.
_TURNING = frozenset(
    {"arrow", "external", "log-out", "next", "on-track", "previous", "reply", "return", "send"}
)

# The first of each three is the tone (a class of the stylesheet), then the icon, then the word.
_STATUSES = {
    "accepted": ("done", "check-circle", pgettext_lazy("status", "Accepted")),
    "adapts": ("on", "check-circle", pgettext_lazy("status", "Adapted")),
    "adapted": ("on", "check-circle", pgettext_lazy("status", "Adapted")),
    "adopts": ("done", "check-circle", pgettext_lazy("status", "Adopted")),
    "adopted": ("done", "check-circle", pgettext_lazy("status", "Adopted")),
    "at_risk": ("risk", "at-risk", pgettext_lazy("status", "At risk")),
    "cancelled": ("calm", "close", pgettext_lazy("status", "Cancelled")),
    "considered": ("on", "eye", pgettext_lazy("status", "Being considered")),
    "declined": ("calm", "close", pgettext_lazy("status", "Declined")),
    "delayed": ("late", "late", pgettext_lazy("status", "Delayed")),
    "done": ("done", "check-circle", pgettext_lazy("status", "Done")),
    "draft": ("calm", "edit", pgettext_lazy("status", "Draft")),
    "drafting": ("calm", "edit", pgettext_lazy("status", "Drafting")),
    "dropped": ("calm", "close", pgettext_lazy("status", "Dropped")),
    "due": ("risk", "clock", pgettext_lazy("status", "Due")),
    "expired": ("calm", "clock", pgettext_lazy("status", "Expired")),
    "funded": ("on", "money", pgettext_lazy("status", "Funded")),
    "late": ("late", "late", pgettext_lazy("status", "Late")),
    "none": ("calm", "not-started", pgettext_lazy("status", "None yet")),
    "not_applicable": ("calm", "minus", pgettext_lazy("status", "Not applicable")),
    "not_started": ("calm", "not-started", pgettext_lazy("status", "Not started")),
    "on_track": ("on", "on-track", pgettext_lazy("status", "On track")),
    "open": ("on", "on-track", pgettext_lazy("status", "Open")),
    "partly": ("done", "check-circle", pgettext_lazy("status", "Accepted in part")),
    "published": ("done", "check-circle", pgettext_lazy("status", "Published")),
    "returned": ("risk", "return", pgettext_lazy("status", "Returned")),
    "review": ("risk", "refresh", pgettext_lazy("status", "Under review")),
    "reviewed": ("done", "check-circle", pgettext_lazy("status", "Reviewed")),
    "sent": ("on", "send", pgettext_lazy("status", "Sent")),
    "submitted": ("on", "send", pgettext_lazy("status", "Sent")),
    "supports": ("on", "link", pgettext_lazy("status", "Supports")),
    "under_way": ("on", "on-track", pgettext_lazy("status", "Under way")),
    "unverified": ("risk", "help", pgettext_lazy("status", "Unverified")),
    "withdrawn": ("calm", "close", pgettext_lazy("status", "Withdrawn")),
}
_STAGES = {
    "none": pgettext_lazy("stage", "No plan"),
    "drafting": pgettext_lazy("stage", "Drafting"),
    "adopted": pgettext_lazy("stage", "Adopted"),
    "funded": pgettext_lazy("stage", "Funded"),
    "under_way": pgettext_lazy("stage", "Under way"),
    "reviewed": pgettext_lazy("stage", "Reviewed"),
}
_MARKINGS = {
    "CLEAR": gettext_lazy("Everybody may read this."),
    "GREEN": gettext_lazy("Every member organisation may read this; it is not public."),
    "AMBER": gettext_lazy("The owner, the named organisations and those they add may read this."),
    "AMBER+STRICT": gettext_lazy("Only the owner and the named organisations may read this."),
    "RED": gettext_lazy("Only the named persons may read this."),
}
_SOON = 7


class UnknownMarkError(LookupError):
    """There is no icon or marking of this name; the message lists those there are."""


def icon_address(name: str) -> str:
    """Return the address of an icon in the sprite."""
    if name not in ICONS:
        message = f"No icon is named {name!r}. Known icons: {', '.join(sorted(ICONS))}."
        raise UnknownMarkError(message)
    return f"{static('core/icons.svg')}#{name}"


@lru_cache(maxsize=512)
def icon(name: str, label: str = "") -> SafeString:
    """Return an icon: hidden from screen readers beside a word, or with a name of its own."""
    turning = " icon-turn" if name in _TURNING else ""
    spoken = SafeString('aria-hidden="true"')
    if label:
        spoken = format_html('role="img" aria-label="{}"', label)
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" {}><use href="{}"/></svg>',
        turning,
        spoken,
        icon_address(name),
    )


@lru_cache(maxsize=1024)
def tag(tone: str, text: str, icon_name: str = "") -> SafeString:
    """Return a word on a soft ground; tones are late, risk, done, on and calm."""
    return format_html(
        '<span class="tag {}">{}{}</span>', tone, icon(icon_name) if icon_name else "", text
    )


def _key(value: object) -> str:
    return re.sub(r"[\s\-]+", "_", str(value or "").strip().lower())


def status(value: object) -> SafeString:
    """Return the status as icon and word: done, on track, at risk, late, not started, ..."""
    return _status(_key(value), str(getattr(value, "label", value)), get_language() or "en")


@lru_cache(maxsize=512)
def _status(key: str, fallback: str, language: str) -> SafeString:
    tone, icon_name, word = _STATUSES.get(key, ("calm", "", fallback))
    return tag(tone, str(word), icon_name)


def tlp(marking: object) -> SafeString:
    """Return the marking written out as the standard says: `TLP:AMBER+STRICT` on black."""
    return _tlp(re.sub(r"[\s_]+", "+", str(marking or "").strip().upper()), get_language() or "en")


@lru_cache(maxsize=64)
def _tlp(name: str, language: str) -> SafeString:
    name = name.removeprefix("TLP:")
    if not name:
        return SafeString("")
    if name not in _MARKINGS:
        message = f"No marking is named {name!r}. Known markings: {', '.join(_MARKINGS)}."
        raise UnknownMarkError(message)
    return format_html(
        '<bdi class="tlp tlp-{}" dir="ltr" translate="no" title="{}">TLP:{}</bdi>',
        name.partition("+")[0].lower(),
        _MARKINGS[name],
        name,
    )


def days_left(days: int) -> str:
    """Return "6 days late", "Due today" or "In 20 days"."""
    return _days_left(days, get_language() or "en")


@lru_cache(maxsize=2048)
def _days_left(days: int, language: str) -> str:
    if days == 0:
        return str(pgettext_lazy("deadline", "Due today"))
    if days < 0:
        written = ngettext("%(days)s day late", "%(days)s days late", -days)
    else:
        written = ngettext("In %(days)s day", "In %(days)s days", days)
    return written % {"days": formats.number(abs(days), language)}


def due(days: int) -> SafeString:
    """Return the days left as a mark: red when late or due today, amber within a week."""
    if days < 0:
        return tag("late", days_left(days), "late")
    if days == 0:
        return tag("late", days_left(days), "clock")
    return tag("risk" if days <= _SOON else "calm", days_left(days), "clock")


def stages(current: object) -> SafeString:
    """Return the readiness of a place as steps, from no plan to reviewed."""
    return _stages(_key(current) or "none", get_language() or "en")


@lru_cache(maxsize=64)
def _stages(current: str, language: str) -> SafeString:
    reached = list(_STAGES).index(current) if current in _STAGES else 0
    steps = []
    for place, word in enumerate(_STAGES.values()):
        now = ' aria-current="step"' if place == reached else ""
        passed = ' class="passed"' if place < reached else ""
        steps.append(f"<li{passed}{now}>{format_html('{}', word)}</li>")
    return SafeString(f'<ol class="steps">{"".join(steps)}</ol>')


def stage_name(value: object) -> str:
    """Return the word for a stage of readiness."""
    return str(_STAGES.get(_key(value), value))


Segment = tuple[str, float] | tuple[str, float, str]


def bar(segments: Sequence[Segment], *, total: float | None = None, label: str = "") -> SafeString:
    """Return a slim stacked bar of (tone, value, words) parts.

    With a total larger than the parts the rest of the bar stays empty. The words are what a
    screen reader says; without any the bar is hidden, since then the page says it in text.
    """
    whole = total or sum(part[1] for part in segments) or 1
    spoken = label or ", ".join(str(part[2]) for part in segments if len(part) > 2)  # noqa: PLR2004 -- the third is the words
    role = format_html('role="img" aria-label="{}"', spoken) if spoken else 'aria-hidden="true"'
    parts, start = [], 0.0
    for part in segments:
        width = 100 * float(part[1]) / float(whole)
        if width > 0:
            parts.append(
                f'<rect class="fill-{re.sub("[^a-z0-9-]", "", part[0])}" x="{start:.2f}"'
                f' width="{width:.2f}" height="8"/>'
            )
        start += width
    return SafeString(
        f'<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" {role}>'
        f"{''.join(parts)}</svg>"
    )
