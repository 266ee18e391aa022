"""What every page under a room's address has: the clock of its place, and the word EXERCISE."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tansiq.incidents.models import Incident
from tansiq.incidents.zones import zone

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
