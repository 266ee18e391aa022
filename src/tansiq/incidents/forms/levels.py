"""Naming another organisation to a room, leaving it, and a line for one's own eyes."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from tansiq.access.models import Organisation
from tansiq.core.guarding import GuardedForm
from tansiq.incidents.forms.support import SaidForm, Words


class NameForm(forms.Form):
    organisation = forms.TypedChoiceField(
        label=gettext_lazy("Which organisation shall take part?"), coerce=int
    )

    def __init__(
        self,
        *arguments: Any,
        above: Iterable[Organisation],
        others: Iterable[Organisation],
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        near = {one.pk: one for one in above}
        further = {one.pk: one for one in others if one.pk not in near}
        self.among = near | further
        groups = [
            (gettext_lazy("Levels above"), [(pk, str(one)) for pk, one in near.items()]),
            (
                gettext_lazy("Others in the network"),
                [(pk, str(one)) for pk, one in further.items()],
            ),
        ]
        field = self.fields["organisation"]
        field.choices = [group for group in groups if group[1]]  # type: ignore[attr-defined]  # -- a choice field

    def chosen(self) -> Organisation:
        return self.among[self.cleaned_data["organisation"]]


class LeaveForm(GuardedForm, forms.Form):
    reason = Words(label=gettext_lazy("Why do you leave?"), rows=2, most=400)


class OwnLineForm(SaidForm):
    text = Words(label=gettext_lazy("Only your organisation reads this line"), rows=2)
