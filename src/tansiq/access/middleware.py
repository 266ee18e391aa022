from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.timezone import now

from tansiq.access.actor import PASSER_BY, Actor
from tansiq.access.models import Person
from tansiq.access.queries import actor_for


class Request(HttpRequest):
    """What views receive: a request that knows who is asking."""

    actor: Actor


def identify(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Make the actor once per request, and speak the person's language."""

    def middleware(request: Request) -> HttpResponse:
        request.actor = PASSER_BY
        person = request.user
        if isinstance(person, Person):
            request.actor = actor_for(person, at=now())
            if person.language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
                translation.activate(person.language)
                request.LANGUAGE_CODE = person.language
        return get_response(request)

    return middleware
