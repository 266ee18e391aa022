from typing import Any

from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest
from jwt import PyJWTError, get_unverified_header

# Only signatures with a public key: a token "signed" with the public key as a password is refused.
_ALGORITHMS = {"RS256", "RS384", "RS512", "PS256", "ES256", "ES384"}


class OidcAuth(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # -- allauth has no types
    def complete_login(
        self, request: HttpRequest, app: Any, token: Any, **kwargs: Any
    ) -> SocialLogin:
        id_token = kwargs["response"].get("id_token")
        if not id_token:
            raise OAuth2Error("The provider sent no ID token.")
        claims = self._decode_id_token(app, id_token)
        userinfo = self._fetch_user_info(token.token)
        if userinfo.get("sub") != claims.get("sub"):
            raise OAuth2Error("ID token and user info speak of different subjects.")
        data = {"userinfo": userinfo, "id_token": claims}
        login = self.get_provider().sociallogin_from_response(request, data)
        # Compared with what we sent, in `OidcAdapter.pre_social_login`.
        login.nonce = claims.get("nonce")
        return login

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        try:
            algorithm = get_unverified_header(id_token).get("alg")
        except PyJWTError as problem:
            raise OAuth2Error("The ID token cannot be read.") from problem
        if algorithm not in _ALGORITHMS:
            raise OAuth2Error("The ID token is not signed with a public key.")
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        return claims
