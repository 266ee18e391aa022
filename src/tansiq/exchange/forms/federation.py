"""A platform as people introduce it, the bodies that live there, and a file somebody brings."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tansiq.access.guarding import GuardedForm
from tansiq.access.models import Organisation
from tansiq.exchange.actions.federation.peers import Terms
from tansiq.exchange.federation import keys
from tansiq.exchange.federation.errors import BundleError
from tansiq.exchange.models import ItemKind, Peer

_MARKINGS = [(one, f"TLP:{one.upper()}") for one in ("clear", "green", "amber")]


class TermsForm(GuardedForm, forms.Form):
    """What goes there, and how; names of platforms and addresses, no words about persons."""

    not_guarded = {"address": "the address of a server"}

    name = forms.CharField(
        label=gettext_lazy("Name of the platform"),
        max_length=120,
        widget=forms.TextInput({"dir": "auto"}),
    )
    address = forms.CharField(
        label=gettext_lazy("Its address"),
        max_length=300,
        required=False,
        widget=forms.TextInput({"dir": "ltr", "inputmode": "url"}),
        help_text=gettext_lazy("Empty: files are carried, or the others fetch what waits."),
    )
    is_fetched = forms.BooleanField(
        label=gettext_lazy("Fetch what waits for us there"),
        required=False,
        help_text=gettext_lazy("Where the others cannot reach us."),
    )
    markings = forms.MultipleChoiceField(
        label=gettext_lazy("Markings that may go"),
        choices=_MARKINGS,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("AMBER+STRICT and RED never leave this platform."),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Kinds that may go"),
        choices=ItemKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("None chosen: every kind."),
    )
    is_hub_wide_shared = forms.BooleanField(
        label=gettext_lazy("Also what is open to all countries of the hub"), required=False
    )
    is_sending = forms.BooleanField(label=gettext_lazy("Items go there"), required=False)
    is_taking = forms.BooleanField(label=gettext_lazy("Items come from there"), required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"].strip()
        parts = urlsplit(address)
        schemes = {"https", "http"} if settings.FEDERATION_MAY_BE_PRIVATE else {"https"}
        if address and (parts.scheme not in schemes or not parts.hostname):
            raise ValidationError(_("Write the whole address, with https:// before it."))
        return address

    def terms(self) -> Terms:
        return Terms(**{name: self.cleaned_data[name] for name in Terms.__dataclass_fields__})


class IntroduceForm(TermsForm):
    not_guarded = TermsForm.not_guarded | {"card": "a key, made by a machine"}

    card = forms.CharField(
        label=gettext_lazy("The line of the others"),
        max_length=100,
        widget=forms.TextInput({"dir": "ltr", "autocomplete": "off"}),
        help_text=gettext_lazy("It begins with tansiq1: and stands on their page."),
    )
    keeper: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        label=gettext_lazy("Kept by"),
        queryset=None,
        help_text=gettext_lazy("Whose leads answer for this connection."),
    )
    field_order = ("card", "name", "keeper", "address")

    def __init__(self, *arguments: Any, keepers: QuerySet[Organisation], **more: Any) -> None:
        super().__init__(*arguments, **more)
        field = self.fields["keeper"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = keepers

    def clean_card(self) -> str:
        try:
            return keys.read_card(self.cleaned_data["card"])
        except BundleError:
            raise ValidationError(
                _("This is no such line. Copy it whole from their page.")
            ) from None


class BodyForm(GuardedForm, forms.Form):
    organisation: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        label=gettext_lazy("Organisation that stands for it here"),
        queryset=None,
    )
    slug = forms.SlugField(
        label=gettext_lazy("Its short name there"),
        max_length=60,
        widget=forms.TextInput({"dir": "ltr"}),
        help_text=gettext_lazy("As in the address of its page there."),
    )
    country = forms.RegexField(
        r"^[a-z]{2}$",
        label=pgettext_lazy("of a body on another platform", "Its country there"),
        required=False,
        widget=forms.TextInput({"dir": "ltr", "size": 2}),
        help_text=gettext_lazy("Two letters, such as id; empty for a hub."),
    )

    def __init__(self, *arguments: Any, bodies: QuerySet[Organisation], **more: Any) -> None:
        super().__init__(*arguments, **more)
        field = self.fields["organisation"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = bodies


class BundleForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("A file with bundles"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.FEDERATION_LIMIT:
            raise ValidationError(_("This file is larger than this platform takes."))
        return file


def first_values(peer: Peer | None) -> dict[str, Any]:
    """Return what stands in the form at first; a new connection begins with its defaults."""
    if peer is None:
        return {"markings": ["clear", "green", "amber"], "is_sending": True, "is_taking": True}
    names = [*Terms.__dataclass_fields__, "revision"]
    return {name: getattr(peer, name) for name in names}
