"""What people write when it is over."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from tansiq.core.guarding import GuardedForm
from tansiq.core.revised import RevisedForm
from tansiq.incidents.forms.exercises import without_persons
from tansiq.incidents.models import AfterAction, Corrective, DebriefNote, Finding, Incident
from tansiq.incidents.queries.exercises import aims_in, bodies_of
from tansiq.plans.forms.fields import DayField
from tansiq.plans.models import Objective, Plan


class _Unnamed:
    """Refuses persons in each text that people write freely."""

    cleaned_data: dict[str, Any]
    free: ClassVar[tuple[str, ...]] = ()

    def clean(self) -> dict[str, Any]:
        for name in self.free:
            try:
                without_persons(self.cleaned_data.get(name) or "")
            except forms.ValidationError as problem:
                form: Any = self
                form.add_error(name, problem)
        return self.cleaned_data


class ReportForm(_Unnamed, RevisedForm):
    free = ("summary", "went_well", "to_improve")

    class Meta:
        model = AfterAction
        fields: ClassVar = ["summary", "went_well", "to_improve"]
        widgets: ClassVar = {
            name: forms.Textarea({"rows": 6}) for name in ("summary", "went_well", "to_improve")
        }


class FindingForm(_Unnamed, RevisedForm):
    free = ("text",)

    class Meta:
        model = Finding
        fields: ClassVar = ["kind", "text", "aim"]
        widgets: ClassVar = {"text": forms.Textarea({"rows": 3})}

    def __init__(self, *arguments: Any, incident: Incident, **options: Any) -> None:
        super().__init__(*arguments, **options)
        choice: Any = self.fields["aim"]
        choice.queryset = aims_in(incident)
        if not incident.is_exercise:
            del self.fields["aim"]


class CorrectiveForm(_Unnamed, RevisedForm):
    free = ("text",)
    due_on = DayField(label=gettext_lazy("Due"))
    done_on = DayField(label=gettext_lazy("Done on"), required=False)

    class Meta:
        model = Corrective
        fields: ClassVar = ["text", "lead", "due_on", "done_on"]
        widgets: ClassVar = {"text": forms.Textarea({"rows": 2})}

    def __init__(self, *arguments: Any, incident: Incident, **options: Any) -> None:
        super().__init__(*arguments, **options)
        choice: Any = self.fields["lead"]
        choice.queryset = bodies_of(incident)


class DebriefForm(_Unnamed, GuardedForm, forms.ModelForm):  # type: ignore[type-arg]  # -- a form of one model
    free = ("text",)
    heard_on = DayField(label=gettext_lazy("On"))

    class Meta:
        model = DebriefNote
        fields: ClassVar = ["group", "heard_on", "people", "theme", "text"]
        widgets: ClassVar = {"text": forms.Textarea({"rows": 4, "dir": "auto"})}


class CarryForm(forms.Form):
    """Where something that is to be done goes: an objective of our plan, or a national plan."""

    to = forms.ChoiceField(label=gettext_lazy("Under which objective, of which plan"))

    def __init__(
        self,
        *arguments: Any,
        objectives: Iterable[Objective],
        national: Iterable[Plan],
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        self.objectives = {f"o{one.pk}": one for one in objectives}
        self.national = {f"p{one.pk}": one for one in national}
        choices: Any = self.fields["to"]
        ours = [
            (key, f"{one.plan}: {one.code} {one.title}") for key, one in self.objectives.items()
        ]
        theirs = [(key, str(one)) for key, one in self.national.items()]
        choices.choices = [
            *([(gettext_lazy("Actions of our plans"), ours)] if ours else []),
            *([(gettext_lazy("Propose it for a national plan"), theirs)] if theirs else []),
        ]
