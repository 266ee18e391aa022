"""The activity register, as JSON."""

from typing import Annotated, Any

from django.http import HttpResponse
from django.utils.timezone import now
from ninja import Query, Router, Status

from tansiq.access.api import Limit, Offset
from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Organisation, Place
from tansiq.access.paging import one_of, page_of
from tansiq.core.problems import READING, WRITING
from tansiq.plans.actions.activities import edit_activity, register_activity, remove_activity
from tansiq.plans.api import schemas
from tansiq.plans.models import Activity, Plan

router = Router(tags=["Activities"])


@router.get("/activities", response={200: schemas.ActivityPage, **READING}, summary="Activities")
def activities(
    request: Request,
    limit: Limit,
    offset: Offset,
    place: schemas.Word = "",
    plan_id: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    theme: schemas.Word = "",
) -> Any:
    rows = Activity.objects.visible_to(request.actor).select_related("place")
    if place:
        rows = rows.filter(place__links_up__ancestor__code=place)
    if plan_id is not None:
        rows = rows.filter(plan=plan_id)
    if theme:
        rows = rows.filter(theme=theme)
    return page_of(rows.order_by("pk"), limit, offset)


@router.post(
    "/activities", response={201: schemas.ActivityOut, **WRITING}, summary="Register an activity"
)
def register(request: Request, data: schemas.ActivityIn) -> Any:
    fetch(request.actor, "plans.activity_register", Organisation, pk=data.owner_id)
    found = fetch(request.actor, "plans.view", Plan, pk=data.plan_id)
    place = one_of(Place.objects.visible_to(request.actor), code=data.place)
    activity = Activity(place=place, plan=found, **data.dict(exclude={"place", "plan_id"}))
    register_activity(activity, by=request.actor, at=now())
    return Status(201, activity)


@router.get(
    "/activities/{pk}", response={200: schemas.ActivityOut, **READING}, summary="One activity"
)
def activity(request: Request, pk: schemas.Pk) -> Any:
    return fetch(request.actor, "plans.activity_view", Activity, pk=pk)


@router.patch(
    "/activities/{pk}", response={200: schemas.ActivityOut, **WRITING}, summary="Change an activity"
)
def edit(request: Request, pk: schemas.Pk, data: schemas.ActivityEdit) -> Any:
    found = fetch(request.actor, "plans.activity_edit", Activity, pk=pk)
    changes = data.dict(exclude={"revision"}, exclude_none=True)
    edit_activity(found, changes, revision=data.revision, by=request.actor, at=now())
    return found


@router.delete("/activities/{pk}", response={204: None, **WRITING}, summary="Remove an activity")
def remove(request: Request, pk: schemas.Pk) -> Any:
    found = fetch(request.actor, "plans.activity_edit", Activity, pk=pk)
    remove_activity(found, by=request.actor, at=now())
    return HttpResponse(status=204)
