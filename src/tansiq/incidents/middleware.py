"""What pages of a room share: the clock of its place, the word EXERCISE, answers to a queue."""

import re
from collections.abc import Callable
from urllib.parse import quote

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import timezone

from tansiq.access.zones import zone
from tansiq.incidents.models import Incident

_ROOM = re.compile(r"/incidents/(\d{1,18})/")


class RoomRequest(HttpRequest):
    is_exercise: bool


def in_room(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[RoomRequest], HttpResponse]:
    """Set the time zone of the room, and whether it is an exercise, for pages under its address.

    Not left to each view: a page of an exercise that forgets to say so looks like the real thing.
    """

    def answer(request: RoomRequest) -> HttpResponse:
        found = _ROOM.match(request.path)
        if found is None:
            return get_response(request)
        room = Incident.objects.filter(pk=int(found[1]))
        known = room.values_list("time_zone", "is_exercise").first() or ("UTC", False)
        request.is_exercise = known[1]
        with timezone.override(zone(known[0])):
            return get_response(request)

    return answer


def queued(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer what a device's queue sends so that it can tell taken, signed out and refused apart.

    A page answers a form by leading on; for the queue this is 204 with the address in `X-Then`,
    and in `X-Says` what the next page would have told the person.
    A page shown again has an error in it: 422. Who must sign in first gets 401.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if "X-Queued" not in request.headers:
            return response
        if response.status_code in _LEADS_ON:
            return _led_on(request, response.headers["Location"])
        if request.method == "POST" and response.status_code == 200:  # noqa: PLR2004 -- HTTP's own
            response.status_code = 422
        return response

    return answer


_LEADS_ON = {301, 302, 303}


def _led_on(request: HttpRequest, address: str) -> HttpResponse:
    if address.startswith((resolve_url(settings.LOGIN_URL), "/consent/")):
        return HttpResponse(status=401)
    answer = HttpResponse(status=204, headers={"X-Then": address})
    if said := [str(one) for one in get_messages(request)]:
        answer.headers["X-Says"] = quote("\n".join(said))
    return answer
