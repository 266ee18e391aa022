"""An indicator as people define it, with its roll-up explained in words."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.plans.actions.values import BadValueError, amount_of
from tansiq.plans.forms.fields import DayField, FigureField, Sentence
from tansiq.plans.forms.parts import PartForm
from tansiq.plans.models import Indicator, Rule
from tansiq.plans.models.indicators import DIMENSIONS
from tansiq.plans.queries.indicators import has_amounts
from tansiq.plans.queries.places import level_choices

MOST_DECIMALS = 6
DIMENSION_NAMES = {
    "sex": gettext_lazy("by sex"),
    "age": gettext_lazy("by age group"),
}
# What each rule does, as a person who has never heard of roll-ups would say it.
RULE_WORDS = {
    Rule.SUM: gettext_lazy("Added up: the figures of all places together, such as people trained."),
    Rule.MEAN: gettext_lazy("Mean of places: every place counts the same, however large it is."),
    Rule.WEIGHTED: gettext_lazy(
        "Weighted mean: a place counts by its base, such as the number of people asked."
    ),
    Rule.LATEST: gettext_lazy("Latest value: the newest figure of any place counts."),
    Rule.PLACES: gettext_lazy("Number of places: how many places report more than zero."),
}


class IndicatorForm(PartForm):
    """Baseline and target are written in the indicator's unit and kept exactly."""

    rule = forms.ChoiceField(
        label=gettext_lazy("How the figures of places become one"),
        choices=list(RULE_WORDS.items()),
        initial=Rule.SUM,
        widget=forms.RadioSelect,
    )
    level = forms.TypedChoiceField(
        label=gettext_lazy("Who reports it"), coerce=int, empty_value=None, required=False
    )
    dimensions = forms.MultipleChoiceField(
        label=gettext_lazy("Broken down"),
        choices=[(key, DIMENSION_NAMES[key]) for key in DIMENSIONS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    definition = Sentence(
        label=gettext_lazy("Definition"),
        help_text=gettext_lazy("What is counted and what is not, so that all count alike."),
        rows=3,
        required=False,
    )
    limits = Sentence(label=gettext_lazy("What it cannot tell"), rows=2, required=False)
    baseline_number = FigureField(
        label=gettext_lazy("Baseline"), decimals=MOST_DECIMALS, required=False
    )
    baseline_on = DayField(label=gettext_lazy("Date of the baseline"), required=False)
    target_number = FigureField(
        label=gettext_lazy("Target"), decimals=MOST_DECIMALS, required=False
    )

    class Meta:
        model = Indicator
        fields: ClassVar = [
            "code",
            "title",
            "definition",
            "objective",
            "unit",
            "decimals",
            "rule",
            "level",
            "dimensions",
            "frequency",
            "falling_is_good",
            "baseline_on",
            "limits",
            "position",
        ]
        labels: ClassVar = {"objective": gettext_lazy("Objective")}
        help_texts: ClassVar = {
            "unit": gettext_lazy("Such as people, schools or %."),
            "decimals": gettext_lazy("0 for things that are counted."),
        }

    field_order = [
        "code",
        "title",
        "definition",
        "objective",
        "unit",
        "decimals",
        "rule",
        "level",
        "dimensions",
        "frequency",
        "falling_is_good",
        "baseline_number",
        "baseline_on",
        "target_number",
        "limits",
        "position",
    ]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        objective = self.fields["objective"]
        assert isinstance(objective, forms.ModelChoiceField)  # noqa: S101 -- for the type
        objective.queryset = self.plan.objectives.standing().order_by("position", "code")
        objective.empty_label = _("none, it stands for the whole plan")
        level = self.fields["level"]
        assert isinstance(level, forms.TypedChoiceField)  # noqa: S101 -- for the type
        level.choices = [
            ("", _("Every level may add its own")),
            *((n, _("Only %(kind)s") % {"kind": kind}) for n, kind in level_choices(self.plan)),
        ]
        for name in ("baseline", "target"):
            self.initial[f"{name}_number"] = getattr(self.instance, f"{name}_number")

    def clean_decimals(self) -> int:
        decimals = int(self.cleaned_data["decimals"])
        before = self.initial.get("decimals")
        if self.instance.pk and decimals != before and has_amounts(self.instance):
            raise ValidationError(
                _("Figures were already written with %(n)s digits after the point. Keep that.")
                % {"n": before}
            )
        return decimals

    def clean(self) -> dict[str, Any]:
        """Turn baseline and target into whole amounts of the smallest unit."""
        cleaned = super().clean() or self.cleaned_data
        if "decimals" not in cleaned:
            return cleaned
        scale = Indicator(decimals=cleaned["decimals"])
        for name in _AMOUNTS:
            number = cleaned.get(f"{name}_number")
            try:
                cleaned[name] = None if number is None else amount_of(scale, number)
            except BadValueError as problem:
                self.add_error(f"{name}_number", str(problem))
        return cleaned

    def changes(self) -> dict[str, Any]:
        found = super().changes()
        for name in _AMOUNTS:
            if {f"{name}_number", "decimals"} & set(self.changed_data):
                found[name] = self.cleaned_data[name]
        return found

    def new_part(self) -> Any:
        part = super().new_part()
        for name in _AMOUNTS:
            setattr(part, name, self.cleaned_data[name])
        return part


_AMOUNTS = ("baseline", "target")
