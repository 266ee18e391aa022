"""The parts of a plan as people write them: pillars, objectives, actions and milestones."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.core.fields import RowsField
from tansiq.core.revised import RevisedForm
from tansiq.plans.forms.fields import DayField, Sentence
from tansiq.plans.models import Action, ActionKind, Milestone, Objective, Pillar, Plan
from tansiq.plans.queries.tree import code_is_taken, organisation_choices

CODE = RegexValidator(
    r"^[\w.\-]+\Z",
    gettext_lazy("Use letters, digits, points and hyphens only, such as 1.2.3."),
)
CODE_HELP = gettext_lazy("Short, such as 1.2.3. It stands in addresses and reports.")
ORDER = gettext_lazy("Place in the list")


class PartForm(RevisedForm):
    """Base of the forms for what belongs to one plan; a code is used once in it."""

    def __init__(self, *arguments: Any, plan: Plan, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.plan = plan
        if "code" in self.fields:
            self.fields["code"].validators.append(CODE)
            self.fields["code"].help_text = CODE_HELP
        if "position" in self.fields:
            self.fields["position"].label = ORDER
            self.fields["position"].required = False

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if code_is_taken(self._meta.model, self.plan, code, but=self.instance.pk):
            raise ValidationError(_("Another part of this plan has this code. Choose another."))
        return code

    def clean_position(self) -> int:
        return self.cleaned_data.get("position") or 0

    def new_part(self) -> Any:
        """Return the part that was written, of this plan, not saved yet."""
        part = self.instance
        if hasattr(type(part), "plan"):
            part.plan = self.plan
        return part


class PillarForm(PartForm):
    class Meta:
        model = Pillar
        fields: ClassVar = ["code", "title", "position"]


class ObjectiveForm(PartForm):
    class Meta:
        model = Objective
        fields: ClassVar = ["pillar", "code", "title", "position"]
        labels: ClassVar = {"pillar": gettext_lazy("Pillar")}

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        _choose_from(self, "pillar", self.plan.pillars.standing().order_by("position", "code"))


class ActionForm(PartForm):
    """An action of the plan; what only the national level writes stands at the end."""

    starts_on = DayField(label=gettext_lazy("Starts"), required=False)
    ends_on = DayField(label=gettext_lazy("Due"), required=False)
    local_role = Sentence(
        label=gettext_lazy("Role of local government"),
        help_text=gettext_lazy(
            "What a city or province is expected to do, in one plain sentence. Only actions with "
            "such a role are carried down."
        ),
        rows=2,
        most=2000,
        required=False,
    )

    class Meta:
        model = Action
        fields: ClassVar = [
            "objective",
            "code",
            "title",
            "lead",
            "lead_kind",
            "supporting",
            "local_role",
            "starts_on",
            "ends_on",
            "gender_note",
            "rights_note",
            "sustainability_note",
            "position",
        ]
        field_classes: ClassVar = {"supporting": RowsField}
        labels: ClassVar = {"objective": gettext_lazy("Objective")}
        help_texts: ClassVar = {
            "lead_kind": gettext_lazy("Only while no organisation is named."),
            "gender_note": gettext_lazy("What it means for women, men, girls and boys."),
            "rights_note": gettext_lazy("Which rights it touches, and how they are kept."),
            "sustainability_note": gettext_lazy("How it goes on when the money ends."),
        }

    kind = ActionKind.STEP

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        _choose_from(
            self, "objective", self.plan.objectives.standing().order_by("position", "code")
        )
        for name in ("lead", "supporting"):
            if name in self.fields:
                field = self.fields[name]
                assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- for the type
                field.queryset = organisation_choices(self.plan)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The due date is before the start."))
        return cleaned

    def new_part(self) -> Any:
        part = super().new_part()
        part.kind = self.kind
        return part


class DutyForm(ActionForm):
    """What the owner of the plan owes to every place."""

    kind = ActionKind.DUTY

    class Meta(ActionForm.Meta):
        fields: ClassVar = [
            "objective",
            "code",
            "title",
            "lead",
            "every_months",
            "due_days",
            "ends_on",
            "position",
        ]
        help_texts: ClassVar = {
            "every_months": gettext_lazy("0 means once."),
            "due_days": gettext_lazy("Counted from the day a place carries the plan down."),
        }

    local_role = None  # type: ignore[assignment]  # -- takes the field away
    starts_on = None  # type: ignore[assignment]  # -- takes the field away


class AdaptForm(ActionForm):
    """A national action in a place's own words."""

    class Meta(ActionForm.Meta):
        fields: ClassVar = ["title", "local_role", "starts_on", "ends_on"]
        labels: ClassVar = {"title": gettext_lazy("What will you do?")}

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["local_role"].label = gettext_lazy("Who does what here")
        self.fields["local_role"].help_text = ""

    @classmethod
    def from_national(cls, national: Action, plan: Plan, data: Any) -> "AdaptForm":
        """Return the form filled with the national words, to be changed."""
        names = ("title", "local_role", "starts_on", "ends_on")
        initial = {name: getattr(national, name) for name in names}
        return cls(data, plan=plan, initial=initial)

    def values(self) -> dict[str, Any]:
        """Return what was written, for the new local action."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


class MilestoneForm(PartForm):
    due_on = DayField(label=gettext_lazy("Due"))

    class Meta:
        model = Milestone
        fields: ClassVar = ["title", "due_on", "is_critical"]
        help_texts: ClassVar = {
            "is_critical": gettext_lazy("The road map names it, and reminds of it in time."),
        }


def _choose_from(form: forms.ModelForm[Any], name: str, rows: Any) -> None:
    if name in form.fields:
        field = form.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- for the type
        field.queryset = rows
        field.empty_label = None
