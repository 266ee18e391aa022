"""What comes in for the report of the nation: words, reasons, and which document is wanted."""

from typing import ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.core.formats import language_name
from tansiq.core.guarding import GuardedForm
from tansiq.core.revised import RevisedForm
from tansiq.plans.models import FileKind, ReportText

_LONGEST = 20_000


def languages() -> list[tuple[str, str]]:
    """Return the languages of the platform, each by its own name."""
    return [(str(code), language_name(str(code))) for code, _name in settings.LANGUAGES]


class ReportTextForm(RevisedForm):
    class Meta:
        model = ReportText
        fields: ClassVar = ["text"]
        widgets: ClassVar = {
            "text": forms.Textarea(attrs={"rows": 14, "dir": "auto", "maxlength": _LONGEST})
        }
        labels: ClassVar = {"text": _("What readers should know")}
        help_texts: ClassVar = {
            "text": _(
                "Say what the figures mean and what follows. An empty line is not needed: each "
                "line becomes a paragraph. Your text stays when new figures are taken."
            )
        }

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if len(text) > _LONGEST:
            raise forms.ValidationError(
                _("This is longer than a section can hold. Shorten it to 20,000 characters.")
            )
        return text


class ReopenForm(GuardedForm, forms.Form):
    reason = forms.CharField(
        label=_("Why is it opened again?"),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        max_length=2000,
        help_text=_("It stands in the log. The final edition stays as it is."),
    )


class DocumentForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=languages)
    kind = forms.ChoiceField(label=pgettext_lazy("file", "As"), choices=FileKind)
