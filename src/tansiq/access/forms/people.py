"""What people write about themselves, members and contacts."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tansiq.access.actor import Role
from tansiq.access.models import (
    ApiToken,
    Contact,
    Membership,
    Organisation,
    OrganisationKind,
    Person,
)
from tansiq.core.guarding import GuardedForm


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class MeForm(GuardedForm, forms.ModelForm):  # type: ignore[type-arg]  # -- generic only for the checker
    not_guarded = {
        "name": "a person's own name",
        "greeting": "how a person wants to be greeted",
    }

    class Meta:
        model = Person
        fields = ("name", "greeting", "language", "mails")
        help_texts = {
            "greeting": _("How Tansiq greets you, such as Ibu Ratna. Empty: your name."),
            "language": _("Empty: what your browser asks for."),
            "mails": _("Never words that are TLP:AMBER+STRICT or TLP:RED."),
        }


class TermForm(GuardedForm, forms.ModelForm):  # type: ignore[type-arg]  # -- generic only for the checker
    """Role, office and last day of a membership."""

    class Meta:
        model = Membership
        fields = ("role", "title", "ends_on")
        widgets = {"ends_on": DateInput()}

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        has_overseers = organisation.kind == OrganisationKind.OVERSIGHT
        self.fields["role"].choices = [  # type: ignore[attr-defined]  # -- a choice field
            (role.value, role.label) for role in Role if has_overseers or role != Role.OVERSEER
        ]


class InvitationForm(TermForm):
    not_guarded = {
        "name": "the name of who is asked to join, and to consent",
    }

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("An invitation goes there. Write the address of the person, not of an office."),
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    language = forms.ChoiceField(
        label=_("Language of the invitation"), choices=settings.LANGUAGES, required=False
    )
    field_order = ("name", "email", "language", "role", "title", "starts_on", "ends_on")

    class Meta(TermForm.Meta):
        fields = ("role", "title", "starts_on", "ends_on")  # type: ignore[assignment]  # -- one more
        widgets = {"starts_on": DateInput(), "ends_on": DateInput()}


class FirstPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. Three or four words in a row are easy to remember."),
    )
    again = forms.CharField(
        label=_("Once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.person)
        return password

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if "password" in self.cleaned_data and again != self.cleaned_data["password"]:
            raise ValidationError(_("The two are not the same. Type the password once more."))
        return again


class ContactForm(GuardedForm, forms.ModelForm):  # type: ignore[type-arg]  # -- generic only for the checker
    not_guarded = {
        "name": "a contact who consented",
        "phone": "a contact who consented",
        "consent_note": "how the contact consented, and to whom",
    }

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Contact
        fields = ("name", "function", "email", "phone", "consented_on", "consent_note")
        widgets = {"consented_on": DateInput()}
        help_texts = {"consent_note": _("Such as: by letter, on the telephone to Ms Hasan.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["revision"] = self.instance.revision


class TokenForm(forms.ModelForm):  # type: ignore[type-arg]  # -- generic only for the checker
    days = forms.TypedChoiceField(
        label=_("Works for"),
        coerce=int,
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("a year"))],
    )

    class Meta:
        model = ApiToken
        fields = ("name",)


class SureForm(forms.Form):
    """For what cannot be taken back: the word must be typed."""

    email = forms.EmailField(label=_("Type your e-mail address to confirm"))

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email.lower() != self.person.email.lower():
            raise ValidationError(_("This is not your e-mail address. Nothing was erased."))
        return email
