"""Reports and their values, as JSON."""

from typing import Any

from django.utils.timezone import now
from ninja import Router

from tansiq.access.api import Limit, Offset
from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.access.paging import one_of, page_of
from tansiq.core.problems import READING, WRITING
from tansiq.plans.actions.reports import accept_report, return_report, submit_report
from tansiq.plans.actions.values import Value, write_value
from tansiq.plans.api import schemas
from tansiq.plans.models import Indicator, NationalReport, Report
from tansiq.plans.queries.national.pages import edition_lines

router = Router(tags=["Reports"])


@router.get("/reports", response={200: schemas.ReportPage, **READING}, summary="Reports I may read")
def reports(request: Request, limit: Limit, offset: Offset) -> Any:
    rows = Report.objects.visible_to(request.actor).select_related("place")
    return page_of(rows.order_by("pk"), limit, offset)


@router.get("/reports/{pk}", response={200: schemas.ReportOut, **READING}, summary="One report")
def report(request: Request, pk: schemas.Pk) -> Any:
    return fetch(request.actor, "plans.report_view", Report, pk=pk)


@router.get(
    "/reports/{pk}/values", response={200: list[schemas.ValueOut], **READING}, summary="Its values"
)
def values(request: Request, pk: schemas.Pk) -> Any:
    found = fetch(request.actor, "plans.report_view", Report, pk=pk)
    return list(found.datapoints.select_related("indicator").order_by("pk"))


@router.post(
    "/reports/{pk}/values", response={200: schemas.ValueOut, **WRITING}, summary="Write one value"
)
def write(request: Request, pk: schemas.Pk, data: schemas.ValueIn) -> Any:
    found = fetch(request.actor, "plans.report_write", Report, pk=pk)
    indicator = one_of(Indicator.objects.visible_to(request.actor), pk=data.indicator_id)
    value = Value(data.value, data.as_of, data.part, data.base, data.note)
    return write_value(found, indicator, value, by=request.actor, at=now())


@router.post(
    "/reports/{pk}/send",
    response={200: schemas.ReportOut, **WRITING},
    summary="Send a report to the level above",
)
def send(request: Request, pk: schemas.Pk) -> Any:
    found = fetch(request.actor, "plans.report_send", Report, pk=pk)
    submit_report(found, by=request.actor, at=now())
    return Report.objects.visible_to(request.actor).get(pk=pk)


@router.post(
    "/reports/{pk}/accept", response={200: schemas.ReportOut, **WRITING}, summary="Accept a report"
)
def accept(request: Request, pk: schemas.Pk, data: schemas.WordsIn) -> Any:
    found = fetch(request.actor, "plans.report_accept", Report, pk=pk)
    accept_report(found, answer=data.text, by=request.actor, at=now())
    return Report.objects.visible_to(request.actor).get(pk=pk)


@router.post(
    "/reports/{pk}/return",
    response={200: schemas.ReportOut, **WRITING},
    summary="Return a report with a question",
)
def give_back(request: Request, pk: schemas.Pk, data: schemas.WordsIn) -> Any:
    found = fetch(request.actor, "plans.report_return", Report, pk=pk)
    return_report(found, data.text, by=request.actor, at=now())
    return Report.objects.visible_to(request.actor).get(pk=pk)


@router.get(
    "/national-reports/{pk}/editions",
    response={200: list[schemas.EditionOut], **READING},
    summary="Editions of a report of the nation",
)
def editions(request: Request, pk: schemas.Pk) -> Any:
    found = fetch(request.actor, "plans.national_view", NationalReport, pk=pk)
    return edition_lines(found)


@router.get(
    "/national-reports",
    response={200: schemas.NationalReportPage, **READING},
    summary="Reports of nations I may read",
)
def national_reports(request: Request, limit: Limit, offset: Offset) -> Any:
    rows = NationalReport.objects.visible_to(request.actor).select_related("plan__country")
    return page_of(rows.order_by("pk"), limit, offset)
