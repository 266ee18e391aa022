"""Maps of stages, of answers to the national plan, and of reports on time."""

import datetime as dt
from collections import Counter
from decimal import Decimal

from django.db.models import Count, QuerySet
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tansiq.access.models import Marking, Place, PlaceLink
from tansiq.core import formats
from tansiq.core.charts import Scale
from tansiq.core.marks import stage_name
from tansiq.plans.models import Alignment, Period, Plan, Report, Stage, StageName
from tansiq.plans.queries.coverage import asked_actions
from tansiq.plans.queries.mapping.layer import Layer, Value, share_scale, share_value
from tansiq.plans.queries.reporting import SENT
from tansiq.plans.queries.wording import written

_STAGES = [str(stage) for stage in StageName.values]
# From "adopted" on a place has a plan in force.
IN_FORCE = _STAGES.index("adopted")


def stage_layer(plan: Plan, places: list[Place], level: int, day: dt.date) -> Layer:
    """Return how far each place was on a day, as it was said last for that day."""
    said = Stage.objects.filter(plan=plan, since_on__lte=day).order_by("pk")
    name_of = {place: _STAGES.index(name) for place, name in said.values_list("place_id", "name")}
    in_force = [pk for pk, stage in name_of.items() if stage >= IN_FORCE]
    here = dict(_children(plan, level).values_list("ancestor_id").annotate(n=Count("pk")))
    below = Counter(
        _children(plan, level).filter(place__in=in_force).values_list("ancestor_id", flat=True)
    )
    words = [stage_name(one) for one in _STAGES]
    values = {}
    for one in places:
        stage = name_of.get(one.pk, 0)
        values[one.pk] = Value(
            Decimal(stage), words[stage], below.get(one.pk, 0), here.get(one.pk, 0)
        )
    reached = sum(name_of.get(one.pk, 0) >= IN_FORCE for one in places)
    title = ngettext(
        "%(n)s of %(all)s places has a plan in force",
        "%(n)s of %(all)s places have a plan in force",
        reached,
    ) % {"n": written(reached), "all": written(len(places))}
    scale = Scale(range(len(_STAGES)), words)
    return Layer(title, _("Stage"), _("In force one level below"), scale, values)


def _children(plan: Plan, level: int) -> QuerySet[PlaceLink]:
    return PlaceLink.objects.filter(
        ancestor__level=level, ancestor__country_code=plan.place.country_code, depth=1
    ).order_by()


def answered_layer(plan: Plan, places: list[Place], level: int) -> Layer:
    """Return how many of the national actions that ask something of places each has answered."""
    asked = asked_actions(plan)
    whole = asked.count()
    answers = Alignment.objects.filter(
        national_action__in=asked,
        place__level=level,
        place__country_code=plan.place.country_code,
    )
    counts = dict(
        answers.values_list("place_id")
        .annotate(n=Count("national_action", distinct=True))
        .order_by()
    )
    language = get_language() or "en"
    values = {}
    for one in places:
        n = counts.get(one.pk, 0)
        words = formats.percent(n / whole, language) if whole else ""
        values[one.pk] = share_value(n, whole, words)
    complete = sum(whole > 0 and one.base >= whole for one in values.values())
    title = ngettext(
        "%(n)s of %(all)s places has answered all that the national plan asks of it",
        "%(n)s of %(all)s places have answered all that the national plan asks of them",
        complete,
    ) % {"n": written(complete), "all": written(len(places))}
    return Layer(title, _("Answered"), _("Actions answered"), share_scale(), values)


def reports_layer(plan: Plan, places: list[Place], level: int, period: Period) -> Layer:
    """Return from how many of the places at and below each a report came on time.

    Places with a plan under the national one owe a report; RED ones count nowhere.
    """
    owing = Plan.objects.filter(parent=plan, starts_on__lte=period.ends_on).exclude(
        marking=Marking.RED
    )
    links = PlaceLink.objects.filter(ancestor__level=level, place__in=owing.values("place"))
    owed: dict[int, set[int]] = {}
    for above, place in links.values_list("ancestor_id", "place_id").order_by():
        owed.setdefault(above, set()).add(place)
    sent = dict(
        Report.objects.filter(period=period, status__in=SENT, submitted_at__isnull=False)
        .exclude(marking=Marking.RED)
        .values_list("place_id", "submitted_at")
    )
    on_time = {place for place, at in sent.items() if at and at.date() <= period.due_on}
    language = get_language() or "en"
    values = {}
    for one in places:
        expected = owed.get(one.pk, set())
        n = len(expected & on_time)
        words = formats.percent(n / len(expected), language) if expected else ""
        values[one.pk] = share_value(n, len(expected), words)
    owing_places = [one for one in values.values() if one.of]
    complete = sum(one.base == one.of for one in owing_places)
    title = ngettext(
        "All reports came on time from %(n)s of %(all)s place",
        "All reports came on time from %(n)s of %(all)s places",
        len(owing_places),
    ) % {"n": written(complete), "all": written(len(owing_places))}
    return Layer(title, _("On time"), _("Reports on time"), share_scale(), values)
