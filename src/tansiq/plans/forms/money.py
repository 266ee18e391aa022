"""Money as people type it: amounts in their own digits and marks, kept in the smallest unit."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from tansiq.core import formats, money
from tansiq.core.numbers import LONGEST, UnreadableNumberError, read_number
from tansiq.core.revised import RevisedForm
from tansiq.plans.forms.activities import PlaceField
from tansiq.plans.forms.fields import DayField, FigureField, Sentence
from tansiq.plans.models import Afterwards, BudgetLine, Cost, Plan, Rate, StaffYear
from tansiq.plans.models.money import MONEY_LIMIT
from tansiq.plans.queries.money.lines import steps_of, years_of

_RATE_DIGITS = 10


def _language() -> str:
    return get_language() or "en"


class AmountField(forms.CharField):
    """An amount as it is typed; the form reads it, once it knows the currency."""

    is_free_text = False

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "widget", forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
        )
        super().__init__(max_length=4 * LONGEST, **options)


def currency_choices(country_code: str) -> list[Any]:
    """Return the currencies: that of the country and of frequent donors first, then all."""
    language = _language()
    usual = list(dict.fromkeys([money.currency_of(country_code), *money.WORLD]))
    others = [code for code in money.currencies() if code not in usual]
    named = {code: (code, money.currency_name(code, language)) for code in [*usual, *others]}
    return [
        (_("Often used"), [named[code] for code in usual]),
        (_("All others"), [named[code] for code in others]),
    ]


class MoneyForm(RevisedForm):
    """Base of the forms about a plan's money. Amounts are read in the currency chosen beside."""

    amounts: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *arguments: Any, plan: Plan, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.plan = plan
        self._offer_years()
        if "currency" in self.fields:
            self._offer("currency", currency_choices(plan.country.code))
            self.initial.setdefault("currency", money.currency_of(plan.country.code))
        if "action" in self.fields:
            words = [("", _("The plan as a whole")), *steps_of(plan)]
            self._offer("action", words)
        if "place" in self.fields:
            self._set_place()
        self._write_amounts()

    def _offer(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # -- a choice field

    def _offer_years(self) -> None:
        years = set(years_of(self.plan)) | ({self.instance.year} if self.instance.pk else set())
        language = _language()
        words = [(year, formats.digits(str(year), language)) for year in sorted(years)]
        self._offer("year", words)

    def _set_place(self) -> None:
        """Ask for a place where the plan has places below its own."""
        if not self.plan.place.children.exists():
            del self.fields["place"]
            return
        field = self.fields["place"]
        assert isinstance(field, PlaceField)  # noqa: S101 -- for the type
        field.within = self.plan.place
        place = self.instance.place if self.instance.pk else self.plan.place
        self.initial["place"] = place.name

    def _write_amounts(self) -> None:
        """Show kept amounts as the reader would type them."""
        for name in self.amounts:
            if self.instance.pk:
                kept = getattr(self.instance, name)
                text = money.write_amount(kept, self.instance.currency, _language())
                self.initial[name] = text

    def clean_action(self) -> Any:
        pk = self.cleaned_data.get("action")
        return self.plan.actions.filter(pk=pk).first() if pk else None

    def clean_year(self) -> int:
        return int(self.cleaned_data["year"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in self.amounts:
            self._read_amount(name, cleaned)
        return cleaned

    def _read_amount(self, name: str, cleaned: dict[str, Any]) -> None:
        text, currency = cleaned.get(name), cleaned.get("currency")
        if text is None or not currency:
            return
        try:
            amount = money.read_amount(text, currency, _language()) if text else 0
        except UnreadableNumberError as problem:
            self.add_error(name, str(problem))
            return
        if amount > MONEY_LIMIT:
            self.add_error(name, _("This amount is too large. Check the zeros."))
            return
        cleaned[name] = amount

    def changes(self) -> dict[str, Any]:
        """Return what was changed; with another currency, the same digits are other amounts."""
        changed = super().changes()
        if "currency" in changed:
            changed |= {name: self.cleaned_data[name] for name in self.amounts}
        return changed

    # Legend, and the names of fields that stand side by side.
    layout: ClassVar[tuple[tuple[Any, tuple[str, ...]], ...]] = ()

    @property
    def groups(self) -> list[tuple[Any, list[list[forms.BoundField]]]]:
        """Return the fields in groups, each with its legend, and in each the rows."""
        return [
            (legend, [[self[name] for name in row.split() if name in self.fields] for row in rows])
            for legend, rows in self.layout
        ]

    def new_entry(self) -> Any:
        """Return what was entered, of this plan, not saved yet."""
        entry = self.instance
        entry.plan = self.plan
        if hasattr(type(entry), "place") and "place" not in self.fields:
            entry.place = self.plan.place
        return entry


def _year_field() -> forms.ChoiceField:
    return forms.ChoiceField(label=gettext_lazy("Year"))


def _currency_field() -> forms.ChoiceField:
    return forms.ChoiceField(label=gettext_lazy("Currency"))


def _place_field() -> PlaceField:
    return PlaceField(
        label=gettext_lazy("For which place"),
        help_text=gettext_lazy("The name of the place, or its code."),
    )


_AMOUNT_HELP = gettext_lazy("Write it as you are used to, such as 1,500,000 or 1.500.000,50.")


_WHAT, _HOW_MUCH = gettext_lazy("What for"), gettext_lazy("How much")


class BudgetLineForm(MoneyForm):
    amounts = ("planned", "committed", "spent")
    layout = (
        (_WHAT, ("title", "action", "place year", "source funder")),
        (_HOW_MUCH, ("currency", "planned committed spent")),
        (
            gettext_lazy("Until when"),
            ("is_recurrent", "ends_on afterwards", "successor", "note"),
        ),
    )

    title = forms.CharField(
        label=gettext_lazy("What it pays for"),
        help_text=gettext_lazy("One plain sentence. No names of private persons."),
        max_length=250,
    )
    action = forms.ChoiceField(label=gettext_lazy("For which action"), required=False)
    place = _place_field()
    year = _year_field()
    currency = _currency_field()
    planned = AmountField(
        label=pgettext_lazy("money", "Planned"), help_text=_AMOUNT_HELP, required=False
    )
    committed = AmountField(
        label=pgettext_lazy("money", "Committed"),
        help_text=gettext_lazy("Promised in writing: in an adopted budget or a signed agreement."),
        required=False,
    )
    spent = AmountField(label=pgettext_lazy("money", "Spent so far"), required=False)
    is_recurrent = forms.BooleanField(
        label=gettext_lazy("This money comes again every year"), required=False
    )
    ends_on = DayField(
        label=gettext_lazy("The last day of this money"),
        help_text=gettext_lazy("When the project or the grant ends, if it does."),
        required=False,
    )
    afterwards = forms.ChoiceField(
        label=gettext_lazy("What happens to the work when it ends?"),
        choices=Afterwards.choices,
        initial=Afterwards.UNKNOWN,
    )
    note = Sentence(label=gettext_lazy("Note"), rows=2, most=2000, required=False)

    class Meta:
        model = BudgetLine
        fields: ClassVar = [
            "title",
            "action",
            "place",
            "year",
            "source",
            "funder",
            "currency",
            "planned",
            "committed",
            "spent",
            "is_recurrent",
            "ends_on",
            "afterwards",
            "successor",
            "note",
        ]
        labels: ClassVar = {
            "source": gettext_lazy("With whose money"),
            "funder": gettext_lazy("Name of the funder"),
            "successor": gettext_lazy("Who takes over"),
        }
        help_texts: ClassVar = {
            "successor": gettext_lazy("The organisation or the budget that carries it on.")
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("afterwards") == Afterwards.HANDED_OVER and not cleaned.get("successor"):
            self.add_error("successor", _("Say to whom it is handed over."))
        return cleaned


class CostForm(MoneyForm):
    amounts = ("amount",)
    layout = (
        (_WHAT, ("action", "place year")),
        (_HOW_MUCH, ("currency amount", "basis")),
    )

    action = forms.ChoiceField(label=gettext_lazy("For which action"), required=False)
    place = _place_field()
    year = _year_field()
    currency = _currency_field()
    amount = AmountField(label=gettext_lazy("What it costs"), help_text=_AMOUNT_HELP)

    class Meta:
        model = Cost
        fields: ClassVar = ["action", "place", "year", "currency", "amount", "basis"]
        labels: ClassVar = {"basis": gettext_lazy("How this was reckoned")}


class StaffForm(MoneyForm):
    """Posts, never persons: how many, in full-time posts such as 2.5."""

    layout = ((gettext_lazy("Who works on it"), ("year", "planned there")),)

    year = _year_field()
    planned = FigureField(
        decimals=2,
        label=gettext_lazy("Posts planned"),
        help_text=gettext_lazy("In full-time posts: two half-time posts are 1."),
    )
    there = FigureField(
        decimals=2,
        label=gettext_lazy("Posts filled"),
        help_text=gettext_lazy("On average over the year; leave it empty while nobody knows."),
        required=False,
    )

    class Meta:
        model = StaffYear
        fields: ClassVar = ["year", "planned", "there"]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name in ("planned", "there"):
            kept = self.initial.get(name)
            self.initial[name] = None if kept is None else Decimal(kept).scaleb(-2)

    def clean_planned(self) -> int:
        return _hundredths(self.cleaned_data["planned"]) or 0

    def clean_there(self) -> int | None:
        return _hundredths(self.cleaned_data["there"])


def _hundredths(number: Decimal | None) -> int | None:
    if number is None:
        return None
    if number > _MOST_POSTS:
        raise forms.ValidationError(_("That many people do not work on one plan."))
    return int(number.scaleb(2))


_MOST_POSTS = 10**6


class RateForm(RevisedForm):
    """What one unit of a currency costs in another on a day."""

    base = forms.ChoiceField(label=gettext_lazy("One unit of"))
    quote = forms.ChoiceField(label=gettext_lazy("costs in"))
    number = forms.CharField(
        label=gettext_lazy("The rate"),
        help_text=gettext_lazy("Such as 16,250.50, with up to ten digits after the point."),
        max_length=4 * LONGEST,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )
    on = DayField(label=gettext_lazy("Rate of the day"))

    class Meta:
        model = Rate
        fields: ClassVar = ["base", "quote", "on", "source"]
        labels: ClassVar = {"source": gettext_lazy("Source")}

    field_order = ("base", "quote", "number", "on", "source")

    def __init__(self, *arguments: Any, country: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.country = country
        for name, first in (("base", "USD"), ("quote", money.currency_of(country.code))):
            self.fields[name].choices = currency_choices(country.code)  # type: ignore[attr-defined]  # -- a choice field
            if not self.instance.pk:
                self.initial.setdefault(name, first)
        if self.instance.pk:
            self.initial["number"] = money.write_rate(self.instance.number, _language())

    def clean_number(self) -> Decimal:
        text = self.cleaned_data["number"]
        try:
            number = read_number(text, _language(), decimals=_RATE_DIGITS)
        except UnreadableNumberError as problem:
            raise forms.ValidationError(str(problem)) from problem
        if number <= 0:
            raise forms.ValidationError(_("A rate is above zero."))
        if number > 10**8:
            raise forms.ValidationError(_("This rate is too large. Turn the two currencies round."))
        return number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("base") and cleaned.get("base") == cleaned.get("quote"):
            self.add_error("quote", _("Choose two different currencies."))
        return cleaned

    def changes(self) -> dict[str, Any]:
        changed = super().changes()
        if "number" in self.changed_data:
            changed |= self._kept()
        return changed

    def _kept(self) -> dict[str, int]:
        units, decimals = money.as_units(self.cleaned_data["number"])
        return {"units": units, "decimals": decimals}

    def new_rate(self) -> Rate:
        rate: Rate = self.instance
        rate.country = self.country
        for name, value in self._kept().items():
            setattr(rate, name, value)
        return rate
