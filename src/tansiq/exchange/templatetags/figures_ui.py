"""How long something took, in the words of the reader's language."""

from datetime import timedelta

from babel.dates import format_timedelta
from django import template
from django.utils.translation import get_language

from tansiq.core import formats

register = template.Library()


@register.filter
def lasting(value: timedelta | None) -> str:
    """Write a time rounded for reading: 14 min, 3 hr, 2 days."""
    if value is None:
        return ""
    language = get_language() or "en"
    shown = format_timedelta(
        value,
        granularity="minute",
        threshold=1.5,
        format="short",
        locale=formats.locale_of(language),
    )
    return formats.digits(shown, language)
