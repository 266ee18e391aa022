"""Handing on, taking back, putting right."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tansiq.access.guarding import GuardedForm
from tansiq.access.models import Marking, Organisation

# More than these are found by typing a part of the name.
MOST_SHOWN = 40


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea({"rows": rows, "dir": "auto"})


class _Once(GuardedForm, forms.Form):
    """A form whose repeated post arrives once."""

    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)


class RecallForm(GuardedForm, forms.Form):
    reason = forms.CharField(
        label=_("Why you take it back"),
        help_text=_("Everybody who received it reads this. Do not repeat what was wrong to say."),
        widget=_lines(3),
        max_length=300,
    )
    with_lesser = forms.BooleanField(
        label=_("Take back its lesser versions, too"), required=False, initial=True
    )

    def __init__(self, *arguments: Any, has_lesser: int, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if not has_lesser:
            del self.fields["with_lesser"]


class _ToOrganisations(_Once):
    to: Any = forms.ModelMultipleChoiceField(
        label=_("To whom"), queryset=None, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *arguments: Any, among: QuerySet[Organisation], words: str = "", **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        field: Any = self.fields["to"]
        field.queryset = among
        shown = among.filter(name__icontains=words) if words else among
        field.choices = [(one.pk, str(one)) for one in shown[:MOST_SHOWN]]


class ForwardForm(_ToOrganisations):
    pass


class AskForm(_ToOrganisations):
    why = forms.CharField(label=_("Why they need it"), widget=_lines(3), max_length=500)


class RefusalForm(GuardedForm, forms.Form):
    why = forms.CharField(
        label=_("Why not"),
        help_text=_("Who asked reads this."),
        widget=_lines(2),
        max_length=500,
    )


class CorrectionForm(_Once):
    wrong = forms.CharField(label=_("What is wrong"), widget=_lines(3), max_length=1000)
    right = forms.CharField(label=_("What is right"), widget=_lines(3), max_length=1000)
    basis = forms.CharField(
        label=_("How you know"), widget=_lines(2), max_length=500, required=False
    )
    language = forms.ChoiceField(label=_("Written in"), choices=settings.LANGUAGES)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["language"].initial = get_language()


class RightForm(_Once):
    """What all recipients get once something was put right."""

    title = forms.CharField(
        label=_("Title"), widget=forms.TextInput({"dir": "auto"}), max_length=200
    )
    text = forms.CharField(
        label=_("What changed, and what is right"),
        help_text=_("Everybody who has the first one gets this, too."),
        widget=_lines(6),
        max_length=20000,
    )


class VersionForm(_Once):
    """A version that is checked against what stays behind."""

    title = forms.CharField(
        label=_("Title"), widget=forms.TextInput({"dir": "auto"}), max_length=200
    )
    text = forms.CharField(label=_("Text"), widget=_lines(10), max_length=50000)
    marking = forms.ChoiceField(label=_("Who may read it"))
    language = forms.ChoiceField(label=_("Written in"), choices=settings.LANGUAGES)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *arguments: Any, markings: Sequence[str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        field: Any = self.fields["marking"]
        field.choices = [(one, Marking(one).label) for one in markings]


class BeginForm(GuardedForm, forms.Form):
    """Which sentences stay in the fuller version, and who reads the lesser one."""

    kept: Any = forms.MultipleChoiceField(
        label=_("What stays in this version only"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    marking = forms.ChoiceField(label=_("Who may read the lesser version"))
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)

    def __init__(
        self,
        *arguments: Any,
        passages: Sequence[tuple[str, str]],
        markings: Sequence[str],
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        kept: Any = self.fields["kept"]
        kept.choices = passages
        marking: Any = self.fields["marking"]
        marking.choices = [(one, Marking(one).label) for one in markings]


class ReleaseForm(GuardedForm, forms.Form):
    sign = forms.CharField(widget=forms.HiddenInput, max_length=40)
    reason = forms.CharField(label=_("Let it out, because"), max_length=200)


class LoosenForm(forms.Form):
    marking = forms.ChoiceField(label=_("Who may read it"))

    def __init__(self, *arguments: Any, markings: Sequence[str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        field: Any = self.fields["marking"]
        field.choices = [(one, Marking(one).label) for one in markings]
