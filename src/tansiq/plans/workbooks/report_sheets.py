"""The sheets of a report: its figures, one row an indicator, and its words."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tansiq.core.documents.columns import Column, Kind, SheetPlan, Value
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
from tansiq.plans.rules.reports import report_answer, report_write
from tansiq.plans.workbooks.kinds import (
    Live,
    SheetKind,
    pk_of,
    place_values,
    places,
    with_decimals,
)
from tansiq.plans.workbooks.scope import Scope

WORDS = ("narrative", "blockers", "wishes")
_SENT = (DatapointStatus.SUBMITTED, DatapointStatus.ACCEPTED)


def part_codes(indicators: Iterable[Indicator]) -> dict[str, str]:
    """Return the parts by which any of these indicators is broken down, with their words."""
    dimensions = {name for one in indicators for name in one.dimensions}
    return {
        f"{dimension}={category}": str(words)
        for dimension, categories in DIMENSIONS.items()
        if dimension in dimensions
        for category, words in categories.items()
    }


class FigureSheet(SheetKind):
    key, prefix = "figures", "figure"

    def is_in(self, scope: Scope) -> bool:
        return scope.is_national or scope.report is not None

    def sheet(self, scope: Scope) -> SheetPlan:
        decimals = max((one.decimals for one in scope.indicators), default=0)
        parts = [
            Column(
                code,
                words[:1].upper() + words[1:],
                f"#indicator+value+{_tag(code)}",
                Kind.NUMBER,
                help=_("Only where the indicator is broken down that way; other cells are closed."),
                width=14,
                decimals=decimals,
                is_input=True,
            )
            for code, words in part_codes(scope.indicators).items()
        ]
        columns = (
            *places(scope),
            Column("code", _("Code"), "#indicator+code", width=10),
            Column("title", _("Indicator"), "#indicator+name", width=44),
            Column("unit", _("Unit"), "#indicator+unit", width=14),
            _number("previous", _("Last period"), "#indicator+value+previous", decimals),
            _number("target", _("Target"), "#indicator+value+target", decimals),
            Column(
                "number",
                _("Figure for this period"),
                "#indicator+value",
                Kind.NUMBER,
                help=_("The number alone, in digits. Leave it empty if you have no figure."),
                width=16,
                decimals=decimals,
                is_input=True,
            ),
            Column(
                "base",
                _("Out of how many (base)"),
                "#indicator+base",
                Kind.NUMBER,
                help=_("How many were asked or counted. Only for means; other cells are closed."),
                width=14,
                is_input=True,
            ),
            *parts,
            Column(
                "as_of",
                _("As of"),
                "#date+asof",
                Kind.DAY,
                help=_("The day the figure stands for, within the period. Empty: its last day."),
                width=13,
                is_input=True,
            ),
            Column(
                "note",
                _("How good this figure is"),
                "#meta+note",
                help=_("How it was counted, and what is missing."),
                width=40,
                is_input=True,
                longest=2000,
            ),
        )
        frozen = 4 if scope.is_national else 2
        return SheetPlan(self.key, pgettext("sheet", "Figures"), columns, frozen=frozen)

    def column_at(self, scope: Scope, column: Column, key: str) -> Column:
        if column.kind != Kind.NUMBER or column.key == "base":
            return column
        pk = pk_of(key, 2)
        return with_decimals(
            column, next((one.decimals for one in scope.indicators if one.pk == pk), 0)
        )

    def rows(self, scope: Scope) -> Iterator[Live]:
        for parts in scope.parts():
            yield from self.live_of(scope, [one.report for one in parts if one.report])

    def live(self, scope: Scope, keys: Collection[str]) -> dict[str, Live]:
        reports = list(scope.reports().filter(pk__in={pk_of(one) for one in keys}))
        return {one.key: one for one in self.live_of(scope, reports, set(keys))}

    def live_of(
        self, scope: Scope, reports: list[Report], keys: set[str] | None = None
    ) -> Iterator[Live]:
        """Yield the rows of these reports; with keys, only those."""
        said = _said_in(reports)
        before = _said_before(scope, reports)
        targets = dict(_targets_of(scope, reports))
        for report in reports:
            verdict = report_write(scope.actor, report)
            for indicator in self._lines(scope, report, said):
                key = f"{self.prefix}:{report.pk}:{indicator.pk}"
                if keys is not None and key not in keys:
                    continue
                values = _values_of(scope, indicator, said[report.pk])
                values["previous"] = before.get((report.place_id, indicator.pk))
                values["target"] = indicator.as_number(targets.get((report.place_id, indicator.pk)))
                inputs = _inputs_of(indicator)
                unused = _("This indicator is not broken down that way.")
                closed = dict.fromkeys(part_codes(scope.indicators), unused)
                closed["base"] = _("This indicator needs no base.")
                closed = {name: why for name, why in closed.items() if name not in inputs}
                if not verdict:
                    closed |= dict.fromkeys(inputs, verdict.reason)
                yield Live(
                    key,
                    (report, indicator),
                    report.revision,
                    f"{indicator.code} {scope.words_of(indicator, 'title')}",
                    {**place_values(scope, report.place), **values},
                    frozenset(inputs if verdict else ()),
                    closed,
                )

    def _lines(
        self, scope: Scope, report: Report, said: dict[int, dict[tuple[int, str], Datapoint]]
    ) -> list[Indicator]:
        asked = {one.pk for one in asked_of(scope.indicators, report.period, report.place)}
        spoken = said[report.pk]
        return [one for one in scope.indicators if one.pk in asked or (one.pk, "") in spoken]


def _tag(code: str) -> str:
    """Return the attributes of a part in HXL, where those for sexes are agreed: #x+f, #x+m."""
    known = {"sex=female": "f", "sex=male": "m", "sex=other": "i"}
    return known.get(code) or "age" + code.partition("=")[2].replace("-", "_")


def _number(key: str, heading: str, hxl: str, decimals: int) -> Column:
    return Column(key, heading, hxl, Kind.NUMBER, width=12, decimals=decimals)


def _inputs_of(indicator: Indicator) -> set[str]:
    inputs = {"number", "as_of", "note", *part_codes([indicator])}
    return inputs | {"base"} if indicator.rule == Rule.WEIGHTED else inputs


def _values_of(
    scope: Scope, indicator: Indicator, said: dict[tuple[int, str], Datapoint]
) -> dict[str, Value]:
    whole = said.get((indicator.pk, ""))
    values: dict[str, Value] = {
        "code": indicator.code,
        "title": scope.words_of(indicator, "title"),
        "unit": scope.words_of(indicator, "unit"),
    }
    if whole is not None:
        values |= {
            "number": indicator.as_number(whole.amount),
            "as_of": whole.as_of,
            "note": whole.note,
        }
        if indicator.rule == Rule.WEIGHTED:
            values["base"] = Decimal(whole.weight)
    for code in part_codes([indicator]):
        part = said.get((indicator.pk, code))
        values[code] = indicator.as_number(part.amount) if part else None
    return values


def _said_in(reports: list[Report]) -> dict[int, dict[tuple[int, str], Datapoint]]:
    said: dict[int, dict[tuple[int, str], Datapoint]] = defaultdict(dict)
    for one in Datapoint.objects.filter(report__in=reports):
        said[one.report_id][one.indicator_id, one.part] = one
    return said


def _said_before(scope: Scope, reports: list[Report]) -> dict[tuple[int, int], Decimal | None]:
    if scope.period is None:
        return {}
    earlier = (
        Period.objects.filter(plan=scope.period.plan_id, starts_on__lt=scope.period.starts_on)
        .order_by("-starts_on")
        .first()
    )
    if earlier is None:
        return {}
    by_pk = {one.pk: one for one in scope.indicators}
    values = Datapoint.objects.visible_to(scope.actor).filter(
        place__in=[one.place_id for one in reports], period=earlier, part="", status__in=_SENT
    )
    return {
        (place, indicator): by_pk[indicator].as_number(amount)
        for place, indicator, amount in values.values_list("place_id", "indicator_id", "amount")
        if indicator in by_pk
    }


def _targets_of(
    scope: Scope, reports: list[Report]
) -> Iterator[tuple[tuple[int, int], int | None]]:
    rows = Target.objects.filter(
        indicator__in=scope.indicators,
        place__in=[one.place_id for one in reports],
        target__isnull=False,
    )
    for place, indicator, target in rows.values_list("place_id", "indicator_id", "target"):
        yield (place, indicator), target


class WordSheet(SheetKind):
    """What a report says in words: a row for each text, and the answer of the level above."""

    key, prefix = "words", "words"

    def is_in(self, scope: Scope) -> bool:
        return scope.is_national or scope.report is not None

    def sheet(self, scope: Scope) -> SheetPlan:
        columns = (
            *places(scope),
            Column("what", _("What is asked"), "#meta+question", width=34),
            Column(
                "text",
                _("Your words"),
                "#description",
                help=_("In plain words; no names of private persons."),
                width=96,
                is_input=True,
                is_long=True,
                longest=20_000,
            ),
        )
        frozen = 3 if scope.is_national else 1
        return SheetPlan(self.key, pgettext("sheet", "In words"), columns, frozen=frozen)

    def rows(self, scope: Scope) -> Iterator[Live]:
        for parts in scope.parts():
            for part in parts:
                if part.report is not None:
                    yield from self._live(scope, part.report)

    def live(self, scope: Scope, keys: Collection[str]) -> dict[str, Live]:
        reports = scope.reports().filter(pk__in={pk_of(one) for one in keys})
        found = {one.key: one for report in reports for one in self._live(scope, report)}
        return {key: one for key, one in found.items() if key in keys}

    def _live(self, scope: Scope, report: Report) -> Iterator[Live]:
        writes, answers = report_write(scope.actor, report), report_answer(scope.actor, report)
        for name, words in _questions().items():
            yield self._line(scope, report, (name, words), writes)
        if scope.is_national or report.answer:
            yield self._line(scope, report, ("answer", _("Answer to the place")), answers)

    def _line(self, scope: Scope, report: Report, asked: tuple[str, str], verdict: Any) -> Live:
        name, words = asked
        return Live(
            f"{self.prefix}:{report.pk}:{name}",
            report,
            report.revision,
            words,
            {**place_values(scope, report.place), "what": words, "text": getattr(report, name)},
            frozenset({"text"} if verdict else ()),
            {} if verdict else {"text": verdict.reason},
        )


def _questions() -> dict[str, str]:
    return {
        "narrative": _("What was done, and what changed"),
        "blockers": _("What stands in the way"),
        "wishes": _("What you need from the level above"),
    }
