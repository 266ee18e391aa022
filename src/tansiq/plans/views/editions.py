"""Editions of the report of the nation: what changed, and their documents through the gate."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.core.uploads import CONTENT_TYPES
from tansiq.plans.actions.edition_files import ask_for_file, hand_out, open_file
from tansiq.plans.actions.national import NationalReportError, too_open
from tansiq.plans.document_jobs import make_document
from tansiq.plans.forms.national import DocumentForm
from tansiq.plans.models import Edition, EditionFile
from tansiq.plans.queries.national.audience import still_fits
from tansiq.plans.queries.national.editions import (
    changes_since,
    count_of_figures,
    figures_of,
    is_intact,
)
from tansiq.plans.queries.national.pages import change_lines, stale_lines

# With more places than this a document takes so long that a job makes it.
_AT_ONCE = 150


@login_required
@require_GET
def show(request: Request, pk: int, number: int) -> HttpResponse:
    """Show which figures are others than in the edition before, and which words still name them."""
    edition = fetch(request.actor, "plans.edition_view", Edition, report=pk, number=number)
    figures = figures_of(edition)
    is_ours = edition.report.owner_id in request.actor.organisation_ids
    if not is_ours and not still_fits(figures["audience"], edition.report):
        raise PermissionDenied(too_open())
    initial = {"language": request.LANGUAGE_CODE, "kind": "pdf"}
    context = {
        "edition": edition,
        "report": edition.report,
        "changes": change_lines(changes_since(edition), figures, request.LANGUAGE_CODE),
        "stale": stale_lines(edition.report) if edition.is_open else [],
        "figures": count_of_figures(edition),
        "is_intact": is_intact(edition),
        "document_form": DocumentForm(initial=initial),
        "may_export": can(request.actor, "plans.national_export", edition),
    }
    return render(request, "plans/national/edition.html", context)


@login_required
@require_POST
def ask(request: Request, pk: int) -> HttpResponseBase:
    """Give the document at once, or the page that waits for it."""
    edition = fetch(request.actor, "plans.national_export", Edition, pk=pk)
    form = DocumentForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a language and a kind of file."))
        return redirect(edition.report)
    wanted = form.cleaned_data
    try:
        if len(figures_of(edition)["places"]) <= _AT_ONCE:
            content = hand_out(edition, **wanted, by=request.actor, at=now())
            return _as_file(HttpResponse(content), edition, **wanted)
        file, is_new = ask_for_file(edition, **wanted, at=now())
    except NationalReportError as problem:
        messages.error(request, str(problem))
        return redirect(edition.report)
    if is_new:
        make_document.enqueue(file.pk)
    return redirect("plans:edition_file", pk=file.pk)


def _as_file(
    response: HttpResponseBase, edition: Edition, *, language: str, kind: str
) -> HttpResponseBase:
    plan = edition.report.plan
    period = edition.report.period.ends_on
    name = f"{plan.slug}-{period:%Y-%m}-{edition.number}-{language}.{kind}"
    response["Content-Type"] = CONTENT_TYPES.get(kind, "application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_GET
def wait(request: Request, pk: int) -> HttpResponse:
    """Say how far the document is; the page asks again by itself."""
    file = fetch(request.actor, "plans.edition_file_view", EditionFile, pk=pk)
    is_fragment = "HX-Request" in request.headers
    template = "plans/national/_file.html" if is_fragment else "plans/national/file.html"
    context = {"file": file, "edition": file.edition, "report": file.edition.report}
    return render(request, template, context)


@login_required
@require_GET
def download(request: Request, pk: int) -> HttpResponseBase:
    file = fetch(request.actor, "plans.edition_file_view", EditionFile, pk=pk)
    try:
        content = open_file(file, by=request.actor, at=now())
    except NationalReportError as problem:
        messages.error(request, str(problem))
        return redirect(file.edition.report)
    if content is None:
        messages.warning(request, _("The report changed since. Ask for the document again."))
        return redirect(file.edition.report)
    response = FileResponse(content)
    return _as_file(response, file.edition, language=file.language, kind=file.kind)
