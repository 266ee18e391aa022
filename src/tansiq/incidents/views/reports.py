"""Situation reports in the browser: the list, writing, signing, reading, files."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.access.actor import Role
from tansiq.access.gate import can, can_each, fetch
from tansiq.access.log import record
from tansiq.access.middleware import Request
from tansiq.access.pages import page_of
from tansiq.core.documents.pdf import as_pdf
from tansiq.core.documents.word import as_word
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.incidents.actions.reports import (
    ReportError,
    acknowledge_report,
    begin_report,
    correct_report,
    discard_report,
    fill_anew,
    sign_report,
    write_report,
)
from tansiq.incidents.forms.reports import ReportForm, SignForm, first_values
from tansiq.incidents.models import Brief, Incident, ReportSection, SituationReport
from tansiq.incidents.queries.reports import (
    as_text,
    changes_between,
    counts_of,
    document_of,
    readers_of_report,
    signed_words,
    version_before,
)
from tansiq.incidents.queries.support import organisations_in

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FILES: dict[str, tuple[str, Any]] = {
    "pdf": ("application/pdf", as_pdf),
    "docx": (_WORD, as_word),
}


@login_required
@require_GET
def index(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.enter", Incident, pk=room)
    rows = SituationReport.objects.visible_to(request.actor).filter(incident=incident)
    known = rows.select_related("organisation").prefetch_related("receipts", "recipients")
    briefs = Brief.objects.visible_to(request.actor).filter(incident=incident).owed()
    at = now()
    owed = [
        (one, one.due_at - incident.room_time(at))
        for one in briefs.select_related("report", "owed_by", "owed_to").order_by("due_at")
    ]
    context = {
        "incident": incident,
        "page": page_of(request, known.latest_first()),
        "owed": owed,
        "ours": request.actor.organisations_as(Role.CONTRIBUTOR),
        "may_begin": can(request.actor, "incidents.report_begin", incident),
    }
    return render(request, "incidents/reports/index.html", context)


@login_required
@require_POST
def begin(request: Request, room: int) -> HttpResponse:
    incident = fetch(request.actor, "incidents.report_begin", Incident, pk=room)
    ours = request.actor.organisations_as(Role.CONTRIBUTOR)
    mine = [one for one in organisations_in(incident) if one.pk in ours]
    first = next((one for one in mine if one.pk == incident.owner_id), mine[0])
    report = begin_report(
        incident, first, language=request.LANGUAGE_CODE, by=request.actor, at=now()
    )
    return redirect("incidents:report_write", room=room, pk=report.pk)


def _fetch(request: Request, rule: str, room: int, pk: int) -> SituationReport:
    return fetch(request.actor, rule, SituationReport, pk=pk, incident=room)


@login_required
@require_GET
def show(request: Request, room: int, pk: int) -> HttpResponse:
    report = _fetch(request, "incidents.report_see", room, pk)
    rules = (
        "incidents.report_write",
        "incidents.report_sign",
        "incidents.report_read",
    )
    verdicts = can_each(request.actor, rules, report)
    brief = Brief.objects.visible_to(request.actor).filter(report=report).first()
    at = now()
    context = {
        "incident": report.incident,
        "report": report,
        "counts": counts_of(report),
        "readers": readers_of_report(report),
        "signed": signed_words(report),
        "brief": brief,
        "brief_left": brief.due_at - report.incident.room_time(at) if brief else None,
        "may_give": brief and can(request.actor, "incidents.brief_give", brief),
        "may_remind": brief and can(request.actor, "incidents.brief_remind", brief),
        "may_write": verdicts["incidents.report_write"],
        "may_sign": verdicts["incidents.report_sign"],
        "may_read": verdicts["incidents.report_read"],
        "unread": _unread(request, report),
        "text": as_text(report),
        "before": version_before(request.actor, report),
        "newer": _newer(request, report),
    }
    return render(request, "incidents/reports/show.html", context)


def _unread(request: Request, report: SituationReport) -> list[Any]:
    ours = request.actor.organisations_as(Role.CONTRIBUTOR)
    read = report.receipts.values("organisation")
    return list(report.recipients.filter(pk__in=ours).exclude(pk__in=read))


def _newer(request: Request, report: SituationReport) -> SituationReport | None:
    same = SituationReport.objects.visible_to(request.actor).sent()
    return (
        same.filter(incident=report.incident_id, number=report.number, version__gt=report.version)
        .latest_first()
        .first()
    )


@login_required
@require_http_methods(["GET", "POST"])
def write(request: Request, room: int, pk: int) -> HttpResponse:
    report = _fetch(request, "incidents.report_write", room, pk)
    if not report.is_draft:
        return redirect(report)
    form = ReportForm(request.POST or None, initial=first_values(report))
    conflict: dict[str, Any] = {}
    if form.is_valid():
        try:
            revision = form.cleaned_data["revision"]
            write_report(report, form.written(), revision=revision, by=request.actor, at=now())
        except ChangedMeanwhileError as problem:
            conflict = _conflict(form, problem)
        except ReportError as problem:
            messages.warning(request, str(problem))
            return redirect(report)
        else:
            messages.success(request, _("Kept. Only your organisation reads the draft."))
            return redirect(report)
    context = {"incident": report.incident, "report": report, "form": form} | conflict
    status = 409 if conflict else 422 if form.is_bound else 200
    return render(request, "incidents/reports/write.html", context, status=status)


def _conflict(form: ReportForm, problem: ChangedMeanwhileError) -> dict[str, Any]:
    """Show both texts of each section that differs; what was typed stays in the form."""
    current: Any = problem.current
    differences = [
        {
            "label": section.label,
            "theirs": current.sections.get(section.value, ""),
            "yours": form.cleaned_data[section.value],
        }
        for section in ReportSection
        if current.sections.get(section.value, "") != form.cleaned_data[section.value]
    ]
    data: Any = form.data
    data = data.copy()
    data["revision"] = current.revision
    form.data = data
    return {
        "differences": differences,
        "changed_by": current.written_by or _("Somebody"),
        "changed_at": current.changed_at,
    }


@login_required
@require_POST
def fill(request: Request, room: int, pk: int) -> HttpResponse:
    report = _fetch(request, "incidents.report_write", room, pk)
    try:
        fill_anew(report, by=request.actor, at=now())
        messages.success(request, _("What happened since is in. What you changed stayed."))
    except ReportError as problem:
        messages.warning(request, str(problem))
    return redirect("incidents:report_write", room=room, pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
def sign(request: Request, room: int, pk: int) -> HttpResponse:
    report = _fetch(request, "incidents.report_sign", room, pk)
    others = [one for one in organisations_in(report.incident) if one.pk != report.organisation_id]
    form = SignForm(
        request.POST or None,
        among=others,
        is_own=report.written_by_id == request.actor.person_id,
        initial={"revision": report.revision},
    )
    if form.is_valid():
        try:
            revision = form.cleaned_data["revision"]
            sign_report(report, form.signing(), revision=revision, by=request.actor, at=now())
        except (ReportError, ChangedMeanwhileError) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Signed and sent. Nobody can change this version now."))
            return redirect(report)
    context = {
        "incident": report.incident,
        "report": report,
        "form": form,
        "others": others,
        "counts": counts_of(report),
    }
    status = 422 if form.is_bound else 200
    return render(request, "incidents/reports/sign.html", context, status=status)


@login_required
@require_POST
def correct(request: Request, room: int, pk: int) -> HttpResponse:
    report = _fetch(request, "incidents.report_write", room, pk)
    draft = correct_report(report, by=request.actor, at=now())
    return redirect("incidents:report_write", room=room, pk=draft.pk)


@login_required
@require_POST
def drop(request: Request, room: int, pk: int) -> HttpResponse:
    report = _fetch(request, "incidents.report_write", room, pk)
    try:
        discard_report(report, by=request.actor, at=now())
        messages.success(request, _("The draft is gone."))
    except ReportError as problem:
        messages.warning(request, str(problem))
    return redirect("incidents:reports", room=room)


@login_required
@require_POST
def read(request: Request, room: int, pk: int) -> HttpResponse:
    report = _fetch(request, "incidents.report_read", room, pk)
    for organisation in _unread(request, report):
        acknowledge_report(report, organisation, by=request.actor, at=now())
    return redirect(report)


@login_required
@require_GET
def changes(request: Request, room: int, pk: int) -> HttpResponse:
    report = _fetch(request, "incidents.report_see", room, pk)
    earlier = version_before(request.actor, report)
    if earlier is None:
        raise Http404
    context = {
        "incident": report.incident,
        "report": report,
        "earlier": earlier,
        "changes": changes_between(earlier, report),
    }
    return render(request, "incidents/reports/changes.html", context)


@login_required
@require_GET
def file(request: Request, room: int, pk: int, kind: str) -> HttpResponse:
    report = _fetch(request, "incidents.report_see", room, pk)
    if kind not in _FILES:
        raise Http404
    content_type, make = _FILES[kind]
    record(request.actor, "export:incidents.report", report, at=now(), detail={"as": kind})
    answer = HttpResponse(make(document_of(report)), content_type=content_type)
    stamp = "exercise-" if report.incident.is_exercise else ""
    name = f"{stamp}situation-report-{report.number}-v{report.version}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
