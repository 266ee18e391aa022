"""Files beside a report: added, opened through the gate, removed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.core.uploads import CONTENT_TYPES
from tansiq.plans.actions.evidence import add_evidence, open_evidence, remove_evidence
from tansiq.plans.actions.reports import ReportError
from tansiq.plans.forms.evidence import EvidenceForm
from tansiq.plans.models import Evidence, Report


@login_required
@require_http_methods(["GET", "POST"])
def add(request: Request, pk: int) -> HttpResponse:
    report = fetch(request.actor, "plans.report_write", Report, pk=pk)
    form = EvidenceForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            add_evidence(
                report,
                form.cleaned_data["file"],
                description=form.cleaned_data["description"],
                by=request.actor,
                at=now(),
            )
            messages.success(request, _("The file is with the report."))
            return redirect("plans:report_write", pk=report.pk)
        except ReportError as problem:
            form.add_error(None, str(problem))
    context = {"report": report, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "plans/reports/evidence.html", context, status=status)


@login_required
@require_GET
def download(request: Request, pk: int) -> HttpResponseBase:
    evidence = fetch(request.actor, "plans.evidence_view", Evidence, pk=pk)
    try:
        file = open_evidence(evidence, by=request.actor, at=now())
    except FileNotFoundError as problem:
        raise Http404 from problem
    kind = evidence.name.rpartition(".")[2]
    response = FileResponse(
        file,
        as_attachment=True,
        filename=evidence.name,
        content_type=CONTENT_TYPES.get(kind, "application/octet-stream"),
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_http_methods(["GET", "POST"])
def remove(request: Request, pk: int) -> HttpResponse:
    evidence = fetch(request.actor, "plans.evidence_remove", Evidence, pk=pk)
    report = evidence.report
    if request.method == "POST":
        try:
            remove_evidence(evidence, by=request.actor, at=now())
            messages.success(request, _("The file is gone for good."))
        except ReportError as problem:
            messages.error(request, str(problem))
        return redirect("plans:report_write", pk=report.pk)
    return render(request, "plans/reports/remove_evidence.html", {"evidence": evidence})
