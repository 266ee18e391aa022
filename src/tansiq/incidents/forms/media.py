"""What a newsroom asks, and how a press office works."""

import uuid
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from tansiq.core.revised import RevisedForm
from tansiq.incidents.forms.statements import ChoicesField, MomentField
from tansiq.incidents.models import MediaRequest, PressOffice


class MediaRequestForm(RevisedForm):
    """A request as it comes in; only newsroom and question are needed at first."""

    not_guarded = {
        "reach": "how the newsroom that asks wants to be reached",
    }

    deadline = MomentField(label=gettext_lazy("Deadline"), required=False)
    role = forms.ChoiceField(label=gettext_lazy("Who answers"), required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid.uuid4)

    class Meta:
        model = MediaRequest
        fields: ClassVar = [
            "outlet",
            "reach",
            "question",
            "deadline",
            "record",
            "role",
            "police",
            "family",
            "is_stigma_checked",
            "correction_path",
            "answer",
        ]
        widgets: ClassVar = {
            "question": forms.Textarea({"rows": 3, "dir": "auto"}),
            "answer": forms.Textarea({"rows": 4, "dir": "auto"}),
        }

    def __init__(self, *arguments: Any, roles: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        chosen: dict[str, Any] = self.fields
        chosen["role"].choices = [("", "—"), *roles]

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


class PressOfficeForm(RevisedForm):
    not_guarded = {
        "name": "who speaks to the press, in public",
        "helpline": "the public number of a helpline",
    }

    languages = ChoicesField(
        label=gettext_lazy("Languages of the city"), choices=settings.LANGUAGES
    )
    approver_roles = ChoicesField(label=gettext_lazy("Roles that may approve"))

    class Meta:
        model = PressOffice
        fields: ClassVar = [
            "language",
            "languages",
            "helpline",
            "approvals",
            "holding_approvals",
            "approver_roles",
            "name",
            "phone",
            "email",
            "hours",
            "asks",
        ]
        widgets: ClassVar = {"asks": forms.Textarea({"rows": 4, "dir": "auto"})}

    def __init__(self, *arguments: Any, roles: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        chosen: dict[str, Any] = self.fields
        chosen["approver_roles"].choices = roles

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}
