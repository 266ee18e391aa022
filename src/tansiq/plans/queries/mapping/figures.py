"""Maps of an indicator: its figure at each place, or how much of the target is reached."""

from decimal import Decimal

from django.db.models import Count, F, Q, Sum
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tansiq.access.models import Place
from tansiq.core import formats
from tansiq.plans.models import Indicator, Period, RollUp, Rule, Target
from tansiq.plans.queries.figures import Expected, digits_of
from tansiq.plans.queries.mapping.layer import (
    ENOUGH,
    Layer,
    Moment,
    Value,
    number_scale,
    share_scale,
)
from tansiq.plans.queries.rollups import NOTHING, Figure, figure_of
from tansiq.plans.queries.wording import written

_ADDED_UP = {Rule.SUM, Rule.PLACES}


def latest_with_figures(indicator: Indicator, moments: list[Moment]) -> Moment | None:
    """Return the last period in which anybody reported this indicator."""
    told = set(
        RollUp.objects.filter(
            indicator=indicator, place=indicator.plan.place_id, part="", values_count__gt=0
        ).values_list("period_id", flat=True)
    )
    known = [one for one in moments if one.period is not None and one.period.pk in told]
    return known[-1] if known else None


def figure_layer(
    indicator: Indicator, places: list[Place], level: int, period: Period | None
) -> Layer:
    """Return the figure of each place, hatched where fewer than half have reported."""
    figures, expected = _figures(indicator, level, period), _expected(indicator, level)
    digits, language = digits_of(indicator), get_language() or "en"
    values = {}
    for one in places:
        figure, wanted = figures.get(one.pk, NOTHING), expected.get(one.pk)
        words = ""
        if figure.number is not None:
            words = formats.number(figure.number, language, decimals=digits)
        values[one.pk] = _value(figure, wanted, figure.number, words)
    scale = number_scale(one.number for one in values.values() if one.number is not None)
    title = _("%(indicator)s: figures of %(n)s of %(all)s places asked") % {
        "indicator": _name(indicator),
        "n": written(sum(one.number is not None for one in values.values())),
        "all": written(_asked(values)),
    }
    unit = str(getattr(indicator, "shown", {}).get("unit", indicator.unit))
    heading = _("Figure (%(unit)s)") % {"unit": unit} if unit else _("Figure")
    return Layer(title, heading, _("Places that reported"), scale, values, unit)


def target_layer(
    indicator: Indicator, places: list[Place], level: int, period: Period | None
) -> Layer:
    """Return how much of the way to its target each place has gone."""
    figures, expected = _figures(indicator, level, period), _expected(indicator, level)
    own = dict(
        Target.objects.filter(
            indicator=indicator, place__level=level, target__isnull=False
        ).values_list("place_id", "target")
    )
    language = get_language() or "en"
    values = {}
    for one in places:
        figure, wanted = figures.get(one.pk, NOTHING), expected.get(one.pk)
        share = _share(indicator, figure.number, _target(indicator, wanted, own.get(one.pk)))
        words = formats.percent(share, language) if share is not None else ""
        values[one.pk] = _value(figure, wanted, share, words)
    reached = sum(one.number is not None and one.number >= 1 for one in values.values())
    title = _("%(indicator)s: %(n)s of %(all)s places asked have reached their target") % {
        "indicator": _name(indicator),
        "n": written(reached),
        "all": written(_asked(values)),
    }
    return Layer(
        title, _("Share of the target"), _("Places that reported"), share_scale(), values, "%"
    )


def _name(indicator: Indicator) -> str:
    return formats.isolate(getattr(indicator, "shown", {}).get("title", indicator.title))


def _figures(indicator: Indicator, level: int, period: Period | None) -> dict[int, Figure]:
    rows = RollUp.objects.filter(
        indicator=indicator, period=period, part="", place__level=level, values_count__gt=0
    )
    return {row.place_id: figure_of(indicator, row) for row in rows}


def _expected(indicator: Indicator, level: int) -> dict[int, Expected]:
    """Return from how many places at and below each place the indicator is expected."""
    rows = (
        Target.objects.filter(indicator=indicator, place__links_up__ancestor__level=level)
        .filter(Q(indicator__level__isnull=True) | Q(place__level=F("indicator__level")))
        .values_list("place__links_up__ancestor_id")
        .annotate(places=Count("pk"), with_target=Count("target"), targets=Sum("target"))
        .order_by()
    )
    return {pk: Expected(*numbers) for pk, *numbers in rows}


def _value(figure: Figure, wanted: Expected | None, number: Decimal | None, words: str) -> Value:
    of = max(wanted.places if wanted else 0, figure.places)
    if number is not None and figure.places < ENOUGH * of:
        return Value(None, _("too few have reported"), figure.places, of, is_few=True)
    return Value(number, words if of else _("not asked"), figure.places, of)


def _asked(values: dict[int, Value]) -> int:
    return sum(one.of > 0 for one in values.values())


def _target(indicator: Indicator, wanted: Expected | None, own: int | None) -> Decimal | None:
    """Return what a place aims at: its own target, or those of all at and below it together."""
    if indicator.rule in _ADDED_UP:
        if wanted is None or not wanted.places or wanted.with_target < wanted.places:
            return None
        return indicator.as_number(wanted.targets)
    return indicator.as_number(own) if own is not None else indicator.target_number


def _share(indicator: Indicator, number: Decimal | None, target: Decimal | None) -> Decimal | None:
    if number is None or target is None:
        return None
    start = indicator.baseline_number or Decimal(0)
    if indicator.rule in _ADDED_UP:
        # The baselines of places are not those of the nation; what is added up starts at nothing,
        # and how much of a fall is done cannot be said from there.
        if indicator.falling_is_good:
            return None
        start = Decimal(0)
    if target == start:
        return None
    return max(Decimal(0), min(Decimal(1), (number - start) / (target - start)))
