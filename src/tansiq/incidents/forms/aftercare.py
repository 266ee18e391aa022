"""Dates, memorials, the fund, recommendations and retiring, as people enter them."""

import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.models import Organisation
from tansiq.core.guarding import GuardedForm
from tansiq.core.money import exponent, is_currency
from tansiq.incidents.actions.aftercare import Booking, NewFund, Stand
from tansiq.incidents.actions.milestones import Dated
from tansiq.incidents.forms.support import Words
from tansiq.incidents.models import (
    Consulted,
    FundCategory,
    MemorialDecision,
    MemorialStep,
    MilestoneKind,
    Recommendation,
    RecommendationState,
)
from tansiq.plans.models import Action

_LONGEST = 15


class DayField(forms.DateField):
    """A day, chosen in the browser's own calendar."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
        options.setdefault("input_formats", ["%Y-%m-%d"])
        super().__init__(**options)


def _line(**options: Any) -> forms.CharField:
    return forms.CharField(widget=forms.TextInput({"dir": "auto"}), **options)


def _choose(field: forms.Field, organisations: Iterable[Organisation]) -> dict[int, Organisation]:
    found = {one.pk: one for one in organisations}
    field.choices = [(pk, str(one)) for pk, one in found.items()]  # type: ignore[attr-defined]  # -- a choice field
    return found


class MilestoneForm(GuardedForm, forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("What kind of date?"), choices=MilestoneKind)
    title = _line(
        label=gettext_lazy("What happens on that day"),
        help_text=gettext_lazy("Without a name of anybody."),
        max_length=120,
    )
    on = DayField(label=gettext_lazy("Day"))
    is_month_only = forms.BooleanField(
        label=gettext_lazy("Only the month is known"), required=False
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def dated(self, language: str) -> Dated:
        given = self.cleaned_data
        return Dated(
            MilestoneKind(given["kind"]),
            given["title"],
            given["on"],
            given["is_month_only"],
            language,
        )


class ReasonForm(GuardedForm, forms.Form):
    reason = Words(label=gettext_lazy("Why?"), rows=2, most=400)


class MemorialForm(GuardedForm, forms.Form):
    about = _line(
        label=gettext_lazy("What it is about"),
        help_text=gettext_lazy("Such as: flowers at the north gate."),
        max_length=200,
    )
    step = forms.ChoiceField(label=gettext_lazy("What was decided"), choices=MemorialStep)
    why = Words(label=gettext_lazy("Why"), most=2000)
    consulted = forms.ChoiceField(
        label=gettext_lazy("Were the families asked?"), choices=Consulted, widget=forms.RadioSelect
    )
    announced_on = DayField(
        label=gettext_lazy("Announced at the site on"),
        help_text=gettext_lazy("People hear it there before anything is moved."),
        required=False,
    )

    def decision(self, language: str) -> MemorialDecision:
        return MemorialDecision(**self.cleaned_data, language=language)


class FundForm(GuardedForm, forms.Form):
    title = _line(label=gettext_lazy("Name of the fund"), max_length=120)
    keeper = forms.TypedChoiceField(label=gettext_lazy("Kept by"), coerce=int)
    currency = forms.CharField(
        label=gettext_lazy("Currency"),
        help_text=gettext_lazy("Its code of three letters, such as PHP."),
        min_length=3,
        max_length=3,
    )
    rules = Words(label=gettext_lazy("Who gets what, and who decides"), required=False)

    def __init__(self, *arguments: Any, among: Iterable[Organisation], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.among = _choose(self.fields["keeper"], among)

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).upper()
        if not is_currency(code):
            raise ValidationError(_("No currency has this code. Three letters, such as PHP."))
        return code

    def new(self, language: str) -> NewFund:
        given = self.cleaned_data
        keeper = self.among[given["keeper"]]
        return NewFund(given["title"], keeper, given["currency"], given["rules"], language)


class BookingForm(GuardedForm, forms.Form):
    category = forms.ChoiceField(label=gettext_lazy("What it is"), choices=FundCategory)
    amount = forms.DecimalField(
        label=gettext_lazy("Amount"),
        help_text=gettext_lazy("To set an earlier line right, write the difference, also below 0."),
        max_digits=_LONGEST,
        localize=True,
        widget=forms.TextInput({"inputmode": "decimal"}),
    )
    on = DayField(label=gettext_lazy("Day"))
    recipients = forms.IntegerField(
        label=gettext_lazy("To how many households"), min_value=0, max_value=10**7, required=False
    )
    note = _line(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("Never who received it."),
        max_length=200,
        required=False,
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *arguments: Any, currency: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.scale = 10 ** exponent(currency)
        self.initial.setdefault("client_key", uuid.uuid4())

    def clean_amount(self) -> int:
        whole = Decimal(self.cleaned_data["amount"]) * self.scale
        if whole != whole.to_integral_value():
            raise ValidationError(_("This is finer than the smallest coin of the currency."))
        if not whole:
            raise ValidationError(_("Write an amount that is not 0."))
        return int(whole)

    def booking(self) -> Booking:
        given = self.cleaned_data
        return Booking(**given | {"category": FundCategory(given["category"])})


class RecommendationForm(GuardedForm, forms.Form):
    source = _line(
        label=gettext_lazy("Who recommends it"),
        help_text=gettext_lazy("A body or a report, such as: commission of inquiry, page 12."),
        max_length=200,
    )
    text = Words(label=gettext_lazy("Recommendation"), most=2000)
    answerable = forms.TypedChoiceField(label=gettext_lazy("Who answers for it"), coerce=int)
    due_on = DayField(label=gettext_lazy("Due"), required=False)
    is_public = forms.BooleanField(label=gettext_lazy("Show it on the public list"), required=False)

    def __init__(self, *arguments: Any, among: Iterable[Organisation], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.among = _choose(self.fields["answerable"], among)

    def recommendation(self, language: str) -> Recommendation:
        given = self.cleaned_data
        answerable = self.among[given["answerable"]]
        return Recommendation(**given | {"answerable": answerable}, language=language)


class StandForm(GuardedForm, forms.Form):
    state = forms.ChoiceField(label=gettext_lazy("How does it stand?"), choices=RecommendationState)
    reason = Words(label=gettext_lazy("Why, or what was done"), required=False)
    due_on = DayField(label=gettext_lazy("Due"), required=False)
    action = forms.TypedChoiceField(
        label=gettext_lazy("Goes on in this action of a plan"),
        coerce=int,
        empty_value=None,
        required=False,
    )
    is_public = forms.BooleanField(label=gettext_lazy("Show it on the public list"), required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *arguments: Any, actions: Iterable[Action], **options: Any) -> None:
        super().__init__(*arguments, **options)
        choices = [("", "–"), *((one.pk, f"{one.code} {one.title}") for one in actions)]
        self.fields["action"].choices = choices  # type: ignore[attr-defined]  # -- a choice field

    def stand(self) -> Stand:
        given = self.cleaned_data
        return Stand(
            RecommendationState(given["state"]),
            given["reason"],
            given["due_on"],
            given["action"],
            given["is_public"],
        )


class PlanRetirementForm(forms.Form):
    planned_on = DayField(label=gettext_lazy("Retire it on"))


class RetireForm(GuardedForm, forms.Form):
    """The second step: the title typed by hand, so that nobody retires the wrong one."""

    title = _line(label=gettext_lazy("Type the title of the incident"), max_length=120)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *arguments: Any, wanted: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.wanted = wanted

    def clean_title(self) -> str:
        typed = str(self.cleaned_data["title"]).strip()
        if typed.casefold() != self.wanted.strip().casefold():
            raise ValidationError(
                _("This is not its title. Look whether it is the right incident.")
            )
        return typed
