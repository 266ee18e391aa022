"""Parts of the next version: the same forms, but what is written goes into the draft."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.core.guarding import GuardedForm
from tansiq.core.revised import RevisedForm
from tansiq.plans.forms import parts
from tansiq.plans.forms.fields import DayField, Sentence
from tansiq.plans.forms.indicators import IndicatorForm
from tansiq.plans.forms.plans import PlanForm
from tansiq.plans.models import ActionKind, Plan
from tansiq.plans.queries.versions.content import BY_NAME, PLAN, Content, Part, as_kept, values_of

# How the address calls the parts, and how the content does.
KINDS = {
    "plan": "plan",
    "pillar": "pillars",
    "objective": "objectives",
    "action": "actions",
    "duty": "actions",
    "milestone": "milestones",
    "indicator": "indicators",
}


class DraftForm(RevisedForm):
    """What the forms of a draft have in common; stands before the form of the part."""

    def __init__(
        self,
        *arguments: Any,
        slug: str,
        plan: Plan,
        content: Content,
        part: Part,
        saved: int,
        **options: Any,
    ) -> None:
        self.kept_as = BY_NAME[KINDS[slug]]
        self.slug, self.content, self.before = slug, content, part
        row = self._row(plan, part)
        row.revision = saved
        initial = {
            name: [one["id"] for one in part[name]] for name in ("supporting",) if name in part
        }
        super().__init__(*arguments, instance=row, initial=initial, **self._more(plan), **options)
        self.initial["revision"] = saved
        self._choose_above()

    def _more(self, plan: Plan) -> dict[str, Any]:
        return {"plan": plan}

    def _row(self, plan: Plan, part: Part) -> Any:
        """Return a row as the draft has it, never to be saved."""
        row: Any = self.kept_as.model()
        if self.kept_as.plan_path == "plan" and self.kept_as is not PLAN:
            row.plan = plan
        for name in self.kept_as.fields:
            if name in part:
                _put(row, name, part[name])
        key = part.get("key", "")
        row.pk = int(key) if key.isdecimal() else None
        return row

    def _choose_above(self) -> None:
        """Offer the parts of the draft to stand below, also those that have no row yet."""
        if self.fields.pop(self.kept_as.above, None) is None:
            return
        rows = [
            (part["key"], f"{part['code']} {part['title']}")
            for part in self.content[self.kept_as.above_kind]
        ]
        is_free = self.slug == "indicator"
        blank = [("", _("none, it stands for the whole plan"))] if is_free else []
        words = {"pillar": _("Pillar"), "objective": _("Objective")}
        self.fields["under"] = forms.ChoiceField(
            label=words[self.kept_as.above],
            choices=[*blank, *rows],
            required=not is_free,
            initial=self.before.get(self.kept_as.above, ""),
        )
        self.fields["under"].show_hidden_initial = bool(self.instance.pk)
        self.order_fields(["under"])

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        others = (
            one for one in self.content[self.kept_as.name] if one["key"] != self.before["key"]
        )
        if any(one["code"] == code for one in others):
            raise ValidationError(_("Another part of this plan has this code. Choose another."))
        return code

    def part(self) -> Part:
        """Return the part as it was written."""
        written = dict(self.before)
        for name in self.kept_as.fields:
            if name in self.cleaned_data:
                value = self.cleaned_data[name]
                is_list = self.kept_as.model._meta.get_field(name).many_to_many
                written[name] = as_kept(list(value) if is_list else value)
        if "under" in self.cleaned_data:
            written[self.kept_as.above] = self.cleaned_data["under"]
        return written


def _put(row: Any, name: str, kept: Any) -> None:
    field = row._meta.get_field(name)
    if field.many_to_many:
        return
    if field.is_relation:
        setattr(row, field.attname, kept["id"] if kept else None)
    elif field.get_internal_type() == "DateField":
        setattr(row, name, date.fromisoformat(kept) if kept else None)
    else:
        setattr(row, name, kept)


class DraftPlan(DraftForm, PlanForm):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name in set(self.fields) - {*PLAN.fields, "revision"}:
            del self.fields[name]
        for field in self.fields.values():
            field.disabled = False

    def _more(self, plan: Plan) -> dict[str, Any]:
        return {}


class DraftPillar(DraftForm, parts.PillarForm):
    pass


class DraftObjective(DraftForm, parts.ObjectiveForm):
    pass


class DraftAction(DraftForm, parts.ActionForm):
    pass


class DraftDuty(DraftForm, parts.DutyForm):
    pass


class DraftMilestone(DraftForm, parts.MilestoneForm):
    pass


class DraftIndicator(DraftForm, IndicatorForm):
    pass


FORMS: dict[str, Any] = {
    "plan": DraftPlan,
    "pillar": DraftPillar,
    "objective": DraftObjective,
    "action": DraftAction,
    "duty": DraftDuty,
    "milestone": DraftMilestone,
    "indicator": DraftIndicator,
}


def empty_part(slug: str, above: str) -> Part:
    """Return a part that is to be added below another."""
    kind = BY_NAME[KINDS[slug]]
    part = {"key": ""} | values_of(kind, kind.model())
    if slug == "duty":
        part["kind"] = ActionKind.DUTY.value
    if kind.above:
        part[kind.above] = above
    return part


class ReasonForm(GuardedForm, forms.Form):
    """Why the plan is changed; places read it first."""

    reason = Sentence(
        label=gettext_lazy("Why is the plan changed?"),
        help_text=gettext_lazy("Two or three plain sentences. Every place reads them first."),
        rows=3,
        most=2000,
    )


class ReasonAgainForm(ReasonForm):
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class InForceForm(GuardedForm, forms.Form):
    """The legal instrument by which the amendment comes into force, and since when."""

    legal_instrument = forms.CharField(
        label=gettext_lazy("Legal instrument"),
        max_length=250,
        help_text=gettext_lazy("The regulation, resolution or decree that changes the plan."),
        widget=forms.TextInput({"dir": "auto"}),
    )
    on = DayField(label=gettext_lazy("In force since"))

    def __init__(self, *arguments: Any, today: date, earliest: date | None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.today, self.earliest = today, earliest

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > self.today:
            raise ValidationError(
                _("This day has not come yet. Put the amendment into force on its day.")
            )
        if self.earliest is not None and day < self.earliest:
            raise ValidationError(_("The version before came into force after this day."))
        return day
