"""What comes from workbooks: the file, the choices between two versions, and rows of a sheet."""

from typing import Any, ClassVar

from django import forms
from django.core.files.base import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.plans.forms.fields import Sentence
from tansiq.plans.forms.parts import ActionForm

MOST_BYTES = 20 * 1024 * 1024


class WorkbookForm(forms.Form):
    """The workbook that somebody filled in."""

    file = forms.FileField(
        label=gettext_lazy("The workbook you filled in"),
        help_text=gettext_lazy("An .xlsx file, up to 20 MB. Nothing is saved before you confirm."),
        widget=forms.FileInput({"accept": ".xlsx"}),
        error_messages={"required": gettext_lazy("Choose the file first.")},
    )

    def clean_file(self) -> File[bytes]:
        file: File[bytes] = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is larger than 20 MB. Take a new workbook; yours has grown too large.")
            )
        return file


class ActionLineForm(ActionForm):
    """What a row of the sheet of actions may change; the rules are those of the action's page."""

    sustainability_note = Sentence(
        label=gettext_lazy("How it goes on when the money ends"), required=False
    )

    class Meta(ActionForm.Meta):
        fields: ClassVar = ["starts_on", "ends_on", "sustainability_note"]
        field_classes: ClassVar[dict[str, Any]] = {}

    local_role = None  # type: ignore[assignment]  # -- takes the field away
