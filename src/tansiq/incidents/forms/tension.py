"""Readings, counts and decisions as people fill them in: one form each, done in a minute."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from tansiq.incidents.actions.tension import Counted, Reading, WatchChange
from tansiq.incidents.forms.desks import AreaField, NoPersons, Once, WrittenIn
from tansiq.incidents.models import (
    Confidence,
    Domain,
    HateKind,
    HateSource,
    Incident,
    TensionBasis,
    TensionLevel,
)
from tansiq.incidents.queries.rumours import areas_of


class InArea(Once):
    """Where and on which day; and whether it stays with the organisation that writes it."""

    place = AreaField(label=gettext_lazy("Area"))
    on = forms.DateField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    is_kept = forms.BooleanField(
        label=gettext_lazy("Only for our organisation"),
        required=False,
        help_text=gettext_lazy("The others in the room do not see it."),
    )

    def __init__(self, *arguments: Any, incident: Incident, today: dt.date, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.country_code = incident.place.country_code
        area: Any = self.fields["place"]
        area.queryset, area.empty_label = areas_of(incident), None
        area.initial = incident.place_id
        self.fields["on"].initial = today


class ReadingForm(NoPersons, WrittenIn, InArea):
    free = ("seen",)
    names_groups = False

    level = forms.TypedChoiceField(
        label=gettext_lazy("How tense is it?"),
        choices=TensionLevel,
        coerce=int,
        widget=forms.RadioSelect,
    )
    basis = forms.ChoiceField(
        label=gettext_lazy("What does it rest on?"), choices=TensionBasis, widget=forms.RadioSelect
    )
    domain = forms.ChoiceField(
        label=gettext_lazy("About what?"),
        choices=Domain,
        help_text=gettext_lazy("Only the sort of groups, never which."),
    )
    confidence = forms.ChoiceField(
        label=gettext_lazy("How sure are you?"),
        choices=Confidence,
        initial=Confidence.MEDIUM,
        widget=forms.RadioSelect,
    )
    seen = forms.CharField(
        label=gettext_lazy("What did you see?"),
        max_length=600,
        required=False,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
        help_text=gettext_lazy("What happens, in neutral words. No names, no community."),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.order_fields(["level", "place", "basis", "domain", "seen", "confidence", "on"])

    def reading(self) -> Reading:
        named = (
            "place", "on", "level", "basis", "domain", "confidence", "seen", "language", "is_kept",
        )  # fmt: skip
        return Reading(**{name: self.cleaned_data[name] for name in named})


class HateForm(InArea):
    kind = forms.ChoiceField(label=gettext_lazy("What happened?"), choices=HateKind)
    target = forms.ChoiceField(
        label=gettext_lazy("Against whom?"),
        choices=Domain,
        help_text=gettext_lazy("Only the sort of groups, never which."),
    )
    source = forms.ChoiceField(label=gettext_lazy("Who counted?"), choices=HateSource)
    count = forms.IntegerField(
        label=gettext_lazy("How many that day?"), min_value=0, max_value=1_000_000
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.order_fields(["place", "on", "kind", "count", "target", "source"])

    def counted(self) -> Counted:
        named = ("place", "on", "kind", "target", "source", "count", "is_kept")
        return Counted(**{name: self.cleaned_data[name] for name in named})


class WithdrawForm(NoPersons):
    free = ("reason",)
    names_groups = False

    reason = forms.CharField(
        label=gettext_lazy("Why is it withdrawn?"),
        max_length=200,
        widget=forms.TextInput({"dir": "auto"}),
    )


class WatchForm(NoPersons, WrittenIn):
    free = ("reason",)
    names_groups = False

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=300,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )
    until_on = forms.DateField(
        label=gettext_lazy("At least until"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )

    def change(self) -> WatchChange:
        given = self.cleaned_data
        return WatchChange(given["reason"], given["language"], given["until_on"])
