"""To whom a role is handed over, and what they must know."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tansiq.access.models import Person
from tansiq.core.guarding import GuardedForm


class NoteForm(GuardedForm, forms.Form):
    note = forms.CharField(
        label=_("What is left to do, in a sentence"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
        help_text=_("It stands in the log of the room. No names of victims."),
    )


class HandOverForm(NoteForm):
    to: Any = forms.ModelChoiceField(label=_("To whom"), queryset=None)
    field_order: Iterable[str] = ("to", "note")

    def __init__(self, *args: Any, among: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = among
