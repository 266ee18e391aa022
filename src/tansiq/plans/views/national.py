"""The report of the nation: figures beside words, taken anew, made final, opened again."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.access.gate import can_each, fetch
from tansiq.access.middleware import Request
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.core.formats import language_name
from tansiq.plans.actions import national as acting
from tansiq.plans.forms.national import DocumentForm, ReopenForm, ReportTextForm, languages
from tansiq.plans.models import NationalReport, Period, ReportText
from tansiq.plans.queries.national.audience import still_fits
from tansiq.plans.queries.national.document import document_of
from tansiq.plans.queries.national.editions import changes_since, latest_edition, source_of
from tansiq.plans.queries.national.pages import (
    edition_lines,
    section_pages,
    section_told,
    writing_languages,
)

_VERDICTS = ("national_write", "national_figures", "national_finalise", "national_reopen")


@login_required
@require_POST
def start(request: Request, pk: int) -> HttpResponse:
    period = fetch(request.actor, "plans.national_start", Period, pk=pk)
    report = acting.start_national_report(period, by=request.actor, at=now())
    return redirect(report)


@login_required
@require_GET
def show(request: Request, pk: int) -> HttpResponse:
    """Show each section: its figures, and what is written for it."""
    report = fetch(request.actor, "plans.national_view", NationalReport, pk=pk)
    edition = latest_edition(report)
    source = source_of(edition)
    is_too_open = not still_fits(source.figures["audience"], report)
    # Who reads it only since its marking was loosened waits for figures gathered for them.
    is_withheld = is_too_open and report.owner_id not in request.actor.organisation_ids
    told = [] if is_withheld else section_pages(report, source, request.LANGUAGE_CODE)
    context = _verdicts(request, report) | {
        "report": report,
        "edition": edition,
        "source": source,
        "sections": told,
        "editions": edition_lines(report),
        "changes": len(changes_since(edition)),
        "is_too_open": is_too_open,
        "document_form": DocumentForm(initial={"language": request.LANGUAGE_CODE, "kind": "pdf"}),
        "today": now().date(),
    }
    return render(request, "plans/national/detail.html", context)


def _verdicts(request: Request, report: NationalReport) -> dict[str, Any]:
    found = can_each(request.actor, [f"plans.{name}" for name in _VERDICTS], report)
    return {f"may_{name.partition('_')[2]}": found[f"plans.{name}"] for name in _VERDICTS}


@login_required
@require_GET
def preview(request: Request, pk: int) -> HttpResponse:
    """Show the whole document on one page that also prints."""
    report = fetch(request.actor, "plans.national_view", NationalReport, pk=pk)
    source = source_of(latest_edition(report))
    language = request.GET.get("language", request.LANGUAGE_CODE)
    if language not in dict(languages()):
        raise Http404
    if not still_fits(source.figures["audience"], report):
        messages.error(request, acting.too_open())
        return redirect(report)
    document = document_of(source, language)
    context = {"report": report, "document": document, "languages": languages()}
    return render(request, "plans/national/print.html", context)


@login_required
@require_POST
def figures(request: Request, pk: int) -> HttpResponse:
    report = fetch(request.actor, "plans.national_figures", NationalReport, pk=pk)
    try:
        edition = acting.take_figures(report, by=request.actor, at=now())
        messages.success(request, _("The figures are those of now. What you wrote is kept."))
        return redirect("plans:edition", pk=report.pk, number=edition.number)
    except acting.NationalReportError as problem:
        messages.error(request, str(problem))
        return redirect(report)


@login_required
@require_http_methods(["GET", "POST"])
def write(request: Request, pk: int, section: str) -> HttpResponse:
    """Write what readers should know, beside the figures it is about."""
    report = fetch(request.actor, "plans.national_write", NationalReport, pk=pk)
    language = _language_asked_for(request, report)
    text = _text_of(request, report, section, language)
    form = ReportTextForm(request.POST or None, instance=text)
    if not form.is_valid():
        return _write_page(request, report, section, language, form=form)
    try:
        acting.write_text(
            report,
            section,
            language,
            form.cleaned_data["text"],
            revision=form.seen_revision,
            by=request.actor,
            at=now(),
        )
    except ChangedMeanwhileError as conflict:
        current: Any = conflict.current
        fresh = ReportTextForm(instance=current)
        more = {"differences": form.show_again(fresh), "current": current}
        return _write_page(request, report, section, language, form=form, status=409, **more)
    messages.success(request, _("Kept."))
    return redirect(f"{reverse('plans:national', args=[report.pk])}#{section}")


def _language_asked_for(request: Request, report: NationalReport) -> str:
    asked = request.GET.get("language", "")
    if asked in dict(languages()):
        return asked
    there = report.texts.exclude(text="").order_by("-changed_at").first()
    return there.language if there else report.plan.language


def _text_of(request: Request, report: NationalReport, section: str, language: str) -> ReportText:
    found = ReportText.objects.visible_to(request.actor).filter(
        report=report, section=section, language=language
    )
    return found.first() or ReportText(report=report, section=section, language=language)


def _write_page(
    request: Request,
    report: NationalReport,
    section: str,
    language: str,
    *,
    form: ReportTextForm,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    told = section_told(source_of(latest_edition(report)), section, request.LANGUAGE_CODE)
    if told is None:
        raise Http404
    current = more.get("current")
    context = {
        "report": report,
        "section": told,
        "form": form,
        "writing_language": language,
        "language_word": language_name(language),
        "languages": writing_languages(report, section),
        "is_conflict": current is not None,
        "changed_by": (current.written_by if current else None) or _("Somebody"),
        "changed_at": current.changed_at if current else None,
    }
    status = 422 if form.errors and status == HTTP_OK else status
    return render(request, "plans/national/write.html", context | more, status=status)


HTTP_OK = 200


@login_required
@require_http_methods(["GET", "POST"])
def finalise(request: Request, pk: int) -> HttpResponse:
    report = fetch(request.actor, "plans.national_finalise", NationalReport, pk=pk)
    problem = ""
    if request.method == "POST":
        try:
            acting.finalise_report(report, by=request.actor, at=now())
            messages.success(request, _("The report is final. Its receipt stands on it."))
            return redirect(report)
        except acting.NationalReportError as refusal:
            problem = str(refusal)
    context = {
        "report": report,
        "problem": problem,
        "question": _("Make the report final?"),
        "consequence": _(
            "Figures and words are closed as they are now, and the report gets a receipt. A lead "
            "can open it again with a reason; the final edition then stays as it was."
        ),
        "label": _("Make it final"),
        "back_url": report.get_absolute_url(),
    }
    status = 409 if problem else 200
    return render(request, "plans/national/confirm.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def reopen(request: Request, pk: int) -> HttpResponse:
    report = fetch(request.actor, "plans.national_reopen", NationalReport, pk=pk)
    form = ReopenForm(request.POST or None)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            acting.reopen_national(report, reason, by=request.actor, at=now())
            return redirect(report)
        except acting.NationalReportError as problem:
            form.add_error("reason", str(problem))
    context = {
        "report": report,
        "form": form,
        "question": _("Open the report again?"),
        "consequence": _("A new edition begins with the figures of now and all that was written."),
        "label": _("Open it again"),
        "back_url": report.get_absolute_url(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "plans/national/confirm.html", context, status=status)
