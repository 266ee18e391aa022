from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from tansiq.access.oidc.adapter import OidcAuth


@login_not_required  # type: ignore[untyped-decorator]  # -- allauth has no types
def start(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _answer(OAuth2LoginView, request, provider_id)


@login_not_required  # type: ignore[untyped-decorator]  # -- allauth has no types
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _answer(OAuth2CallbackView, request, provider_id)


def _answer(view: type, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        adapted = view.adapter_view(OidcAuth(request, provider_id))  # type: ignore[attr-defined]  # -- allauth has no types
        response: HttpResponse = adapted(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return response


urlpatterns = [
    path("oidc/<slug:provider_id>/login/", start, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", come_back, name="openid_connect_callback"),
]
