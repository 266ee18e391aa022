"""How a person, and how an office, hears of items."""

import re
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.exchange.models import MailRhythm, Route, RouteChannel

_PHONE = re.compile(r"\+?\d[\d ()./-]{4,28}\d")


class RhythmForm(forms.Form):
    rhythm = forms.ChoiceField(
        label=gettext_lazy("Mails about the exchange"),
        choices=MailRhythm,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Early warnings always come at once."),
    )


class RouteForm(forms.ModelForm[Route]):
    class Meta:
        model = Route
        fields = ("channel", "address", "language", "only_warnings", "is_paused")
        widgets: ClassVar[dict[str, Any]] = {"address": forms.TextInput({"dir": "ltr"})}
        help_texts: ClassVar[dict[str, Any]] = {
            "address": gettext_lazy(
                "Of an office, never of a person at home: a mailbox, a duty telephone with its "
                "country code, or an https address that takes JSON."
            ),
        }

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        channel, address = values.get("channel"), values.get("address", "").strip()
        if channel and address and (problem := _problem_of(channel, address)):
            self.add_error("address", problem)
        return values | {"address": address}


def _problem_of(channel: str, address: str) -> str:
    if channel == RouteChannel.EMAIL:
        try:
            validate_email(address)
        except ValidationError:
            return _("Write an e-mail address, such as office@example.org.")
    if channel == RouteChannel.SMS and not _PHONE.fullmatch(address):
        return _("Write a telephone number: digits, with + in front.")
    if channel == RouteChannel.WEBHOOK and not _is_https(address):
        return _("Write an address that begins with https:// and names a host.")
    return ""


def _is_https(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and parts.username is None
