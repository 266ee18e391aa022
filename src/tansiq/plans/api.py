"""The same as JSON: plans, their parts and figures, reports, the activity register."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils.timezone import now
from ninja import Path, Query, Router, Schema
from pydantic import Field

from tansiq.access.api import Limit, Offset, one_of, page_of
from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Marking, Organisation, Place
from tansiq.core.problems import READING, WRITING
from tansiq.plans.actions.activities import edit_activity, register_activity, remove_activity
from tansiq.plans.actions.plans import set_status as set_action_status
from tansiq.plans.actions.reports import accept_report, return_report, submit_report
from tansiq.plans.actions.values import Value, write_value
from tansiq.plans.models import (
    Action,
    ActionStatus,
    Activity,
    Alignment,
    Audience,
    Datapoint,
    Funding,
    Indicator,
    Plan,
    Report,
    RollUp,
)
from tansiq.plans.queries.rollups import figure_of

router = Router(tags=["Plans"])

Pk = Annotated[int, Path(ge=1, le=2**63 - 1)]
_TEXT = r"^[^\x00]*$"
Text = Annotated[str, Field(pattern=_TEXT, max_length=10_000)]
Short = Annotated[str, Field(pattern=_TEXT, min_length=1, max_length=250)]
Word = Annotated[str, Field(pattern=_TEXT, max_length=60)]
Count = Annotated[int, Field(ge=0, le=10**12)]


class PlanOut(Schema):
    id: int
    country: str
    slug: str
    place: str
    kind: str
    title: str
    language: str
    status: str
    starts_on: date
    ends_on: date
    legal_instrument: str
    owner_id: int
    parent_id: int | None
    marking: str
    certainty: str
    source: str
    revision: int

    @staticmethod
    def resolve_country(plan: Plan) -> str:
        return plan.country.code

    @staticmethod
    def resolve_place(plan: Plan) -> str:
        return plan.place.code


class ActionOut(Schema):
    id: int
    plan_id: int
    objective_id: int
    code: str
    title: str
    kind: str
    status: str
    lead_id: int | None
    local_role: str
    starts_on: date | None
    ends_on: date | None
    certainty: str
    source: str
    revision: int


class AlignmentOut(Schema):
    national_action_id: int
    place: str
    relation: str
    reason: str

    @staticmethod
    def resolve_place(alignment: Alignment) -> str:
        return alignment.place.code


class IndicatorOut(Schema):
    id: int
    plan_id: int
    code: str
    title: str
    definition: str
    unit: str
    decimals: int
    rule: str
    level: int | None
    dimensions: list[str]
    baseline: Decimal | None
    target: Decimal | None

    @staticmethod
    def resolve_baseline(indicator: Indicator) -> Decimal | None:
        return indicator.baseline_number

    @staticmethod
    def resolve_target(indicator: Indicator) -> Decimal | None:
        return indicator.target_number


class FigureOut(Schema):
    place: str
    period_id: int
    part: str
    value: Decimal | None
    values: int


class ReportOut(Schema):
    id: int
    period_id: int
    place: str
    status: str
    language: str
    narrative: str
    blockers: str
    wishes: str
    receipt: str
    submitted_at: datetime | None
    accepted_at: datetime | None
    answer: str
    answer_due_on: date | None
    answered_at: datetime | None
    marking: str
    revision: int

    @staticmethod
    def resolve_place(report: Report) -> str:
        return report.place.code


class ValueIn(Schema):
    indicator_id: Annotated[int, Field(ge=1, le=2**63 - 1)]
    value: Annotated[Decimal, Field(ge=-(10**15), le=10**15)]
    as_of: date
    part: Word = ""
    base: Annotated[int, Field(ge=0, le=10**9)] = 1
    note: Text = ""


class ValueOut(Schema):
    id: int
    indicator_id: int
    part: str
    value: Decimal | None
    base: int
    as_of: date
    note: str
    status: str

    @staticmethod
    def resolve_value(datapoint: Datapoint) -> Decimal | None:
        return datapoint.indicator.as_number(datapoint.amount)

    @staticmethod
    def resolve_base(datapoint: Datapoint) -> int:
        return datapoint.weight


class StatusIn(Schema):
    status: ActionStatus
    revision: Annotated[int, Field(ge=1, le=2**31 - 1)]


class WordsIn(Schema):
    text: Text


class ActivityIn(Schema):
    owner_id: Annotated[int, Field(ge=1, le=2**63 - 1)]
    plan_id: Annotated[int, Field(ge=1, le=2**63 - 1)]
    place: Word
    title: Short
    language: Annotated[str, Field(pattern="^(ar|en|fr|id|ms|fil)$")] = "en"
    audience: Audience
    funding: Funding
    funder: Annotated[str, Field(pattern=_TEXT, max_length=120)] = ""
    partners: Annotated[str, Field(pattern=_TEXT, max_length=300)] = ""
    starts_on: date
    ends_on: date
    status: ActionStatus = ActionStatus.NOT_STARTED
    marking: Marking = Marking.GREEN
    amount: Count | None = None
    currency: Annotated[str, Field(pattern="^([A-Z]{3})?$")] = ""
    people_reached: Count | None = None
    women_reached: Count | None = None


class ActivityEdit(Schema):
    revision: Annotated[int, Field(ge=1, le=2**31 - 1)]
    title: Short | None = None
    status: ActionStatus | None = None
    people_reached: Count | None = None
    women_reached: Count | None = None


class ActivityOut(Schema):
    id: int
    owner_id: int
    plan_id: int
    place: str
    title: str
    language: str
    audience: str
    funding: str
    funder: str
    partners: str
    starts_on: date
    ends_on: date
    status: str
    marking: str
    amount: int | None
    currency: str
    people_reached: int | None
    women_reached: int | None
    revision: int

    @staticmethod
    def resolve_place(activity: Activity) -> str:
        return activity.place.code


class PlanPage(Schema):
    total: int
    rows: list[PlanOut]


class ActionPage(Schema):
    total: int
    rows: list[ActionOut]


class AlignmentPage(Schema):
    total: int
    rows: list[AlignmentOut]


class IndicatorPage(Schema):
    total: int
    rows: list[IndicatorOut]


class FigurePage(Schema):
    total: int
    rows: list[FigureOut]


class ReportPage(Schema):
    total: int
    rows: list[ReportOut]


class ActivityPage(Schema):
    total: int
    rows: list[ActivityOut]


@router.get("/plans", response={200: PlanPage, **READING}, summary="Plans I may read")
def plans(
    request: Request, limit: Limit, offset: Offset, country: Word = "", kind: Word = ""
) -> Any:
    rows = Plan.objects.visible_to(request.actor).select_related("country", "place")
    if country:
        rows = rows.filter(country__code=country)
    if kind:
        rows = rows.filter(kind=kind)
    return page_of(rows.order_by("pk"), limit, offset)


@router.get("/plans/{pk}", response={200: PlanOut, **READING}, summary="One plan")
def plan(request: Request, pk: Pk) -> Any:
    return fetch(request.actor, "plans.view", Plan, pk=pk)


@router.get("/plans/{pk}/actions", response={200: ActionPage, **READING}, summary="Its actions")
def actions(request: Request, pk: Pk, limit: Limit, offset: Offset) -> Any:
    found = fetch(request.actor, "plans.view", Plan, pk=pk)
    return page_of(found.actions.order_by("position", "pk"), limit, offset)


@router.get(
    "/plans/{pk}/alignments",
    response={200: AlignmentPage, **READING},
    summary="How places answer a national plan",
)
def alignments(request: Request, pk: Pk, limit: Limit, offset: Offset) -> Any:
    found = fetch(request.actor, "plans.view", Plan, pk=pk)
    rows = Alignment.objects.visible_to(request.actor).filter(national_action__plan=found)
    return page_of(rows.select_related("place").order_by("pk"), limit, offset)


@router.get(
    "/plans/{pk}/indicators", response={200: IndicatorPage, **READING}, summary="Its indicators"
)
def indicators(request: Request, pk: Pk, limit: Limit, offset: Offset) -> Any:
    found = fetch(request.actor, "plans.view", Plan, pk=pk)
    return page_of(found.indicators.order_by("position", "pk"), limit, offset)


@router.get(
    "/indicators/{pk}/figures",
    response={200: FigurePage, **READING},
    summary="What places come to together, for each place and period",
)
def figures(request: Request, pk: Pk, limit: Limit, offset: Offset) -> Any:
    indicator = one_of(Indicator.objects.visible_to(request.actor), pk=pk)
    rows = RollUp.objects.visible_to(request.actor).filter(indicator=indicator)
    page = page_of(rows.select_related("place").order_by("pk"), limit, offset)
    page["rows"] = [_figure_out(indicator, row) for row in page["rows"]]
    return page


def _figure_out(indicator: Indicator, row: RollUp) -> FigureOut:
    figure = figure_of(indicator, row)
    return FigureOut(
        place=row.place.code,
        period_id=row.period_id,
        part=row.part,
        value=figure.number,
        values=figure.places,
    )


@router.post(
    "/actions/{pk}/status",
    response={200: ActionOut, **WRITING},
    summary="Say how an action stands",
)
def set_status(request: Request, pk: Pk, data: StatusIn) -> Any:
    action = one_of(Action.objects.visible_to(request.actor), pk=pk)
    fetch(request.actor, "plans.set_status", Plan, pk=action.plan_id)
    set_action_status(action, data.status, revision=data.revision, by=request.actor, at=now())
    return action


@router.get("/reports", response={200: ReportPage, **READING}, summary="Reports I may read")
def reports(request: Request, limit: Limit, offset: Offset) -> Any:
    rows = Report.objects.visible_to(request.actor).select_related("place")
    return page_of(rows.order_by("pk"), limit, offset)


@router.get("/reports/{pk}", response={200: ReportOut, **READING}, summary="One report")
def report(request: Request, pk: Pk) -> Any:
    return fetch(request.actor, "plans.report_view", Report, pk=pk)


@router.get("/reports/{pk}/values", response={200: list[ValueOut], **READING}, summary="Its values")
def values(request: Request, pk: Pk) -> Any:
    found = fetch(request.actor, "plans.report_view", Report, pk=pk)
    return list(found.datapoints.select_related("indicator").order_by("pk"))


@router.post("/reports/{pk}/values", response={200: ValueOut, **WRITING}, summary="Write one value")
def write(request: Request, pk: Pk, data: ValueIn) -> Any:
    found = fetch(request.actor, "plans.report_write", Report, pk=pk)
    indicator = one_of(Indicator.objects.visible_to(request.actor), pk=data.indicator_id)
    value = Value(data.value, data.as_of, data.part, data.base, data.note)
    return write_value(found, indicator, value, by=request.actor, at=now())


@router.post(
    "/reports/{pk}/send",
    response={200: ReportOut, **WRITING},
    summary="Send a report to the level above",
)
def send(request: Request, pk: Pk) -> Any:
    found = fetch(request.actor, "plans.report_send", Report, pk=pk)
    submit_report(found, by=request.actor, at=now())
    return Report.objects.visible_to(request.actor).get(pk=pk)


@router.post(
    "/reports/{pk}/accept", response={200: ReportOut, **WRITING}, summary="Accept a report"
)
def accept(request: Request, pk: Pk, data: WordsIn) -> Any:
    found = fetch(request.actor, "plans.report_accept", Report, pk=pk)
    accept_report(found, answer=data.text, by=request.actor, at=now())
    return Report.objects.visible_to(request.actor).get(pk=pk)


@router.post(
    "/reports/{pk}/return",
    response={200: ReportOut, **WRITING},
    summary="Return a report with a question",
)
def give_back(request: Request, pk: Pk, data: WordsIn) -> Any:
    found = fetch(request.actor, "plans.report_return", Report, pk=pk)
    return_report(found, data.text, by=request.actor, at=now())
    return Report.objects.visible_to(request.actor).get(pk=pk)


@router.get("/activities", response={200: ActivityPage, **READING}, summary="Activities")
def activities(
    request: Request,
    limit: Limit,
    offset: Offset,
    place: Word = "",
    plan_id: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
) -> Any:
    rows = Activity.objects.visible_to(request.actor).select_related("place")
    if place:
        rows = rows.filter(place__links_up__ancestor__code=place)
    if plan_id is not None:
        rows = rows.filter(plan=plan_id)
    return page_of(rows.order_by("pk"), limit, offset)


@router.post("/activities", response={201: ActivityOut, **WRITING}, summary="Register an activity")
def register(request: Request, data: ActivityIn) -> Any:
    fetch(request.actor, "plans.activity_register", Organisation, pk=data.owner_id)
    found = fetch(request.actor, "plans.view", Plan, pk=data.plan_id)
    place = one_of(Place.objects.visible_to(request.actor), code=data.place)
    activity = Activity(place=place, plan=found, **data.dict(exclude={"place", "plan_id"}))
    register_activity(activity, by=request.actor, at=now())
    return 201, activity


@router.get("/activities/{pk}", response={200: ActivityOut, **READING}, summary="One activity")
def activity(request: Request, pk: Pk) -> Any:
    return fetch(request.actor, "plans.activity_view", Activity, pk=pk)


@router.patch(
    "/activities/{pk}", response={200: ActivityOut, **WRITING}, summary="Change an activity"
)
def edit(request: Request, pk: Pk, data: ActivityEdit) -> Any:
    found = fetch(request.actor, "plans.activity_edit", Activity, pk=pk)
    changes = data.dict(exclude={"revision"}, exclude_none=True)
    edit_activity(found, changes, revision=data.revision, by=request.actor, at=now())
    return found


@router.delete("/activities/{pk}", response={204: None, **WRITING}, summary="Remove an activity")
def remove(request: Request, pk: Pk) -> Any:
    found = fetch(request.actor, "plans.activity_edit", Activity, pk=pk)
    remove_activity(found, by=request.actor, at=now())
    return HttpResponse(status=204)
