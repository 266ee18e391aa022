"""The road of a plan as people write it: phases, key dates, training and its goals."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.core.revised import RevisedForm
from tansiq.plans.forms.fields import DayField
from tansiq.plans.models import KeyDate, Phase, Plan, Training, TrainingGoal
from tansiq.plans.queries.places import level_choices
from tansiq.plans.queries.training import goal_exists, places_to_choose
from tansiq.plans.queries.tree import organisation_choices


class RoadForm(RevisedForm):
    """Base of what stands on the road map of one plan."""

    def __init__(self, *arguments: Any, plan: Plan, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.plan = plan

    def new_part(self) -> Any:
        """Return what was written, of this plan, not saved yet."""
        self.instance.plan = self.plan
        return self.instance


class PhaseForm(RoadForm):
    starts_on = DayField(label=gettext_lazy("From"))
    ends_on = DayField(label=gettext_lazy("Until"))

    class Meta:
        model = Phase
        fields: ClassVar = ["title", "kind", "starts_on", "ends_on", "leads_to"]
        help_texts: ClassVar = {
            "leads_to": gettext_lazy("Then the road map counts how many places have come so far."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The phase ends before it starts."))
        return cleaned


class KeyDateForm(RoadForm):
    on = DayField(label=gettext_lazy("Day"))

    class Meta:
        model = KeyDate
        fields: ClassVar = ["title", "on", "why"]
        help_texts: ClassVar = {
            "title": gettext_lazy("Such as: the budget for next year is closed."),
            "why": gettext_lazy("What cannot be done any more after this day."),
        }


class TrainingGoalForm(RoadForm):
    by_on = DayField(label=gettext_lazy("Until"))
    level = forms.TypedChoiceField(label=gettext_lazy("At which level"), coerce=int)

    class Meta:
        model = TrainingGoal
        fields: ClassVar = ["role", "level", "people", "by_on"]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        here = (self.plan.place.level, str(self.plan.place.get_kind_display()))
        choice: Any = self.fields["level"]
        choice.choices = [here, *level_choices(self.plan)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        role, level = cleaned.get("role"), cleaned.get("level")
        if role and level is not None and goal_exists(self.plan, role, level, self.instance.pk):
            raise ValidationError(_("There is a goal for this role and level already."))
        return cleaned


class TrainingForm(RoadForm):
    """How many were trained; the form asks for numbers and has no room for names of people."""

    on = DayField(label=gettext_lazy("Day it ended"))

    class Meta:
        model = Training
        fields: ClassVar = ["title", "role", "place", "on", "days", "people", "women", "provider"]
        help_texts: ClassVar = {
            "title": gettext_lazy("The subject. No names of those who took part."),
            "place": gettext_lazy("Where those who were trained work."),
            "women": gettext_lazy("Leave empty if it was not counted."),
        }

    def __init__(self, *arguments: Any, today: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.today = today
        places: Any = self.fields["place"]
        places.queryset = places_to_choose(self.plan)
        places.initial = self.plan.place_id
        provider: Any = self.fields["provider"]
        provider.queryset = organisation_choices(self.plan)

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if day > self.today:
            raise ValidationError(_("Enter training once it has taken place."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        people, women = cleaned.get("people"), cleaned.get("women")
        if people and women and women > people:
            self.add_error("women", _("More women than people in all."))
        return cleaned
