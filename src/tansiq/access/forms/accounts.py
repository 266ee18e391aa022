"""The sign-in library's forms in our words."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django.utils.translation import gettext_lazy as _


class _InOurWords:
    """Gives the fields of a form our labels and help, and drops what is inside the boxes."""

    words: dict[str, tuple[Any, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, help_text) in self.words.items():
            field = self.fields[name]  # type: ignore[attr-defined]  # -- of the form beside this class
            field.label, field.help_text = label, help_text
            field.widget.attrs.pop("placeholder", None)


_LENGTH = _("At least 12 characters. Three or four words in a row are easy to remember.")
_CODE = _("Six digits from the app, or one of your recovery codes.")


class SignInForm(_InOurWords, account.LoginForm):  # type: ignore[misc]  # -- allauth has no types
    words = {"login": (_("E-mail address"), ""), "password": (_("Password"), "")}


class ForgottenForm(_InOurWords, account.ResetPasswordForm):  # type: ignore[misc]  # -- allauth has no types
    words = {"email": (_("E-mail address"), "")}


class NewPasswordForm(_InOurWords, account.ResetPasswordKeyForm):  # type: ignore[misc]  # -- allauth has no types
    words = {"password1": (_("New password"), _LENGTH), "password2": (_("Once more"), "")}


class ChangePasswordForm(_InOurWords, account.ChangePasswordForm):  # type: ignore[misc]  # -- allauth has no types
    words = {
        "oldpassword": (_("Present password"), ""),
        "password1": (_("New password"), _LENGTH),
        "password2": (_("Once more"), ""),
    }


class FirstPasswordForm(_InOurWords, account.SetPasswordForm):  # type: ignore[misc]  # -- allauth has no types
    words = {"password1": (_("New password"), _LENGTH), "password2": (_("Once more"), "")}


class ConfirmForm(_InOurWords, account.ReauthenticateForm):  # type: ignore[misc]  # -- allauth has no types
    words = {"password": (_("Password"), "")}


class CodeForm(_InOurWords, mfa.AuthenticateForm):  # type: ignore[misc]  # -- allauth has no types
    words = {"code": (_("Code"), _CODE)}


class ConfirmCodeForm(_InOurWords, mfa.ReauthenticateForm):  # type: ignore[misc]  # -- allauth has no types
    words = {"code": (_("Code"), _CODE)}


class FirstCodeForm(_InOurWords, totp.ActivateTOTPForm):  # type: ignore[misc]  # -- allauth has no types
    words = {"code": (_("Code that the app shows now"), "")}
