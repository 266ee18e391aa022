"""Asking another level for support, and answering, in fields a thumb can fill."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from tansiq.access.models import Organisation
from tansiq.core.guarding import GuardedForm
from tansiq.incidents.actions.support import Asking, Said
from tansiq.incidents.models import SupportKind, Urgency

# More than any database column of ours keeps, and than anybody can bring.
_MOST = 1_000_000_000


class MomentField(forms.DateTimeField):
    """A moment on the clock of the room, chosen in the browser's own calendar."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        options.setdefault("widget", widget)
        options.setdefault("input_formats", ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
        super().__init__(**options)


class Words(forms.CharField):
    """A text of some lines, in whatever language."""

    def __init__(self, *, rows: int = 3, most: int = 4000, **options: Any) -> None:
        options.setdefault("widget", forms.Textarea({"rows": rows, "dir": "auto"}))
        super().__init__(max_length=most, **options)


class AskForm(GuardedForm, forms.Form):
    from_organisation = forms.TypedChoiceField(label=gettext_lazy("Who asks"), coerce=int)
    to_organisation = forms.TypedChoiceField(label=gettext_lazy("Ask whom?"), coerce=int)
    kind = forms.ChoiceField(label=gettext_lazy("What kind of support?"), choices=SupportKind)
    what = forms.CharField(
        label=gettext_lazy("What do you need?"),
        help_text=gettext_lazy("In a few words, such as: ambulances with crew. Never a name."),
        max_length=200,
        widget=forms.TextInput({"dir": "auto"}),
    )
    quantity = forms.IntegerField(
        label=gettext_lazy("How many or how much?"),
        min_value=1,
        max_value=_MOST,
        required=False,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    unit = forms.CharField(
        label=gettext_lazy("Of what"),
        help_text=gettext_lazy("Such as: vehicles, beds, hours, a currency."),
        max_length=40,
        required=False,
        widget=forms.TextInput({"dir": "auto"}),
    )
    urgency = forms.ChoiceField(
        label=gettext_lazy("How soon do you need an answer?"),
        choices=Urgency,
        widget=forms.RadioSelect,
        initial=Urgency.HOURS,
    )
    needed_by = MomentField(label=gettext_lazy("Needed by"), required=False)
    why = Words(
        label=gettext_lazy("Why, and what happens without it"),
        required=False,
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *arguments: Any,
        mine: Iterable[Organisation],
        everybody: Iterable[Organisation],
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        self.organisations = {one.pk: one for one in everybody}
        own = [one.pk for one in mine]
        asker, asked = self.fields["from_organisation"], self.fields["to_organisation"]
        asker.choices = [(pk, str(self.organisations[pk])) for pk in own]  # type: ignore[attr-defined]  # -- a choice field
        others = (one for one in self.organisations.values() if own != [one.pk])
        asked.choices = [(one.pk, str(one)) for one in others]  # type: ignore[attr-defined]  # -- a choice field
        if len(own) == 1:
            asker.widget, asker.initial = forms.HiddenInput(), own[0]
        self.initial.setdefault("client_key", uuid.uuid4())

    def asking(self, language: str) -> Asking:
        given = dict(self.cleaned_data)
        given.pop("client_key")
        for side in ("from_organisation", "to_organisation"):
            given[side] = self.organisations[given[side]]
        return Asking(**given, language=language)


class SaidForm(GuardedForm, forms.Form):
    """Words that go with a step, and the key with which a repeated post is known again."""

    text = Words(label=gettext_lazy("What you want to say"), rows=2, required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.initial.setdefault("client_key", uuid.uuid4())

    def said(self, language: str) -> Said:
        given = self.cleaned_data
        return Said(
            text=given["text"],
            quantity=given.get("quantity"),
            promised_for=given.get("promised_for"),
            language=language,
            client_key=given["client_key"],
        )


class AnswerForm(SaidForm):
    step = forms.ChoiceField(
        label=gettext_lazy("Your answer"),
        choices=(
            ("accepted", pgettext_lazy("answer to a request for support", "Yes, we will help")),
            ("partly", pgettext_lazy("answer to a request for support", "Yes, in part")),
            (
                "offered",
                pgettext_lazy("answer to a request for support", "We offer something else"),
            ),
            ("refused", pgettext_lazy("answer to a request for support", "No, we cannot")),
        ),
        widget=forms.RadioSelect,
    )
    quantity = forms.IntegerField(
        label=gettext_lazy("How many or how much you can give"),
        min_value=0,
        max_value=_MOST,
        required=False,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )
    promised_for = MomentField(label=gettext_lazy("It will be there at"), required=False)

    field_order = ("step", "text", "quantity", "promised_for", "client_key")


class MessageForm(SaidForm):
    text = Words(label=gettext_lazy("Message"), rows=2)


def room_moment(moment: dt.datetime) -> dt.datetime:
    """Return a moment for a field: without seconds, which nobody types."""
    return moment.replace(second=0, microsecond=0)
