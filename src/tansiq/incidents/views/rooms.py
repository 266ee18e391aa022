"""The list of incidents, and the room itself."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tansiq.access.actor import Role
from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.access.pages import page_of
from tansiq.incidents.models import Incident


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
    return render(request, "incidents/room.html", {"incident": incident})
