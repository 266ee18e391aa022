"""Versions of plans, what differs between them, and proposals, as JSON."""

from datetime import date, datetime
from typing import Any

from ninja import Router, Schema

from tansiq.access.api import Limit, Offset
from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.access.paging import one_of, page_of
from tansiq.core.problems import READING
from tansiq.plans.api import schemas
from tansiq.plans.api.schemas import Count
from tansiq.plans.models import Plan, Proposal, Version
from tansiq.plans.queries.versions.content import is_intact, read
from tansiq.plans.queries.versions.diff import differences

router = Router(tags=["Versions and proposals"])


class VersionOut(Schema):
    number: int
    legal_instrument: str
    in_force_on: date | None
    reason: str
    sha256: str
    kept_at: datetime


class VersionPage(Schema):
    total: int
    rows: list[VersionOut]


class WholeVersionOut(VersionOut):
    is_intact: bool
    # As `queries/versions/content.py` describes it.
    content: dict[str, Any]

    @staticmethod
    def resolve_is_intact(version: Version) -> bool:
        return is_intact(version)

    @staticmethod
    def resolve_content(version: Version) -> dict[str, Any]:
        return read(version.content)


class FieldChangeOut(Schema):
    name: str
    sort: str
    before: Any
    after: Any


class PartChangeOut(Schema):
    kind: str
    key: str
    code: str
    title: str
    sorts: list[str]
    fields: list[FieldChangeOut]


class ProposalOut(Schema):
    id: int
    plan_id: int
    place: str
    owner_id: int
    subject: str
    objective_id: int | None
    action_id: int | None
    language: str
    title: str
    why: str
    basis: str
    rests_on: str
    status: str
    marking: str
    sent_at: datetime | None
    answer_due_on: date | None
    answer: str
    answered_at: datetime | None
    merged_into_id: int | None

    @staticmethod
    def resolve_place(proposal: Proposal) -> str:
        return proposal.place.code


class ProposalPage(Schema):
    total: int
    rows: list[ProposalOut]


@router.get(
    "/plans/{pk}/versions",
    response={200: VersionPage, **READING},
    summary="What was adopted, without its content",
)
def versions(request: Request, pk: schemas.Pk, limit: Limit, offset: Offset) -> Any:
    plan = fetch(request.actor, "plans.view", Plan, pk=pk)
    rows = Version.objects.visible_to(request.actor).without_content().filter(plan=plan)
    return page_of(rows.order_by("number"), limit, offset)


@router.get(
    "/plans/{pk}/versions/{number}",
    response={200: WholeVersionOut, **READING},
    summary="One version as it was adopted",
)
def version(request: Request, pk: schemas.Pk, number: schemas.Pk) -> Any:
    return one_of(_versions(request, pk), number=number)


@router.get(
    "/plans/{pk}/versions/{number}/changes",
    response={200: list[PartChangeOut], **READING},
    summary="What a version changed of an earlier one, or of the one before",
)
def changes(request: Request, pk: schemas.Pk, number: schemas.Pk, since: Count = 0) -> Any:
    after = one_of(_versions(request, pk), number=number)
    before = one_of(_versions(request, pk), number=since or max(1, number - 1))
    return [
        PartChangeOut(
            kind=one.kind,
            key=one.key,
            code=str(one.part.get("code", "")),
            title=str(one.part.get("title", "")),
            sorts=list(one.sorts),
            fields=[FieldChangeOut(**vars(field)) for field in one.fields],
        )
        for one in differences(read(before.content), read(after.content))
    ]


def _versions(request: Request, pk: int) -> Any:
    plan = fetch(request.actor, "plans.view", Plan, pk=pk)
    return Version.objects.visible_to(request.actor).filter(plan=plan)


@router.get(
    "/plans/{pk}/proposals",
    response={200: ProposalPage, **READING},
    summary="What places propose to change in a national plan",
)
def proposals(
    request: Request,
    pk: schemas.Pk,
    limit: Limit,
    offset: Offset,
    status: schemas.Word = "",
) -> Any:
    plan = fetch(request.actor, "plans.view", Plan, pk=pk)
    rows = Proposal.objects.visible_to(request.actor).filter(plan=plan).select_related("place")
    if status:
        rows = rows.filter(status=status)
    return page_of(rows.order_by("pk"), limit, offset)


@router.get("/proposals/{pk}", response={200: ProposalOut, **READING}, summary="One proposal")
def proposal(request: Request, pk: schemas.Pk) -> Any:
    return fetch(request.actor, "plans.proposal_view", Proposal, pk=pk)
