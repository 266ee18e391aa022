"""What forms of the desks share: a mark that makes a post arrive once, and no persons in texts."""

import uuid
from datetime import UTC
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tansiq.core.formats import language_name
from tansiq.core.guarding import GuardedForm
from tansiq.incidents.actions.log import Sent
from tansiq.incidents.plain_words import possible_names, problems_of_words

NO_PERSONS = gettext_lazy("No names, no accounts, no links, no telephone numbers.")


def languages() -> list[tuple[str, str]]:
    return [(code, language_name(code)) for code, _name in settings.LANGUAGES]


class Once(forms.Form):
    """A form that a device may send twice: the second time changes nothing."""

    client_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    # When it was typed, where a device kept it.
    happened_at = forms.DateTimeField(
        required=False,
        widget=forms.HiddenInput,
        input_formats=["%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%SZ"],
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["client_key"].initial = uuid.uuid4

    def sent(self) -> Sent:
        """Return how the post left the device; the moment is in UTC, whatever the room's zone."""
        typed = self.cleaned_data.get("happened_at")
        written_at = typed.replace(tzinfo=UTC) if typed else None
        return Sent(self.cleaned_data.get("client_key"), written_at)


class NoPersons(GuardedForm, forms.Form):
    """Looks at what people write freely; `free` names the fields, each looked at alike."""

    free: ClassVar[tuple[str, ...]] = ()
    names_groups: ClassVar[bool] = True
    country_code = ""

    # Asked for only when something looks like a name.
    names_checked = forms.BooleanField(
        label=gettext_lazy("These capitalised words are bodies or places, not persons"),
        required=False,
        widget=forms.HiddenInput,
    )

    def problems(self, text: str) -> list[str]:
        return problems_of_words(text, names_groups=self.names_groups)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.free:
            for problem in self.problems(str(cleaned.get(name) or "")):
                self.add_error(name, problem)
        if not self.errors and not cleaned.get("names_checked"):
            self._ask_about_names(cleaned)
        return cleaned

    def _ask_about_names(self, cleaned: dict[str, Any]) -> None:
        texts = [str(cleaned.get(name) or "") for name in self.free]
        pairs = possible_names(texts, country_code=self.country_code)
        if pairs:
            self.fields["names_checked"].widget = forms.CheckboxInput()
            said = _(
                "“%(words)s” could be a person. If it is, take it out; if it is a body or a place, "
                "tick this box and save again."
            )
            self.add_error("names_checked", said % {"words": ", ".join(pairs[:3])})


class WrittenIn(forms.Form):
    """Which language a text is in; the reader's own unless said otherwise."""

    language = forms.ChoiceField(label=gettext_lazy("Written in"), choices=languages)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        known = dict(languages())
        self.fields["language"].initial = next(
            (one for one in (get_language(), "en") if one in known), "en"
        )


class AreaField(forms.ModelChoiceField):  # type: ignore[type-arg]  # -- of places
    """An area of the room; its place is set by the form."""

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=None, **options)

    def label_from_instance(self, place: Any) -> str:
        return str(place)


class Revised(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
