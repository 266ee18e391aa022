"""Forms that two people may have open at once: neither overwrites the other, nobody loses a word.

A form knows the revision it was opened with and, by hidden copies of what stood in its fields,
what its writer changed. When somebody else was quicker, the form comes back with both versions:
what the writer did not touch shows what stands now, what the writer changed stays as typed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tansiq.core import formats
from tansiq.core.guarding import GuardedForm


@dataclass(frozen=True)
class Difference:
    """One field that both changed: what stands now, and what was typed."""

    label: str
    theirs: str
    yours: str


class RevisedForm(GuardedForm, forms.ModelForm):  # type: ignore[type-arg]  # -- the model is named by those below
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.initial["revision"] = self.instance.revision if self.instance.pk else 0
        for name, field in self.fields.items():
            field.show_hidden_initial = bool(self.instance.pk) and name != "revision"
            if isinstance(field.widget, forms.TextInput | forms.Textarea):
                field.widget.attrs.setdefault("dir", "auto")

    @property
    def seen_revision(self) -> int:
        """Return the revision the form was opened with."""
        return self.cleaned_data.get("revision") or 0

    def changes(self) -> dict[str, Any]:
        """Return what the writer changed of the model's own columns."""
        columns = {field.name for field in self._meta.model._meta.concrete_fields} - {"revision"}
        return {name: self.cleaned_data[name] for name in self.changed_data if name in columns}

    def related(self) -> dict[str, Any]:
        """Return what the writer changed of its lists of other rows."""
        many = {field.name for field in self._meta.model._meta.many_to_many}
        return {name: self.cleaned_data[name] for name in self.changed_data if name in many}

    def show_again(self, fresh: "RevisedForm") -> list[Difference]:
        """Go on from what stands now, as the unbound form `fresh` shows it, keeping the changes.

        Returns the fields in which both differ.
        """
        changed = [name for name in self.changed_data if name != "revision"]
        found = [one for name in changed if (one := self._difference(fresh, name))]
        data: Any = self.data
        data = data.copy()
        for bound in fresh:
            names = [bound.html_initial_name]
            if bound.name not in changed:
                names.append(bound.html_name)
            for name in names:
                _put(data, name, bound.value())
        data["revision"] = fresh.instance.revision
        self.data = data
        return found

    def _difference(self, fresh: "RevisedForm", name: str) -> Difference | None:
        field = self.fields[name]
        theirs = _written(field, fresh[name].value())
        yours = _written(field, self[name].value())
        return None if theirs == yours else Difference(str(field.label), theirs, yours)


def _put(data: Any, name: str, value: Any) -> None:
    if isinstance(value, list | tuple):
        data.setlist(name, value)
    elif value is None or value is False:
        data.pop(name, None)
    else:
        data[name] = value


def _written(field: forms.Field, value: Any) -> str:
    """Write the value of a field as people read it."""
    if isinstance(field, forms.BooleanField):
        return _("yes") if field.to_python(value) else _("no")
    if isinstance(value, date):
        return formats.short_day(value, get_language() or "en")
    choices: Iterable[Any] = getattr(field, "choices", ())
    words = {str(key): str(label) for key, label in _flat(choices)}
    if isinstance(value, list | tuple):
        return ", ".join(words.get(str(one), str(one)) for one in value)
    text = "" if value is None else str(value)
    return words.get(text, text)


def _flat(choices: Iterable[Any]) -> Iterable[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label
