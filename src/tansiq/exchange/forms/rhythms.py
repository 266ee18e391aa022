"""A standing duty: what, how often, and with whom."""

import uuid
from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tansiq.access.guarding import GuardedForm
from tansiq.exchange.actions.rhythms import Beat
from tansiq.exchange.audience import Choice
from tansiq.exchange.models import Every, ObligationKind, Rhythm, Way
from tansiq.exchange.queries.rhythm_partners import Partners

_DAY: Final = {"type": "date"}


class RhythmForm(GuardedForm, forms.Form):
    way = forms.ChoiceField(label=_("Who owes whom?"), choices=Way, widget=forms.RadioSelect)
    kind = forms.ChoiceField(
        label=_("What kind of thing?"),
        choices=[one for one in ObligationKind.choices if one[0] != ObligationKind.ANSWER],
    )
    what = forms.CharField(
        label=_("What, in a few words"),
        help_text=_("For example: threat summary for the regions. Both sides read this."),
        max_length=200,
        widget=forms.TextInput({"dir": "auto"}),
    )
    every = forms.ChoiceField(label=_("How often?"), choices=Every)
    first_due_on = forms.DateField(
        label=_("First due on"), widget=forms.DateInput(_DAY, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        help_text=_("Leave it empty if it has no end."),
        required=False,
        widget=forms.DateInput(_DAY, format="%Y-%m-%d"),
    )
    partners = forms.MultipleChoiceField(
        label=_("With whom?"),
        help_text=_("Who joins a level or a group later has it from then on."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(self, *arguments: Any, partners: Partners, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.initial.setdefault("client_key", uuid.uuid4())
        field = self.fields["partners"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 -- for the type
        field.choices = partners.choices
        self._partners = partners

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = self.cleaned_data
        first, last = cleaned.get("first_due_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is before the first time it is due."))
        return cleaned

    def beat(self, language: str) -> Beat:
        """Return what was entered, as the action takes it."""
        entered = self.cleaned_data
        known = dict(settings.LANGUAGES)
        return Beat(
            way=Way(entered["way"]),
            kind=ObligationKind(entered["kind"]),
            what=entered["what"],
            language=language if language in known else settings.LANGUAGE_CODE,
            audience=self._audience(),
            every=Every(entered["every"]),
            first_due_on=entered["first_due_on"],
            ends_on=entered["ends_on"],
            client_key=entered["client_key"],
        )

    def _audience(self) -> list[Choice]:
        return [self._partners.audience[key] for key in self.cleaned_data["partners"]]


def entered(rhythm: Rhythm, partners: Partners) -> dict[str, Any]:
    """Return what stands now, for the form that changes it."""
    return {
        "way": rhythm.way,
        "kind": rhythm.kind,
        "what": rhythm.what,
        "every": rhythm.every,
        "first_due_on": rhythm.first_due_on,
        "ends_on": rhythm.ends_on,
        "partners": partners.keys_of(rhythm.audience),
        "revision": rhythm.revision,
    }
