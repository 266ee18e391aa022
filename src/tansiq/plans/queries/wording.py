"""Words about plans, periods and duties as the reader's language has them."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

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


def written(count: int) -> str:
    """Return a number in the digits of the reader's language, for a sentence."""
    return formats.number(count, get_language() or "en")


def what_publishing_means() -> str:
    """Say who will be able to read a plan once it is published."""
    return _(
        "Everybody on the internet will be able to read the plan, its actions, figures, stages, "
        "own budget and public documents without signing in. Reports, activities, reasons and "
        "contacts stay inside."
    )


def what_was_carried(plans: int, actions: int, deliveries: int) -> str:
    """Say what one carrying-down made."""
    begun = ngettext("%(n)s local plan begun", "%(n)s local plans begun", plans) % {
        "n": written(plans)
    }
    copied = ngettext("%(n)s action in them", "%(n)s actions in them", actions) % {
        "n": written(actions)
    }
    owed = ngettext("%(n)s duty now owed", "%(n)s duties now owed", deliveries) % {
        "n": written(deliveries)
    }
    return f"{begun} · {copied} · {owed}"


def what_was_skipped(places: Iterable[Any]) -> str:
    """Name the places that were left as they are, the first few of them."""
    names = [str(place) for place in places]
    more = len(names) - _NAMED
    said = formats.comma(get_language() or "en").join(names[:_NAMED])
    if more > 0:
        said = _("%(names)s and %(n)s more") % {"names": said, "n": written(more)}
    return _("These already had a plan and were left as they are: %(names)s.") % {"names": said}


_NAMED = 8
