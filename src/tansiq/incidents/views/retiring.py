"""Retiring an incident in two steps, with a preview before and a proof after."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.access.gate import can, fetch
from tansiq.access.log import record
from tansiq.access.middleware import Request
from tansiq.core.documents.pdf import as_pdf
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.incidents.actions.retiring import (
    RetiringError,
    retire_room,
    state_retirement,
    what_goes,
)
from tansiq.incidents.forms.aftercare import PlanRetirementForm, RetireForm
from tansiq.incidents.models import Incident, Retirement
from tansiq.incidents.queries.aftercare import proof_document, proof_of


@login_required
@require_http_methods(["GET", "POST"])
def show(request: Request, room: int) -> HttpResponse:
    """Show what would go, take the second step, and show the proof afterwards."""
    incident = fetch(request.actor, "incidents.enter", Incident, pk=room)
    may_retire = can(request.actor, "incidents.retire", incident)
    known = Retirement.objects.visible_to(request.actor).filter(incident=incident).first()
    form = RetireForm(
        request.POST or None, wanted=incident.title, initial={"revision": incident.revision}
    )
    if request.method == "POST":
        fetch(request.actor, "incidents.retire", Incident, pk=room)
    if form.is_valid():
        try:
            revision = form.cleaned_data["revision"]
            retire_room(incident, revision=revision, by=request.actor, at=now())
        except (RetiringError, ChangedMeanwhileError) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Retired. Keep the proof."))
            return redirect("incidents:retire", room=room)
    context = {
        "incident": incident,
        "retirement": known,
        "may_retire": may_retire,
        "going": what_goes(incident) if may_retire else [],
        "proof": proof_of(known) if known else [],
        "today": incident.room_time(now()).date(),
        "plan_form": PlanRetirementForm(),
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "incidents/aftercare/retire.html", context, status=status)


@login_required
@require_POST
def plan(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.retire", Incident, pk=room)
    form = PlanRetirementForm(request.POST)
    try:
        if form.is_valid():
            day = form.cleaned_data["planned_on"]
            state_retirement(incident, planned_on=day, by=request.actor, at=now())
            messages.success(request, _("Stated. Everybody in the room reads the day."))
        else:
            messages.warning(request, _("Choose the day."))
    except RetiringError as problem:
        messages.warning(request, str(problem))
    return redirect("incidents:retire", room=room)


@login_required
@require_GET
def proof(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.enter", Incident, pk=room)
    known = Retirement.objects.visible_to(request.actor).filter(incident=incident).first()
    if known is None or not known.is_done:
        raise Http404
    record(request.actor, "export:incidents.retire", incident, at=now())
    content = as_pdf(proof_document(known, request.LANGUAGE_CODE))
    answer = HttpResponse(content, content_type="application/pdf")
    stamp = "exercise-" if incident.is_exercise else ""
    answer["Content-Disposition"] = f'attachment; filename="{stamp}proof-{incident.pk}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer
