"""A file that shows what a report says."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from tansiq.core.guarding import GuardedForm
from tansiq.core.uploads import BadFileError, clean_file


class EvidenceForm(GuardedForm, forms.Form):
    """The cleaned `file` is a CleanFile: of a known kind, photos without metadata."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "PDF, photo (PNG, JPG, WebP), DOCX, XLSX, ODT, ODS, CSV or plain text. Where and when "
            "a photo was taken is removed from it; what the picture itself shows is not."
        ),
        max_length=255,
        widget=forms.FileInput(
            {"accept": ".pdf,.png,.jpg,.jpeg,.webp,.docx,.xlsx,.odt,.ods,.csv,.txt"}
        ),
    )
    description = forms.CharField(
        label=gettext_lazy("What does it show?"),
        max_length=300,
        widget=forms.TextInput({"dir": "auto"}),
    )
    nobody_exposed = forms.BooleanField(
        label=gettext_lazy("Nobody is recognisable in it, or everybody who is has agreed"),
        help_text=gettext_lazy(
            "Is a person recognisable, by face, name or otherwise? Then do not send it without "
            "their consent."
        ),
        error_messages={
            "required": gettext_lazy(
                "Look at the file again: send it only if nobody is recognisable, or everybody "
                "who is has agreed. Then tick this box."
            )
        },
    )

    def clean_file(self) -> Any:
        try:
            return clean_file(self.cleaned_data["file"])
        except BadFileError as problem:
            raise ValidationError(str(problem)) from problem
