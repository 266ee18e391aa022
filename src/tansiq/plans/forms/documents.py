"""Putting a document on a plan's shelf, and the office's contact on its public page."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.models import Marking
from tansiq.core.guarding import GuardedForm
from tansiq.core.uploads import BadFileError, clean_file
from tansiq.plans.forms.fields import DayField
from tansiq.plans.models import DocumentKind, PublicContact

# RED is for persons and does not belong on a shelf.
_MARKINGS = [
    (value, label)
    for value, label in Marking.choices
    if value in {Marking.CLEAR, Marking.GREEN, Marking.AMBER}
]


class DocumentForm(GuardedForm, forms.Form):
    """The cleaned `file` is a CleanFile: of a known kind, photos without metadata."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "PDF, DOCX, XLSX, ODT, ODS, CSV, plain text or a photo. Files can hold names in their "
            "properties; look there before you publish one."
        ),
        max_length=255,
        widget=forms.FileInput(
            {"accept": ".pdf,.docx,.xlsx,.odt,.ods,.csv,.txt,.png,.jpg,.jpeg,.webp"}
        ),
    )
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=200, widget=forms.TextInput({"dir": "auto"})
    )
    kind = forms.ChoiceField(label=gettext_lazy("What is it?"), choices=DocumentKind.choices)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    dated_on = DayField(label=gettext_lazy("Date of the document"))
    marking = forms.ChoiceField(
        label=gettext_lazy("Who may read it"),
        choices=_MARKINGS,
        initial=Marking.AMBER,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("CLEAR stands on the public page as soon as the plan is published."),
    )

    def __init__(self, *arguments: Any, today: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.today = today

    def clean_file(self) -> Any:
        try:
            return clean_file(self.cleaned_data["file"])
        except BadFileError as problem:
            raise ValidationError(str(problem)) from problem

    def clean_dated_on(self) -> Any:
        day = self.cleaned_data["dated_on"]
        if day > self.today:
            raise ValidationError(_("This day is still to come. Give the date on the document."))
        return day


class PublicContactForm(GuardedForm, forms.ModelForm[PublicContact]):
    """An office, never a person; published because the organisation agrees."""

    not_guarded = {
        "address": "the public address of an office",
        "phone": "the public telephone of an office",
    }

    agrees = forms.BooleanField(
        label=gettext_lazy("Our organisation agrees that everybody on the internet may read this"),
        help_text=gettext_lazy("It names no person and rings nobody's own telephone."),
        error_messages={
            "required": gettext_lazy(
                "Tick this box if your organisation agrees. Otherwise nothing is published."
            )
        },
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, initial=1)

    class Meta:
        model = PublicContact
        fields = ("office", "email", "phone", "address", "registration")
        widgets = {
            "office": forms.TextInput({"dir": "auto"}),
            "address": forms.TextInput({"dir": "auto"}),
        }
