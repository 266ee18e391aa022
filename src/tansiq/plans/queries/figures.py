"""Figures of a plan's indicators at one place over the periods, each with its base."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Q, Sum
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from tansiq.access.models import Place
from tansiq.core.sparks import spark
from tansiq.core.translations import show_each
from tansiq.plans.models import Indicator, Period, RollUp, Target
from tansiq.plans.queries.rollups import NOTHING, Figure, figure_of

# How many periods the small line shows.
_DRAWN = 8


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator: its latest figure, on how many places it rests, and the way to it."""

    indicator: Indicator
    figure: Figure
    period: Period | None
    expected: int
    target: Decimal | None
    spark: SafeString

    @property
    def share(self) -> float | None:
        """Return how much of the way from the baseline to the target is done, 0 to 1."""
        number, target = self.figure.number, self.target
        start = self.indicator.baseline_number or Decimal(0)
        if number is None or target is None or target == start:
            return None
        return max(0.0, min(1.0, float((number - start) / (target - start))))

    @property
    def is_reached(self) -> bool:
        return self.share is not None and self.share >= 1

    @property
    def decimals(self) -> int:
        return digits_of(self.indicator)


def digits_of(indicator: Indicator) -> int:
    """Return how many digits after the point a figure of this indicator shows."""
    if indicator.rule == "places":
        return 0
    extra = 2 if indicator.rule in {"mean", "weighted"} else 0
    return indicator.decimals + min(extra, 1)


def periods_of(plan_id: int) -> list[Period]:
    return list(Period.objects.filter(plan=plan_id).order_by("starts_on", "pk"))


def lines_of(
    indicators: Iterable[Indicator], place: Place, periods: list[Period], *, is_whole: bool
) -> list[IndicatorLine]:
    """Return a line for each indicator at this place; `is_whole`: the place is the country."""
    indicators = list(indicators)
    show_each(indicators, "title", "unit", language_of=lambda one: str(one.plan.language))
    figures = figures_at(indicators, place)
    expected = expected_places(indicators, None if is_whole else place)
    return [
        _line(one, figures[one.pk], periods, expected.get(one.pk, NOTHING_EXPECTED))
        for one in indicators
    ]


@dataclass(frozen=True)
class Expected:
    """From how many places an indicator is expected, and what their targets come to."""

    places: int
    with_target: int
    targets: int | None

    def target_of(self, indicator: Indicator) -> Decimal | None:
        """Return the target of all these places together.

        What is added up is aimed at together: once every place has set its target, these
        are added up, too. A mean or a latest value keeps the target of the indicator.
        """
        if indicator.rule in {"sum", "places"} and self.places and self.with_target == self.places:
            return indicator.as_number(self.targets)
        return indicator.target_number


NOTHING_EXPECTED = Expected(0, 0, None)


def _line(
    indicator: Indicator, figures: dict[int, Figure], periods: list[Period], expected: Expected
) -> IndicatorLine:
    own = [period for period in periods if period.plan_id == indicator.plan_id]
    row = [figures.get(period.pk, NOTHING) for period in own]
    known = [n for n, figure in enumerate(row) if figure.is_known]
    latest = known[-1] if known else None
    reported = row[known[0] : known[-1] + 1][-_DRAWN:] if known else []
    drawn = spark(
        [None if one.number is None else float(one.number) for one in reported],
        title=gettext("The way of this figure over the periods"),
    )
    figure = NOTHING if latest is None else row[latest]
    period = None if latest is None else own[latest]
    target = expected.target_of(indicator)
    return IndicatorLine(indicator, figure, period, expected.places, target, drawn)


def figures_at(indicators: list[Indicator], place: Place) -> dict[int, dict[int, Figure]]:
    """Return the figures of the whole at a place: by indicator, then by period."""
    by_id = {one.pk: one for one in indicators}
    found: dict[int, dict[int, Figure]] = defaultdict(dict)
    for row in RollUp.objects.filter(indicator__in=by_id, place=place, part=""):
        found[row.indicator_id][row.period_id] = figure_of(by_id[row.indicator_id], row)
    return found


def expected_places(indicators: list[Indicator], under: Place | None) -> dict[int, Expected]:
    """Return from how many places each indicator is expected: those with a row for a target."""
    rows = Target.objects.filter(indicator__in=indicators).filter(
        Q(indicator__level__isnull=True) | Q(place__level=F("indicator__level"))
    )
    if under is not None:
        rows = rows.filter(place__links_up__ancestor=under)
    counted = rows.values_list("indicator_id").annotate(
        places=Count("pk"), with_target=Count("target"), targets=Sum("target")
    )
    return {pk: Expected(*numbers) for pk, *numbers in counted.order_by()}
