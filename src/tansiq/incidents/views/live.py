"""What an open page of a room hears: the stream, its twin for cut lines, and who is here."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.core.live import Filling, poll_response, stream_response
from tansiq.incidents.actions.presence import come_in, leave
from tansiq.incidents.lines import filled
from tansiq.incidents.models import Entry, Incident
from tansiq.incidents.queries.log import lines_of, with_writers
from tansiq.incidents.queries.who import who_is_on


@login_required
@require_GET
def live(request: Request, room: int) -> HttpResponseBase:
    """Stream what happens in the room; each line is written once for all of one language."""
    incident = fetch(request.actor, "incidents.enter", Incident, pk=room)
    language = get_language() or "en"
    filling = Filling((incident.pk, language), partial(filled, incident, language))
    reader = f"person:{request.actor.person_id}"
    return stream_response(request, incident.channel, reader=reader, filling=filling)


@login_required
@require_GET
def poll(request: Request, room: int) -> HttpResponseBase:
    incident = fetch(request.actor, "incidents.enter", Incident, pk=room)
    return poll_response(request, incident.channel)


@login_required
@require_GET
def line(request: Request, room: int, pk: int) -> HttpResponse:
    """Answer with one line of the log, for a page that was told of it without its words."""
    incident = fetch(request.actor, "incidents.enter", Incident, pk=room)
    found = with_writers(Entry.objects.visible_to(request.actor).filter(incident=incident, pk=pk))
    context: dict[str, Any] = {"incident": incident, "lines": lines_of(found, incident)}
    return render(request, "incidents/log/_lines.html", context)


@login_required
@require_POST
def here(request: Request, room: int) -> HttpResponse:
    """Say that this person has the room open, or has left it; answer with who is on."""
    incident = fetch(request.actor, "incidents.enter", Incident, pk=room)
    if "gone" in request.POST:
        leave(incident, by=request.actor)
        return HttpResponse(status=204)
    at = now()
    come_in(incident, by=request.actor, at=at)
    context = {"incident": incident, "who": who_is_on(request.actor, incident, at)}
    return render(request, "incidents/room/_who.html", context)
