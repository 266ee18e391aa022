"""Fields of forms that take hostile input as calmly as any other wrong input."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

# The largest whole number that both databases keep.
LARGEST = 2**63 - 1


class RowsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # -- of any model
    """A choice of several rows; a number that no row can have is as unknown as any other."""

    def clean(self, value: Any) -> Any:
        for one in value if isinstance(value, list | tuple) else []:
            if str(one).isdecimal() and int(str(one)[:40]) > LARGEST:
                raise ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": one},
                )
        return super().clean(value)
