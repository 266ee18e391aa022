"""The sheet of sums in a nation's workbook: how far places have come, and what figures come to."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tansiq.core.documents.columns import Column, Kind, Row, Value
from tansiq.plans.models import RollUp, Stage, StageName
from tansiq.plans.queries.figures import NOTHING_EXPECTED, digits_of, expected_places
from tansiq.plans.queries.overview import overview_of
from tansiq.plans.queries.rollups import NOTHING, figure_of
from tansiq.plans.workbooks.scope import Scope


def summary_columns(scope: Scope) -> tuple[Column, ...]:
    decimals = max((digits_of(one) for one in scope.indicators), default=0)
    return (
        Column("what", _("What"), "#indicator+name", width=60),
        Column("number", _("Number"), "#indicator+value", Kind.NUMBER, width=16, decimals=decimals),
        Column("unit", _("Unit"), "#indicator+unit", width=18),
        Column("places", _("Places with a figure"), "#meta+count", Kind.NUMBER, width=14),
        Column("expected", _("Places asked"), "#meta+expected", Kind.NUMBER, width=14),
        Column("target", _("Target"), "#targeted", Kind.NUMBER, width=16, decimals=decimals),
    )


def summary_rows(scope: Scope) -> Iterator[Row]:
    """Yield the reports that are in, the places at each stage, and each indicator's sum."""
    for number, values in enumerate([*_reports(scope), *_stages(scope), *_figures(scope)]):
        yield Row(f"summary:{number}", 1, values)


def _reports(scope: Scope) -> Iterator[dict[str, Value]]:
    if scope.period is None:
        return
    overview = overview_of(scope.actor, scope.period, on=scope.today)
    if overview is not None:
        yield {
            "what": _("Places that have reported"),
            "number": _decimal(overview.reported),
            "expected": _decimal(overview.expected),
        }


def _stages(scope: Scope) -> Iterator[dict[str, Value]]:
    counted = dict.fromkeys(StageName.values, 0)
    rows = Stage.objects.visible_to(scope.actor).filter(
        plan=scope.plan, is_latest=True, place__links_up__ancestor=scope.place
    )
    for name in rows.values_list("name", flat=True):
        counted[name] += 1
    for name, count in counted.items():
        words = pgettext("summary of stages", "Places at the stage “%(stage)s”")
        yield {"what": words % {"stage": StageName(name).label}, "number": _decimal(count)}


def _figures(scope: Scope) -> Iterator[dict[str, Value]]:
    rolled = {
        one.indicator_id: one
        for one in RollUp.objects.visible_to(scope.actor).filter(
            indicator__in=scope.indicators, period=scope.period, place=scope.place, part=""
        )
    }
    under = scope.place if scope.place.level else None
    expected = expected_places(scope.indicators, under)
    for one in scope.indicators:
        row = rolled.get(one.pk)
        figure = figure_of(one, row) if row else NOTHING
        asked = expected.get(one.pk, NOTHING_EXPECTED)
        yield {
            "what": f"{one.code} {scope.words_of(one, 'title')}",
            "number": figure.number,
            "unit": scope.words_of(one, "unit"),
            "places": _decimal(figure.places),
            "expected": _decimal(asked.places),
            "target": asked.target_of(one),
        }


def _decimal(count: int) -> Decimal:
    return Decimal(count)
