"""How log-in behaves here: people are invited, never self-registered."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from tansiq.access.models import Person


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # -- allauth has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class OidcAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # -- allauth has no types
    """Lets in by OpenID Connect only whom an administrator has made a member before."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        email = getattr(getattr(sociallogin, "user", None), "email", "")
        return bool(email) and Person.objects.filter(email__iexact=email).exists()
