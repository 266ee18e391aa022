"""Shares of voices in templates."""

from typing import Any

from django import template
from django.utils.translation import get_language

from tansiq.core import formats
from tansiq.plans.models import Voice

register = template.Library()


@register.filter
def hundredths(share: int) -> str:
    """Write 34 as "34%", in the reader's digits."""
    return formats.percent(share / 100, get_language() or "en")


@register.inclusion_tag("plans/voices/_table.html")
def voices_table(lines: list[Any], title: str) -> dict[str, Any]:
    """Give the bars as a table: one line a bar, one column a kind of actor."""
    return {"lines": lines, "title": title, "names": [str(one.label) for one in Voice]}
