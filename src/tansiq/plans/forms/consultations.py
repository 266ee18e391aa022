"""A consultation as people enter it: where, about what, how many of which kind, what came of it."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.models import Organisation
from tansiq.plans.forms.activities import MARKINGS, PlaceField
from tansiq.plans.forms.fields import DayField, Sentence
from tansiq.plans.forms.pictures import NO_NAMES, NoNamesMixin
from tansiq.plans.models import Consultation, Plan, Voice

# More were never in one room; a slip of the finger otherwise.
_MOST_PERSONS = 1_000_000
_PRESENT = "present_"


class ConsultationForm(NoNamesMixin):
    free = ("about", "said", "changed")

    owner = forms.TypedChoiceField(label=gettext_lazy("Who held it"), coerce=int)
    place = PlaceField(
        label=gettext_lazy("Where"), help_text=gettext_lazy("The name of the place, or its code.")
    )
    plan = forms.TypedChoiceField(
        label=gettext_lazy("Plan it was about"), coerce=int, empty_value=None, required=False
    )
    held_on = DayField(label=gettext_lazy("Held on"))
    about = forms.CharField(
        label=gettext_lazy("About what"),
        max_length=200,
        widget=forms.TextInput({"dir": "auto"}),
    )
    said = Sentence(label=gettext_lazy("What was said"), help_text=NO_NAMES, rows=5, most=10_000)
    changed = Sentence(
        label=gettext_lazy("What changed because of it"),
        help_text=gettext_lazy("Also: what did not, and why. Leave it empty until you know."),
        rows=3,
        most=10_000,
        required=False,
    )
    feedback_on = DayField(
        label=gettext_lazy("Those present were told on"),
        help_text=gettext_lazy("The day on which they heard what came of it."),
        required=False,
    )
    language = forms.ChoiceField(label=gettext_lazy("Written in"), choices=settings.LANGUAGES)
    marking = forms.ChoiceField(label=gettext_lazy("Marking"), choices=MARKINGS)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def __init__(
        self,
        *arguments: Any,
        organisations: Iterable[Organisation],
        plans: Iterable[Plan],
        today: dt.date,
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        self.organisations = {one.pk: one for one in organisations}
        self.plans = {one.pk: one for one in plans}
        self.today = today
        owner, plan = self.fields["owner"], self.fields["plan"]
        owner.choices = [(pk, str(one)) for pk, one in self.organisations.items()]  # type: ignore[attr-defined]  # -- a choice field
        plan.choices = [("", _("none")), *((pk, str(one)) for pk, one in self.plans.items())]  # type: ignore[attr-defined]  # -- a choice field
        for voice in Voice:
            self.fields[f"{_PRESENT}{voice.value}"] = forms.IntegerField(
                label=voice.label,
                min_value=0,
                max_value=_MOST_PERSONS,
                required=False,
                widget=forms.NumberInput({"inputmode": "numeric", "autocomplete": "off"}),
            )
        first = next(iter(self.organisations.values()), None)
        self.country_code = first.country_code if first else ""

    @property
    def main(self) -> list[forms.BoundField]:
        """The fields before the counts."""
        return [self[name] for name in ("owner", "place", "plan", "held_on", "about")]

    @property
    def counts(self) -> list[forms.BoundField]:
        return [self[f"{_PRESENT}{voice.value}"] for voice in Voice]

    @property
    def rest(self) -> list[forms.BoundField]:
        """The fields after the counts."""
        names = (
            "said",
            "changed",
            "feedback_on",
            "language",
            "marking",
            "names_checked",
            "revision",
        )
        return [self[name] for name in names]

    def clean_held_on(self) -> Any:
        if self.cleaned_data["held_on"] > self.today:
            raise ValidationError(_("This day is still to come. Enter it once it was held."))
        return self.cleaned_data["held_on"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        held, told = cleaned.get("held_on"), cleaned.get("feedback_on")
        if held and told and told < held:
            self.add_error("feedback_on", _("They cannot be told before it was held."))
        if not self.errors and not any(self.present().values()):
            raise ValidationError(_("Say how many persons of which kind were present."))
        return cleaned

    def present(self) -> dict[str, int]:
        """Return how many persons of each kind were there."""
        return {one.value: self.cleaned_data.get(f"{_PRESENT}{one.value}") or 0 for one in Voice}

    def changes(self) -> dict[str, Any]:
        """Return the values of the consultation's own columns."""
        given = self.cleaned_data
        names = (
            "place",
            "held_on",
            "about",
            "said",
            "changed",
            "feedback_on",
            "language",
            "marking",
        )
        return {name: given[name] for name in names} | {
            "owner": self.organisations[given["owner"]],
            "plan": self.plans.get(given["plan"] or 0),
        }


def first_values(consultation: Consultation) -> dict[str, Any]:
    """Return what the form shows of a consultation that is there."""
    names = (
        "held_on",
        "about",
        "said",
        "changed",
        "feedback_on",
        "language",
        "marking",
        "revision",
    )
    values = {name: getattr(consultation, name) for name in names}
    present = {f"{_PRESENT}{one.voice}": one.persons for one in consultation.present.all()}
    return (
        values
        | present
        | {
            "owner": consultation.owner_id,
            "place": consultation.place.code,
            "plan": consultation.plan_id,
        }
    )
