"""One indicator: its figures over the periods, by place, and by part."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tansiq.access.models import Place
from tansiq.core import charts
from tansiq.core.translations import show
from tansiq.plans.models import Datapoint, DatapointStatus, Indicator, Period, RollUp, Target
from tansiq.plans.models.indicators import DIMENSIONS
from tansiq.plans.queries.figures import NOTHING_EXPECTED, digits_of, expected_places, periods_of
from tansiq.plans.queries.rollups import NOTHING, Figure, figure_of
from tansiq.plans.queries.wording import period_name

_LINE = 2


@dataclass(frozen=True)
class PeriodLine:
    period: Period
    name: str
    figure: Figure


@dataclass(frozen=True)
class PlaceFigure:
    """The figure of one place below, for the chosen period."""

    place: Place
    figure: Figure
    target: Decimal | None


@dataclass(frozen=True)
class PartLine:
    """One part of the whole, such as women and girls."""

    name: str
    figure: Figure
    share: float | None


@dataclass(frozen=True)
class IndicatorPage:
    indicator: Indicator
    place: Place
    path: list[Place]
    periods: list[PeriodLine]
    period: Period | None
    figure: Figure
    expected: int
    target: Decimal | None
    parts: list[tuple[str, list[PartLine]]]
    notes: int
    chart: str

    @property
    def decimals(self) -> int:
        return digits_of(self.indicator)


def indicator_page(indicator: Indicator, place: Place, asked: str) -> IndicatorPage:
    """Return an indicator as it stands at one place; `asked` is the id of a period, if chosen."""
    show([indicator], "title", "definition", "unit", "limits", written_in=indicator.plan.language)
    periods = periods_of(indicator.plan_id)
    rows = RollUp.objects.filter(indicator=indicator, place=place)
    by_period = {(row.period_id, row.part): figure_of(indicator, row) for row in rows}
    lines = [
        PeriodLine(one, period_name(one), by_period.get((one.pk, ""), NOTHING)) for one in periods
    ]
    period = _chosen(lines, asked)
    whole = by_period.get((period.pk, ""), NOTHING) if period else NOTHING
    root = indicator.plan.place_id
    under = None if place.pk == root else place
    expected = expected_places([indicator], under).get(indicator.pk, NOTHING_EXPECTED)
    target = expected.target_of(indicator) if under is None else _target_at(indicator, place)
    return IndicatorPage(
        indicator,
        place,
        list(Place.objects.above(place)),
        _told(lines, period),
        period,
        whole,
        expected.places,
        target,
        _parts(indicator, period, by_period),
        _notes_at(indicator, place, period),
        _chart(lines, target),
    )


def _chosen(lines: list[PeriodLine], asked: str) -> Period | None:
    """Return the period asked for, else the latest with a figure, else the latest."""
    for line in lines:
        if asked == str(line.period.pk):
            return line.period
    known = [line.period for line in lines if line.figure.is_known]
    latest = known or [line.period for line in lines]
    return latest[-1] if latest else None


def _told(lines: list[PeriodLine], chosen: Period | None) -> list[PeriodLine]:
    """Return the periods worth listing, the newest first: those with figures and between them."""
    told = [n for n, line in enumerate(lines) if line.figure.is_known or line.period == chosen]
    return lines[told[0] : told[-1] + 1][::-1] if told else []


def _target_at(indicator: Indicator, place: Place) -> Decimal | None:
    own = Target.objects.filter(indicator=indicator, place=place).first()
    return indicator.as_number(own.target) if own else None


def _parts(
    indicator: Indicator, period: Period | None, figures: dict[tuple[int, str], Figure]
) -> list[tuple[str, list[PartLine]]]:
    if period is None:
        return []
    found = []
    for dimension in indicator.dimensions:
        words = DIMENSIONS.get(dimension, {})
        lines = [
            (str(name), figures.get((period.pk, f"{dimension}={key}"), NOTHING))
            for key, name in words.items()
        ]
        whole = sum((one.number or Decimal(0) for _name, one in lines), Decimal(0))
        if any(one.is_known for _name, one in lines):
            found.append((dimension, [_part(name, one, whole) for name, one in lines]))
    return found


def _part(name: str, figure: Figure, whole: Decimal) -> PartLine:
    share = float(figure.number / whole) if figure.number is not None and whole else None
    return PartLine(name, figure, share)


def _notes_at(indicator: Indicator, place: Place, period: Period | None) -> int:
    """Count the accepted figures at and below a place that say how good they are."""
    if period is None:
        return 0
    values = Datapoint.objects.filter(
        indicator=indicator, period=period, part="", status=DatapointStatus.ACCEPTED
    ).exclude(note="")
    if place.level:
        values = values.filter(place__links_up__ancestor=place)
    return values.count()


def _chart(lines: list[PeriodLine], target: Decimal | None) -> str:
    known = [(one.name, float(one.figure.number)) for one in lines if one.figure.number is not None]
    if len(known) < _LINE:
        return ""
    return charts.trend(
        known,
        title=_("The figure of each period"),
        language=get_language() or "en",
        target=None if target is None else float(target),
    )


def places_below(place: Place) -> QuerySet[Place]:
    below: QuerySet[Place] = Place.objects.filter(parent=place)
    return below.order_by("name", "pk")


def figures_below(
    indicator: Indicator, places: list[Place], period: Period | None
) -> list[PlaceFigure]:
    """Return the figure and the target of each of these places, in two queries."""
    rows = RollUp.objects.filter(indicator=indicator, period=period, place__in=places, part="")
    found = {row.place_id: figure_of(indicator, row) for row in rows}
    targets = dict(
        Target.objects.filter(indicator=indicator, place__in=places).values_list(
            "place_id", "target"
        )
    )
    return [
        PlaceFigure(one, found.get(one.pk, NOTHING), indicator.as_number(targets.get(one.pk)))
        for one in places
    ]


def export_rows(indicator: Indicator, place: Place) -> list[list[Any]]:
    """Return every figure of the whole at the place and directly below it, by period."""
    rows = (
        RollUp.objects.filter(indicator=indicator, part="", values_count__gt=0)
        .filter(Q(place=place) | Q(place__parent=place))
        .select_related("place", "period")
        .order_by("period__starts_on", "place__level", "place__name", "pk")
    )
    return [
        [
            row.period.starts_on.isoformat(),
            row.period.ends_on.isoformat(),
            row.place.code,
            row.place.name,
            f"{figure.number:f}" if figure.number is not None else "",
            figure.places,
        ]
        for row in rows
        for figure in [figure_of(indicator, row)]
    ]


def has_amounts(indicator: Indicator) -> bool:
    """Return whether figures or places' targets were written in the indicator's smallest unit."""
    targets = Target.objects.filter(indicator=indicator, target__isnull=False)
    return Datapoint.objects.filter(indicator=indicator).exists() or targets.exists()


def indicators_under(objective_id: int) -> QuerySet[Indicator]:
    rows: QuerySet[Indicator] = Indicator.objects.standing().filter(objective=objective_id)
    return rows.order_by("position", "code", "pk")
