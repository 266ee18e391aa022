"""A comment in fields that a thumb can fill, and the answer to it."""

import uuid
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy

from tansiq.access.guarding import GuardedForm
from tansiq.exchange.actions.consultations import Remark, Said
from tansiq.exchange.forms.agreements import Words
from tansiq.exchange.models import Item, Outcome, Portion

_OPEN = [
    ("open", gettext_lazy("all who were asked")),
    ("closed", gettext_lazy("only who asks")),
]


class CommentForm(GuardedForm, forms.Form):
    portion = forms.TypedChoiceField(
        label=gettext_lazy("About"), coerce=int, empty_value=None, required=False
    )
    text = Words(
        label=gettext_lazy("Your comment"),
        help_text=gettext_lazy("What should change, and why. Never a name of a person."),
        rows=4,
        most=4000,
    )
    readers = forms.ChoiceField(
        label=gettext_lazy("Who reads it"), choices=_OPEN, initial="open", widget=forms.RadioSelect
    )
    language = forms.ChoiceField(label=gettext_lazy("Written in"), choices=settings.LANGUAGES)
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *arguments: Any, item: Item, portions: list[Portion], **options: Any
    ) -> None:
        options["initial"] = {"client_key": uuid.uuid4()} | (options.get("initial") or {})
        super().__init__(*arguments, **options)
        self.portions = {one.pk: one for one in portions}
        field: Any = self.fields["portion"]
        whole = gettext_lazy("the whole draft")
        field.choices = [("", whole), *((pk, str(one)) for pk, one in self.portions.items())]
        if item.is_public:
            everybody = gettext_lazy("everybody: this consultation is public")
            readers: Any = self.fields["readers"]
            readers.choices = [("open", everybody), _OPEN[1]]
        if not portions:
            del self.fields["portion"]

    def remark(self) -> Remark:
        given = self.cleaned_data
        return Remark(
            text=given["text"],
            language=given["language"],
            portion=self.portions.get(given.get("portion") or 0),
            is_open=given["readers"] == "open",
            client_key=given["client_key"],
        )


class ResponseForm(GuardedForm, forms.Form):
    outcome = forms.ChoiceField(
        label=gettext_lazy("What you did"), choices=Outcome, widget=forms.RadioSelect
    )
    because = Words(
        label=gettext_lazy("Because"),
        help_text=gettext_lazy("Who commented reads this, and whoever reads the comment."),
        most=4000,
    )
    change_url = forms.CharField(
        label=gettext_lazy("Page of the change"),
        help_text=gettext_lazy("An address of this platform where the change can be seen."),
        max_length=500,
        required=False,
        widget=forms.TextInput({"dir": "ltr", "inputmode": "url"}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Written in"), choices=settings.LANGUAGES)

    not_guarded = {"change_url": "an address of this platform"}

    def clean_change_url(self) -> str:
        """Keep the path alone; an address of elsewhere could lead anywhere tomorrow."""
        given = str(self.cleaned_data["change_url"]).strip()
        if not given:
            return ""
        ours = {str(urlsplit(settings.ORIGIN).netloc)}
        if not url_has_allowed_host_and_scheme(given, allowed_hosts=ours):
            raise ValidationError(gettext_lazy("Only a page of this platform can stand here."))
        parts = urlsplit(given)
        if not parts.path.startswith("/"):
            raise ValidationError(gettext_lazy("Only a page of this platform can stand here."))
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def said(self) -> Said:
        given = self.cleaned_data
        return Said(
            Outcome(given["outcome"]), given["because"], given["language"], given["change_url"]
        )


class ConclusionForm(GuardedForm, forms.Form):
    conclusion = Words(
        label=gettext_lazy("What changes because of the comments"),
        help_text=gettext_lazy("Also: what does not, and why. All who were asked read this."),
        rows=8,
        most=10_000,
    )
