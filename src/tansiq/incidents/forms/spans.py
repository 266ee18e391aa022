"""Spans of time as people say them: a number and a unit, and from when it counts."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.incidents.playbook.times import CLOSE, MILESTONES, START, Duration, Offset
from tansiq.incidents.playbook_words import anchor_choices

UNITS = [
    ("minutes", pgettext_lazy("unit of time", "minutes")),
    ("hours", pgettext_lazy("unit of time", "hours")),
    ("days", pgettext_lazy("unit of time", "days")),
    ("months", pgettext_lazy("unit of time", "months")),
]
_MOST = 99_999
ANCHORS = anchor_choices()


def number_and_unit(duration: Duration) -> tuple[int, str] | None:
    """Return the span as one number of one unit, if it is one."""
    months, days = duration.years * 12 + duration.months, duration.weeks * 7 + duration.days
    minutes = duration.hours * 60 + duration.minutes
    if duration.seconds or sum(bool(part) for part in (months, days, minutes)) > 1:
        return None
    if months or days:
        return (months, "months") if months else (days, "days")
    return (minutes // 60, "hours") if minutes and minutes % 60 == 0 else (minutes, "minutes")


class SpanWidget(forms.MultiWidget):
    """A number and a unit side by side."""

    template_name = "incidents/playbooks/_span.html"

    def __init__(self, extra: tuple[forms.Widget, ...] = ()) -> None:
        number = forms.NumberInput({"min": 0, "max": _MOST, "aria-label": _("How many")})
        unit = forms.Select({"aria-label": _("Unit")}, choices=UNITS)
        super().__init__([number, unit, *extra])

    def decompress(self, value: Any) -> list[Any]:
        found = number_and_unit(value) if isinstance(value, Duration) else None
        return list(found) if found else [None, "minutes"]


class OffsetWidget(SpanWidget):
    """A number, a unit, and from when it counts."""

    def __init__(self) -> None:
        anchor = forms.Select({"aria-label": _("From when it counts")}, choices=ANCHORS)
        super().__init__((anchor,))

    def decompress(self, value: Any) -> list[Any]:
        if not isinstance(value, Offset):
            return [None, "minutes", START]
        sign = "-" if value.duration.is_negative else "+"
        anchor = value.anchor + sign if value.anchor in MILESTONES else value.anchor
        return [*super().decompress(value.duration), anchor]


class SpanField(forms.MultiValueField):
    """Gives a Duration, or None."""

    widget: type[SpanWidget] = SpanWidget

    def __init__(self, **options: Any) -> None:
        super().__init__(self.parts(), require_all_fields=False, **options)

    @staticmethod
    def parts() -> list[forms.Field]:
        number = forms.IntegerField(min_value=0, max_value=_MOST, required=False)
        return [number, forms.ChoiceField(choices=UNITS, required=False)]

    def compress(self, data_list: Any) -> Any:
        if not data_list or data_list[0] is None:
            return None
        return self._duration(data_list[0], data_list[1] or "minutes")

    def _duration(self, number: int, unit: str) -> Duration:
        parts: dict[str, Any] = {unit: number}
        duration = Duration(**parts)
        if duration.nominal_days > 36_600:  # noqa: PLR2004 -- a hundred years
            raise ValidationError(_("This is longer than a hundred years."))
        return duration


class OffsetField(SpanField):
    """Gives an Offset, or None."""

    widget: type[SpanWidget] = OffsetWidget

    @staticmethod
    def parts() -> list[forms.Field]:
        return [*SpanField.parts(), forms.ChoiceField(choices=ANCHORS, required=False)]

    def compress(self, data_list: Any) -> Any:
        anchor = data_list[2] if data_list else ""
        span = super().compress(data_list)
        if span is None:
            return Offset(CLOSE) if anchor == CLOSE else None
        name = (anchor or START).rstrip("+-")
        is_before = (anchor or "").endswith("-") and not span.is_zero
        return Offset(name, Duration.read(f"{'-' if is_before else ''}{span}"))
