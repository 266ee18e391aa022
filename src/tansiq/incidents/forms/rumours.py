"""The rumour desk as people fill it in: one short form a step."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tansiq.incidents.actions.rumours import Answer, Heard, Verifier
from tansiq.incidents.forms.desks import (
    NO_PERSONS,
    AreaField,
    NoPersons,
    Once,
    Revised,
    WrittenIn,
    languages,
)
from tansiq.incidents.models import Harm, HeardIn, Incident, Outcome, Rumour
from tansiq.incidents.queries.rumours import areas_of, organisations_of


class HeardForm(NoPersons, WrittenIn, Once):
    free = ("claim",)

    claim = forms.CharField(
        label=gettext_lazy("What is said"),
        max_length=300,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
        help_text=gettext_lazy(
            "In neutral words, such as: people say a second device is at a school. No names, no "
            "accounts, no links."
        ),
    )
    harm = forms.ChoiceField(
        label=gettext_lazy("What could it do?"), choices=Harm, widget=forms.RadioSelect
    )
    heard_in = forms.MultipleChoiceField(
        label=gettext_lazy("Where is it heard?"),
        choices=HeardIn,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Say where it is heard; one is enough.")},
    )
    place = AreaField(label=gettext_lazy("Area"), required=False)
    spoken = forms.MultipleChoiceField(
        label=gettext_lazy("In which languages?"),
        choices=languages,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *arguments: Any, incident: Incident, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.country_code = incident.place.country_code
        area: Any = self.fields["place"]
        area.queryset = areas_of(incident)
        area.initial = incident.place_id
        area.empty_label = pgettext_lazy("area", "Not known")
        self.order_fields(["claim", "harm", "heard_in", "place", "spoken", "language"])

    def heard(self) -> Heard:
        given = self.cleaned_data
        return Heard(
            claim=given["claim"],
            language=given["language"],
            harm=given["harm"],
            heard_in=tuple(given["heard_in"]),
            place=given["place"],
            spoken=tuple(given["spoken"]),
        )


class TriageForm(Revised):
    harm = forms.ChoiceField(
        label=gettext_lazy("What could it do?"), choices=Harm, widget=forms.RadioSelect
    )


class AskForm(NoPersons):
    """One list of all who can know: roles of the room first, then the organisations in it."""

    free = ("body",)

    verifier = forms.ChoiceField(label=gettext_lazy("Who can know?"), required=False)
    body = forms.CharField(
        label=gettext_lazy("or another body"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("An office or a hospital, never a person."),
        widget=forms.TextInput({"dir": "auto"}),
    )

    def __init__(self, *arguments: Any, incident: Incident, language: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.country_code = incident.place.country_code
        self.bodies = {str(one.pk): one for one in organisations_of(incident)}
        roles = incident.playbook.document.roles
        field: Any = self.fields["verifier"]
        field.choices = [
            ("", "—"),
            (_("Roles"), [(f"role:{one.key}", one.title.in_language(language)) for one in roles]),
            (_("Organisations"), [(f"body:{pk}", str(one)) for pk, one in self.bodies.items()]),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if bool(cleaned.get("verifier")) == bool(cleaned.get("body")):
            self.add_error("verifier", _("Choose one from the list, or write another body."))
        return cleaned

    def chosen(self) -> Verifier:
        kind, _colon, key = str(self.cleaned_data["verifier"]).partition(":")
        if kind == "role":
            return Verifier(role=key)
        if kind == "body":
            return Verifier(organisation=self.bodies[key])
        return Verifier(body=self.cleaned_data["body"])


class AnswerForm(NoPersons, WrittenIn, Revised):
    free = ("says", "source")

    answer = forms.ChoiceField(
        label=gettext_lazy("Their answer"), choices=Outcome, widget=forms.RadioSelect
    )
    says = forms.CharField(
        label=gettext_lazy("What they say"),
        max_length=1000,
        help_text=NO_PERSONS,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )
    source = forms.CharField(
        label=gettext_lazy("What it rests on"),
        max_length=300,
        help_text=gettext_lazy("Such as: their own officers on site at 14:20."),
        widget=forms.TextInput({"dir": "auto"}),
    )

    def __init__(self, *arguments: Any, incident: Incident, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.country_code = incident.place.country_code

    def given(self) -> Answer:
        told = self.cleaned_data
        return Answer(told["answer"], told["says"], told["source"], told["language"])


class OutcomeForm(NoPersons, Revised):
    free = ("source",)

    outcome = forms.ChoiceField(
        label=gettext_lazy("What came out?"), choices=Outcome, widget=forms.RadioSelect
    )
    source = forms.CharField(
        label=gettext_lazy("Source that we name"),
        max_length=300,
        required=False,
        widget=forms.TextInput({"dir": "auto"}),
    )


class CorrectionForm(NoPersons, Revised):
    free = ("claim", "text")
    names_groups = False

    claim = forms.CharField(
        label=gettext_lazy("What is said, in one sentence"),
        max_length=300,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )
    text = forms.CharField(
        label=gettext_lazy("What is so"),
        max_length=1000,
        help_text=gettext_lazy(
            "Begin with what is so, say since when we know it and from whom, and what people can "
            "do. No community by name."
        ),
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
    )

    def __init__(self, *arguments: Any, rumour: Rumour, language: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.country_code = rumour.incident.place.country_code
        written = rumour.corrections.filter(language=language).first()
        self.fields["revision"].initial = written.revision if written else 0
        first = rumour.claim if rumour.language == language else ""
        self.fields["claim"].initial = written.claim if written else first
        self.fields["text"].initial = written.text if written else ""


class ReleaseForm(NoPersons, Revised):
    free = ("through",)

    through = forms.CharField(
        label=gettext_lazy("How did it go out?"),
        max_length=200,
        help_text=gettext_lazy("Such as: city page, radio, loudspeakers in the market."),
        widget=forms.TextInput({"dir": "auto"}),
    )


class CloseForm(NoPersons, Revised):
    free = ("reason",)

    reason = forms.CharField(
        label=gettext_lazy("Why is it closed?"),
        max_length=300,
        help_text=gettext_lazy("Such as: nobody repeats it any more."),
        widget=forms.TextInput({"dir": "auto"}),
    )
