"""An agreement as people write it, and how they sign or end it."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy, pgettext_lazy

from tansiq.access.guarding import GuardedForm
from tansiq.access.models import Marking
from tansiq.exchange.actions.agreements import Terms
from tansiq.exchange.models import Agreement, Channel
from tansiq.exchange.models.agreements import MOST_DAYS

_MARKINGS = [(one.value, f"TLP:{one.value.upper()}") for one in Marking]
_FIRST = {
    "markings": [Marking.CLEAR, Marking.GREEN, Marking.AMBER],
    "channels": [Channel.DESK, Channel.MAIL],
    "retention_days": 180,
    "marking": Marking.AMBER,
}


class DayField(forms.DateField):
    """A day, chosen in the browser's own calendar and sent as 2026-05-04."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
        options.setdefault("input_formats", ["%Y-%m-%d"])
        super().__init__(**options)


class Words(forms.CharField):
    """A text of some lines, in whatever language."""

    def __init__(self, *, rows: int = 3, most: int = 5000, **options: Any) -> None:
        options.setdefault("widget", forms.Textarea({"rows": rows, "dir": "auto"}))
        super().__init__(max_length=most, **options)


class Line(forms.CharField):
    """One line, in whatever language."""

    def __init__(self, *, most: int = 200, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput({"dir": "auto"}))
        super().__init__(max_length=most, **options)


class AgreementForm(GuardedForm, forms.Form):
    not_guarded = {
        "complaints": "the public address of an office",
    }

    owner = forms.TypedChoiceField(label=gettext_lazy("Who offers it"), coerce=int)
    title = Line(label=gettext_lazy("Title"))
    purpose = Line(
        label=gettext_lazy("What it is for"),
        help_text=gettext_lazy("In one sentence: what the parties share, and to do what."),
    )
    data_kinds = Words(
        label=gettext_lazy("What may be shared"),
        help_text=gettext_lazy("Kinds of information, and what may not be shared. Never names."),
        rows=4,
    )
    legal_basis = Words(label=gettext_lazy("Legal basis"))
    legal_url = forms.URLField(
        assume_scheme="https",
        label=gettext_lazy("Where the law can be read"),
        max_length=500,
        required=False,
    )
    markings = forms.MultipleChoiceField(
        label=gettext_lazy("Markings that may go"),
        choices=_MARKINGS,
        widget=forms.CheckboxSelectMultiple,
    )
    is_binding = forms.BooleanField(
        label=gettext_lazy("Refuse other markings"),
        help_text=gettext_lazy("Otherwise the sender is only told."),
        required=False,
    )
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Ways on which it may go"),
        choices=Channel,
        widget=forms.CheckboxSelectMultiple,
    )
    roles = Words(
        label=gettext_lazy("Who handles it, by function"),
        help_text=gettext_lazy("Such as “duty officer of the city”. Never persons."),
        rows=2,
        most=2000,
        required=False,
    )
    retention_days = forms.IntegerField(
        label=gettext_lazy("Kept for at most, in days"),
        min_value=1,
        max_value=MOST_DAYS,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    complaints = Words(
        label=gettext_lazy("Where to complain"),
        help_text=gettext_lazy("An office and how to reach it, for those whom the sharing wrongs."),
        rows=2,
        most=2000,
    )
    complaints_url = forms.URLField(
        assume_scheme="https",
        label=gettext_lazy("Page for complaints"),
        max_length=500,
        required=False,
    )
    review_on = DayField(label=gettext_lazy("To be reviewed on"))
    ends_on = DayField(label=gettext_lazy("Last day"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Written in"), choices=settings.LANGUAGES)
    marking = forms.ChoiceField(
        label=gettext_lazy("Marking of the agreement itself"),
        choices=[one for one in Marking.choices if one[0] != Marking.RED],
        help_text=gettext_lazy("TLP:CLEAR puts it on a public page once it is in force."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def __init__(self, *arguments: Any, organisations: Any, **options: Any) -> None:
        options["initial"] = _FIRST | (options.get("initial") or {})
        super().__init__(*arguments, **options)
        self.organisations = {one.pk: one for one in organisations}
        field: Any = self.fields["owner"]
        field.choices = [(pk, str(one)) for pk, one in self.organisations.items()]
        if len(self.organisations) == 1:
            field.initial = next(iter(self.organisations))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        review, end = cleaned.get("review_on"), cleaned.get("ends_on")
        if review and end and end < review:
            self.add_error("review_on", gettext_lazy("The review comes before the last day."))
        return cleaned

    def terms(self) -> Terms:
        names = Terms.__dataclass_fields__
        return Terms(**{name: self.cleaned_data[name] for name in names})


def first_values(agreement: Agreement) -> dict[str, Any]:
    names = (*Terms.__dataclass_fields__, "revision")
    return {name: getattr(agreement, name) for name in names} | {"owner": agreement.owner_id}


class SignForm(GuardedForm, forms.Form):
    signed_as = Line(
        label=gettext_lazy("Your office"),
        help_text=pgettext_lazy(
            "signing", "Such as “Secretary General”. It stands beside the day."
        ),
        most=120,
    )


class ReasonForm(GuardedForm, forms.Form):
    reason = Line(
        label=gettext_lazy("Why"), help_text=gettext_lazy("The others read this."), most=300
    )
