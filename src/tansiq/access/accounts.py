"""How log-in behaves here: people are invited, never self-registered; each sign-in is recorded."""

from typing import Any, ClassVar

from allauth.account import signals as account_signals
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa import signals as mfa_signals
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.helpers import render_authentication_error
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from tansiq.access.actor import PASSER_BY, Actor
from tansiq.access.log import record
from tansiq.access.models import Person
from tansiq.access.queries import person_with_email


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # -- allauth has no types
    error_messages: ClassVar = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed. Ask an administrator of your organisation."),
        "email_password_mismatch": _("E-mail address and password do not go together. Try again."),
        "enter_current_password": _("Type your present password."),
        "incorrect_code": _("This code is not right. Type the one that is shown now."),
        "incorrect_password": _("This password is not right. Try again."),
        "invalid_or_expired_key": _("This link is no longer valid. Ask for a new one."),
        "invalid_login": _("E-mail address and password do not go together. Try again."),
        "invalid_password_reset": _("This link is no longer valid. Ask for a new one."),
        "too_many_login_attempts": _("Too many wrong passwords. Try again in five minutes."),
        "rate_limited": _("That was too often. Wait a minute and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        # What was typed may be a password in the wrong field, or belong to a stranger: not kept.
        person = person_with_email(credentials.get("email") or "")
        record(PASSER_BY, "account.sign_in_failed", person, at=now())


class OidcAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # -- allauth has no types
    """Lets in by OpenID Connect only whom an administrator has made a member before."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        sent = sociallogin.state.get("nonce") or ""
        if not sent or not constant_time_compare(sent, getattr(sociallogin, "nonce", None) or ""):
            refusal = render_authentication_error(request, sociallogin.provider)
            raise ImmediateHttpResponse(refusal)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # -- allauth has no types
    error_messages: ClassVar = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("The second factor cannot be switched off."),
        "cannot_generate_recovery_codes": _("Set up the app for codes first."),
        "incorrect_code": _("This code is not right. Type the one that is shown now."),
    }


def _note(name: str, person: Person, **detail: object) -> None:
    record(Actor(person_id=person.pk), name, person, at=now(), detail=detail)


@receiver(account_signals.user_logged_in)
def note_sign_in(user: Person, sociallogin: object = None, **_more: object) -> None:
    _note("account.sign_in", user, by="oidc" if sociallogin else "password")


@receiver(account_signals.user_logged_out)
def note_sign_out(user: Person | None, **_more: object) -> None:
    if isinstance(user, Person):
        _note("account.sign_out", user)


@receiver(account_signals.password_changed)
@receiver(account_signals.password_set)
def note_password(user: Person, **_more: object) -> None:
    _note("account.change_password", user)


@receiver(account_signals.password_reset)
def note_reset(user: Person, **_more: object) -> None:
    _note("account.reset_password", user)


@receiver(mfa_signals.authenticator_added)
def note_factor(user: Person, authenticator: Authenticator, **_more: object) -> None:
    _note("account.add_factor", user, kind=authenticator.type)


@receiver(mfa_signals.authenticator_removed)
def note_factor_removed(user: Person, authenticator: Authenticator, **_more: object) -> None:
    _note("account.remove_factor", user, kind=authenticator.type)


@receiver(mfa_signals.authenticator_reset)
def note_new_codes(user: Person, **_more: object) -> None:
    _note("account.new_recovery_codes", user)


@receiver(mfa_signals.authentication_failed)
def note_wrong_code(user: Person, **_more: object) -> None:
    record(PASSER_BY, "account.code_failed", user, at=now())
