"""The needs board as people fill it in: counts and lists, hardly a word."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tansiq.core.revised import RevisedForm
from tansiq.incidents.actions.needs import Told
from tansiq.incidents.forms.desks import AreaField, NoPersons, Once, Revised, WrittenIn, languages
from tansiq.incidents.models import AffectedGroup, Incident, NeedKind, NeedSource, Service
from tansiq.incidents.plain_words import problems_of_count
from tansiq.incidents.queries.rumours import areas_of, organisations_of

COUNTS_ONLY = gettext_lazy(
    "In a few words, such as: transport to the hospital. Nobody’s name, age or illness."
)


class Counted(NoPersons):
    """Texts beside counts: also no record of anybody."""

    def problems(self, text: str) -> list[str]:
        return problems_of_count(text)


class NeedForm(Counted, WrittenIn, Once):
    free = ("note",)

    kind = forms.ChoiceField(label=gettext_lazy("What is needed?"), choices=NeedKind)
    count = forms.IntegerField(
        label=gettext_lazy("By how many people?"), min_value=1, max_value=1_000_000
    )
    place = AreaField(label=gettext_lazy("Area"))
    group = forms.ChoiceField(
        label=gettext_lazy("By whom?"),
        choices=AffectedGroup,
        help_text=gettext_lazy("A broad group. Where you could say who they are: everybody."),
    )
    source = forms.ChoiceField(label=gettext_lazy("Who tells of it?"), choices=NeedSource)
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages they speak"),
        choices=languages,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    needs_access = forms.BooleanField(
        label=gettext_lazy("It must be accessible with a disability"), required=False
    )
    note = forms.CharField(
        label=gettext_lazy("What exactly?"),
        max_length=160,
        required=False,
        help_text=COUNTS_ONLY,
        widget=forms.TextInput({"dir": "auto"}),
    )

    def __init__(self, *arguments: Any, incident: Incident, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.country_code = incident.place.country_code
        area: Any = self.fields["place"]
        area.queryset = areas_of(incident)
        area.initial = incident.place_id
        area.empty_label = None
        self.order_fields(["kind", "count", "place", "group", "source", "note", "languages"])

    def told(self) -> Told:
        given = self.cleaned_data
        named = ("kind", "count", "place", "source", "language", "group", "needs_access", "note")
        return Told(**{name: given[name] for name in named}, languages=tuple(given["languages"]))


class MatchForm(forms.Form):
    service = forms.IntegerField(widget=forms.HiddenInput)
    count = forms.IntegerField(min_value=1)


class CountForm(Revised):
    count = forms.IntegerField(label=gettext_lazy("How many people need it?"), min_value=1)
    met = forms.IntegerField(label=gettext_lazy("For how many is it met?"), min_value=0)


class CloseNeedForm(Counted, Revised):
    free = ("reason",)

    reason = forms.CharField(
        label=gettext_lazy("Why is it closed?"),
        max_length=200,
        help_text=gettext_lazy("Such as: entered twice."),
        widget=forms.TextInput({"dir": "auto"}),
    )


class FamiliesForm(forms.Form):
    families = forms.IntegerField(label=gettext_lazy("Affected families"), min_value=0)
    with_navigator = forms.IntegerField(
        label=gettext_lazy("Of these with a steady contact person"), min_value=0
    )
    navigators = forms.IntegerField(label=gettext_lazy("Contact persons at work"), min_value=0)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if (cleaned.get("with_navigator") or 0) > (cleaned.get("families") or 0):
            self.add_error(
                "with_navigator", _("More families have a contact person than there are families.")
            )
        return cleaned


class ServiceForm(Counted, RevisedForm):
    not_guarded = {
        "reach": "the public number or address of a service",
    }

    free = ("body", "hours", "note")

    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages spoken there"),
        choices=languages,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Service
        fields: ClassVar = [
            "organisation", "body", "kind", "activity", "place", "starts_on", "ends_on", "state",
            "capacity", "taken", "languages", "is_accessible", "hours", "reach", "note", "language",
        ]  # fmt: skip
        widgets: ClassVar = {
            "starts_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts: ClassVar = {
            "body": gettext_lazy("Only if it is not in the list above."),
            "capacity": gettext_lazy("Empty where nobody counts."),
            "reach": gettext_lazy("The number or address of the service, never of a person."),
            "note": gettext_lazy("What people should know before they come. No names."),
        }

    def __init__(self, *arguments: Any, on: dt.date, **options: Any) -> None:
        super().__init__(*arguments, **options)
        incident = self.instance.incident
        self.country_code = incident.place.country_code
        place: Any = self.fields["place"]
        place.queryset, place.empty_label = areas_of(incident), None
        body: Any = self.fields["organisation"]
        body.queryset = organisations_of(incident)
        body.required, body.empty_label = False, pgettext_lazy("organisation", "Another body")
        body.label = _("Organisation")
        if not self.instance.pk:
            self.initial.update(starts_on=on, place=incident.place_id)
            self.initial.setdefault("language", incident.language)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if bool(cleaned.get("organisation")) == bool(cleaned.get("body")):
            self.add_error(
                "organisation", _("Choose the organisation, or write the name of another body.")
            )
        return cleaned

    def values(self) -> dict[str, Any]:
        """Return all values of a new service, or what was changed of an old one."""
        if self.instance.pk:
            return self.changes()
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}
