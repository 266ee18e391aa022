"""How long until something, or how late it is, in the words of the reader's language."""

from datetime import timedelta

from babel.dates import format_timedelta
from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tansiq.core import formats, marks

register = template.Library()


@register.filter
def span(value: timedelta | float | None) -> str:
    """Write a stretch of time, rounded for reading: 14 min, 3 hr, 2 days. A number is minutes."""
    if value is None:
        return ""
    passed = value if isinstance(value, timedelta) else timedelta(minutes=value)
    language = get_language() or "en"
    shown = format_timedelta(
        abs(passed),
        granularity="minute",
        threshold=1.5,
        format="short",
        locale=formats.locale_of(language),
    )
    return formats.digits(shown, language)


@register.simple_tag
def left(value: timedelta | None) -> SafeString:
    """Mark how long is left, or how late it is."""
    if value is None:
        return SafeString("")
    if value < timedelta(0):
        return marks.tag("late", _("%(time)s late") % {"time": span(value)}, "late")
    return marks.tag("calm", _("in %(time)s") % {"time": span(value)}, "clock")
