from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from tansiq.access.actions.people import edit_self
from tansiq.access.gate import fetch, open_to_all
from tansiq.access.middleware import Request
from tansiq.access.models import Person

YEAR = 365 * 24 * 3600


@open_to_all("everybody chooses their language; a member's choice is their own")
@require_POST
def set_language(request: Request) -> HttpResponse:
    response = _back(request)
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return response
    if request.actor.is_signed_in:
        person = fetch(request.actor, "people.edit_self", Person, pk=request.actor.person_id)
        edit_self(person, {"language": language}, by=request.actor, at=now())
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


@open_to_all("light or dark is kept in the reader's own browser")
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    response = _back(request)
    theme = request.POST.get("theme", "")
    if theme in {"light", "dark"}:
        response.set_cookie(
            "theme", theme, max_age=YEAR, secure=request.is_secure(), samesite="Lax"
        )
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


def _back(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(wanted if is_ours else "/")
