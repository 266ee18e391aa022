"""The list of incidents, and the room itself."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from tansiq.access.actor import Role
from tansiq.access.gate import can_each, fetch
from tansiq.access.middleware import Request
from tansiq.access.pages import page_of
from tansiq.core.live import latest_id
from tansiq.incidents.actions.presence import come_in
from tansiq.incidents.forms.room import NoteForm
from tansiq.incidents.models import Fact, Incident
from tansiq.incidents.queries.cadence import next_update
from tansiq.incidents.queries.facts import with_words
from tansiq.incidents.queries.log import entries_of, lines_of
from tansiq.incidents.queries.shown_statements import to_approve
from tansiq.incidents.queries.tasks import now_for
from tansiq.incidents.queries.who import who_is_on

# What a phone shows without scrolling for long; the rest stands one tap away.
_FACTS, _LINES = 6, 15
# What changes by the clock or by who comes in, and not only when something is told.
_MOVING = {"next", "who"}
_ASKED = ("incidents.write", "incidents.lead", "incidents.decide", "incidents.fact_confirm")


@login_required
@require_GET
def index(request: Request) -> HttpResponse:
    rooms = page_of(request, Incident.objects.visible_to(request.actor).for_list())
    may_practise = bool(request.actor.organisations_as(Role.COORDINATOR))
    context = {"page": rooms, "may_practise": may_practise}
    return render(request, "incidents/index.html", context)


@login_required
@require_GET
def room(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.enter", Incident, pk=room)
    at = now()
    # Asked before all else is read: what happens meanwhile comes by the stream.
    context = {"incident": incident, "after": latest_id(incident.channel)}
    come_in(incident, by=request.actor, at=at)
    for fill in _PARTS.values():
        context |= fill(request, incident, at)
    return render(request, "incidents/room.html", context)


@login_required
@require_GET
def part(request: Request, room: int, name: str) -> HttpResponse:
    """Answer with one panel of the room; 304 when nothing was told in the room since."""
    incident = fetch(request.actor, "incidents.enter", Incident, pk=room)
    if name not in _PARTS:
        raise Http404
    tag = f'W/"{name}.{latest_id(incident.channel)}.{get_language()}"'
    if name not in _MOVING and request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    at = now()
    context = _PARTS[name](request, incident, at) | {"incident": incident}
    # Who moves the clock of an exercise moves it on all open pages.
    clock = f"{int(incident.room_time(at).timestamp() * 1000)} {incident.clock_speed}"
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "X-Room-Clock": clock}
    response = render(request, f"incidents/room/_{name}.html", context)
    for header, value in headers.items():
        response.headers[header] = value
    return response


def _now(request: Request, incident: Incident, at: datetime) -> dict[str, Any]:
    who = who_is_on(request.actor, incident, at)
    may = can_each(request.actor, _ASKED, incident)
    return {
        "todo": now_for(request.actor, incident, at),
        "empty_seats": who.empty,
        "may_write": may["incidents.write"],
        "may_lead": may["incidents.lead"],
        "may_decide": may["incidents.decide"],
    }


def _facts(request: Request, incident: Incident, at: datetime) -> dict[str, Any]:
    facts = Fact.objects.visible_to(request.actor).filter(incident=incident)
    return {"facts": with_words(facts.for_board()[:_FACTS]), "facts_count": facts.count()}


def _who(request: Request, incident: Incident, at: datetime) -> dict[str, Any]:
    return {"who": who_is_on(request.actor, incident, at)}


def _log(request: Request, incident: Incident, at: datetime) -> dict[str, Any]:
    rows = entries_of(request.actor, incident)[:_LINES]
    return {"lines": lines_of(rows, incident), "note_form": NoteForm()}


def _next(request: Request, incident: Incident, at: datetime) -> dict[str, Any]:
    return {"next": next_update(incident, at), "to_approve": to_approve(request.actor, incident)}


def _came(request: Request, incident: Incident, at: datetime) -> dict[str, Any]:
    """Give nothing: what came in in an exercise is read by its own tag."""
    return {}


_PARTS = {"came": _came, "next": _next, "now": _now, "facts": _facts, "who": _who, "log": _log}
