"""A proposal as a place writes it, and the answer it gets."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.models import Marking, Organisation
from tansiq.core.guarding import GuardedForm
from tansiq.core.revised import RevisedForm
from tansiq.plans.forms.fields import Sentence
from tansiq.plans.models import Proposal, ProposalStatus, Subject

_MARKINGS = [
    (Marking.GREEN, gettext_lazy("every member of the network, so that others can support it")),
    (Marking.AMBER, gettext_lazy("us and the national body, and those they add")),
    (Marking.AMBER_STRICT, gettext_lazy("us and the national body only")),
]


class ProposalForm(RevisedForm):
    owner = forms.TypedChoiceField(label=gettext_lazy("For which place"), coerce=int)
    why = Sentence(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy(
            "What happens with the plan as it is, and what would be better. No names of persons."
        ),
        rows=4,
        most=5000,
    )
    rests_on = Sentence(
        label=gettext_lazy("The experience or evidence"),
        help_text=gettext_lazy("Where it can be read or asked about."),
        rows=3,
        most=5000,
        required=False,
    )
    marking = forms.ChoiceField(
        label=gettext_lazy("Who may read it"), choices=_MARKINGS, initial=Marking.GREEN
    )

    field_order = [
        "owner",
        "subject",
        "objective",
        "action",
        "title",
        "why",
        "basis",
        "rests_on",
        "language",
        "marking",
    ]

    class Meta:
        model = Proposal
        fields: ClassVar = [
            "subject",
            "objective",
            "action",
            "title",
            "why",
            "basis",
            "rests_on",
            "language",
            "marking",
        ]
        help_texts: ClassVar = {"title": gettext_lazy("One plain sentence.")}
        widgets: ClassVar = {"title": forms.TextInput({"dir": "auto"})}

    def __init__(
        self,
        *arguments: Any,
        bodies: Iterable[Organisation],
        objectives: Iterable[Any],
        actions: Iterable[Any],
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        self.bodies = {one.pk: one for one in bodies}
        if self.instance.pk:
            del self.fields["owner"]
        else:
            places = [(one.pk, str(one.place)) for one in self.bodies.values()]
            self.fields["owner"].choices = places  # type: ignore[attr-defined]  # -- a choice field
        self._offer("objective", objectives)
        self._offer("action", actions)

    def _offer(self, name: str, parts: Iterable[Any]) -> None:
        """Offer the parts in the reader's language."""
        field = self.fields[name]
        parts = list(parts)
        field.queryset = field.queryset.filter(pk__in=[one.pk for one in parts])  # type: ignore[attr-defined]  # -- a choice of rows
        rows = [(one.pk, f"{one.code} {one.shown['title']}") for one in parts]
        field.choices = [("", _("none")), *rows]  # type: ignore[attr-defined]  # -- a choice of rows
        field.required = False

    def clean(self) -> dict[str, Any]:
        """Keep only the part that the subject speaks of, and ask for it where it is missing."""
        cleaned = super().clean() or self.cleaned_data
        subject = cleaned.get("subject")
        if subject == Subject.ACTION and not cleaned.get("action") and "action" in cleaned:
            self.add_error("action", _("Choose the action that should change."))
        if subject == Subject.OBJECTIVE and not cleaned.get("objective") and "objective" in cleaned:
            self.add_error("objective", _("Choose the objective that should change."))
        if subject == Subject.ACTION:
            cleaned["objective"] = None
        elif subject in {Subject.OBJECTIVE, Subject.MISSING}:
            cleaned["action"] = None
        elif subject == Subject.PLAN:
            cleaned["objective"] = cleaned["action"] = None
        return cleaned

    def changes(self) -> dict[str, Any]:
        found = super().changes()
        if "subject" in self.changed_data:
            found |= {name: self.cleaned_data.get(name) for name in ("objective", "action")}
        return found

    @property
    def body(self) -> Organisation:
        return self.bodies[self.cleaned_data["owner"]]


class AnswerForm(GuardedForm, forms.Form):
    status = forms.ChoiceField(
        label=gettext_lazy("Your decision"),
        choices=[
            (ProposalStatus.ACCEPTED, gettext_lazy("accepted")),
            (ProposalStatus.PARTLY, gettext_lazy("accepted in part")),
            (ProposalStatus.DECLINED, gettext_lazy("declined")),
        ],
        widget=forms.RadioSelect,
    )
    answer = Sentence(
        label=gettext_lazy("Answer and reason"),
        help_text=gettext_lazy("What follows, or why not. The place and its supporters read it."),
        rows=4,
        most=5000,
    )


class MergeForm(forms.Form):
    proposals = forms.TypedMultipleChoiceField(
        coerce=int, widget=forms.CheckboxSelectMultiple, label=gettext_lazy("Answer together with")
    )

    def __init__(self, *arguments: Any, similar: Iterable[Any], **options: Any) -> None:
        super().__init__(*arguments, **options)
        rows = [(one.pk, f"{one.place}: {one.shown['title']}") for one in similar]
        self.fields["proposals"].choices = rows  # type: ignore[attr-defined]  # -- a choice field


class LinkForm(forms.Form):
    """The part of the draft that a proposal changed, as "actions/12"."""

    part = forms.ChoiceField(label=gettext_lazy("What it changed in the next version"))

    def __init__(self, *arguments: Any, parts: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["part"].choices = list(parts)  # type: ignore[attr-defined]  # -- a choice field

    def chosen(self) -> tuple[str, str]:
        kind, _slash, key = str(self.cleaned_data["part"]).partition("/")
        return kind, key
