from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from tansiq.plans.forms.fields import DayField
from tansiq.plans.models import ActionStatus


class StatusForm(forms.Form):
    status = forms.ChoiceField(label=_("How does it stand?"), choices=ActionStatus.choices)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class MilestoneReachedForm(forms.Form):
    """The day on which a milestone was reached; the button "not reached after all" clears it."""

    on = DayField(label=_("Reached on"), required=False)
    undo = forms.BooleanField(required=False)

    def clean(self) -> dict[str, date | bool | None]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("undo"):
            cleaned["on"] = None
        elif not cleaned.get("on"):
            self.add_error("on", _("Choose the day on which it was reached."))
        return cleaned
