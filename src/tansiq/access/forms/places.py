from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class PlacesForm(forms.Form):
    table = forms.FileField(
        label=_("Table of places (CSV)"),
        required=False,
        help_text=_("With the columns code, parent, kind and name at least; download one to see."),
    )
    outlines = forms.FileField(
        label=_("Outlines (GeoJSON)"),
        required=False,
        help_text=_("Each outline names the code of its place."),
    )
    is_complete = forms.BooleanField(
        label=_("The table lists every place of the country"),
        required=False,
        help_text=_("What it lacks ends yesterday, or is removed if nothing refers to it."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        files = [cleaned.get("table"), cleaned.get("outlines")]
        if not any(files):
            raise forms.ValidationError(_("Choose a table, outlines, or both."))
        if any(file and file.size > settings.UPLOAD_LIMIT for file in files):
            raise forms.ValidationError(
                _("A file may have %(limit)s MB at most. Split it.")
                % {"limit": settings.UPLOAD_LIMIT // 1024 // 1024}
            )
        return cleaned
