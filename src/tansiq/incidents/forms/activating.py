"""What is asked in the first minute."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tansiq.access.models import Marking, Organisation, Place
from tansiq.access.zones import zone, zone_of
from tansiq.core.guarding import GuardedForm
from tansiq.incidents.actions.opening import Opening
from tansiq.incidents.models import Level, PlaybookVersion, Trigger
from tansiq.incidents.playbook.document import QuestionSpec
from tansiq.incidents.queries.activating import rows_among

# What happened elsewhere, or is no attack, has no scene here with hazards and ways in.
WITH_SCENE = (Trigger.ATTACK_IN_CITY, Trigger.HOAX_OR_THREAT, Trigger.EXERCISE)
_METHANE = ("hazards", "access", "casualties", "services")
_MINUTE = "%Y-%m-%dT%H:%M"
_MARKINGS = (Marking.AMBER, Marking.AMBER_STRICT, Marking.GREEN)


@dataclass(frozen=True)
class Choices:
    """What the person may choose among."""

    places: Any
    playbooks: list[PlaybookVersion]
    bodies: list[Organisation]


def _line(label: Any, *, most: int, help_text: Any = "") -> forms.CharField:
    widget = forms.TextInput({"dir": "auto", "autocomplete": "off"})
    return forms.CharField(
        label=label, max_length=most, required=False, widget=widget, help_text=help_text
    )


class ActivationForm(GuardedForm, forms.Form):
    takes_at_once = "a network is called for; it must not wait for a question"
    not_guarded = {
        "exact_location": "where it happened: who goes there must find it",
    }

    trigger = forms.ChoiceField(
        label=_("What is it?"), choices=Trigger.choices, widget=forms.RadioSelect
    )
    # Nothing is chosen beforehand: this is the one answer nobody may give by accident.
    is_exercise = forms.TypedChoiceField(
        label=_("Is it real?"),
        choices=[
            ("no", _("Real: it is happening")),
            ("yes", _("EXERCISE: nothing leaves the platform")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    place: Any = forms.ModelChoiceField(label=_("Where?"), queryset=None, empty_label=None)
    exact_location = _line(
        _("Exact location"),
        most=200,
        help_text=_("Such as: north gate of the market. For something elsewhere: which city."),
    )
    title = _line(
        _("What happened, in a few words"),
        most=120,
        help_text=_("Without names of persons or groups. Empty: the kind and the place."),
    )
    began_at = forms.CharField(
        label=_("When did it begin?"),
        widget=forms.DateTimeInput({"type": "datetime-local"}),
        help_text=_("By the clock of the place."),
    )
    level = forms.ChoiceField(
        label=_("How far do you activate?"), choices=Level.choices, widget=forms.RadioSelect
    )
    hazards = _line(_("Hazards"), most=400)
    access = _line(_("Access and routes"), most=400)
    casualties = _line(
        _("Number of casualties"),
        most=200,
        help_text=_("Numbers only, with their source; never a name."),
    )
    services = _line(_("Emergency services on site"), most=400)
    taking_part: Any = forms.ModelMultipleChoiceField(
        label=_("Who else sees the room and works in it?"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    marking = forms.ChoiceField(
        label=_("Marking"),
        choices=[(one.value, one.label) for one in _MARKINGS],
        widget=forms.RadioSelect,
    )
    playbook: Any = forms.ModelChoiceField(label=_("Playbook"), queryset=None, empty_label=None)
    client_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: Choices, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["place"].queryset = choices.places
        fields["taking_part"].queryset = rows_among(Organisation, choices.bodies)
        fields["playbook"].queryset = rows_among(PlaybookVersion, choices.playbooks)
        fields["playbook"].label_from_instance = lambda version: str(version.playbook)
        if len(choices.playbooks) == 1:
            fields["playbook"].widget = forms.HiddenInput()
        first = choices.playbooks[0]
        self.questions = first.document.questions
        for question in self.questions:
            fields[f"q_{question.key}"] = _question(question)
        place = choices.places.first()
        self.initial = {
            "place": place,
            "level": Level.FULL,
            "marking": Marking.AMBER,
            "taking_part": choices.bodies,
            "playbook": first,
            "client_key": uuid.uuid4(),
            "began_at": at.astimezone(zone(zone_of(place))).strftime(_MINUTE) if place else "",
        } | dict(self.initial)

    @property
    def question_fields(self) -> list[forms.BoundField]:
        return [self[f"q_{question.key}"] for question in self.questions]

    @property
    def methane_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in _METHANE]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("trigger") == Trigger.EXERCISE and given.get("is_exercise") is False:
            self.add_error("is_exercise", gettext("An exercise of the playbook is never real."))
        place = given.get("place")
        if place is not None and "began_at" in given:
            given["began_at"] = self._moment(given["began_at"], place)
        if given.get("trigger") not in WITH_SCENE:
            given |= dict.fromkeys(_METHANE, "")
        return given

    def _moment(self, text: str, place: Place) -> datetime | None:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = None
        if moment is None or not 2000 <= moment.year < 2200:  # noqa: PLR2004 -- years of this century
            self.add_error("began_at", ValidationError(gettext("Write a date and a time.")))
            return None
        return moment.replace(tzinfo=zone(zone_of(place)))

    def opening(self, organisation: Organisation, language: str) -> Opening:
        """Return what the action needs."""
        given = self.cleaned_data
        trigger = Trigger(given["trigger"])
        title = given["title"] or f"{trigger.label}, {given['place']}"
        known = {name: given[name] for name in ("exact_location", *_METHANE) if given[name]}
        return Opening(
            owner=organisation,
            place=given["place"],
            title=title[:120],
            language=language,
            trigger=trigger,
            playbook=given["playbook"],
            level=Level(given["level"]),
            is_exercise=given["is_exercise"],
            began_at=given["began_at"],
            marking=Marking(given["marking"]),
            taking_part=tuple(given["taking_part"]),
            known=known,
            answers=self.answers,
        )

    @property
    def answers(self) -> dict[str, bool]:
        """Return what was answered with yes or no; "not known" is no answer."""
        given = {one.key: self.cleaned_data.get(f"q_{one.key}") for one in self.questions}
        return {key: answer == "yes" for key, answer in given.items() if answer in {"yes", "no"}}


def _question(question: QuestionSpec) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=str(question.title),
        required=False,
        choices=[
            ("yes", pgettext_lazy("answer to a question", "yes")),
            ("no", pgettext_lazy("answer to a question", "no")),
            ("", pgettext_lazy("answer to a question", "not known yet")),
        ],
        widget=forms.RadioSelect,
    )
