"""The activity register: what is looked for, and what is entered."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from babel.numbers import list_currencies
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.models import Marking, Organisation, Place
from tansiq.core.guarding import GuardedForm
from tansiq.plans.forms.fields import DayField, FigureField
from tansiq.plans.models import Action, ActionStatus, Activity, Audience, Funding, Plan, Theme
from tansiq.plans.queries.activities import UNSAID, UnknownPlaceError, Wanted, place_named

_ALL = [("", gettext_lazy("All"))]
# RED names persons, and a register is read by organisations.
MARKINGS = [(one.value, one.label) for one in Marking if one != Marking.RED]


class PlaceField(forms.CharField):
    """A place by its code or its name; the text typed is kept."""

    is_free_text = False

    def __init__(self, *, within: Place | None = None, **options: Any) -> None:
        self.within = within
        options.setdefault("widget", forms.TextInput({"list": "places", "autocomplete": "off"}))
        super().__init__(max_length=120, **options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return place_named(text, within=self.within)
        except UnknownPlaceError as problem:
            raise ValidationError(self._help(text, problem.candidates)) from problem

    @staticmethod
    def _help(text: str, candidates: list[Place]) -> str:
        if not candidates:
            return _("No place is called “%(name)s”. Write its name in full, or its code.") % {
                "name": text
            }
        codes = ", ".join(f"{one.code} ({one.name_in('')})" for one in candidates)
        return _("Several places are called “%(name)s”. Write the code of one: %(codes)s.") % {
            "name": text,
            "codes": codes,
        }


class SearchForm(forms.Form):
    """What narrows the list; what cannot be read does not narrow, and says so at the field."""

    q = forms.CharField(label=gettext_lazy("Search"), max_length=100, required=False)
    place = PlaceField(label=gettext_lazy("Place"), required=False)
    plan = forms.TypedChoiceField(
        label=gettext_lazy("Plan"), coerce=int, empty_value=None, required=False
    )
    owner = forms.TypedChoiceField(
        label=gettext_lazy("By whom"), coerce=int, empty_value=None, required=False
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("For whom"), choices=[*_ALL, *Audience.choices], required=False
    )
    theme = forms.ChoiceField(
        label=gettext_lazy("About what"),
        choices=[*_ALL, (UNSAID, gettext_lazy("Not said")), *Theme.choices],
        required=False,
    )
    funding = forms.ChoiceField(
        label=gettext_lazy("With whose money"), choices=[*_ALL, *Funding.choices], required=False
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Status"), choices=[*_ALL, *ActionStatus.choices], required=False
    )
    since = DayField(label=gettext_lazy("From"), required=False)
    until = DayField(label=gettext_lazy("Until"), required=False)

    def __init__(
        self,
        *arguments: Any,
        plans: Iterable[Plan],
        organisations: Iterable[Organisation],
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        self.plans = {one.pk: one for one in plans}
        self.organisations = {one.pk: one for one in organisations}
        self._offer("plan", self.plans.values())
        self._offer("owner", self.organisations.values())

    def _offer(self, name: str, things: Iterable[Plan | Organisation]) -> None:
        field = self.fields[name]
        field.choices = [*_ALL, *((one.pk, str(one)) for one in things)]  # type: ignore[attr-defined]  # -- a choice field

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("place", "status", "audience")]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in _MORE]

    @property
    def narrows_more(self) -> bool:
        return any(self.data.get(name) for name in _MORE)

    def wanted(self) -> Wanted:
        self.is_valid()
        given = self.cleaned_data
        return Wanted(
            text=given.get("q", ""),
            place=given.get("place"),
            plan=self.plans.get(given.get("plan") or 0),
            owner=self.organisations.get(given.get("owner") or 0),
            audience=given.get("audience", ""),
            theme=given.get("theme", ""),
            funding=given.get("funding", ""),
            status=given.get("status", ""),
            since=given.get("since"),
            until=given.get("until"),
        )


_MORE = ("theme", "plan", "owner", "funding", "since", "until")


class ActivityForm(GuardedForm, forms.Form):
    """One activity. The organisation that does it owns the entry."""

    owner = forms.TypedChoiceField(label=gettext_lazy("Who does it"), coerce=int)
    plan = forms.TypedChoiceField(label=gettext_lazy("Plan"), coerce=int)
    action = forms.TypedChoiceField(
        label=gettext_lazy("Action of the plan it belongs to"),
        coerce=int,
        empty_value=None,
        required=False,
    )
    title = forms.CharField(
        label=gettext_lazy("What is done"),
        help_text=gettext_lazy("One plain sentence. No names of private persons."),
        max_length=250,
        widget=forms.TextInput({"dir": "auto"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language you write in"), choices=settings.LANGUAGES
    )
    place = PlaceField(
        label=gettext_lazy("Where"),
        help_text=gettext_lazy("The name of the place, or its code."),
    )
    audience = forms.ChoiceField(label=gettext_lazy("For whom"), choices=Audience.choices)
    theme = forms.ChoiceField(
        label=gettext_lazy("About what"),
        help_text=gettext_lazy("So that others who do the same can be found."),
        choices=[("", gettext_lazy("Not said")), *Theme.choices],
        required=False,
    )
    partners = forms.CharField(
        label=gettext_lazy("Together with"),
        help_text=gettext_lazy("Organisations, not persons."),
        max_length=300,
        required=False,
        widget=forms.TextInput({"dir": "auto"}),
    )
    starts_on = DayField(label=gettext_lazy("From"))
    ends_on = DayField(label=gettext_lazy("Until"))
    status = forms.ChoiceField(label=gettext_lazy("Status"), choices=ActionStatus.choices)
    funding = forms.ChoiceField(label=gettext_lazy("With whose money"), choices=Funding.choices)
    funder = forms.CharField(
        label=gettext_lazy("Name of the funder"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"dir": "auto"}),
    )
    amount = FigureField(
        label=gettext_lazy("Amount"),
        help_text=gettext_lazy("In whole units of the currency, such as 1500000."),
        required=False,
    )
    currency = forms.CharField(
        label=gettext_lazy("Currency"),
        help_text=gettext_lazy("Its three letters, such as IDR."),
        max_length=3,
        required=False,
    )
    people_reached = FigureField(label=gettext_lazy("People reached"), required=False)
    women_reached = FigureField(label=gettext_lazy("Of them women and girls"), required=False)
    marking = forms.ChoiceField(label=gettext_lazy("Who may read it"), choices=MARKINGS)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)

    def __init__(
        self,
        *arguments: Any,
        organisations: Iterable[Organisation],
        plans: Iterable[Plan],
        actions: Iterable[Action],
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        self.organisations = {one.pk: one for one in organisations}
        self.plans = {one.pk: one for one in plans}
        self.actions = {one.pk: one for one in actions}
        self._offer("owner", [(one.pk, str(one)) for one in self.organisations.values()])
        self._offer("plan", [(one.pk, str(one)) for one in self.plans.values()])
        self._offer("action", [("", _("None"))], self._actions_by_plan())
        own = next(iter(self.organisations.values()), None)
        place_field = self.fields["place"]
        place_field.within = own.place if own else None  # type: ignore[attr-defined]  # -- a PlaceField

    def _offer(self, name: str, *choices: Any) -> None:
        self.fields[name].choices = [one for ones in choices for one in ones]  # type: ignore[attr-defined]  # -- a choice field

    def _actions_by_plan(self) -> list[Any]:
        grouped: dict[int, list[Any]] = {}
        for one in self.actions.values():
            grouped.setdefault(one.plan_id, []).append((one.pk, f"{one.code} {one.title}"[:120]))
        return [(str(self.plans[pk]), ones) for pk, ones in grouped.items() if pk in self.plans]

    def clean_currency(self) -> str:
        return currency_of(self.cleaned_data["currency"])

    def clean_amount(self) -> int | None:
        return whole(self.cleaned_data["amount"], most=MOST_MONEY)

    def clean_people_reached(self) -> int | None:
        return whole(self.cleaned_data["people_reached"], most=MOST_PEOPLE)

    def clean_women_reached(self) -> int | None:
        return whole(self.cleaned_data["women_reached"], most=MOST_PEOPLE)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        action = self.actions.get(cleaned.get("action") or 0)
        if action is not None and action.plan_id != cleaned.get("plan"):
            self.add_error("action", _("This action is of another plan. Choose its plan, or none."))
        for name, problem in contradictions(cleaned):
            self.add_error(name, problem)
        return cleaned

    def changes(self) -> dict[str, Any]:
        """Return the fields of the activity as they should stand."""
        given = dict(self.cleaned_data)
        del given["revision"]
        given["owner"] = self.organisations[given["owner"]]
        given["plan"] = self.plans[given["plan"]]
        given["action"] = self.actions.get(given["action"] or 0)
        return given


MOST_MONEY = 10**15
MOST_PEOPLE = 10**10


def whole(number: Decimal | None, *, most: int) -> int | None:
    """Return a whole number within its bound. Raises ValidationError."""
    if number is None:
        return None
    if number > most:
        raise ValidationError(_("This number is too large. Check it."))
    return int(number)


def currency_of(text: str) -> str:
    """Return the three capital letters of a currency. Raises ValidationError."""
    code = text.strip().upper()
    if code and code not in _CURRENCIES:
        raise ValidationError(_("Write the three letters of the currency, such as IDR."))
    return code


_CURRENCIES = frozenset(list_currencies())


def contradictions(given: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what cannot be true together, each at its field."""
    starts_on, ends_on = given.get("starts_on"), given.get("ends_on")
    if starts_on and ends_on and ends_on < starts_on:
        yield "ends_on", _("The activity ends before it starts.")
    people, women = given.get("people_reached"), given.get("women_reached")
    if people is not None and women is not None and women > people:
        yield "women_reached", _("More women and girls than people in all.")
    if given.get("amount") is not None and given.get("currency") == "":
        yield "currency", _("Name the currency of the amount.")


def first_values(activity: Activity) -> dict[str, Any]:
    """Return what the form shows of an activity as it stands."""
    names = ("owner", "plan", "action")
    first = {name: getattr(activity, f"{name}_id") for name in names}
    first |= {name: getattr(activity, name) for name in _PLAIN}
    first |= {name: _decimal(getattr(activity, name)) for name in _NUMBERS}
    return first | {"place": activity.place.code, "revision": activity.revision}


_PLAIN = (
    "title",
    "language",
    "audience",
    "theme",
    "partners",
    "starts_on",
    "ends_on",
    "status",
    "funding",
    "funder",
    "currency",
    "marking",
)
_NUMBERS = ("amount", "people_reached", "women_reached")


def _decimal(number: int | None) -> Decimal | None:
    return None if number is None else Decimal(number)
