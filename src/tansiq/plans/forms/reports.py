"""What a place writes into a report."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tansiq.core.guarding import GuardedForm
from tansiq.plans.actions.values import BadValueError, Value, checked_amount
from tansiq.plans.forms.fields import DayField, FigureField, Sentence
from tansiq.plans.models import Indicator, Report
from tansiq.plans.queries.contents import Line, Part

WORDS = ("narrative", "blockers", "wishes", "language")
_DIMENSION_NAMES = {"sex": gettext_lazy("By sex"), "age": gettext_lazy("By age")}


@dataclass(frozen=True)
class Figure:
    """The fields of one indicator, for the template."""

    line: Line
    whole: forms.BoundField
    base: forms.BoundField | None
    note: forms.BoundField
    as_of: forms.BoundField
    parts: list[tuple[str, list[forms.BoundField]]]

    @property
    def is_open(self) -> bool:
        """Whether the details should be seen at once: something is in them, or wrong."""
        fields = [self.note, self.as_of, *(one for _name, ones in self.parts for one in ones)]
        said = bool(self.line.said_parts) or bool(self.line.value and self.line.value.note)
        return said or any(one.errors for one in fields)


class ReportForm(GuardedForm, forms.Form):
    """All of a report: a field for each figure and its parts, and the words."""

    narrative = Sentence(
        label=gettext_lazy("What was done, and what changed"),
        help_text=gettext_lazy(
            "In your own words; no names of private persons. A new report begins with what your "
            "activity register holds for the period."
        ),
        rows=8,
        required=False,
    )
    blockers = Sentence(
        label=gettext_lazy("What stands in the way"),
        help_text=gettext_lazy("A new report begins with last time's; take out what is solved."),
        required=False,
    )
    wishes = Sentence(
        label=gettext_lazy("What you need from the level above"),
        help_text=gettext_lazy("They owe you an answer to this."),
        required=False,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language you write in"), choices=settings.LANGUAGES
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    pen = forms.CharField(widget=forms.HiddenInput, max_length=32, required=False)

    def __init__(
        self,
        *arguments: Any,
        report: Report,
        lines: Iterable[Line],
        today: date,
        **options: Any,
    ) -> None:
        self.report, self.lines = report, list(lines)
        self.default_day = max(min(today, report.period.ends_on), report.period.starts_on)
        super().__init__(*arguments, **options)
        for line in self.lines:
            self._add_fields(line)

    @classmethod
    def opened(
        cls, report: Report, lines: Iterable[Line], *, pen: str, today: date
    ) -> "ReportForm":
        """Return the form as the report stands now."""
        first = {name: getattr(report, name) for name in WORDS}
        first |= {"revision": report.revision, "pen": pen}
        return cls(report=report, lines=lines, today=today, initial=first)

    def _add_fields(self, line: Line) -> None:
        indicator, value = line.indicator, line.value
        name, decimals = name_of(indicator), indicator.decimals
        self.fields[name] = FigureField(
            label=_("Figure for this period"),
            help_text=str(line.unit),
            decimals=decimals,
            initial=line.number,
            required=False,
        )
        if line.is_weighted:
            self.fields[f"{name}-base"] = FigureField(
                label=_("Out of how many (base)"),
                help_text=_("How many were asked or counted."),
                initial=Decimal(value.weight) if value else None,
                required=False,
            )
        for part in line.parts:
            self.fields[f"{name}-{part.code}"] = FigureField(
                label=part.label, decimals=decimals, initial=part.number, required=False
            )
        self.fields[f"{name}-note"] = Sentence(
            label=_("How good this figure is"),
            help_text=_("How it was counted, and what is missing."),
            initial=value.note if value else "",
            rows=2,
            most=2000,
            required=False,
        )
        self.fields[f"{name}-on"] = DayField(
            label=_("As of"), initial=value.as_of if value else self.default_day, required=False
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for (indicator, part), value in self.entries().items():
            if value is not None:
                self._check(indicator, part, value)
        return cleaned

    def _check(self, indicator: Indicator, part: str, value: Value) -> None:
        name = name_of(indicator)
        if not part and f"{name}-base" in self.fields and not value.base:
            self.add_error(
                f"{name}-base", _("Say how many were asked or counted; it must be above zero.")
            )
            return
        try:
            checked_amount(self.report, indicator, value)
        except BadValueError as problem:
            self.add_error(f"{name}-{part}" if part else name, str(problem))

    def words(self) -> dict[str, str]:
        """Return the words that can be saved."""
        return {name: self.cleaned_data[name] for name in WORDS if name in self.cleaned_data}

    def entries(self) -> dict[tuple[Indicator, str], Value | None]:
        """Return the figures that could be read; a field that is wrong is left as it stands."""
        return {
            (line.indicator, part): self._value(line.indicator, part)
            for line in self.lines
            for part in ["", *(one.code for one in line.parts)]
            if self._can_be_read(line.indicator, part)
        }

    def _can_be_read(self, indicator: Indicator, part: str) -> bool:
        name = name_of(indicator)
        wanted = [f"{name}-{part}" if part else name, f"{name}-on", f"{name}-note"]
        if f"{name}-base" in self.fields:
            wanted.append(f"{name}-base")
        return all(one in self.cleaned_data for one in wanted)

    def _value(self, indicator: Indicator, part: str) -> Value | None:
        name = name_of(indicator)
        number = self.cleaned_data[f"{name}-{part}" if part else name]
        if number is None:
            return None
        base = self.cleaned_data[f"{name}-base"] or 0 if f"{name}-base" in self.fields else 1
        return Value(
            number=number,
            as_of=self.cleaned_data[f"{name}-on"] or self.default_day,
            part=part,
            base=int(base),
            note="" if part else self.cleaned_data[f"{name}-note"],
        )

    @property
    def figures(self) -> Iterator[Figure]:
        for line in self.lines:
            name = name_of(line.indicator)
            yield Figure(
                line=line,
                whole=self[name],
                base=self[f"{name}-base"] if f"{name}-base" in self.fields else None,
                note=self[f"{name}-note"],
                as_of=self[f"{name}-on"],
                parts=[
                    (str(_DIMENSION_NAMES.get(dimension, dimension)), self._part_fields(name, ones))
                    for dimension, ones in _by_dimension(line.parts)
                ],
            )

    def _part_fields(self, name: str, parts: Iterable[Part]) -> list[forms.BoundField]:
        return [self[f"{name}-{one.code}"] for one in parts]

    @property
    def all_problems(self) -> list[tuple[str, str, str]]:
        """Return each wrong field as (anchor, what it is, what is wrong), for the summary."""
        figures = {name_of(line.indicator): line.indicator.code for line in self.lines}
        found = []
        for name, errors in self.errors.items():
            figure = figures.get(name.partition("-")[0], "")
            label = str(self.fields[name].label) if name in self.fields else ""
            found.append((f"id_{name}", f"{figure} {label}".strip(), str(errors[0])))
        return found

    @property
    def problems_in_words(self) -> str:
        """Return how many fields are wrong, for the line that says what was kept."""
        count = len(self.errors)
        sentence = ngettext(
            "%(count)s field cannot be kept yet; see what it says.",
            "%(count)s fields cannot be kept yet; see what they say.",
            count,
        )
        return sentence % {"count": count} if count else ""


def name_of(indicator: Indicator) -> str:
    """Return the name of the field for the whole of this indicator."""
    return f"v{indicator.pk}"


def _by_dimension(parts: Iterable[Part]) -> list[tuple[str, list[Part]]]:
    grouped: dict[str, list[Part]] = {}
    for part in parts:
        grouped.setdefault(part.dimension, []).append(part)
    return list(grouped.items())
