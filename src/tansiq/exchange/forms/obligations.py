"""What somebody says about a thing that is owed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.guarding import GuardedForm
from tansiq.access.models import Organisation
from tansiq.exchange.models import ObligationKind

_WIDE = forms.Textarea({"rows": 3, "dir": "auto"})


class GiveForm(GuardedForm, forms.Form):
    """What was sent, or how it was given otherwise."""

    with_item: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("With what you sent them"),
        queryset=None,
        required=False,
        empty_label=_("Given in another way"),
    )
    note = forms.CharField(
        label=_("How it was given"),
        help_text=_("For example the day and the place of a training. They read this."),
        max_length=500,
        required=False,
        widget=_WIDE,
    )

    def __init__(self, *arguments: Any, candidates: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = self.fields["with_item"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- for the type
        field.queryset = candidates
        if not candidates.exists():
            field.widget = forms.HiddenInput()


class DisputeForm(GuardedForm, forms.Form):
    note = forms.CharField(
        label=_("What is missing?"),
        help_text=_("It is open again, and they are told."),
        max_length=500,
        widget=_WIDE,
    )


class WaiveForm(GuardedForm, forms.Form):
    reason = forms.CharField(
        label=_("Why you do not wait for it any more"),
        help_text=_("They are told. It counts neither as given nor as late."),
        max_length=500,
        widget=_WIDE,
    )


class FilterForm(forms.Form):
    state = forms.ChoiceField(
        label=pgettext_lazy("filter", "Show"),
        required=False,
        choices=[
            ("", _("Still open")),
            ("late", pgettext_lazy("duties", "Late")),
            ("given", _("Given, not confirmed")),
            ("over", _("Not open any more")),
            ("all", pgettext_lazy("duties", "All")),
        ],
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("Every kind")), *ObligationKind.choices],
    )
    other = forms.ChoiceField(label=_("With whom"), required=False)

    def __init__(self, *arguments: Any, partners: list[Organisation], **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = self.fields["other"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- for the type
        field.choices = [("", _("Everybody")), *((str(one.pk), str(one)) for one in partners)]

    @property
    def asked(self) -> dict[str, Any]:
        """What was chosen; a choice that does not exist asks nothing."""
        self.is_valid()
        chosen = {name: self.cleaned_data.get(name) or "" for name in ("state", "kind")}
        return {**chosen, "other": int(self.cleaned_data.get("other") or 0)}
