"""The threat and resilience picture as people write it: one factor a card, words from lists."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.models import Marking
from tansiq.core.guarding import GuardedForm
from tansiq.core.revised import RevisedForm
from tansiq.plans.forms.fields import DayField, Sentence
from tansiq.plans.models import (
    Confidence,
    Factor,
    Level,
    Mechanism,
    Picture,
    RestsOn,
    Trend,
    Voice,
)
from tansiq.plans.queries.names import possible_names_in, problems_in
from tansiq.plans.queries.pictures import MEANINGS

NO_NAMES = gettext_lazy(
    "No names of persons, no telephone numbers, no accounts, no single place of worship, no "
    "community by faith or descent. Describe what happens."
)
# What is kept longer than this after its period ends is a file on somebody's shelf.
_LONGEST = dt.timedelta(days=3 * 366)


class NoNamesMixin(GuardedForm, forms.Form):
    """Looks at the fields that are written freely; `free` names them."""

    free: ClassVar[tuple[str, ...]] = ()
    speaks_of_risk = False
    country_code = ""

    # Asked for only when something looks like a name.
    names_checked = forms.BooleanField(
        label=gettext_lazy("These capitalised words are bodies or places, not persons"),
        required=False,
        widget=forms.HiddenInput,
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.free:
            text = str(cleaned.get(name) or "")
            for problem in problems_in(text, speaks_of_risk=self.speaks_of_risk):
                self.add_error(name, problem)
        if not self.errors and not cleaned.get("names_checked"):
            self._ask_about_names(cleaned)
        return cleaned

    def _ask_about_names(self, cleaned: dict[str, Any]) -> None:
        texts = [str(cleaned.get(name) or "") for name in self.free]
        pairs = possible_names_in(texts, country_code=self.country_code)
        if pairs:
            self.fields["names_checked"].widget = forms.CheckboxInput()
            sentence = _(
                "“%(words)s” could be a person. If it is, take it out; if it is a body or a place, "
                "tick this box and save again."
            )
            self.add_error("names_checked", sentence % {"words": ", ".join(pairs[:3])})


class PictureForm(NoNamesMixin, RevisedForm):
    free = ("purpose",)

    starts_on = DayField(label=gettext_lazy("From"))
    ends_on = DayField(label=gettext_lazy("Until"))
    purpose = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=200,
        help_text=gettext_lazy("Such as: to choose what the city plan does next year."),
        widget=forms.TextInput({"dir": "auto"}),
    )
    review_on = DayField(
        label=gettext_lazy("Looked at again or removed by"),
        help_text=gettext_lazy("At most three years after the period. You are told when it comes."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Written in"), choices=settings.LANGUAGES)
    marking = forms.ChoiceField(
        label=gettext_lazy("Marking"),
        choices=[one for one in Marking.choices if one[0] not in {"clear", "red"}],
        help_text=gettext_lazy("AMBER: only you and those you name. Each reader is named by you."),
    )

    class Meta:
        model = Picture
        fields: ClassVar = ["starts_on", "ends_on", "purpose", "review_on", "language", "marking"]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if self.instance.pk:
            # Afterwards the marking is changed where sharing is, with its own rules.
            del self.fields["marking"]
        self.country_code = self.instance.place.country_code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        starts, ends, review = (cleaned.get(one) for one in ("starts_on", "ends_on", "review_on"))
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The period ends before it starts."))
        if ends and review and review < ends:
            self.add_error("review_on", _("Look at it again after the period, not within it."))
        if ends and review and review > ends + _LONGEST:
            self.add_error(
                "review_on", _("Keep it for three years at most, then look again or remove it.")
            )
        return cleaned


_WORDS = {"level": Level, "trend": Trend, "confidence": Confidence, "basis": RestsOn}


def _with_meanings(words: Any) -> list[tuple[str, Any]]:
    """Give each choice its meaning, so that two people mean the same by one word."""
    return [(one.value, format_lazy("{} – {}", one.label, MEANINGS[one])) for one in words]


class FactorForm(NoNamesMixin, RevisedForm):
    free = ("note", "source")

    note = Sentence(
        label=gettext_lazy("What is seen here"),
        help_text=NO_NAMES,
        rows=4,
        most=2000,
        required=False,
    )
    source = forms.CharField(
        label=gettext_lazy("What it rests on, in words"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("A survey, a study, a round of talks: what and when, not who."),
        widget=forms.TextInput({"dir": "auto"}),
    )
    asked = forms.MultipleChoiceField(
        label=gettext_lazy("Who was asked"),
        choices=Voice.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("By kind only. It counts as the voice of that kind."),
    )

    class Meta:
        model = Factor
        fields: ClassVar = ["level", "trend", "confidence", "basis", "note", "source", "language"]
        widgets: ClassVar = dict.fromkeys(
            ("level", "trend", "confidence", "basis"), forms.RadioSelect
        )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        factor: Factor = self.instance
        for name, words in _WORDS.items():
            field: Any = self.fields[name]
            field.choices = _with_meanings(words)
        if factor.pk:
            self.initial["asked"] = list(factor.asked.values_list("voice", flat=True))
        self.speaks_of_risk = not factor.is_resilience
        self.country_code = factor.picture.place.country_code
        self.order_fields(["level", "trend", "confidence", "basis", "note", "source", "asked"])


class MechanismForm(NoNamesMixin, RevisedForm):
    free = ("name", "hands")

    class Meta:
        model = Mechanism
        fields: ClassVar = ["name", "body_kind", "works", "hands", "language"]
        help_texts: ClassVar = {
            "name": gettext_lazy(
                "A forum, a service, a course, a line to call. No names of persons."
            ),
            "hands": gettext_lazy("The office or body that keeps it going, not a person."),
        }

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.country_code = self.instance.factor.picture.place.country_code


class AgreeForm(forms.Form):
    """On which day it was agreed, by whom of which kind, and who above may read it."""

    on = DayField(label=gettext_lazy("Agreed on"))
    took_part = forms.MultipleChoiceField(
        label=gettext_lazy("Who took part"),
        choices=Voice.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The kinds of actors that were in the room, never who they were."),
        error_messages={"required": gettext_lazy("Say which kinds of actors took part.")},
    )
    share_with: Any = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Let these read it, too"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nobody else sees it. You can name others later, or take it back."),
    )

    def __init__(self, *arguments: Any, above: Any, today: dt.date, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.today = today
        field: Any = self.fields["share_with"]
        field.queryset = above
        if not above:
            del self.fields["share_with"]

    def clean_on(self) -> Any:
        if self.cleaned_data["on"] > self.today:
            raise ValidationError(_("This day is still to come. Agree when it is agreed."))
        return self.cleaned_data["on"]
