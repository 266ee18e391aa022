"""Reports as lists: what we owe and sent, what we received, who has reported for a period."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation, Place
from tansiq.plans.actions.reports import ReportError, remind_place, start_report
from tansiq.plans.models import NationalReport, Period, Report
from tansiq.plans.queries.overview import (
    FILTERS,
    PeriodOverview,
    overview_of,
    overviews_for,
    places_to_remind,
)
from tansiq.plans.queries.reporting import owed_reports, places_led_by

_PER_PAGE = 50


@login_required
@require_GET
def index(request: Request) -> HttpResponse:
    """Show both directions: what our places owe and sent, and what others sent to us."""
    today = now().date()
    leads = places_led_by(request.actor)
    visible = Report.objects.visible_to(request.actor).select_related(
        "place", "period__plan", "addressee"
    )
    sent = visible.filter(owner__in=leads, submitted_at__isnull=False)
    received = visible.filter(addressee__in=request.actor.organisation_ids).exclude(status="draft")
    ours = Paginator(sent.order_by("-submitted_at", "-pk"), _PER_PAGE)
    theirs = Paginator(received.in_order_of_need(), _PER_PAGE)
    context = {
        "today": today,
        "leads": leads,
        "sends": any(lead.place and lead.place.level for lead in leads),
        "owed": owed_reports(request.actor, leads, on=today),
        "sent": ours.get_page(request.GET.get("sent")),
        "received": theirs.get_page(request.GET.get("page")),
        "overviews": overviews_for(request.actor, leads, on=today),
    }
    return render(request, "plans/reports/index.html", context)


@login_required
@require_GET
def period(request: Request, pk: int) -> HttpResponse:
    """Show which places have reported to us for a period, and which have not."""
    overview = _overview(request, pk)
    page = Paginator(overview.places, _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "overview": overview,
        "page": page,
        "rows": overview.rows_of(page),
        "filters": FILTERS,
        "national": _national(request, overview.period),
        "today": now().date(),
    }
    template = "plans/reports/_places.html" if request.headers.get("HX-Request") else ""
    return render(request, template or "plans/reports/period.html", context)


def _national(request: Request, period: Period) -> dict[str, Any]:
    """Return the report of the nation on this period, or whether this person may begin it."""
    found = NationalReport.objects.visible_to(request.actor).filter(period=period).first()
    return {"report": found, "may_start": can(request.actor, "plans.national_start", period)}


def _overview(request: Request, pk: int) -> PeriodOverview:
    period = fetch(request.actor, "plans.period_view", Period, pk=pk)
    overview = overview_of(
        request.actor,
        period,
        on=now().date(),
        state=request.GET.get("state", ""),
        text=request.GET.get("q", ""),
        sort=request.GET.get("sort", ""),
    )
    if overview is None:
        raise PermissionDenied(_("No place reports to your organisations for this period."))
    return overview


@login_required
@require_POST
def remind(request: Request, pk: int) -> HttpResponse:
    """Remind one place, or all that have not reported."""
    period = fetch(request.actor, "plans.report_ask", Period, pk=pk)
    places = places_to_remind(request.actor, period, code=request.POST.get("place", ""))
    sent, problem = 0, ""
    for place in places:
        try:
            remind_place(period, place, by=request.actor, at=now())
            sent += 1
        except ReportError as refusal:
            problem = str(refusal)
    if sent:
        said = ngettext("%(count)s reminder is out.", "%(count)s reminders are out.", sent)
        messages.success(request, said % {"count": sent})
    else:
        messages.warning(request, problem or _("There is nobody to remind."))
    return redirect("plans:period", pk=period.pk)


@login_required
@require_http_methods(["GET", "POST"])
def start(request: Request, pk: int, code: str) -> HttpResponse:
    """Say what the report will begin with; begin it on POST."""
    period = fetch(request.actor, "plans.period_view", Period, pk=pk)
    place = fetch(request.actor, "plans.place_view", Place, code=code)
    lead = fetch(
        request.actor,
        "plans.report_start",
        Organisation,
        place=place,
        is_lead_of_place=True,
    )
    begun = Report.objects.visible_to(request.actor).filter(period=period, place=place).first()
    if begun is not None:
        return redirect("plans:report_write", pk=begun.pk)
    if request.method == "GET":
        context = {"period": period, "place": place, "today": now().date()}
        return render(request, "plans/reports/start.html", context)
    language = request.LANGUAGE_CODE
    report = start_report(period, place, owner=lead, language=language, by=request.actor, at=now())
    return redirect("plans:report_write", pk=report.pk)


@login_required
@require_GET
def receipt(request: Request, pk: int) -> HttpResponse:
    report = fetch(request.actor, "plans.report_view", Report, pk=pk)
    if not report.receipt or not can(request.actor, "plans.report_view", report):
        return redirect(report)
    return render(request, "plans/reports/receipt.html", {"report": report})
