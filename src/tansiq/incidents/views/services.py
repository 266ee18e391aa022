"""Services of a room: who does what where until when, and for how many."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_http_methods

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.access.pages import page_of
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.core.translations import show_each
from tansiq.incidents.actions.needs import put_service
from tansiq.incidents.actions.refusing import NotAboutPersonsError
from tansiq.incidents.desks import room_day
from tansiq.incidents.forms.needs import ServiceForm
from tansiq.incidents.models import Incident, Service
from tansiq.incidents.queries import needs as reading


@login_required
@require_GET
def index(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.enter", Incident, pk=room)
    page = page_of(request, reading.services_of(request.actor, incident))
    show_each(page.object_list, "note", language_of=lambda one: one.language)
    may_add = can(request.actor, "incidents.service_add", incident)
    context = {"incident": incident, "page": page, "may_add": may_add}
    return render(request, "incidents/needs/services.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.service_add", Incident, pk=room)
    return _form(request, Service(incident=incident))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, room: int, pk: int) -> HttpResponse:
    service = fetch(request.actor, "incidents.service_keep", Service, pk=pk, incident=room)
    return _form(request, service)


def _form(request: Request, service: Service) -> HttpResponse:
    day = room_day(service.incident, now())
    form = ServiceForm(request.POST or None, instance=service, on=day)
    context: dict[str, Any] = {"incident": service.incident, "service": service, "form": form}
    if form.is_valid():
        try:
            values, seen = form.values(), form.seen_revision
            put_service(service, values, revision=seen, by=request.actor, at=now())
            return redirect("incidents:services", service.incident_id)
        except NotAboutPersonsError as problem:
            form.add_error(None, str(problem))
        except ChangedMeanwhileError as problem:
            fresh = Service.objects.visible_to(request.actor).get(pk=service.pk)
            differences = form.show_again(ServiceForm(instance=fresh, on=day))
            context |= {"problem": str(problem), "differences": differences}
    status = 409 if "problem" in context else 422 if form.errors else 200
    return render(request, "incidents/needs/service.html", context, status=status)
