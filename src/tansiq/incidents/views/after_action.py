"""The after-action report: figures from the log, words of people, and what follows from both."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.access.gate import can, can_each, fetch
from tansiq.access.log import record
from tansiq.access.middleware import Request
from tansiq.core.documents.pdf import as_pdf
from tansiq.core.documents.word import as_word
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.core.pages import page
from tansiq.incidents.actions import after_action as learning
from tansiq.incidents.forms.after_action import (
    CarryForm,
    CorrectiveForm,
    DebriefForm,
    FindingForm,
    ReportForm,
)
from tansiq.incidents.models import AfterAction, Corrective, DebriefNote, Finding, Incident
from tansiq.incidents.queries import after_action_pages as reading
from tansiq.plans.actions.amendments import PartChangedError
from tansiq.plans.actions.applying import AmendmentError
from tansiq.plans.actions.plans import PlanNotReadyError
from tansiq.plans.models import Objective, Plan

form_view = require_http_methods(["GET", "HEAD", "POST"])
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FILES = {"pdf": ("application/pdf", as_pdf), "docx": (_WORD, as_word)}
_STEPS = ("learn", "share_after_action", "export_after_action")


@login_required
@require_GET
def after_action(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.read_after_action", Incident, pk=room)
    actor = request.actor
    findings = Finding.objects.visible_to(actor).filter(incident=incident).order_by("pk")
    correctives = Corrective.objects.visible_to(actor).filter(incident=incident)
    may = can_each(actor, [f"incidents.{name}" for name in _STEPS], incident)
    context = {
        "incident": incident,
        "report": AfterAction.objects.visible_to(actor).filter(incident=incident).first(),
        "findings": findings,
        "correctives": correctives.select_related(
            "lead", "plan__country", "proposal__plan__country", "finding"
        ).order_by("due_on", "pk"),
        "debriefs": DebriefNote.objects.visible_to(actor)
        .filter(incident=incident)
        .order_by("group", "pk"),
        "blocks": reading.figure_blocks(actor, incident, at=now()),
        "may_learn": may["incidents.learn"],
        "may_share": may["incidents.share_after_action"],
        "may_export": may["incidents.export_after_action"],
    }
    return page(request, "incidents/after_action/report.html", context)


@login_required
@require_GET
def file(request: Request, room: int, kind: str) -> HttpResponse:
    incident = fetch(request.actor, "incidents.export_after_action", Incident, pk=room)
    if kind not in _FILES:
        raise Http404
    content_type, make = _FILES[kind]
    record(request.actor, "export:incidents.after_action", incident, at=now(), detail={"as": kind})
    document = reading.document_for(request.actor, incident, at=now())
    answer = HttpResponse(make(document), content_type=content_type)
    stamp = "exercise-" if incident.is_exercise else ""
    answer["Content-Disposition"] = f'attachment; filename="{stamp}after-action-{room}.{kind}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _learn(request: Request, room: int) -> Incident:
    return fetch(request.actor, "incidents.learn", Incident, pk=room)


@login_required
@form_view
def write(request: Request, room: int) -> HttpResponse:
    incident = _learn(request, room)
    language = get_language() or "en"
    known = AfterAction.objects.visible_to(request.actor).filter(incident=incident).first()
    report = known or AfterAction(incident=incident, language=language)
    initial = {} if report.summary else {"summary": reading.draft_summary(incident, at=now())}
    form = ReportForm(request.POST or None, instance=report, initial=initial)
    more: dict[str, Any] = {}
    if form.is_valid():
        names = ReportForm.Meta.fields if known is None else form.changes()
        changes = {name: form.cleaned_data[name] for name in names}
        try:
            learning.write_report(
                incident,
                changes,
                language=language,
                revision=form.seen_revision,
                by=request.actor,
                at=now(),
            )
            return redirect("incidents:after_action", room)
        except ChangedMeanwhileError as problem:
            fresh: Any = problem.current
            more = {"is_conflict": True}
            more["differences"] = form.show_again(ReportForm(None, instance=fresh))
    return _form_page(request, incident, form, _("The words of the report"), more=more)


@login_required
@require_POST
def share(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.share_after_action", Incident, pk=room)
    try:
        learning.share_report(incident, by=request.actor, at=now())
        messages.success(request, _("Everybody in the room can read the report now."))
    except learning.LearningError as problem:
        messages.error(request, str(problem))
    return redirect("incidents:after_action", room)


@login_required
@form_view
def finding_add(request: Request, room: int) -> HttpResponse:
    incident = _learn(request, room)
    blank = Finding(incident=incident, language=get_language() or "en")
    form = FindingForm(request.POST or None, instance=blank, incident=incident)
    return _add(request, incident, form, _("Add a finding"))


@login_required
@form_view
def corrective_add(request: Request, room: int, finding: int) -> HttpResponse:
    incident = _learn(request, room)
    of = fetch(request.actor, "incidents.learn_piece", Finding, pk=finding, incident=room)
    blank = Corrective(incident=incident, finding=of, language=get_language() or "en")
    initial = {"lead": incident.owner_id}
    form = CorrectiveForm(request.POST or None, instance=blank, initial=initial, incident=incident)
    return _add(request, incident, form, _("What is to be done?"))


@login_required
@form_view
def debrief_add(request: Request, room: int) -> HttpResponse:
    incident = _learn(request, room)
    blank = DebriefNote(incident=incident, language=get_language() or "en")
    initial = {"heard_on": localdate()}
    form = DebriefForm(request.POST or None, instance=blank, initial=initial)
    return _add(request, incident, form, _("Note what a group said"))


def _add(request: Request, incident: Incident, form: Any, heading: str) -> HttpResponse:
    if form.is_valid():
        learning.add_piece(form.save(commit=False), by=request.actor, at=now())
        return redirect("incidents:after_action", incident.pk)
    return _form_page(request, incident, form, heading)


@login_required
@form_view
def finding_edit(request: Request, room: int, pk: int) -> HttpResponse:
    piece = fetch(request.actor, "incidents.learn_piece", Finding, pk=pk, incident=room)

    def make(data: Any, finding: Any) -> FindingForm:
        return FindingForm(data, instance=finding, incident=piece.incident)

    return _edit(request, piece, make, heading=_("Change the finding"))


@login_required
@form_view
def corrective_edit(request: Request, room: int, pk: int) -> HttpResponse:
    piece = fetch(request.actor, "incidents.learn_piece", Corrective, pk=pk, incident=room)

    def make(data: Any, corrective: Any) -> CorrectiveForm:
        return CorrectiveForm(data, instance=corrective, incident=piece.incident)

    return _edit(request, piece, make, heading=_("Change what is to be done"))


def _edit(
    request: Request, piece: Finding | Corrective, make: Any, *, heading: str
) -> HttpResponse:
    form = make(request.POST or None, piece)
    kind = piece._meta.model_name
    more: dict[str, Any] = {
        "remove_url": reverse(f"incidents:{kind}_remove", args=[piece.incident_id, piece.pk])
    }
    if form.is_valid():
        try:
            learning.edit_piece(
                piece, form.changes(), revision=form.seen_revision, by=request.actor, at=now()
            )
            return redirect("incidents:after_action", piece.incident_id)
        except ChangedMeanwhileError as problem:
            more["is_conflict"] = True
            more["differences"] = form.show_again(make(None, problem.current))
    return _form_page(request, piece.incident, form, heading, more=more)


@login_required
@require_POST
def finding_remove(request: Request, room: int, pk: int) -> HttpResponse:
    piece = fetch(request.actor, "incidents.learn_piece", Finding, pk=pk, incident=room)
    return _remove(request, piece)


@login_required
@require_POST
def corrective_remove(request: Request, room: int, pk: int) -> HttpResponse:
    piece = fetch(request.actor, "incidents.learn_piece", Corrective, pk=pk, incident=room)
    return _remove(request, piece)


@login_required
@require_POST
def debrief_remove(request: Request, room: int, pk: int) -> HttpResponse:
    piece = fetch(request.actor, "incidents.learn_piece", DebriefNote, pk=pk, incident=room)
    return _remove(request, piece)


def _remove(request: Request, piece: learning.Piece) -> HttpResponse:
    try:
        learning.remove_piece(piece, by=request.actor, at=now())
    except learning.LearningError as problem:
        messages.error(request, str(problem))
    return redirect("incidents:after_action", piece.incident_id)


@login_required
@form_view
def corrective_carry(request: Request, room: int, pk: int) -> HttpResponse:
    piece = fetch(request.actor, "incidents.learn_piece", Corrective, pk=pk, incident=room)
    form = CarryForm(
        request.POST or None,
        objectives=_objectives(request),
        national=_national(request, piece.incident),
    )
    if form.is_valid():
        try:
            return redirect(_carry(request, piece, form))
        except (
            learning.LearningError,
            AmendmentError,
            PartChangedError,
            PlanNotReadyError,
        ) as problem:
            form.add_error(None, str(problem))
    return _form_page(request, piece.incident, form, _("Carry it into a plan"))


def _carry(request: Request, piece: Corrective, form: CarryForm) -> str:
    to, by, at = form.cleaned_data["to"], request.actor, now()
    if to in form.objectives:
        learning.carry_into_plan(piece, form.objectives[to], by=by, at=at)
        return reverse("incidents:after_action", args=[piece.incident_id])
    proposal = learning.propose_for_plan(piece, form.national[to], by=by, at=at)
    return proposal.get_absolute_url()


def _objectives(request: Request) -> list[Objective]:
    """Return the objectives under which this person may add actions, now or by amendment."""
    rows = Objective.objects.visible_to(request.actor).filter(dropped_in__isnull=True)
    mine = rows.filter(plan__owner__in=request.actor.organisation_ids)
    listed = mine.select_related("plan__country").order_by("plan__title", "position", "pk")
    may = {}
    for one in listed:
        if one.plan_id not in may:
            rule = "plans.edit" if one.plan.is_draft else "plans.amend"
            may[one.plan_id] = can(request.actor, rule, one.plan)
    return [one for one in listed if may[one.plan_id]]


def _national(request: Request, incident: Incident) -> list[Plan]:
    rows = Plan.objects.visible_to(request.actor).filter(
        kind="national", country__code=incident.place.country_code
    )
    plans = rows.exclude(owner__in=request.actor.organisation_ids).order_by("title", "pk")
    leads = incident.owner_id in request.actor.organisation_ids
    return [one for one in plans if leads and can(request.actor, "plans.propose", one)]


def _form_page(
    request: Request,
    incident: Incident,
    form: forms.BaseForm,
    heading: str,
    *,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    context = {
        "incident": incident,
        "form": form,
        "heading": heading,
        "back_url": reverse("incidents:after_action", args=[incident.pk]),
    }
    status = 422 if form.is_bound else 200
    return page(request, "incidents/exercise/form.html", context | (more or {}), status=status)
