"""What a recipient says, what both write, and how lists are narrowed."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy, pgettext_lazy

from tansiq.access.guarding import GuardedForm
from tansiq.exchange.models import ACKNOWLEDGED, Direction, ItemKind, ReceiptState
from tansiq.exchange.queries.items import Wanted

_ALL = [("", gettext_lazy("All"))]
_STATES = [(one.value, one.label) for one in ReceiptState if one in ACKNOWLEDGED]


class SayForm(GuardedForm, forms.Form):
    """What the recipient makes of an item; "cannot" needs a reason."""

    state = forms.TypedChoiceField(choices=_STATES, coerce=ReceiptState)
    reason = forms.CharField(
        label=gettext_lazy("Because"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
        help_text=gettext_lazy("So that they can help, or look elsewhere."),
    )


class ReplyForm(GuardedForm, forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Your answer"),
        max_length=10_000,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
    )
    client_key = forms.UUIDField(required=False, widget=forms.HiddenInput)


class DecisionForm(GuardedForm, forms.Form):
    decision = forms.CharField(
        label=gettext_lazy("It led to"),
        max_length=500,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
        help_text=gettext_lazy("In a sentence, also if it led to nothing. Both sides see it."),
    )


class InboxFilter(forms.Form):
    """What narrows the inbox; what cannot be read does not narrow."""

    text = forms.CharField(label=gettext_lazy("Words in the title"), required=False, max_length=80)
    waits = forms.ChoiceField(
        label=gettext_lazy("Waits for us"),
        choices=[
            *_ALL,
            ("sign", gettext_lazy("nothing said yet")),
            ("answer", gettext_lazy("an answer is owed")),
            ("late", gettext_lazy("the answer is late")),
        ],
        required=False,
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[*_ALL, *ItemKind.choices], required=False
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"), choices=[*_ALL, *ReceiptState.choices], required=False
    )
    direction = forms.ChoiceField(
        label=pgettext_lazy("direction between levels", "Direction"),
        choices=[*_ALL, *Direction.choices],
        required=False,
    )
    sender = forms.CharField(label=gettext_lazy("From"), required=False, max_length=80)
    language = forms.ChoiceField(
        label=gettext_lazy("Written in"),
        choices=lambda: [*_ALL, *settings.LANGUAGES],
        required=False,
    )

    def wanted(self) -> Wanted:
        self.is_valid()
        given: dict[str, Any] = self.cleaned_data
        return Wanted(**{name: given.get(name, "") for name in self.fields})
