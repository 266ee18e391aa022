"""What is written about bodies that take part."""

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from tansiq.access.actor import Actor
from tansiq.access.models import Organisation, OrganisationKind
from tansiq.access.queries import lead_of
from tansiq.access.rules import SET_UP_BY_OPERATORS
from tansiq.core.guarding import GuardedForm


class OrganisationForm(GuardedForm, forms.ModelForm):  # type: ignore[type-arg]  # -- generic only for the checker
    not_guarded = {
        "name": "the name of a body, many of which carry somebody's",
        "phone": "the telephone of an office",
    }

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Organisation
        fields = (
            "name",
            "kind",
            "parent",
            "is_lead_of_place",
            "email",
            "phone",
            "is_active",
        )
        labels = {"parent": _("stands under")}
        help_texts = {
            "parent": _("May be handed on what that organisation received under TLP:AMBER."),
            "is_lead_of_place": _("Adopts plans, reports and is owed answers. One per place."),
        }

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = self.instance.country_code
        parents = Organisation.objects.visible_to(actor).filter(country_code=country)
        field: Any = self.fields["parent"]
        field.queryset = parents.exclude(pk=self.instance.pk).order_by("name", "pk")
        self.initial["revision"] = self.instance.revision
        if not actor.is_operator:
            kinds: Any = self.fields["kind"]
            kinds.choices = [
                (kind.value, kind.label)
                for kind in OrganisationKind
                if kind not in SET_UP_BY_OPERATORS or kind == self.instance.kind
            ]

    def clean_is_lead_of_place(self) -> bool:
        leads: bool = self.cleaned_data["is_lead_of_place"]
        place = self.instance.place
        if leads and place is None:
            raise forms.ValidationError(_("Only an organisation of a place can lead it."))
        other = lead_of(place) if leads and place else None
        if other is not None and other.pk != self.instance.pk:
            raise forms.ValidationError(
                _("%(organisation)s leads this place. Change that first.") % {"organisation": other}
            )
        return leads

    def clean_parent(self) -> Organisation | None:
        parent: Organisation | None = self.cleaned_data["parent"]
        above = parent
        while above is not None:
            if above.pk == self.instance.pk:
                raise forms.ValidationError(_("This organisation stands above itself then."))
            above = above.parent
        return parent


class NewOrganisationForm(OrganisationForm):
    slug = forms.SlugField(
        label=_("Short name for addresses"),
        max_length=60,
        required=False,
        help_text=_("Empty: made from the name."),
    )

    class Meta(OrganisationForm.Meta):
        fields = (*OrganisationForm.Meta.fields, "slug")  # type: ignore[assignment]  # -- one more

    def clean_slug(self) -> str:
        given: str = self.cleaned_data["slug"]
        return given or slugify(self.cleaned_data.get("name", ""))[:60]
