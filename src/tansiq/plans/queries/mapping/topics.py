"""What a map of a plan can be about, and the stops of its time slider."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.core import formats
from tansiq.core.translations import show
from tansiq.plans.models import Indicator, Plan, Stage
from tansiq.plans.queries.figures import periods_of
from tansiq.plans.queries.mapping.layer import Moment, Topic
from tansiq.plans.queries.mapping.money import years_of
from tansiq.plans.queries.wording import period_name

STAGE, ANSWERED, REPORTS, GAP = "stage", "answered", "reports", "gap"
FIGURE, TARGET = "figure-", "target-"
# Five years of months; an older plan starts its slider later.
_MONTHS = 60
_YEAR = 12


def indicators_of(plan: Plan) -> list[Indicator]:
    """Return the indicators of a plan in the reader's language, in its order."""
    rows = list(Indicator.objects.filter(plan=plan).order_by("position", "code", "pk"))
    show(rows, "title", "unit", written_in=plan.language)
    return rows


def topics_of(actor: Actor, indicators: Iterable[Indicator]) -> list[Topic]:
    """Return what this reader may see on a map. Who reports when stays inside the network."""
    found = [
        Topic(STAGE, _("How far the places are")),
        Topic(ANSWERED, _("National actions answered")),
    ]
    if actor.is_signed_in:
        found.append(Topic(REPORTS, _("Reports on time")))
    found.append(Topic(GAP, _("Money that is missing")))
    for one in indicators:
        title = f"{one.code} · {_title_of(one)}"
        found.append(Topic(f"{FIGURE}{one.code}", title, _("Figures")))
        if one.target is not None:
            found.append(Topic(f"{TARGET}{one.code}", title, _("Share of the target reached")))
    return sorted(found, key=lambda topic: topic.group != "" and (topic.group != _("Figures")) + 1)


def _title_of(indicator: Indicator) -> str:
    shown = getattr(indicator, "shown", {})
    return str(shown.get("title", indicator.title))


def moments_of(actor: Actor, plan: Plan, topic: Topic, day: dt.date) -> list[Moment]:
    """Return the stops of the slider, the oldest first; what has no history has one: today."""
    if topic.key == GAP:
        return years_of(actor, plan, day)
    if topic.key == STAGE:
        return _months(plan, day)
    if topic.key == ANSWERED:
        return [Moment("", formats.short_day(day, get_language() or "en"), day)]
    return [
        Moment(f"{one.starts_on:%Y-%m}", period_name(one), min(one.ends_on, day), one)
        for one in periods_of(plan.pk)
        if one.starts_on <= day
    ]


def _months(plan: Plan, day: dt.date) -> list[Moment]:
    first = Stage.objects.filter(plan=plan).order_by("since_on").first()
    begins = min(first.since_on, day) if first else day
    count = min((day.year - begins.year) * _YEAR + day.month - begins.month, _MONTHS - 1)
    language = get_language() or "en"
    found = []
    for back in range(count, -1, -1):
        months = day.year * _YEAR + day.month - 1 - back
        start = dt.date(months // _YEAR, months % _YEAR + 1, 1)
        following = dt.date((months + 1) // _YEAR, (months + 1) % _YEAR + 1, 1)
        until = min(following - dt.timedelta(days=1), day)
        found.append(Moment(f"{start:%Y-%m}", formats.month(start, language), until))
    return found
