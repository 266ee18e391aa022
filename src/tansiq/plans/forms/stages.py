from django import forms
from django.utils.translation import gettext_lazy as _

from tansiq.core.guarding import GuardedForm
from tansiq.plans.forms.fields import DayField
from tansiq.plans.models import StageName


class StageForm(GuardedForm, forms.Form):
    """How far a place has come, and since when."""

    name = forms.ChoiceField(label=_("How far is this place?"), choices=StageName.choices)
    since_on = DayField(label=_("Since"))
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        help_text=_("Such as the number of the decree, or what is missing."),
    )
