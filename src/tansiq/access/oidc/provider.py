from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string

from tansiq.access.oidc.adapter import OidcAuth


class OidcProvider(OpenIDConnectProvider):  # type: ignore[misc]  # -- allauth has no types
    """Sends a nonce, trusts only verified addresses, and keeps nothing the provider tells."""

    oauth2_adapter_class = OidcAuth

    @classmethod
    def get_package(cls) -> str:
        return "tansiq.access.oidc"

    def redirect(
        self, request: HttpRequest, process: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        nonce = get_random_string(32)
        asked = kwargs.pop("auth_params", None)
        auth_params = {**(self.get_auth_params() if asked is None else asked), "nonce": nonce}
        response: HttpResponse = super().redirect(
            request, process, *args, **kwargs, auth_params=auth_params, nonce=nonce
        )
        return response

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        addresses: list[EmailAddress] = super().extract_email_addresses(data)
        claims = data.get("userinfo") or data.get("id_token") or {}
        for address in addresses:
            # Some providers write "false"; a text is never a yes.
            address.verified = claims.get("email_verified") is True
        return addresses

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}


provider_classes = [OidcProvider]
