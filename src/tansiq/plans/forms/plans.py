"""A plan's own words, dates and marking; starting, adopting and carrying it down."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.models import Organisation
from tansiq.core.fields import RowsField
from tansiq.core.guarding import GuardedForm
from tansiq.core.revised import RevisedForm
from tansiq.plans.forms.fields import DayField, Sentence
from tansiq.plans.models import Plan, PlanKind, PlanStatus
from tansiq.plans.queries.versions.diff import content_fields

# Words that stand in addresses where a short name could stand.
RESERVED = {"start"}
# What a version keeps of the plan itself, as `plans.queries.versions` says.
FROZEN = content_fields(Plan) | {"legal_instrument"}
EVERY = [(months, months) for months in (1, 2, 3, 4, 6, 12)]


class PlanForm(RevisedForm):
    """The plan itself; its parts have forms of their own."""

    starts_on = DayField(label=gettext_lazy("Starts"))
    ends_on = DayField(label=gettext_lazy("Ends"))
    summary = Sentence(
        label=gettext_lazy("Summary"),
        help_text=gettext_lazy("Two or three plain sentences for people who never saw the plan."),
        rows=3,
        most=5000,
        required=False,
    )
    report_months = forms.TypedChoiceField(
        label=gettext_lazy("Months in a reporting period"), choices=EVERY, coerce=int, initial=6
    )

    class Meta:
        model = Plan
        fields: ClassVar = [
            "title",
            "short_title",
            "summary",
            "language",
            "legal_instrument",
            "starts_on",
            "ends_on",
            "status",
            "report_months",
            "report_days",
            "answer_days",
            "purpose",
        ]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if self.instance.is_draft:
            # A draft comes into force by being adopted, not by being edited.
            del self.fields["status"]
        else:
            status = self.fields["status"]
            assert isinstance(status, forms.ChoiceField)  # noqa: S101 -- for the type
            status.choices = [one for one in PlanStatus.choices if one[0] != PlanStatus.DRAFT]
        if self.instance.pk and self.instance.versions.exists():
            # What was adopted changes by amendment only; how it is reported on may change.
            for name in FROZEN & set(self.fields):
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The plan ends before it starts."))
        return cleaned


class StartForm(GuardedForm, forms.ModelForm):  # type: ignore[type-arg]  # -- Plan, as its Meta says
    """A new plan of one's own organisation."""

    starts_on = DayField(label=gettext_lazy("Starts"))
    ends_on = DayField(label=gettext_lazy("Ends"))
    slug = forms.SlugField(
        label=gettext_lazy("Short name for addresses"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Left empty, it is made from the title."),
    )

    class Meta:
        model = Plan
        fields: ClassVar = [
            "owner",
            "kind",
            "parent",
            "title",
            "short_title",
            "slug",
            "language",
            "starts_on",
            "ends_on",
            "marking",
        ]
        labels: ClassVar = {
            "owner": gettext_lazy("For which organisation"),
            "parent": gettext_lazy("National plan it carries down"),
        }

    def __init__(self, *arguments: Any, owners: list[Organisation], nationals: Any, **options: Any):
        super().__init__(*arguments, **options)
        self.owners = {one.pk: one for one in owners}
        owner, parent = self.fields["owner"], self.fields["parent"]
        assert isinstance(owner, forms.ModelChoiceField)  # noqa: S101 -- for the type
        assert isinstance(parent, forms.ModelChoiceField)  # noqa: S101 -- for the type
        owner.queryset = owner.queryset.filter(pk__in=self.owners)  # type: ignore[union-attr]  # -- never None
        owner.empty_label = None
        parent.queryset = nationals
        parent.required = False
        self.fields["language"].initial = settings.LANGUAGE_CODE
        for name in ("title", "short_title"):
            self.fields[name].widget.attrs["dir"] = "auto"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._clean_level(cleaned)
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The plan ends before it starts."))
        if not cleaned.get("slug"):
            cleaned["slug"] = self._slug(cleaned)
        if cleaned["slug"] in RESERVED:
            self.add_error("slug", _("This short name is taken by the platform. Choose another."))
        self.instance.slug = cleaned.get("slug", "")
        return cleaned

    def _clean_level(self, cleaned: dict[str, Any]) -> None:
        owner, kind = cleaned.get("owner"), cleaned.get("kind")
        if owner is None:
            return
        self.instance.place = owner.place
        is_country = owner.place.level == 0
        if kind == PlanKind.NATIONAL and not is_country:
            self.add_error("kind", _("Only a body of the whole country can start a national plan."))
        parent = cleaned.get("parent")
        if parent is not None and (
            kind == PlanKind.NATIONAL or parent.country.country_code != owner.place.country_code
        ):
            self.add_error("parent", _("Choose a national plan of the same country, or none."))

    @staticmethod
    def _slug(cleaned: dict[str, Any]) -> str:
        words = cleaned.get("short_title") or cleaned.get("title") or ""
        starts = cleaned.get("starts_on")
        made = slugify(words)[:50].strip("-")
        return made or f"plan-{starts.year if starts else 'new'}"


class AdoptForm(GuardedForm, forms.Form):
    """When the plan came into force, and by what."""

    on = DayField(label=gettext_lazy("Adopted on"))
    legal_instrument = forms.CharField(
        label=gettext_lazy("Legal instrument"),
        max_length=250,
        help_text=gettext_lazy("The regulation, resolution or decree that adopts the plan."),
        widget=forms.TextInput({"dir": "auto"}),
    )

    def __init__(self, *arguments: Any, today: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.today = today

    def clean_on(self) -> Any:
        if self.cleaned_data["on"] > self.today:
            raise ValidationError(
                _("This day is still to come. Adopt the plan when it is decided.")
            )
        return self.cleaned_data["on"]


class PlacesForm(forms.Form):
    """Places by their boxes, or all of those that are listed."""

    everything = forms.BooleanField(required=False)
    places: Any = RowsField(
        queryset=None,
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy("One of these places is not of this level any more.")
        },
    )

    def __init__(self, *arguments: Any, listed: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.listed = listed
        choices: Any = self.fields
        choices["places"].queryset = listed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("everything"):
            cleaned["places"] = self.listed
        if not cleaned.get("places") and not self.errors:
            raise ValidationError(_("Choose at least one place."))
        return cleaned
