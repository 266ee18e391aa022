"""Requests of newsrooms in a room, and the settings of the city's press office."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation
from tansiq.access.pages import page_of
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.incidents.actions import media as deciding
from tansiq.incidents.actions.media import MediaError
from tansiq.incidents.forms.media import MediaRequestForm, PressOfficeForm
from tansiq.incidents.models import Incident, MediaRequest, MediaState
from tansiq.incidents.models.media import APPROVERS
from tansiq.incidents.queries.statements import office_for

form_view = require_http_methods(["GET", "HEAD", "POST"])


def _room(request: Request, room: int, rule: str = "enter") -> Incident:
    return fetch(request.actor, f"incidents.{rule}", Incident, pk=room)


def _roles(incident: Incident) -> list[tuple[str, str]]:
    language = get_language() or "en"
    roles = incident.playbook.document.roles
    return [(role.key, role.title.in_language(language)) for role in roles]


@login_required
@require_GET
def index(request: Request, room: int) -> HttpResponse:
    incident = _room(request, room)
    moment = incident.room_time(now())
    rows = MediaRequest.objects.visible_to(request.actor).filter(incident=incident)
    office = office_for(incident)
    context = {
        "incident": incident,
        "page": page_of(request, rows.most_pressing()),
        "moment": moment,
        "overdue": rows.overdue(moment).count(),
        "roles": dict(_roles(incident)),
        "office": office,
        "may_log": can(request.actor, "incidents.log_media_request", incident),
        "may_set": can(request.actor, "incidents.edit_press_office", incident.owner),
    }
    return render(request, "incidents/media/index.html", context)


@login_required
@form_view
def log(request: Request, room: int) -> HttpResponse:
    incident = _room(request, room, "log_media_request")
    form = MediaRequestForm(request.POST or None, roles=_roles(incident))
    if not form.is_valid():
        return _form_page(request, incident, form)
    by, key = request.actor, form.cleaned_data["client_key"]
    made = deciding.log_media_request(incident, form.values(), by=by, at=now(), client_key=key)
    return redirect(made)


@login_required
@form_view
def show_one(request: Request, room: int, pk: int) -> HttpResponse:
    """One request: what is settled, what is open, and its answer."""
    asked = _asked(request, room, pk)
    incident = asked.incident
    form = MediaRequestForm(request.POST or None, instance=asked, roles=_roles(incident))
    if not form.is_valid():
        return _form_page(request, incident, form, asked=asked)
    changes, revision = form.changes(), form.seen_revision
    try:
        deciding.edit_media_request(asked, changes, revision=revision, by=request.actor, at=now())
        if request.POST.get("end") in MediaState.values:
            state = MediaState(request.POST["end"])
            deciding.end_media_request(asked, state, by=request.actor, at=now())
    except MediaError as problem:
        again = MediaRequestForm(instance=asked, roles=_roles(incident))
        return _form_page(request, incident, again, asked=asked, problem=problem, status=409)
    except ChangedMeanwhileError as problem:
        fresh = MediaRequestForm(instance=problem.current, roles=_roles(incident))
        more = _conflict(form.show_again(fresh), problem)
        return _form_page(request, incident, form, asked=asked, status=409, **more)
    return redirect("incidents:media", room)


def _asked(request: Request, room: int, pk: int) -> MediaRequest:
    incident = _room(request, room)
    rule = "incidents.answer_media_request"
    return fetch(request.actor, rule, MediaRequest, incident=incident, pk=pk)


def _conflict(differences: Any, problem: ChangedMeanwhileError) -> dict[str, Any]:
    return {
        "differences": differences,
        "changed_by": _("Somebody"),
        "changed_at": problem.current.changed_at,
        "is_conflict": True,
    }


def _form_page(
    request: Request, incident: Incident, form: Any, *, status: int = 0, **more: Any
) -> HttpResponse:
    context = {"incident": incident, "form": form}
    status = status or (422 if form.errors else 200)
    return render(request, "incidents/media/form.html", context | more, status=status)


@login_required
@form_view
def press_office(request: Request, room: int) -> HttpResponse:
    """How the city that runs this room speaks; it holds for all its incidents."""
    incident = _room(request, room)
    fetch(request.actor, "incidents.edit_press_office", Organisation, pk=incident.owner_id)
    office = office_for(incident)
    if not office.approver_roles:
        office.approver_roles = list(APPROVERS)
    form = PressOfficeForm(request.POST or None, instance=office, roles=_roles(incident))
    if not form.is_valid():
        return _office_page(request, incident, form)
    values, revision = form.values(), form.seen_revision
    try:
        deciding.edit_press_office(
            incident.owner, values, revision=revision, by=request.actor, at=now()
        )
    except ChangedMeanwhileError as problem:
        fresh = PressOfficeForm(instance=problem.current, roles=_roles(incident))
        more = _conflict(form.show_again(fresh), problem)
        return _office_page(request, incident, form, status=409, **more)
    return redirect("incidents:press_office", room)


def _office_page(
    request: Request, incident: Incident, form: Any, *, status: int = 0, **more: Any
) -> HttpResponse:
    code = incident.owner.place.code if incident.owner.place else ""
    context = {
        "incident": incident,
        "form": form,
        "office": office_for(incident),
        "public_url": reverse("updates:choose", args=[code]) if code else "",
    }
    status = status or (422 if form.errors else 200)
    return render(request, "incidents/media/office.html", context | more, status=status)


@login_required
@require_POST
def publish(request: Request, room: int) -> HttpResponse:
    """Put the page of the press office up for everybody, or take it off."""
    incident = _room(request, room)
    fetch(request.actor, "incidents.edit_press_office", Organisation, pk=incident.owner_id)
    office = office_for(incident)
    if office.pk:
        deciding.publish_press_office(office, by=request.actor, at=now())
    return redirect("incidents:press_office", room)
