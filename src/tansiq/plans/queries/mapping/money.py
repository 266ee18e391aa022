"""The map of what local plans need and nobody has committed."""

import datetime as dt
from collections import Counter
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.models import Marking, Place, PlaceLink
from tansiq.core import formats, money
from tansiq.plans.models import BudgetLine, Cost, Plan
from tansiq.plans.queries.mapping.layer import Layer, Moment, Value, share_scale
from tansiq.plans.queries.money.places import place_tallies
from tansiq.plans.queries.money.sums import Exchange, Tally, exchanges_of
from tansiq.plans.queries.wording import written


def _local(actor: Actor, plan: Plan) -> QuerySet[Plan]:
    """Return the local plans whose money this reader may see; RED stands in no sum."""
    seen: QuerySet[Plan] = Plan.objects.visible_to(actor).filter(parent=plan)
    return seen.exclude(marking=Marking.RED)


def years_of(actor: Actor, plan: Plan, day: dt.date) -> list[Moment]:
    """Return a stop of the slider for each year for which local plans say what they need."""
    rows = Cost.objects.filter(plan__in=_local(actor, plan)).order_by("year")
    years = rows.values_list("year", flat=True).distinct()
    language = get_language() or "en"
    return [Moment(str(one), formats.digits(str(one), language), day) for one in years]


def gap_layer(
    actor: Actor, plan: Plan, places: list[Place], level: int, *, year: int, on: dt.date
) -> Layer:
    """Return for each place which share of what plans at and below it need is not committed."""
    local = _local(actor, plan)
    lines = BudgetLine.objects.filter(plan__in=local, year=year)
    costs = Cost.objects.filter(plan__in=local, year=year)
    found = place_tallies(lines, costs, places)
    exchange = exchanges_of([plan.country], on=on)[plan.country_id]
    above = PlaceLink.objects.filter(ancestor__level=level).order_by()
    all_plans = Counter(above.filter(place__plans__in=local).values_list("ancestor_id", flat=True))
    telling = Counter(
        above.filter(place__plans__in=costs.values("plan")).values_list("ancestor_id", flat=True)
    )
    values = {}
    for one in places:
        share, words = _gap_of(found.get(one.pk, Tally()), exchange)
        values[one.pk] = Value(share, words, telling[one.pk], all_plans[one.pk])
    known = [one.number for one in values.values() if one.number is not None]
    title = _title(sum(share > 0 for share in known), len(known))
    return Layer(
        title, _("Not funded"), _("Plans that say what they cost"), share_scale(), values, "%"
    )


def _title(short: int, known: int) -> str:
    if not known:
        return _("No place says yet what its plan costs")
    return ngettext(
        "%(n)s of %(all)s place lacks money for what it plans",
        "%(n)s of %(all)s places lack money for what they plan",
        known,
    ) % {"n": written(short), "all": written(known)}


def _gap_of(tally: Tally, exchange: Exchange) -> tuple[Decimal | None, str]:
    """Return the share that is not committed, with the amount; None where no rate is known."""
    cost, gap = exchange.figure(tally.cost), exchange.figure(tally.gap)
    if not tally.cost:
        return None, ""
    if not (cost.is_whole and gap.is_whole) or cost.amount <= 0:
        return None, _("no rate of exchange")
    language = get_language() or "en"
    missing = max(gap.amount, 0)
    share = min(Decimal(missing) / Decimal(cost.amount), Decimal(1))
    words = _("%(share)s (%(amount)s)") % {
        "share": formats.percent(share, language),
        "amount": money.short(missing, gap.currency, language),
    }
    return share, words
