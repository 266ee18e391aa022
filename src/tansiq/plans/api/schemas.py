"""What goes in and comes out of the routes about plans."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Path, Schema
from pydantic import Field

from tansiq.access.models import Marking
from tansiq.core.guarded_schemas import GuardedSchema
from tansiq.plans.models import (
    ActionStatus,
    Activity,
    Alignment,
    Audience,
    Datapoint,
    Funding,
    Indicator,
    Plan,
    Report,
    Theme,
)

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


class ValueIn(GuardedSchema):
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


class WordsIn(GuardedSchema):
    text: Text


class ActivityIn(GuardedSchema):
    owner_id: Annotated[int, Field(ge=1, le=2**63 - 1)]
    plan_id: Annotated[int, Field(ge=1, le=2**63 - 1)]
    place: Word
    title: Short
    language: Annotated[str, Field(pattern="^(ar|en|fr|id|ms|fil)$")] = "en"
    audience: Audience
    theme: Theme | Literal[""] = ""
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


class ActivityEdit(GuardedSchema):
    revision: Annotated[int, Field(ge=1, le=2**31 - 1)]
    title: Short | None = None
    theme: Theme | None = None
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
    theme: str
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


class NationalReportOut(Schema):
    id: int
    owner_id: int
    plan_id: int
    period_id: int
    status: str
    receipt: str
    marking: str
    finalised_at: datetime | None


class EditionOut(Schema):
    """An edition without its figures; they stand in its documents."""

    id: int
    number: int
    made_at: datetime
    closed_at: datetime | None
    is_final: bool
    sha256: str


class NationalReportPage(Schema):
    total: int
    rows: list[NationalReportOut]


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
