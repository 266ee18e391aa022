"""The form of an alert: the facts once, the words in each language beside each other."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.core.formats import language_name
from tansiq.core.guarding import GuardedForm
from tansiq.core.revised import RevisedForm
from tansiq.incidents.actions.alerts import Content
from tansiq.incidents.cap.values import Category, Response, Scope, Status
from tansiq.incidents.models import Alert, AlertText, Incident
from tansiq.incidents.queries.alerts import bodies_of

_SAID = ("headline", "instruction", "description", "event", "area")
_NEEDED = ("headline", "event", "area")
_LONG = {"instruction", "description"}
_IN_EARNEST = [Status.ACTUAL, Status.TEST, Status.DRAFT]
_WHEN = "%Y-%m-%dT%H:%M"


class WhenField(forms.DateTimeField):
    """A moment on the room's clock, chosen in the browser's own way."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateTimeInput({"type": "datetime-local"}, format=_WHEN))
        options.setdefault("input_formats", [_WHEN, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"])
        super().__init__(**options)


class AlertForm(RevisedForm):
    not_guarded = {
        "circle": "where everybody is warned, not where somebody lives",
        "polygon": "where everybody is warned, not where somebody lives",
        "contact": "the office that answers for the warning, in public",
    }

    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    status = forms.ChoiceField(
        label=gettext_lazy("In earnest?"),
        choices=[(one.value, one.label) for one in _IN_EARNEST],
        required=False,
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("For whom"),
        choices=[(one.value, one.label) for one in (Scope.RESTRICTED, Scope.PUBLIC)],
    )
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Kind of danger"),
        choices=Category.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    responses = forms.MultipleChoiceField(
        label=gettext_lazy("What people should do"),
        choices=Response.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    onset_at = WhenField(label=gettext_lazy("Danger begins"), required=False)
    expires_at = WhenField(
        label=gettext_lazy("Holds until"),
        help_text=gettext_lazy("On the clock of this room. Later it counts as over."),
    )

    class Meta:
        model = Alert
        fields: ClassVar = [
            "status",
            "scope",
            "restriction",
            "categories",
            "responses",
            "urgency",
            "severity",
            "certainty",
            "onset_at",
            "expires_at",
            "circle",
            "polygon",
            "web",
            "contact",
            "cosigner",
            "answer_minutes",
        ]
        widgets: ClassVar = {"polygon": forms.Textarea({"rows": 2})}
        help_texts: ClassVar = {
            "cosigner": gettext_lazy(
                "Another person than the author. If nobody signs in time, nothing is sent."
            ),
            "circle": gettext_lazy(
                "Latitude, comma, longitude, blank, kilometres: 7.2047,124.2310 5"
            ),
            "polygon": gettext_lazy(
                "Corners as latitude, comma, longitude, with blanks between; the first once more."
            ),
        }

    def __init__(
        self, *arguments: Any, incident: Incident, texts: Iterable[dict[str, str]], **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        chosen: Any = self.fields["cosigner"]
        chosen.queryset, chosen.empty_label = bodies_of(incident), None
        if incident.is_exercise:
            del self.fields["status"]
        self.languages = _in_order(incident.language)
        given = {text["language"]: text for text in texts}
        for language in self.languages:
            self._add_language(language, given.get(language, {}))

    def _add_language(self, language: str, text: dict[str, str]) -> None:
        for name in _SAID:
            column: Any = AlertText._meta.get_field(name)
            rows = forms.Textarea({"rows": 2}) if name in _LONG else forms.TextInput()
            rows.attrs.update({"lang": language, "dir": "auto"})
            self.fields[f"{name}_{language}"] = forms.CharField(
                label=f"{_capital(column.verbose_name)} · {language_name(language)}",
                max_length=column.max_length,
                required=False,
                widget=rows,
                initial=text.get(name, ""),
                show_hidden_initial=bool(self.instance.pk),
            )

    def sides(self) -> Iterator[tuple[str, list[BoundField], bool]]:
        """Yield each language with its fields, and whether to show it open."""
        for number, language in enumerate(self.languages):
            fields = [self[f"{name}_{language}"] for name in _SAID]
            is_open = number == 0 or any(field.value() or field.errors for field in fields)
            yield language, fields, is_open

    def clean(self) -> dict[str, Any]:
        super().clean()
        spoken = self._texts()
        if not spoken:
            self.add_error(
                f"headline_{self.languages[0]}",
                ValidationError(_("Say it in one language at least.")),
            )
        for text in spoken:
            for name in _NEEDED:
                if not text[name]:
                    self.add_error(
                        f"{name}_{text['language']}",
                        ValidationError(_("This is missing in this language.")),
                    )
        return self.cleaned_data

    def content(self) -> Content:
        facts = {
            name: self.cleaned_data[name]
            for name in self.Meta.fields
            if name != "cosigner" and name in self.cleaned_data
        }
        return Content(
            facts, self._texts(), self.cleaned_data["cosigner"], self.cleaned_data["client_key"]
        )

    def _texts(self) -> list[dict[str, str]]:
        texts = [
            {name: self.cleaned_data.get(f"{name}_{language}", "") for name in _SAID}
            | {"language": language}
            for language in self.languages
        ]
        return [text for text in texts if any(text[name] for name in _SAID)]


def _capital(words: object) -> str:
    text = str(words)
    return text[:1].upper() + text[1:]


def _in_order(first: str) -> list[str]:
    """Return the languages, the room's own first, then English."""
    codes = [code for code, _name in settings.LANGUAGES]
    return sorted(codes, key=lambda code: (code != first, code != "en"))


class ReasonForm(GuardedForm, forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=400,
        widget=forms.Textarea({"rows": 2, "dir": "auto"}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)


def usual_end(room_now: dt.datetime) -> dt.datetime:
    """Return when a new alert ends unless somebody says otherwise: in six hours."""
    return (room_now + dt.timedelta(hours=6)).replace(minute=0, second=0, microsecond=0)
