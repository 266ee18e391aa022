"""Words about plans, periods and duties as the reader's language has them."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language

from tansiq.core import formats
from tansiq.core.translations import Shown, translations_of
from tansiq.plans.models import Period, Plan


def period_name(period: Period) -> str:
    """Return "January–June 2026" as the reader's language writes it."""
    return formats.months(period.starts_on, period.ends_on, get_language() or "en")


def plan_name(plan: Plan) -> str:
    """Return the short title where there is one; it is a name and is not translated."""
    return plan.short_title or plan.title


def in_readers_language(things: Iterable[Any], *fields: str) -> None:
    """Give parts of plans a `shown` in the reader's language, whatever each plan was written in.

    One query for all. Each thing must have its `plan` loaded.
    """
    wanted = get_language() or "en"
    things = list(things)
    texts = {
        str(getattr(thing, field))
        for thing in things
        if thing.plan.language != wanted
        for field in fields
    }
    found = translations_of(texts - {""}, wanted)
    for thing in things:
        shown = getattr(thing, "shown", {})
        for field in fields:
            original = str(getattr(thing, field))
            shown[field] = found.get(original) or Shown(original, thing.plan.language, original)
        thing.shown = shown
