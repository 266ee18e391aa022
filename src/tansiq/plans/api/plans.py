"""Plans, their actions, indicators and figures, as JSON."""

from typing import Any

from django.utils.timezone import now
from ninja import Router

from tansiq.access.api import Limit, Offset
from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.access.paging import one_of, page_of
from tansiq.core.problems import READING, WRITING
from tansiq.plans.actions.plans import set_status as set_action_status
from tansiq.plans.api import schemas
from tansiq.plans.models import Action, Alignment, Indicator, Plan, RollUp
from tansiq.plans.queries.rollups import figure_of

router = Router(tags=["Plans"])


@router.get("/plans", response={200: schemas.PlanPage, **READING}, summary="Plans I may read")
def plans(
    request: Request,
    limit: Limit,
    offset: Offset,
    country: schemas.Word = "",
    kind: schemas.Word = "",
) -> Any:
    rows = Plan.objects.visible_to(request.actor).select_related("country", "place")
    if country:
        rows = rows.filter(country__code=country)
    if kind:
        rows = rows.filter(kind=kind)
    return page_of(rows.order_by("pk"), limit, offset)


@router.get("/plans/{pk}", response={200: schemas.PlanOut, **READING}, summary="One plan")
def plan(request: Request, pk: schemas.Pk) -> Any:
    return fetch(request.actor, "plans.view", Plan, pk=pk)


@router.get(
    "/plans/{pk}/actions", response={200: schemas.ActionPage, **READING}, summary="Its actions"
)
def actions(request: Request, pk: schemas.Pk, limit: Limit, offset: Offset) -> Any:
    found = fetch(request.actor, "plans.view", Plan, pk=pk)
    return page_of(found.actions.standing().order_by("position", "pk"), limit, offset)


@router.get(
    "/plans/{pk}/alignments",
    response={200: schemas.AlignmentPage, **READING},
    summary="How places answer a national plan",
)
def alignments(request: Request, pk: schemas.Pk, limit: Limit, offset: Offset) -> Any:
    found = fetch(request.actor, "plans.view", Plan, pk=pk)
    rows = Alignment.objects.visible_to(request.actor).filter(national_action__plan=found)
    return page_of(rows.select_related("place").order_by("pk"), limit, offset)


@router.get(
    "/plans/{pk}/indicators",
    response={200: schemas.IndicatorPage, **READING},
    summary="Its indicators",
)
def indicators(request: Request, pk: schemas.Pk, limit: Limit, offset: Offset) -> Any:
    found = fetch(request.actor, "plans.view", Plan, pk=pk)
    return page_of(found.indicators.standing().order_by("position", "pk"), limit, offset)


@router.get(
    "/indicators/{pk}/figures",
    response={200: schemas.FigurePage, **READING},
    summary="What places come to together, for each place and period",
)
def figures(request: Request, pk: schemas.Pk, limit: Limit, offset: Offset) -> Any:
    indicator = one_of(Indicator.objects.visible_to(request.actor), pk=pk)
    rows = RollUp.objects.visible_to(request.actor).filter(indicator=indicator)
    page = page_of(rows.select_related("place").order_by("pk"), limit, offset)
    page["rows"] = [_figure_out(indicator, row) for row in page["rows"]]
    return page


def _figure_out(indicator: Indicator, row: RollUp) -> schemas.FigureOut:
    figure = figure_of(indicator, row)
    return schemas.FigureOut(
        place=row.place.code,
        period_id=row.period_id,
        part=row.part,
        value=figure.number,
        values=figure.places,
    )


@router.post(
    "/actions/{pk}/status",
    response={200: schemas.ActionOut, **WRITING},
    summary="Say how an action stands",
)
def set_status(request: Request, pk: schemas.Pk, data: schemas.StatusIn) -> Any:
    action = one_of(Action.objects.visible_to(request.actor), pk=pk)
    fetch(request.actor, "plans.set_status", Plan, pk=action.plan_id)
    set_action_status(action, data.status, revision=data.revision, by=request.actor, at=now())
    return action
