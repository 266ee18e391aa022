"""A source of alerts, and a file that somebody brings."""

from typing import Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.core.revised import RevisedForm
from tansiq.incidents.cap.reading import LARGEST
from tansiq.incidents.models import AlertSource


class SourceForm(RevisedForm):
    not_guarded = {
        "certificate": "the key of a machine",
    }

    class Meta:
        model = AlertSource
        fields: ClassVar = ["name", "address", "certificate", "is_active"]
        widgets: ClassVar = {"certificate": forms.Textarea({"rows": 4, "dir": "ltr"})}

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["address"].required = True
        self.fields["address"].widget.attrs.update({"dir": "ltr", "inputmode": "url"})

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"].strip()
        try:
            parts = urlsplit(address)
            is_whole = parts.scheme in {"http", "https"} and bool(parts.hostname)
        except ValueError:
            is_whole = False
        if not is_whole:
            raise ValidationError(_("Write the whole address, with https:// before it."))
        return address

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("A CAP file"),
        widget=forms.ClearableFileInput({"accept": ".xml,.cap,application/cap+xml,text/xml"}),
    )

    def content(self) -> bytes:
        """Return the file, or as much of it as shows that it is too large."""
        content: bytes = self.cleaned_data["file"].read(LARGEST + 1)
        return content
