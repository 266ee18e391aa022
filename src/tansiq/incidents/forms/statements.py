"""What a statement is made of: a few blanks of a holding text, or all its words."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tansiq.core import formats
from tansiq.core.fields import RowsField
from tansiq.core.formats import language_name
from tansiq.core.guarding import GuardedForm
from tansiq.core.revised import RevisedForm
from tansiq.incidents.actions.statements import Written
from tansiq.incidents.models import (
    BY_PLATFORM,
    Access,
    Incident,
    Outlet,
    Statement,
)
from tansiq.incidents.playbook.document import StatementSpec
from tansiq.incidents.statement_checks import Text
from tansiq.incidents.statement_texts import filled, slots_in

# What the platform itself knows of a blank; people fill the others.
_BY_ITSELF = {"city", "time", "next_time"}
_LABELS = {
    "area": pgettext_lazy("blank of a statement", "Area concerned"),
    "place": pgettext_lazy("blank of a statement", "Where it happened"),
    "number": pgettext_lazy("blank of a statement", "Number for help"),
    "free_line": pgettext_lazy("blank of a statement", "Number for help"),
    "claim": pgettext_lazy("blank of a statement", "The claim, in neutral words"),
    "fact": pgettext_lazy("blank of a statement", "What is known"),
    "facts": pgettext_lazy("blank of a statement", "What is known"),
    "unknown": pgettext_lazy("blank of a statement", "What is not known yet"),
    "to_do": pgettext_lazy("blank of a statement", "What people should do"),
    "source": pgettext_lazy("blank of a statement", "Source"),
    "route": pgettext_lazy("blank of a statement", "Where to report it"),
    "family_centre": pgettext_lazy("blank of a statement", "Where families find help"),
    "fund": pgettext_lazy("blank of a statement", "Name of the official fund"),
    "link": pgettext_lazy("blank of a statement", "Link"),
    "date": pgettext_lazy("blank of a statement", "Day"),
    "day": pgettext_lazy("blank of a statement", "Day"),
    "reported_at": pgettext_lazy("blank of a statement", "Time of the report"),
    "earlier_time": pgettext_lazy("blank of a statement", "Time of what is corrected"),
    "last_time": pgettext_lazy("blank of a statement", "Time of the last update"),
}
_GOES_ON = {"holding", "update"}
_ROUND = timedelta(minutes=5)


class MomentField(forms.DateTimeField):
    """A moment on the clock of the room's place."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        options.setdefault("widget", widget)
        options.setdefault("input_formats", ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
        super().__init__(**options)


class ChoicesField(forms.MultipleChoiceField):
    """Several of a closed list, as boxes to tick."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, widget=forms.CheckboxSelectMultiple, **options)


class SlotsForm(GuardedForm, forms.Form):
    """The blanks of a holding text; one answer fills all languages of the city."""

    next_update_at = MomentField(label=gettext_lazy("Next update promised for"))
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid.uuid4)

    def __init__(
        self,
        *arguments: Any,
        incident: Incident,
        spec: StatementSpec,
        moment: datetime,
        known: Mapping[str, str],
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        self.incident, self.spec, self.moment = incident, spec, moment
        texts = " ".join(spec.text.texts.values())
        self.slots = [name for name in slots_in(texts) if name not in _BY_ITSELF]
        for name in self.slots:
            self.fields[f"slot_{name}"] = forms.CharField(
                label=_LABELS.get(name, name),
                max_length=100,
                initial=known.get(name, ""),
                widget=forms.TextInput({"dir": "auto"}),
            )
        self.fields["next_update_at"].initial = localtime(rounded(moment + timedelta(hours=1)))
        self.order_fields([*(f"slot_{name}" for name in self.slots), "next_update_at"])
        self.promise = _promise_in(slots_in(texts), spec.kind)
        self.fields["next_update_at"].required = bool(self.promise) or spec.kind in _GOES_ON
        if not self.fields["next_update_at"].required:
            self.fields["next_update_at"].initial = None

    def clean_next_update_at(self) -> Any:
        value = self.cleaned_data["next_update_at"]
        if value is not None and value <= self.moment:
            raise forms.ValidationError(_("This time is over. Promise one that is still to come."))
        return value

    def written(self, languages: Iterable[str]) -> Written:
        """Return the statement that the filled blanks make, in these languages where it exists."""
        at = self.cleaned_data["next_update_at"]
        texts = {
            code: Text(body=filled(self.spec.text.texts[code], self._slots_in(code, at)))
            for code in languages
            if code in self.spec.text.texts
        }
        values = {
            "kind": self.spec.kind,
            "holding": self.spec.key,
            "window": self.spec.window,
            "next_update_at": at,
            "outlets": [Outlet.PAGE.value],
        }
        return Written(values, texts)

    def _slots_in(self, language: str, at: datetime | None) -> dict[str, str]:
        given = {name: self.cleaned_data[f"slot_{name}"] for name in self.slots}
        city = self.incident.place
        if given.get("place") == self.fields_initial("place"):
            given["place"] = city.name_in(language)
        given["city"] = city.name_in(language)
        today = localtime(self.moment)
        given["time"] = _as_said(today, today, language)
        if self.promise and at is not None:
            given[self.promise] = _as_said(localtime(at), today, language)
        return given

    def fields_initial(self, slot: str) -> str:
        """Return what stood in the blank when the form was opened."""
        field = self.fields.get(f"slot_{slot}")
        return str(field.initial) if field else ""


def _promise_in(slots: list[str], kind: str) -> str:
    """Return which blank says when the next update comes, if one does."""
    if "next_time" in slots:
        return "next_time"
    return "time" if "time" in slots and kind in _GOES_ON else ""


def _as_said(at: datetime, today: datetime, language: str) -> str:
    """Write a moment as people say it: the hour, and the day when it is another one."""
    if at.date() == today.date():
        return formats.clock(at, language)
    return formats.moment(at, language)


def rounded(moment: datetime) -> datetime:
    """Return the next moment that stands on five minutes."""
    whole = moment.replace(second=0, microsecond=0)
    over = moment - whole.replace(minute=whole.minute - whole.minute % 5)
    return moment + (_ROUND - over) if over else moment


class StatementForm(RevisedForm):
    """All that a statement says, and the words in each language of the city."""

    next_update_at = MomentField(
        label=gettext_lazy("Next update promised for"),
        required=False,
        help_text=gettext_lazy("Even if there will be nothing new: say when you speak again."),
    )
    valid_until = MomentField(
        label=gettext_lazy("May be released until"),
        required=False,
        help_text=gettext_lazy("Empty means: until the next update that it promises."),
    )
    outlets = ChoicesField(label=gettext_lazy("Where it goes out"), choices=Outlet.choices)
    formats = ChoicesField(label=gettext_lazy("Also as"), choices=Access.choices)
    facts = RowsField(
        label=gettext_lazy("Facts from the board"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid.uuid4)

    class Meta:
        model = Statement
        fields: ClassVar = [
            "kind",
            "audience",
            "corrects",
            "facts",
            "known",
            "not_known",
            "to_do",
            "support",
            "unity",
            "next_update_at",
            "valid_until",
            "pictures",
            "outlets",
            "formats",
        ]
        widgets: ClassVar = {
            name: forms.Textarea({"rows": 2, "dir": "auto"})
            for name in ("known", "not_known", "to_do", "support", "unity")
        }

    def __init__(
        self,
        *arguments: Any,
        incident: Incident,
        languages: list[str],
        moment: datetime,
        facts: Any,
        earlier: Any,
        texts: Mapping[str, Text],
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        self.moment = moment
        self.languages = [*languages, *(code for code in texts if code not in languages)]
        chosen: dict[str, Any] = self.fields
        chosen["facts"].queryset = facts
        chosen["corrects"].queryset = earlier
        chosen["corrects"].empty_label = _("nothing")
        for code in self.languages:
            self._add_text(code, texts.get(code, Text()), is_first=code == incident.language)

    def _add_text(self, code: str, text: Text, *, is_first: bool) -> None:
        rows = {"dir": "rtl" if code == "ar" else "auto", "lang": code}
        self.fields[f"headline_{code}"] = forms.CharField(
            label=_("Headline"), max_length=140, required=False, widget=forms.TextInput(rows)
        )
        self.fields[f"body_{code}"] = forms.CharField(
            label=_("Text"),
            max_length=6000,
            required=False,
            widget=forms.Textarea(rows | {"rows": 7}),
            help_text=_("Empty: it is put together from the lines above.") if is_first else "",
        )
        self.fields[f"short_{code}"] = forms.CharField(
            label=_("For a text message"),
            max_length=480,
            required=False,
            widget=forms.Textarea(rows | {"rows": 2}),
            help_text=_("Empty: the first sentences that fit into one message."),
        )
        for part in ("headline", "body", "short"):
            name = f"{part}_{code}"
            self.initial[name] = getattr(text, part)
            self.fields[name].show_hidden_initial = bool(self.instance.pk)

    @property
    def by_language(self) -> list[dict[str, Any]]:
        """The fields of each language, for the template."""
        return [
            {
                "code": code,
                "name": language_name(code),
                "fields": [self[f"{part}_{code}"] for part in ("headline", "body", "short")],
                "is_written": bool(self.initial.get(f"body_{code}")),
            }
            for code in self.languages
        ]

    def clean_next_update_at(self) -> Any:
        value = self.cleaned_data["next_update_at"]
        if "next_update_at" in self.changed_data and value is not None and value <= self.moment:
            raise forms.ValidationError(_("This time is over. Promise one that is still to come."))
        return value

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        worksheet = [data.get(name) for name in _WORKSHEET]
        written = [data.get(f"body_{code}") for code in self.languages]
        if not any(worksheet) and not any(written):
            raise forms.ValidationError(_("Write at least one line of what is to be said."))
        return data

    def written(self, *, changed_only: bool = False) -> Written:
        """Return the values and words; the first language is put together where it is empty."""
        data = self.cleaned_data
        texts = {
            code: Text(
                data.get(f"headline_{code}", "").strip(),
                _lines(data.get(f"body_{code}", "")),
                data.get(f"short_{code}", "").strip(),
            )
            for code in self.languages
        }
        first = self.languages[0]
        if not texts[first].body:
            body = "\n\n".join(data[name].strip() for name in _WORKSHEET if data[name].strip())
            texts[first] = Text(texts[first].headline, _lines(body), texts[first].short)
        names = [name for name in self._meta.fields or () if name != "facts"]
        values = self.changes() if changed_only else {name: data[name] for name in names}
        return Written(values, texts, tuple(one.pk for one in data["facts"]))


_WORKSHEET = ("known", "not_known", "to_do", "support", "unity")


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


class OverrideForm(GuardedForm, forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Why it goes out all the same"),
        max_length=300,
        widget=forms.TextInput({"dir": "auto"}),
        help_text=gettext_lazy("Stands in the log with your name."),
    )


class ReleaseForm(forms.Form):
    """Where the platform itself brings it."""

    outlets = ChoicesField(
        label=gettext_lazy("Send it now to"),
        choices=[(one.value, one.label) for one in Outlet if one in BY_PLATFORM],
    )


class ByHandForm(GuardedForm, forms.Form):
    """Where somebody brought it out by hand."""

    outlet = forms.ChoiceField(
        label=gettext_lazy("Where it went out"),
        choices=[(one.value, one.label) for one in Outlet if one not in BY_PLATFORM],
    )
    at = MomentField(label=gettext_lazy("When"))
    link = forms.URLField(
        label=gettext_lazy("Link"), max_length=400, required=False, assume_scheme="https"
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"dir": "auto"}),
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid.uuid4)


class WithdrawForm(GuardedForm, forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        widget=forms.TextInput({"dir": "auto"}),
        help_text=gettext_lazy("Stands beside it wherever it was published."),
    )
