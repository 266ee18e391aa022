"""Who takes part in a room and what each sees; all running incidents in one view."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tansiq.access.actor import Role
from tansiq.access.gate import can_each, fetch
from tansiq.access.middleware import Request
from tansiq.access.readers import choices_for, readers_of
from tansiq.core.translations import show_each
from tansiq.incidents.actions.levels import LevelError, leave_level, name_level
from tansiq.incidents.actions.log import Sent
from tansiq.incidents.actions.notes import add_note
from tansiq.incidents.forms.levels import LeaveForm, NameForm, OwnLineForm
from tansiq.incidents.models import Incident
from tansiq.incidents.queries.levels import (
    kept_lines,
    participants_of,
    running_incidents,
    suggested_levels,
)
from tansiq.incidents.queries.support import organisations_in


@login_required
@require_GET
def overview(request: Request) -> HttpResponse:
    """Show all running incidents, one line each; exercises on a page of their own."""
    is_exercise = "exercises" in request.GET
    seen = Incident.objects.visible_to(request.actor).filter(is_exercise=is_exercise)
    context = {
        "rows": running_incidents(seen, request.actor, at=now()),
        "of_exercises": is_exercise,
    }
    return render(request, "incidents/levels/overview.html", context)


@login_required
@require_GET
def show(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.enter", Incident, pk=room)
    return _page(request, incident)


def _page(request: Request, incident: Incident, *, status: int = 200, **forms: Any) -> HttpResponse:
    rules = ("incidents.level_name", "incidents.level_leave", "incidents.note")
    verdicts = can_each(request.actor, rules, incident)
    kept = kept_lines(request.actor, incident)
    show_each(kept, "text", language_of=lambda one: one.language or incident.language)
    context = {
        "incident": incident,
        "participants": participants_of(request.actor, incident),
        "handed_on": readers_of(incident).handed_on,
        "may_name": verdicts["incidents.level_name"],
        "may_leave": verdicts["incidents.level_leave"],
        "may_keep": verdicts["incidents.note"] and bool(request.actor.organisation_ids),
        "kept": kept,
        "name_form": _name_form(request, incident),
        "leave_form": LeaveForm(),
        "own_form": OwnLineForm(),
    }
    return render(request, "incidents/levels/show.html", context | forms, status=status)


def _name_form(request: Request, incident: Incident) -> NameForm:
    others = choices_for(incident, request.actor).organisations
    return NameForm(request.POST or None, above=suggested_levels(incident), others=others)


@login_required
@require_POST
def name(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.level_name", Incident, pk=room)
    form = _name_form(request, incident)
    if form.is_valid():
        try:
            name_level(incident, form.chosen(), by=request.actor, at=now())
        except LevelError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("It takes part from now on, and is told."))
            return redirect("incidents:levels", room=room)
    return _page(request, incident, name_form=form, status=422)


@login_required
@require_POST
def leave(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.level_leave", Incident, pk=room)
    form = LeaveForm(request.POST)
    mine = request.actor.organisations_as(Role.COORDINATOR)
    leaving = incident.named_organisations.filter(pk__in=mine).order_by("pk").first()
    if form.is_valid() and leaving is not None:
        try:
            reason = form.cleaned_data["reason"]
            leave_level(incident, leaving, reason=reason, by=request.actor, at=now())
        except LevelError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Your organisation has left the room."))
            return redirect("incidents:index")
    return _page(request, incident, leave_form=form, status=422)


@login_required
@require_POST
def own(request: Request, room: int) -> HttpResponse:
    """Write a line that only one's own organisation reads."""
    incident = fetch(request.actor, "incidents.note", Incident, pk=room)
    form = OwnLineForm(request.POST)
    mine = [one for one in organisations_in(incident) if one.pk in request.actor.organisation_ids]
    if not form.is_valid() or not mine:
        return _page(request, incident, own_form=form, status=422)
    add_note(
        incident,
        form.cleaned_data["text"],
        language=request.LANGUAGE_CODE,
        kept_by=mine[0],
        by=request.actor,
        at=now(),
        sent=Sent(form.cleaned_data["client_key"]),
    )
    return redirect("incidents:levels", room=room)
