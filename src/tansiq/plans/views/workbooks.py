"""Work in Excel: take a workbook out, send it in, look at what it changes, confirm."""

import io
import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.core.documents.package import WorkbookError
from tansiq.core.uploads import CONTENT_TYPES
from tansiq.plans.actions.workbooks import WorkbookChangedError, note_given
from tansiq.plans.forms.workbooks import WorkbookForm
from tansiq.plans.models import Period, Plan, Report, Workbook
from tansiq.plans.queries import workbooks as reading
from tansiq.plans.workbooks import jobs, national
from tansiq.plans.workbooks.comparing import Change
from tansiq.plans.workbooks.making import make_workbook
from tansiq.plans.workbooks.profiles import forms, profiles_for
from tansiq.plans.workbooks.scope import Scope
from tansiq.plans.workbooks.showing import Shower
from tansiq.plans.workbooks.taking import look_at, new_upload, parsed_of, read_upload, take

_SHOWN = 100


@login_required
@require_http_methods(["GET", "POST"])
def of_report(request: Request, pk: int) -> HttpResponse:
    """Take out or send in the workbook of one report."""
    report = fetch(request.actor, "plans.report_export", Report, pk=pk)
    scope = reading.scope_of_report(report, request.actor, at=now())
    context = {"report": report, "may_write": can(request.actor, "plans.report_write", report)}
    return _excel(request, scope, context)


@login_required
@require_GET
def report_file(request: Request, pk: int) -> HttpResponseBase:
    report = fetch(request.actor, "plans.report_export", Report, pk=pk)
    return _file(request, reading.scope_of_report(report, request.actor, at=now()))


@login_required
@require_http_methods(["GET", "POST"])
def of_plan(request: Request, country: str, slug: str) -> HttpResponse:
    """Take out or send in the workbook of one plan, without a report."""
    plan = fetch(request.actor, "plans.export", Plan, country__code=country, slug=slug)
    scope = reading.scope_of_plan(plan, request.actor, at=now())
    context: dict[str, Any] = {"reports": reading.open_reports_of(plan, request.actor)[:6]}
    if plan.is_national:
        context["periods"] = reading.periods_of_all_places(plan)[:6]
    return _excel(request, scope, context)


@login_required
@require_GET
def plan_file(request: Request, country: str, slug: str) -> HttpResponseBase:
    plan = fetch(request.actor, "plans.export", Plan, country__code=country, slug=slug)
    return _file(request, reading.scope_of_plan(plan, request.actor, at=now()))


def _excel(request: Request, scope: Scope, more: dict[str, Any]) -> HttpResponse:
    form = WorkbookForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        fetch(request.actor, "plans.workbook_take", Plan, pk=scope.plan.pk)
        file = form.cleaned_data["file"]
        content = b"".join(file.chunks())
        workbook = new_upload(scope, content, str(file.name), by=request.actor, at=now())
        try:
            read_upload(workbook, content, scope)
            return redirect("plans:workbook", pk=workbook.pk)
        except WorkbookError as problem:
            form.add_error("file", str(problem))
    may_take = can(request.actor, "plans.workbook_take", scope.plan)
    context = {"form": form, "scope": scope, "plan": scope.plan, "may_take": may_take} | more
    status = 422 if form.is_bound else 200
    return render(request, "plans/workbooks/excel.html", context, status=status)


def _file(request: Request, scope: Scope) -> FileResponse:
    """Make a workbook and give it; that it left the platform is written down."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "workbook.xlsx"
        made = make_workbook(path, scope, by_name=str(request.user))
        content = path.read_bytes()
    detail = {"rows": made.rows, "sha256": made.sha256, "marking": made.marking}
    note_given(scope.report or scope.plan, detail, by=request.actor, at=now())
    return _given(io.BytesIO(content), _name_of(scope), CONTENT_TYPES["xlsx"])


def _name_of(scope: Scope) -> str:
    when = f"-{scope.period.starts_on:%Y-%m}" if scope.period else ""
    return f"{scope.place.code}-{scope.plan.slug}{when}.xlsx"


@login_required
@require_GET
def show(request: Request, pk: int) -> HttpResponse:
    """Show how far a workbook is, what it would change, or what it changed."""
    workbook = fetch(request.actor, "plans.workbook_view", Workbook, pk=pk)
    if workbook.is_ready and not workbook.is_out:
        return _preview(request, workbook)
    scope = reading.scope_of(workbook, request.actor, at=now())
    context: dict[str, Any] = {
        "workbook": workbook,
        "scope": scope,
        "back_url": _back_to(scope),
        "again_url": _excel_of(scope),
    }
    if workbook.is_taken:
        context |= _result(request, workbook)
    template = "_progress.html" if request.headers.get("HX-Request") else "show.html"
    return render(request, f"plans/workbooks/{template}", context)


def _preview(
    request: Request, workbook: Workbook, *, problem: str = "", status: int = 200
) -> HttpResponse:
    scope = reading.scope_of(workbook, request.actor, at=now())
    look = national.remembered(workbook) or look_at(parsed_of(workbook), scope)
    shower = Shower(scope, look.parsed.names)
    context = {
        "workbook": workbook,
        "scope": scope,
        "look": look,
        "problem": problem or workbook.said,
        "seen": look.comparison.fingerprint(),
        "changes": shower.changes(look.changes[:_SHOWN]),
        "conflicts": shower.changes(look.conflicts),
        "rows": shower.rows(look.new_rows[:_SHOWN]),
        "chosen": {k.removeprefix("choice:"): v for k, v in request.POST.items()},
        "shown": _SHOWN,
    }
    return render(request, "plans/workbooks/preview.html", context, status=status)


def _result(request: Request, workbook: Workbook) -> dict[str, Any]:
    scope = reading.scope_of(workbook, request.actor, at=now())
    shower = Shower(scope, workbook.content["names"])
    changes = [Change(**one) for one in workbook.content["changes"]]
    target = scope.report or scope.plan
    log_url = reverse("access:log_of_object", args=[target._meta.label_lower, target.pk])
    return {
        "done": workbook.content["done"],
        "changes": shower.changes(changes[:_SHOWN]),
        "log_url": log_url if can(request.actor, "log.view", workbook.person) else "",
    }


@login_required
@require_http_methods(["GET", "POST"])
def of_period(request: Request, pk: int) -> HttpResponse:
    """Send in a workbook of all places, or see how to have one made."""
    scope = _national(request, pk)
    form = WorkbookForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        fetch(request.actor, "plans.workbook_take", Plan, pk=scope.plan.pk)
        file = form.cleaned_data["file"]
        content = b"".join(file.chunks())
        workbook = new_upload(scope, content, str(file.name), by=request.actor, at=now())
        national.keep_for_reading(workbook, content)
        jobs.read_workbook.enqueue(workbook.pk)
        return redirect("plans:workbook", pk=workbook.pk)
    context = {
        "form": form,
        "scope": scope,
        "plan": scope.plan,
        "profiles": profiles_for(scope.place.country_code),
        "may_take": can(request.actor, "plans.workbook_take", scope.plan),
        "waiting": _mine(request).filter(period=scope.period, lead=scope.lead)[:5],
    }
    status = 422 if form.is_bound else 200
    return render(request, "plans/workbooks/period.html", context, status=status)


def _national(request: Request, pk: int) -> Scope:
    period = fetch(request.actor, "plans.period_export", Period, pk=pk)
    scope = reading.scope_of_period(period, request.actor, at=now())
    if scope is None:
        raise PermissionDenied(_("No place reports to your organisations for this period."))
    return scope


def _mine(request: Request) -> Any:
    rows = Workbook.objects.visible_to(request.actor).filter(expires_at__gt=now())
    return rows.order_by("-made_at", "-pk")


@login_required
@require_POST
def make(request: Request, pk: int) -> HttpResponse:
    """Have the workbook of all places made, or a table in the form of another body."""
    scope = _national(request, pk)
    form = request.POST.get("form", "")
    if form and form not in forms():
        raise Http404
    name = f"{scope.place.code}-{scope.plan.slug}-{scope.period.starts_on:%Y-%m}"  # type: ignore[union-attr]  # -- a workbook of all places has a period
    name = f"{name}-{form}" if form else f"{name}-all.xlsx"
    workbook = national.ask_for(scope, form=form, name=name, by=request.actor, at=now())
    jobs.make_workbook.enqueue(workbook.pk)
    return redirect("plans:workbook", pk=workbook.pk)


@login_required
@require_GET
def file(request: Request, pk: int) -> HttpResponseBase:
    """Give a workbook that a job has made, to the person it was made for."""
    workbook = fetch(request.actor, "plans.workbook_view", Workbook, pk=pk)
    if not (workbook.is_out and workbook.is_ready and workbook.file) or workbook.expires_at < now():
        raise Http404
    kind = workbook.name.rpartition(".")[2]
    return _given(workbook.file.open("rb"), workbook.name, CONTENT_TYPES[kind])


def _given(content: Any, name: str, content_type: str) -> FileResponse:
    answer = FileResponse(content, as_attachment=True, filename=name, content_type=content_type)
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@login_required
@require_POST
def confirm(request: Request, pk: int) -> HttpResponse:
    """Take what the preview showed; all of it or nothing."""
    workbook = fetch(request.actor, "plans.workbook_view", Workbook, pk=pk)
    if not workbook.is_ready or workbook.is_out:
        return redirect("plans:workbook", pk=workbook.pk)
    scope = reading.scope_of(workbook, request.actor, at=now())
    choices = {
        key.removeprefix("choice:"): str(value)
        for key, value in request.POST.items()
        if key.startswith("choice:")
    }
    seen = request.POST.get("seen", "")
    if scope.is_national:
        national.confirm(workbook, choices=choices, seen=seen)
        jobs.take_workbook.enqueue(workbook.pk)
        return redirect("plans:workbook", pk=workbook.pk)
    try:
        take(workbook, scope, choices=choices, seen=seen, by=request.actor, at=now())
    except WorkbookChangedError as problem:
        return _preview(request, workbook, problem=str(problem), status=409)
    messages.success(request, _("The workbook is saved. Below is what changed."))
    return redirect("plans:workbook", pk=workbook.pk)


@login_required
@require_POST
def drop(request: Request, pk: int) -> HttpResponse:
    """Forget a workbook that was sent in and not confirmed."""
    workbook = fetch(request.actor, "plans.workbook_view", Workbook, pk=pk)
    scope = reading.scope_of(workbook, request.actor, at=now())
    workbook.delete()
    messages.info(request, _("Nothing of the workbook was saved."))
    return redirect(_back_to(scope))


def _back_to(scope: Scope) -> str:
    if scope.is_national and scope.period:
        return reverse("plans:period", args=[scope.period.pk])
    return (scope.report or scope.plan).get_absolute_url()


def _excel_of(scope: Scope) -> str:
    """Return the page on which workbooks of this scope are taken out and sent in."""
    if scope.is_national and scope.period:
        return reverse("plans:period_excel", args=[scope.period.pk])
    if scope.report:
        return reverse("plans:report_excel", args=[scope.report.pk])
    return reverse("plans:excel", args=[scope.plan.country.code, scope.plan.slug])
