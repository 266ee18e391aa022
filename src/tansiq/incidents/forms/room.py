"""What people write in a room: notes, tasks, facts, decisions."""

import uuid
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext_lazy as _

from tansiq.core.guarding import GuardedForm
from tansiq.incidents.actions.log import Sent
from tansiq.incidents.models import Decision as DecisionModel
from tansiq.incidents.models import Fact, FactState

_SURE = [one for one in FactState.choices if one[0] != FactState.WITHDRAWN]


def new_key() -> str:
    """Return a key under which a form that is shown now arrives once."""
    return str(uuid.uuid4())


class SentForm(GuardedForm, forms.Form):
    """A form that a device may have kept; whatever is wrong with its key never loses the words."""

    client_key = forms.CharField(widget=forms.HiddenInput, required=False, initial=new_key)
    happened_at = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def sent(self) -> Sent:
        """Return how the post came, for the action."""
        typed = self.cleaned_data.get("happened_at", "")
        moment = _moment(typed) if typed else None
        return Sent(_key(self.cleaned_data.get("client_key", "")), moment)


def _key(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _moment(text: str) -> Any:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and is_aware(moment) else None


def _words(label: Any, *, rows: int = 2, most: int = 2000, **options: Any) -> forms.CharField:
    widget = forms.Textarea({"rows": rows, "dir": "auto"})
    return forms.CharField(label=label, max_length=most, widget=widget, **options)


class MomentField(forms.DateTimeField):
    """A moment on the clock of the place, chosen in the browser's own calendar."""

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "widget", forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        )
        super().__init__(**options)


class NoteForm(SentForm):
    text = forms.CharField(
        label=_("What happened?"),
        max_length=4000,
        widget=forms.Textarea({"rows": 2, "dir": "auto", "enterkeyhint": "send"}),
        help_text=_("Times, places, numbers. Never the name of a victim, a suspect or a patient."),
    )
    is_kept = forms.BooleanField(
        label=_("Only for my organisation"),
        required=False,
        help_text=_("The others in the room do not see this line."),
    )


class CorrectionForm(SentForm):
    text = _words(_("How should the line read?"), rows=3, most=4000)


class DoneForm(SentForm):
    """What must be said before a task counts as done; it asks only for what this task needs."""

    confirmed = forms.MultipleChoiceField(
        label=_("Rights checks"), required=False, widget=forms.CheckboxSelectMultiple
    )
    evidence = forms.CharField(
        label=_("What shows it"),
        max_length=400,
        required=False,
        widget=forms.TextInput({"dir": "auto"}),
        help_text=_("A link, a number, or where it can be found."),
    )
    despite = _words(_("Another task should come first. Why go ahead?"), required=False)
    note = _words(_("Note"), required=False)

    def __init__(
        self, *arguments: Any, checks: list[tuple[str, str]], needs: set[str], **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        confirmed: Any = self.fields["confirmed"]
        confirmed.choices = checks
        confirmed.required = True
        if not checks:
            del self.fields["confirmed"]
        for name in ("evidence", "despite"):
            self.fields[name].required = name in needs
        if "despite" not in needs:
            del self.fields["despite"]


class ReasonForm(SentForm):
    reason = _words(_("Why?"))


class ReopenForm(SentForm):
    reason = _words(_("Why?"), required=False)


class MoveForm(SentForm):
    role = forms.ChoiceField(label=_("Role"))
    due_at = MomentField(label=_("Due"), required=False)
    reason = _words(_("Why?"), required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, roles: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        choice: Any = self.fields["role"]
        choice.choices = roles


class NewTaskForm(SentForm):
    title = forms.CharField(
        label=_("What has to be done?"), max_length=200, widget=forms.TextInput({"dir": "auto"})
    )
    role = forms.ChoiceField(label=_("Role"))
    due_at = MomentField(label=_("Due"), required=False)
    detail = _words(_("How"), rows=3, required=False)

    def __init__(self, *arguments: Any, roles: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        choice: Any = self.fields["role"]
        choice.choices = roles


class FactForm(SentForm):
    text = forms.CharField(
        label=_("What is known?"),
        max_length=400,
        widget=forms.TextInput({"dir": "auto"}),
        help_text=Fact._meta.get_field("text").help_text,
    )
    state = forms.ChoiceField(
        label=_("How sure?"), choices=_SURE, widget=forms.RadioSelect, initial="unconfirmed"
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"dir": "auto"}),
        help_text=Fact._meta.get_field("source").help_text,
    )
    observed_at = MomentField(
        label=_("Seen at"), required=False, help_text=_("Empty means just now.")
    )


class FactChangeForm(FactForm):
    reason = _words(_("What has changed?"), most=400, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)


class WithdrawForm(SentForm):
    reason = _words(_("Why is it withdrawn?"), most=400)
    revision = forms.IntegerField(widget=forms.HiddenInput)


class DecisionForm(SentForm):
    text = _words(
        _("What is decided?"), rows=3, help_text=DecisionModel._meta.get_field("text").help_text
    )
    facts: Any = forms.ModelMultipleChoiceField(
        label=_("On which facts?"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    information = _words(
        _("What else do you know?"),
        required=False,
        help_text=DecisionModel._meta.get_field("information").help_text,
    )
    why = _words(_("Why?"), rows=3)
    alternatives = _words(_("What else was considered?"), required=False)

    def __init__(self, *arguments: Any, facts: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        chosen: Any = self.fields["facts"]
        chosen.queryset = facts
