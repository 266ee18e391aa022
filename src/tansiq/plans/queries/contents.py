"""What stands in a report, as its author and the level above read it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.core import formats
from tansiq.plans.models import (
    Datapoint,
    DatapointStatus,
    Indicator,
    Period,
    Report,
    Rule,
    Target,
)
from tansiq.plans.models.indicators import DIMENSIONS
from tansiq.plans.queries.reporting import asked_of
from tansiq.plans.queries.wording import in_readers_language


@dataclass(frozen=True)
class Part:
    """One part of a figure, such as women and girls."""

    code: str
    dimension: str
    label: str
    number: Decimal | None


@dataclass(frozen=True)
class Line:
    """One indicator in a report: what is said now, what was said last time, what is aimed at."""

    indicator: Indicator
    value: Datapoint | None
    is_asked: bool
    parts: list[Part] = field(default_factory=list)
    previous: Decimal | None = None
    target: Decimal | None = None

    @property
    def number(self) -> Decimal | None:
        return self.indicator.as_number(self.value.amount) if self.value else None

    @property
    def title(self) -> Any:
        return getattr(self.indicator, "shown", {}).get("title", self.indicator.title)

    @property
    def definition(self) -> Any:
        return getattr(self.indicator, "shown", {}).get("definition", self.indicator.definition)

    @property
    def unit(self) -> Any:
        return getattr(self.indicator, "shown", {}).get("unit", self.indicator.unit)

    @property
    def is_weighted(self) -> bool:
        return self.indicator.rule == Rule.WEIGHTED

    @property
    def is_withdrawn(self) -> bool:
        return self.value is not None and self.value.status == DatapointStatus.WITHDRAWN

    @property
    def is_accepted(self) -> bool:
        return self.value is not None and self.value.status == DatapointStatus.ACCEPTED

    @property
    def said_parts(self) -> list[Part]:
        return [part for part in self.parts if part.number is not None]

    @property
    def change(self) -> Decimal | None:
        if self.number is None or self.previous is None:
            return None
        return self.number - self.previous

    @property
    def has_reached_target(self) -> bool:
        if self.number is None or self.target is None:
            return False
        if self.indicator.falling_is_good:
            return self.number <= self.target
        return self.number >= self.target


def lines_of_report(report: Report, actor: Actor) -> list[Line]:
    """Return one line for each indicator the place is asked for or has said something on.

    The report must have its period's plan and its place loaded.
    """
    indicators = list(
        Indicator.objects.filter(plan=report.period.plan_id).order_by("position", "pk")
    )
    for indicator in indicators:
        indicator.plan = report.period.plan
    in_readers_language(indicators, "title", "definition", "unit")
    said = {(one.indicator_id, one.part): one for one in report.datapoints.all()}
    before = _said_before(report, actor)
    targets = dict(
        Target.objects.visible_to(actor)
        .filter(indicator__in=indicators, place=report.place_id, target__isnull=False)
        .values_list("indicator_id", "target")
    )
    standing = [one for one in indicators if one.dropped_in is None]
    asked = {one.pk for one in asked_of(standing, report.period, report.place)}
    return [
        Line(
            indicator=one,
            value=said.get((one.pk, "")),
            is_asked=one.pk in asked,
            parts=_parts_of(one, said),
            previous=one.as_number(before.get(one.pk)),
            target=one.as_number(targets.get(one.pk)),
        )
        for one in indicators
        if one.pk in asked or (one.pk, "") in said
    ]


def _said_before(report: Report, actor: Actor) -> dict[int, int]:
    """Return the amounts of the period before, where the actor may see them."""
    period = report.period
    earlier = (
        Period.objects.filter(plan=period.plan_id, starts_on__lt=period.starts_on)
        .order_by("-starts_on")
        .values("pk")[:1]
    )
    values = Datapoint.objects.visible_to(actor).filter(
        place=report.place_id,
        period__in=earlier,
        part="",
        status__in=(DatapointStatus.SUBMITTED, DatapointStatus.ACCEPTED),
    )
    return dict(values.values_list("indicator_id", "amount"))


def _parts_of(indicator: Indicator, said: dict[tuple[int, str], Datapoint]) -> list[Part]:
    parts = []
    for dimension in indicator.dimensions:
        for category, label in DIMENSIONS.get(dimension, {}).items():
            code = f"{dimension}={category}"
            value = said.get((indicator.pk, code))
            number = indicator.as_number(value.amount) if value else None
            parts.append(Part(code, dimension, str(label), number))
    return parts


def filled_share_of(report: Report, lines: Iterable[Line]) -> int:
    """Return how much of a report is filled, in per cent: what was done, and each figure asked."""
    asked = [line for line in lines if line.is_asked]
    done = sum(line.value is not None for line in asked) + bool(report.narrative.strip())
    return 100 * done // (len(asked) + 1)


@dataclass(frozen=True)
class Check:
    """What a report still lacks or should be looked at again; nothing here forbids sending."""

    sentence: str
    indicator_id: int | None = None


def checks_of(report: Report, lines: Iterable[Line], language: str) -> list[Check]:
    """Return what to look at before sending, in plain sentences."""
    found = []
    if not report.narrative.strip():
        found.append(Check(_("You have not written what was done.")))
    for line in lines:
        found += [Check(one, line.indicator.pk) for one in _doubts(line, language)]
    return found


_FAR = 2


def _doubts(line: Line, language: str) -> list[str]:
    name = formats.isolate(f"{line.indicator.code} {line.title}")
    if line.number is None:
        return [_("%(indicator)s: no figure yet.") % {"indicator": name}] if line.is_asked else []
    doubts = []
    for dimension in line.indicator.dimensions:
        parts = [one.number for one in line.parts if one.dimension == dimension]
        given = [one for one in parts if one is not None]
        total = sum(given, Decimal(0))
        is_whole = len(given) == len(parts) and total != line.number
        if line.indicator.rule == Rule.SUM and (total > line.number or is_whole) and given:
            doubts.append(
                _("%(indicator)s: the parts come to %(parts)s, the whole is %(whole)s.")
                % {
                    "indicator": name,
                    "parts": formats.number(total, language),
                    "whole": formats.number(line.number, language),
                }
            )
    if line.previous and (line.number > line.previous * _FAR or line.number * _FAR < line.previous):
        doubts.append(
            _("%(indicator)s: %(now)s, where it was %(before)s last time. Is that right?")
            % {
                "indicator": name,
                "now": formats.number(line.number, language),
                "before": formats.number(line.previous, language),
            }
        )
    return doubts
