"""Who may read a thing, and why an overseer opens it."""

from typing import Any

from django import forms
from django.apps import apps
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tansiq.access.models import Marking, Organisation, Person
from tansiq.core.guarding import GuardedForm


class MarkingForm(forms.Form):
    marking = forms.ChoiceField(
        label=_("Marking"), choices=Marking.choices, widget=forms.RadioSelect
    )
    is_hub_wide = forms.BooleanField(
        label=_("Also for the countries of our hub"),
        required=False,
        help_text=_("Counts for TLP:CLEAR and TLP:GREEN only."),
    )


class OrganisationChoice(forms.Form):
    organisation: Any = forms.ModelChoiceField(label=_("Organisation"), queryset=None)

    def __init__(self, *args: Any, among: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organisation"]
        field.queryset = among


class PersonChoice(forms.Form):
    person: Any = forms.ModelChoiceField(label=_("Person"), queryset=None)

    def __init__(self, *args: Any, among: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.queryset = among


class OpeningForm(GuardedForm, forms.Form):
    reason = forms.CharField(
        label=_("Why do you need to read this?"),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        max_length=2000,
        help_text=_("The leads of the owner read this sentence at once, and the record keeps it."),
    )


class LogFilter(forms.Form):
    rule = forms.CharField(label=_("What was done"), required=False, max_length=80)
    kind = forms.ChoiceField(label=_("Kind of thing"), required=False)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    refused = forms.BooleanField(label=_("Refusals only"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [("", _("All")), *((label, label) for label in _kinds_of_ours())]


def _kinds_of_ours() -> list[str]:
    ours = (one for one in apps.get_models() if one.__module__.startswith("tansiq."))
    return sorted(one._meta.label_lower for one in ours)
