"""How something that is owed stands, and what a place says to it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from tansiq.core.guarding import GuardedForm
from tansiq.plans.forms.fields import DayField, Sentence
from tansiq.plans.models import ActionStatus


class DeliveryForm(GuardedForm, forms.Form):
    status = forms.ChoiceField(
        label=gettext_lazy("How does it stand?"), choices=ActionStatus.choices
    )
    on = DayField(
        label=gettext_lazy("Given on"),
        help_text=gettext_lazy("Only when it is done; today, if you leave it empty."),
        required=False,
    )
    note = Sentence(
        label=gettext_lazy("Note to the place"),
        help_text=gettext_lazy("For example why it is late, and when it will come."),
        rows=3,
        most=2000,
        required=False,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class DisputeForm(GuardedForm, forms.Form):
    note = Sentence(
        label=gettext_lazy("What did not arrive?"),
        help_text=gettext_lazy("It is open again, and they are told."),
        rows=3,
        most=2000,
    )


class GiveForm(forms.Form):
    """Several places at once, on one day."""

    on = DayField(label=gettext_lazy("Given on"))
    deliveries = forms.TypedMultipleChoiceField(
        coerce=int,
        error_messages={
            "required": gettext_lazy("Choose at least one place."),
            "invalid_choice": gettext_lazy("One of the places is not open any more. Look again."),
        },
    )

    def __init__(self, *arguments: Any, open_pks: list[int], **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = self.fields["deliveries"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101 -- for the type
        field.choices = [(pk, str(pk)) for pk in open_pks]
