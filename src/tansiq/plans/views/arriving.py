"""Where a device delivers what was written without a connection. It is asked by scripts only."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import resolve_url
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tansiq.access.gate import can, fetch
from tansiq.access.middleware import Request
from tansiq.core.editing import ChangedMeanwhileError
from tansiq.plans.actions.arrivals import Written, take_in
from tansiq.plans.actions.reports import ReportError
from tansiq.plans.actions.values import BadValueError
from tansiq.plans.forms.arrivals import ArrivalForm
from tansiq.plans.forms.reports import ReportForm
from tansiq.plans.models import Arrival, Report
from tansiq.plans.queries.contents import lines_of_report


@login_required
@require_http_methods(["GET", "POST"])
def arrive(request: Request, pk: int) -> HttpResponse:
    """On GET give who is signed in and the proof a form needs; on POST take in what was kept."""
    report = fetch(request.actor, "plans.report_view", Report, pk=pk)
    if request.method == "GET":
        return JsonResponse({"person": request.actor.person_id, "token": get_token(request)})
    delivery = ArrivalForm(request.POST)
    if not delivery.is_valid():
        return _refused(_("This page is too old. Open the report again."), 422)
    before = Arrival.objects.visible_to(request.actor).filter(key=delivery.mark, report=report)
    known = before.filter(person=request.actor.person_id).first()
    return _taken(known) if known else _take(request, report, delivery)


def _take(request: Request, report: Report, delivery: ArrivalForm) -> HttpResponse:
    rule = "plans.report_send" if delivery.wants_to_send else "plans.report_write"
    verdict = can(request.actor, rule, report)
    if not verdict:
        return _refused(verdict.reason, 403)
    form = ReportForm(
        request.POST,
        report=report,
        lines=lines_of_report(report, request.actor),
        today=now().date(),
    )
    if not form.is_valid():
        return _refused(form.problems_in_words, 422)
    try:
        return _taken(_taken_in(request, report, delivery, form))
    except ChangedMeanwhileError as conflict:
        return _refused(str(conflict), 409)
    except (ReportError, BadValueError) as problem:
        return _refused(str(problem), 422)


def _taken_in(request: Request, report: Report, delivery: ArrivalForm, form: ReportForm) -> Arrival:
    written = Written(
        words=form.words(),
        entries=form.entries(),
        revision=form.cleaned_data["revision"],
        pen=form.cleaned_data["pen"],
    )
    return take_in(
        report,
        written,
        key=delivery.mark,
        and_send=delivery.wants_to_send,
        by=request.actor,
        at=now(),
    )


def _taken(arrival: Arrival) -> JsonResponse:
    name = "plans:report_receipt" if arrival.has_sent else "plans:report_write"
    answer: dict[str, Any] = {"sent": arrival.has_sent, "url": resolve_url(name, arrival.report_id)}
    return JsonResponse(answer)


def _refused(problem: str, status: int) -> JsonResponse:
    return JsonResponse({"problem": problem}, status=status)
