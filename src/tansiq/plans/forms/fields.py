"""Fields that read what people write the way they write it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language

from tansiq.core.numbers import (
    LONGEST,
    UnreadableNumberError,
    check_number,
    read_number,
    write_number,
)


class FigureField(forms.CharField):
    """A number in the reader's own way of writing; empty gives None."""

    is_free_text = False

    def __init__(self, *, decimals: int = 0, **options: Any) -> None:
        self.decimals = decimals
        attributes = {"inputmode": "decimal" if decimals else "numeric", "autocomplete": "off"}
        options.setdefault("widget", forms.TextInput(attributes))
        super().__init__(max_length=4 * LONGEST, **options)

    def to_python(self, value: Any) -> Any:
        try:
            if isinstance(value, Decimal):
                return check_number(value, decimals=self.decimals)
            text = super().to_python(value)
            if not text:
                return None
            return read_number(text, get_language() or "en", decimals=self.decimals)
        except UnreadableNumberError as problem:
            raise ValidationError(str(problem)) from problem

    def prepare_value(self, value: Any) -> Any:
        return write_number(value, get_language() or "en") if isinstance(value, Decimal) else value

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)

    def run_validators(self, value: Any) -> None:
        """Do nothing: the limits are those of the number, checked where it is read."""


class DayField(forms.DateField):
    """A day, chosen in the browser's own calendar and sent as 2026-05-04."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
        options.setdefault("input_formats", ["%Y-%m-%d"])
        super().__init__(**options)


class Sentence(forms.CharField):
    """A text of several lines."""

    def __init__(self, *, rows: int = 4, most: int = 20_000, **options: Any) -> None:
        options.setdefault("widget", forms.Textarea({"rows": rows, "dir": "auto"}))
        super().__init__(max_length=most, **options)
