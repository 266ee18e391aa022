"""The money of plans, as JSON: exact amounts as text, each with its currency."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from ninja import Path, Query, Router, Schema

from tansiq.access.api import Limit, Offset
from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Place
from tansiq.access.paging import page_of
from tansiq.core.money import as_number
from tansiq.core.problems import READING
from tansiq.plans.api.schemas import Pk
from tansiq.plans.models import BudgetLine, Cost, Plan, Rate

router = Router(tags=["Money"])
Year = Annotated[int | None, Query(ge=1990, le=2100)]
Code = Annotated[str, Path(pattern="^[a-z]{2}$")]


class BudgetLineOut(Schema):
    id: int
    plan_id: int
    action_id: int | None
    place: str
    year: int
    source: str
    funder: str
    title: str
    note: str
    planned: Decimal
    committed: Decimal
    spent: Decimal
    currency: str
    is_recurrent: bool
    ends_on: date | None
    afterwards: str
    successor: str
    revision: int

    @staticmethod
    def resolve_place(line: BudgetLine) -> str:
        return line.place.code

    @staticmethod
    def resolve_planned(line: BudgetLine) -> Decimal:
        return as_number(line.planned, line.currency)

    @staticmethod
    def resolve_committed(line: BudgetLine) -> Decimal:
        return as_number(line.committed, line.currency)

    @staticmethod
    def resolve_spent(line: BudgetLine) -> Decimal:
        return as_number(line.spent, line.currency)


class CostOut(Schema):
    id: int
    plan_id: int
    action_id: int | None
    place: str
    year: int
    amount: Decimal
    currency: str
    basis: str
    revision: int

    @staticmethod
    def resolve_place(cost: Cost) -> str:
        return cost.place.code

    @staticmethod
    def resolve_amount(cost: Cost) -> Decimal:
        return as_number(cost.amount, cost.currency)


class RateOut(Schema):
    id: int
    base: str
    quote: str
    rate: Decimal
    on: date
    source: str

    @staticmethod
    def resolve_rate(rate: Rate) -> Decimal:
        return rate.number


class BudgetLinePage(Schema):
    total: int
    rows: list[BudgetLineOut]


class CostPage(Schema):
    total: int
    rows: list[CostOut]


class RatePage(Schema):
    total: int
    rows: list[RateOut]


@router.get(
    "/plans/{pk}/budget-lines",
    response={200: BudgetLinePage, **READING},
    summary="Who pays how much for what, until when",
)
def budget_lines(request: Request, pk: Pk, limit: Limit, offset: Offset, year: Year = None) -> Any:
    plan = fetch(request.actor, "plans.money_view", Plan, pk=pk)
    rows = plan.budget_lines.select_related("place").order_by("pk")
    return page_of(rows if year is None else rows.filter(year=year), limit, offset)


@router.get(
    "/plans/{pk}/costs", response={200: CostPage, **READING}, summary="What its actions need"
)
def costs(request: Request, pk: Pk, limit: Limit, offset: Offset, year: Year = None) -> Any:
    plan = fetch(request.actor, "plans.money_view", Plan, pk=pk)
    rows = plan.costs.select_related("place").order_by("pk")
    return page_of(rows if year is None else rows.filter(year=year), limit, offset)


@router.get(
    "/places/{code}/rates",
    response={200: RatePage, **READING},
    summary="Rates of exchange of a country, the newest first",
)
def rates(request: Request, code: Code, limit: Limit, offset: Offset) -> Any:
    country = fetch(request.actor, "plans.place_view", Place, code=code, level=0)
    rows = Rate.objects.visible_to(request.actor).filter(country=country)
    return page_of(rows.order_by("-on", "-pk"), limit, offset)
