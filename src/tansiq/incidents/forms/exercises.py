"""What people type to prepare and run an exercise."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tansiq.access.models import Organisation, Person
from tansiq.core.fields import RowsField
from tansiq.core.guarding import GuardedForm
from tansiq.core.revised import RevisedForm
from tansiq.incidents.models import Aim, Incident, Inject, Observation, Team
from tansiq.incidents.models.incidents import FASTEST
from tansiq.incidents.queries.exercises import aims_in, bodies_of, teams_in
from tansiq.incidents.wording import task_title
from tansiq.plans.no_persons import problems_of

_MINUTE = "%Y-%m-%dT%H:%M"
SPEEDS = (1, 5, 20, 60)


class MomentField(forms.DateTimeField):
    """A moment on the room's clock, chosen in the browser's own calendar."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateTimeInput({"type": "datetime-local"}, _MINUTE))
        options.setdefault("input_formats", [_MINUTE, f"{_MINUTE}:%S"])
        super().__init__(**options)


class ClockForm(forms.Form):
    """One button of the clock: a speed (0 stops it), or a moment to go to."""

    speed = forms.IntegerField(required=False, min_value=0, max_value=FASTEST)
    minutes = forms.IntegerField(required=False, min_value=1, max_value=60 * 24 * 60)
    to = MomentField(required=False, label=gettext_lazy("Set the clock ahead to"))
    client_key = forms.UUIDField(required=False, widget=forms.HiddenInput)


class _InRoomForm(RevisedForm):
    def __init__(self, *arguments: Any, incident: Incident, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.incident = incident
        if "tasks" in self.fields:
            self.fields["tasks"] = _tasks_field(incident)
            self.initial["tasks"] = self.instance.tasks


def _tasks_field(incident: Incident) -> forms.MultipleChoiceField:
    document = incident.playbook.document
    rows = incident.task_set.exclude(key="").order_by("phase", "key").values_list("key", flat=True)
    return forms.MultipleChoiceField(
        label=gettext_lazy("Tasks that show it"),
        choices=[
            (key, f"{key} {task_title(document, key, incident.language)}")
            for key in dict.fromkeys(rows)
        ],
        required=False,
        widget=forms.SelectMultiple({"size": 6}),
    )


class AimForm(_InRoomForm):
    class Meta:
        model = Aim
        fields: ClassVar = ["text", "seen_by", "tasks"]


class InjectForm(_InRoomForm):
    planned_at = MomentField(label=gettext_lazy("When, on the clock of the exercise"))

    class Meta:
        model = Inject
        fields: ClassVar = [
            "title",
            "text",
            "expected",
            "planned_at",
            "is_automatic",
            "look",
            "team",
            "tasks",
            "within",
        ]
        widgets: ClassVar = {
            "text": forms.Textarea({"rows": 4}),
            "expected": forms.Textarea({"rows": 3}),
        }

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        choice: Any = self.fields["team"]
        choice.queryset = teams_in(self.incident)
        choice.empty_label = pgettext_lazy("injects of an exercise", "everybody in the room")
        if self.instance.key:
            for name in ("title", "text", "expected"):
                del self.fields[name]
        else:
            self.fields["title"].required = True

    def clean_title(self) -> str:
        return without_persons(self.cleaned_data["title"])

    def clean_text(self) -> str:
        return without_persons(self.cleaned_data["text"])


class TeamForm(RevisedForm):
    organisations: Any = RowsField(
        queryset=None,
        label=gettext_lazy("Whole organisations"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    people: Any = RowsField(
        queryset=None,
        label=gettext_lazy("People"),
        help_text=gettext_lazy("Members of the organisations that take part."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Team
        fields: ClassVar = ["name", "language", "organisations", "people"]

    def __init__(
        self, *arguments: Any, incident: Incident, players: QuerySet[Person], **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        offered: Any = self.fields["organisations"]
        offered.queryset = bodies_of(incident)
        choice: Any = self.fields["people"]
        choice.queryset = players

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("organisations") and not cleaned.get("people") and not self.errors:
            raise ValidationError(_("Choose at least one organisation or person."))
        return cleaned


class FacilitatorsForm(forms.Form):
    people: Any = RowsField(
        queryset=None,
        label=gettext_lazy("Who runs the exercise"),
        help_text=gettext_lazy("They see what is to come, and do not play."),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *arguments: Any, players: QuerySet[Person], **options: Any) -> None:
        super().__init__(*arguments, **options)
        choice: Any = self.fields["people"]
        choice.queryset = players


class ObservationForm(GuardedForm, forms.ModelForm):  # type: ignore[type-arg]  # -- a form of one model
    client_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Observation
        fields: ClassVar = ["aim", "rating", "note", "client_key"]
        widgets: ClassVar = {"note": forms.Textarea({"rows": 3, "dir": "auto"})}

    def __init__(self, *arguments: Any, incident: Incident, **options: Any) -> None:
        super().__init__(*arguments, **options)
        choice: Any = self.fields["aim"]
        choice.queryset = aims_in(incident)

    def clean_note(self) -> str:
        return without_persons(self.cleaned_data["note"])


class SetUpForm(forms.Form):
    story = forms.CharField(required=False, max_length=40)


class PractiseForm(forms.Form):
    """Which exercise, of which organisation; one tap when somebody coordinates only one."""

    owner = forms.TypedChoiceField(label=gettext_lazy("For which organisation"), coerce=int)
    story = forms.CharField(max_length=40)
    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False)

    def __init__(self, *arguments: Any, bodies: Iterable[Organisation], **options: Any) -> None:
        super().__init__(*arguments, **options)
        choice: Any = self.fields["owner"]
        choice.choices = [(one.pk, str(one)) for one in bodies]


def without_persons(text: str) -> str:
    for problem in problems_of(text, speaks_of_risk=False):
        raise ValidationError(problem)
    return text
