from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Person
from tansiq.access.queries import (
    actor_for,
    is_second_factor_set,
    passer_by,
    pending_memberships,
)

Handler = Callable[[HttpRequest], HttpResponse]
_WEIGHTY = {Role.LEAD, Role.ADMINISTRATOR, Role.OVERSEER}
# What stays open to somebody who has to agree or to set up a second factor first.
_ALWAYS_OPEN = (
    "/account/",
    "/consent/",
    "/language/",
    "/theme/",
    "/about/",
    "/static/",
    "/mine/data",
    "/mine/delete/",
)


class Request(HttpRequest):
    """What views receive: a request that knows who is asking."""

    actor: Actor


def identify(get_response: Handler) -> Callable[..., HttpResponse]:
    """Make the actor once per request, and speak the person's language."""

    def middleware(request: Request) -> HttpResponse:
        request.actor = passer_by(now())
        person = request.user
        if isinstance(person, Person):
            request.actor = actor_for(person, at=now())
            if person.language:
                translation.activate(person.language)
                request.LANGUAGE_CODE = person.language
        return get_response(request)

    return middleware


def ask_first(get_response: Handler) -> Callable[..., HttpResponse]:
    """Lead a newcomer to the question of consent, and whose role needs it to a second factor."""

    def middleware(request: Request) -> HttpResponse:
        if not request.actor.is_signed_in or request.path.startswith(_ALWAYS_OPEN):
            return get_response(request)
        first = _what_comes_first(request)
        if first is None:
            return get_response(request)
        if request.path.startswith("/api/"):
            detail = _("Sign in to the pages first: they ask something of you.")
            return JsonResponse({"detail": detail}, status=403)
        if "HX-Request" in request.headers:
            return HttpResponse(headers={"HX-Redirect": first})
        return redirect(first)

    return middleware


def needs_second_factor(actor: Actor) -> bool:
    """Return whether the settings demand a second factor of this actor."""
    if settings.SECOND_FACTOR == "all":
        return actor.is_signed_in
    if settings.SECOND_FACTOR == "privileged":
        return actor.is_operator or any(role in _WEIGHTY for _pk, role in actor.roles)
    return False


def _what_comes_first(request: Request) -> str | None:
    actor = request.actor
    if actor.person_id is None:
        return None
    if not actor.roles and pending_memberships(actor.person_id).exists():
        return reverse("access:consent")
    if needs_second_factor(actor) and not is_second_factor_set(actor.person_id):
        messages.warning(request, _("Your role needs a second factor. Set it up now, please."))
        return reverse("mfa_activate_totp")
    return None
