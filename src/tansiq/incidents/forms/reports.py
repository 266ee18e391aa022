"""A situation report as people write and sign it, and the brief that comes back."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.models import Organisation
from tansiq.core.guarding import GuardedForm
from tansiq.incidents.actions.briefs import BriefText
from tansiq.incidents.actions.reports import Signing, Written
from tansiq.incidents.forms.support import Words
from tansiq.incidents.models import CasualtyKind, ReportSection, SituationReport
from tansiq.incidents.models.reports import REPORT_MARKINGS

_MOST = 10_000_000


class ReportForm(GuardedForm, forms.Form):
    """Each section as a text; casualties as numbers with their source, never as names."""

    marking = forms.ChoiceField(label=gettext_lazy("Marking"), choices=REPORT_MARKINGS)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for section in ReportSection:
            self.fields[section.value] = Words(
                label=section.label, rows=6, most=20_000, required=False
            )
        for kind in CasualtyKind:
            self.fields[f"{kind.value}_count"] = forms.IntegerField(
                label=kind.label,
                min_value=0,
                max_value=_MOST,
                required=False,
                widget=forms.NumberInput({"inputmode": "numeric"}),
            )
            self.fields[f"{kind.value}_source"] = forms.CharField(
                label=gettext_lazy("Source"),
                max_length=120,
                required=False,
                widget=forms.TextInput({"dir": "auto"}),
            )
            self.fields[f"{kind.value}_sure"] = forms.BooleanField(
                label=gettext_lazy("confirmed"), required=False
            )

    @property
    def first(self) -> list[forms.BoundField]:
        return [self[ReportSection.SITUATION], self[ReportSection.METHANE]]

    @property
    def rest(self) -> list[forms.BoundField]:
        shown = {ReportSection.SITUATION, ReportSection.METHANE}
        return [self[one.value] for one in ReportSection if one not in shown]

    @property
    def casualties(self) -> list[list[forms.BoundField]]:
        return [
            [self[f"{kind.value}_{part}"] for part in ("count", "source", "sure")]
            for kind in CasualtyKind
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for kind in CasualtyKind:
            has_count = cleaned.get(f"{kind.value}_count") is not None
            if has_count and not cleaned.get(f"{kind.value}_source"):
                name = f"{kind.value}_source"
                self.add_error(name, ValidationError(_("Say who counted, such as the police.")))
        return cleaned

    def written(self) -> Written:
        given = self.cleaned_data
        rows = [
            {
                "kind": kind.value,
                "count": given[f"{kind.value}_count"],
                "source": given[f"{kind.value}_source"],
                "is_confirmed": given[f"{kind.value}_sure"],
            }
            for kind in CasualtyKind
            if given[f"{kind.value}_count"] is not None
        ]
        sections = {one.value: given[one.value].replace("\r\n", "\n") for one in ReportSection}
        return Written(sections, rows, given["marking"])


def first_values(report: SituationReport) -> dict[str, Any]:
    """Return what the form shows of a draft."""
    values: dict[str, Any] = {"marking": report.marking, "revision": report.revision}
    values |= report.sections
    for row in report.casualties:
        kind = row["kind"]
        values[f"{kind}_count"] = row["count"]
        values[f"{kind}_source"] = row["source"]
        values[f"{kind}_sure"] = row["is_confirmed"]
    return values


class SignForm(forms.Form):
    recipients = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Send it to"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    counts_only = forms.BooleanField(
        label=gettext_lazy("It holds counts and no name of a victim, a witness or a suspect.")
    )
    is_alone = forms.BooleanField(
        label=gettext_lazy("I wrote it, and nobody else who may sign can be reached."),
        required=False,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(
        self, *arguments: Any, among: Iterable[Organisation], is_own: bool, **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.among = {one.pk: one for one in among}
        field = self.fields["recipients"]
        field.choices = [(pk, str(one)) for pk, one in self.among.items()]  # type: ignore[attr-defined]  # -- a choice field
        field.initial = list(self.among)
        if not is_own:
            del self.fields["is_alone"]

    def signing(self) -> Signing:
        chosen = tuple(self.among[pk] for pk in self.cleaned_data["recipients"])
        return Signing(chosen, is_alone=self.cleaned_data.get("is_alone", False))


class BriefForm(GuardedForm, forms.Form):
    text = Words(
        label=gettext_lazy("The brief, between the two of you"),
        rows=8,
        most=20_000,
        required=False,
    )
    marking = forms.ChoiceField(label=gettext_lazy("Marking"), choices=REPORT_MARKINGS)
    cleared = Words(
        label=gettext_lazy("Cleared for everybody in the room"),
        help_text=gettext_lazy("They read it in the log at once. No operational details."),
        rows=5,
        most=20_000,
        required=False,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def said(self, language: str) -> BriefText:
        given = self.cleaned_data
        return BriefText(given["text"], given["cleared"], given["marking"], language)
