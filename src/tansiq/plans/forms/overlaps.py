"""What is asked about overlapping activities, and what two bodies say to each other."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from tansiq.core.guarding import GuardedForm
from tansiq.plans.forms.activities import PlaceField
from tansiq.plans.forms.fields import Sentence
from tansiq.plans.models import Audience, Outcome, OverlapState, Theme
from tansiq.plans.queries.overlaps import SETTLED, WantedPairs

_ALL = [("", gettext_lazy("All"))]
OURS, EVERYBODY = "ours", "all"


class PairSearchForm(forms.Form):
    """What narrows the list of pairs; what cannot be read does not narrow."""

    whose = forms.ChoiceField(
        label=pgettext_lazy("whose activities", "Whose"),
        choices=[
            (OURS, gettext_lazy("With one of ours")),
            (EVERYBODY, gettext_lazy("All that we may see")),
        ],
        required=False,
    )
    place = PlaceField(label=gettext_lazy("Place"), required=False)
    audience = forms.ChoiceField(
        label=gettext_lazy("For whom"), choices=[*_ALL, *Audience.choices], required=False
    )
    theme = forms.ChoiceField(
        label=gettext_lazy("About what"),
        choices=[*_ALL, *((one.value, one.label) for one in Theme if one != Theme.OTHER)],
        required=False,
    )
    state = forms.ChoiceField(
        label=gettext_lazy("What was said"),
        choices=[
            *_ALL,
            (OverlapState.NEW.value, gettext_lazy("nothing yet")),
            (OverlapState.TALKING.value, OverlapState.TALKING.label),
            (SETTLED, pgettext_lazy("pairs of activities", "settled")),
        ],
        required=False,
    )

    def wanted(self, *, owners: frozenset[int]) -> WantedPairs:
        self.is_valid()
        given = self.cleaned_data
        return WantedPairs(
            place=given.get("place"),
            theme=given.get("theme", ""),
            audience=given.get("audience", ""),
            state=given.get("state", ""),
            owners=owners if given.get("whose") == OURS else frozenset(),
        )


class OpeningForm(GuardedForm, forms.Form):
    text = Sentence(
        label=gettext_lazy("What do you want to say to them?"),
        help_text=gettext_lazy(
            "Such as: shall we do one together, or divide the neighbourhoods? Only your two "
            "organisations read it. No names of private persons."
        ),
        most=5_000,
    )


class MessageForm(GuardedForm, forms.Form):
    text = Sentence(label=gettext_lazy("Your message"), most=5_000)


class OutcomeForm(GuardedForm, forms.Form):
    """How two go on, and the sentence that says what it means."""

    outcome = forms.TypedChoiceField(
        label=gettext_lazy("How it goes on"),
        choices=Outcome.choices,
        coerce=Outcome,
        widget=forms.RadioSelect,
    )
    words = Sentence(
        label=gettext_lazy("In a sentence"),
        help_text=gettext_lazy("Who does what from now on, or why both are needed."),
        rows=2,
        most=300,
    )


class DifferenceForm(GuardedForm, forms.Form):
    """Said without a conversation, for what is plain to see."""

    outcome = forms.TypedChoiceField(
        label=gettext_lazy("How it goes on"),
        choices=[
            (one.value, one.label) for one in (Outcome.DIFFERENT, Outcome.BESIDE, Outcome.JOINED)
        ],
        coerce=Outcome,
        initial=Outcome.DIFFERENT,
    )
    words = Sentence(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("Whoever sees the two activities can read this."),
        rows=2,
        most=300,
    )

    def said(self) -> tuple[Any, str]:
        return self.cleaned_data["outcome"], self.cleaned_data["words"]
