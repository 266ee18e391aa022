"""How a place answers the national plan."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tansiq.core.guarding import GuardedForm
from tansiq.plans.forms.fields import Sentence
from tansiq.plans.models import Relation

LINKS = [(value, label) for value, label in Relation.choices if value != Relation.NOT_APPLICABLE]


class RefusalForm(GuardedForm, forms.Form):
    reason = Sentence(
        label=_("Why does this not apply here?"),
        rows=3,
        most=1000,
        help_text=_("One or two sentences. The national level reads them."),
    )


class LinkForm(forms.Form):
    """Links a local action that answers nothing yet to a national one."""

    local_action: Any = forms.ModelChoiceField(queryset=None)
    national_action: Any = forms.ModelChoiceField(
        queryset=None, label=_("National action"), empty_label=_("Choose an action")
    )
    relation = forms.ChoiceField(label=_("Ours"), choices=LINKS, initial=Relation.SUPPORTS)

    def __init__(self, data: Any, *, own: Any, national: Any) -> None:
        super().__init__(data)
        choices: Any = self.fields
        choices["local_action"].queryset = own
        choices["national_action"].queryset = national
