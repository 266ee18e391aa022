"""Who is named for a role, and how they are reached."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from tansiq.access.models import Contact, Membership, Person
from tansiq.core.guarding import GuardedForm
from tansiq.incidents.actions.posts import Reach
from tansiq.incidents.models import Post


class ReachForm(GuardedForm, forms.ModelForm):  # type: ignore[type-arg]  # -- generic only for the checker
    """How somebody is reached at any hour."""

    not_guarded = {
        "channel_note": "how somebody who agreed to be named for a role is reached",
    }

    phone = forms.RegexField(
        label=_("Telephone at any hour"),
        regex=r"^\+?[0-9٠-٩ ()/.-]{5,40}$",
        required=False,
        max_length=40,
        widget=forms.TextInput({"type": "tel", "autocomplete": "off", "dir": "ltr"}),
        help_text=_("With the country code, such as +63 912 000 0000."),
        error_messages={"invalid": _("Write a telephone number: digits, with + in front.")},
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=settings.LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    channel_note = forms.CharField(
        label=_("How else to reach them"),
        required=False,
        max_length=120,
        widget=forms.TextInput({"dir": "auto"}),
        help_text=_("Such as: radio channel 4, or the messenger the city uses."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Post
        fields = ("phone", "languages", "channel_note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["revision"] = self.instance.revision

    @property
    def reach(self) -> Reach:
        given = self.cleaned_data
        return Reach(given["phone"], tuple(given["languages"]), given["channel_note"])


class PostForm(ReachForm):
    """Whom to name: a member or a contact, both of whom agreed to be listed."""

    who = forms.ChoiceField(
        label=_("Who"),
        help_text=_("Members and contacts only: they agreed to be listed here."),
    )
    field_order = ("who", "phone", "languages", "channel_note")

    def __init__(
        self, *args: Any, people: list[Membership], contacts: list[Contact], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._people: dict[str, Person | Contact] = {
            f"person-{one.person_id}": one.person for one in people
        } | {f"contact-{one.pk}": one for one in contacts}
        choices: Any = self.fields["who"]
        choices.choices = [
            ("", ""),
            (
                pgettext("people of an organisation", "Members"),
                [
                    (f"person-{one.person_id}", f"{one.person} · {one.organisation}")
                    for one in people
                ],
            ),
            (
                pgettext("people of an organisation", "Contacts"),
                [(f"contact-{one.pk}", f"{one} · {one.organisation}") for one in contacts],
            ),
        ]

    @property
    def chosen(self) -> Person | Contact:
        return self._people[self.cleaned_data["who"]]
