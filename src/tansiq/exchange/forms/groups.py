"""A sharing group: its name, and who belongs to it."""

from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor
from tansiq.access.guarding import GuardedForm
from tansiq.access.models import Organisation
from tansiq.core.fields import RowsField
from tansiq.exchange.actions.groups import GroupWords
from tansiq.exchange.keys import keys_in
from tansiq.exchange.queries.audience import found_organisations


class GroupForm(GuardedForm, forms.Form):
    """With the button "Find" nothing is checked: the page comes again with finds."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=120, widget=forms.TextInput({"dir": "auto"})
    )
    purpose = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"dir": "auto"}),
    )
    is_network = forms.BooleanField(
        label=gettext_lazy("This is a network"),
        help_text=gettext_lazy("It exists outside of Tansiq too, such as a network of cities."),
        required=False,
    )
    members: Any = RowsField(
        label=gettext_lazy("Members"),
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Find at least one organisation and tick it.")},
    )
    find = forms.CharField(label=gettext_lazy("Find by name"), required=False, max_length=40)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actor: Actor, owner: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_looking = self.is_bound and self.data.get("then") == "find"
        self.found = str(self.data.get("find", "") if self.is_bound else "").strip()[:40]
        members: Any = self.fields["members"]
        known = Organisation.objects.visible_to(actor).filter(is_active=True).exclude(pk=owner.pk)
        members.queryset = known
        chosen = known.filter(pk__in=self._chosen())
        found = found_organisations(actor, self.found, besides=owner.pk)
        choices = [(one.pk, str(one)) for one in {*chosen, *found}]
        members.choices = sorted(choices, key=lambda pair: pair[1])

    def _chosen(self) -> list[int]:
        if not self.is_bound:
            return [int(pk) for pk in self.initial.get("members", [])]
        given = self.data.getlist("members") if hasattr(self.data, "getlist") else []
        return keys_in(given)

    def full_clean(self) -> None:
        if self.is_looking:
            self._errors, self.cleaned_data = ErrorDict(), {}
            return
        super().full_clean()

    def is_valid(self) -> bool:
        return not self.is_looking and super().is_valid()

    def words(self) -> GroupWords:
        given = self.cleaned_data
        return GroupWords(given["name"], given["members"], given["is_network"], given["purpose"])
