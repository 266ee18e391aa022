"""A small country that reports, for the tests of reports: a nation, a province, two cities."""

import datetime as dt
from dataclasses import dataclass

from tansiq.access.models import Organisation, Place
from tansiq.plans.models import Indicator, Period, Plan
from tests.factories import (
    DatapointFactory,
    IndicatorFactory,
    OrganisationFactory,
    PeriodFactory,
    PlaceFactory,
    PlanFactory,
    ReportFactory,
)

# The half year is over, its report is due in three weeks.
JULY = dt.datetime(2026, 7, 9, 9, tzinfo=dt.UTC)


@dataclass
class Country:
    nation: Organisation
    province: Organisation
    city: Organisation
    other_city: Organisation
    plan: Plan
    period: Period
    people: Indicator
    trust: Indicator

    @property
    def place(self) -> Place:
        return self.city.place


def make_country() -> Country:
    """Return a nation whose plan is carried down to one province with two cities."""
    # A test may ask for two; the first has the code that pages of a country begin with.
    code = {} if Place.objects.filter(code="id").exists() else {"code": "id"}
    country = PlaceFactory(**code, name="Indonesia")
    east = PlaceFactory(parent=country, name="East Java")
    city, other = (PlaceFactory(parent=east, name=name) for name in ("Surabaya", "Malang"))
    nation, province, mayor, other_mayor = (
        OrganisationFactory(place=place, is_lead_of_place=True, name=f"Lead of {place.name}")
        for place in (country, east, city, other)
    )
    plan = PlanFactory(owner=nation, marking="green", title="RAN PE", short_title="RAN PE")
    for owner in (province, mayor, other_mayor):
        PlanFactory(
            owner=owner,
            parent=plan,
            kind="city",
            marking="green",
            starts_on=dt.date(2026, 1, 1),
        )
    return Country(
        nation=nation,
        province=province,
        city=mayor,
        other_city=other_mayor,
        plan=plan,
        period=PeriodFactory(plan=plan),
        people=IndicatorFactory(plan=plan, code="1.1", title="People trained", dimensions=["sex"]),
        trust=IndicatorFactory(
            plan=plan, code="2.1", title="Residents who trust", rule="weighted", decimals=1
        ),
    )


def sent_report(country: Country, **fields):
    """Return a report of the city that waits for the province, with one figure in it."""
    details = {
        "status": "submitted",
        "submitted_at": JULY,
        "answer_due_on": dt.date(2026, 7, 30),
        "receipt": "ID-2026-000001",
        "narrative": "Three circles",
    }
    report = ReportFactory(
        period=country.period,
        place=country.place,
        owner=country.city,
        addressee=country.province,
        **details | fields,
    )
    report.named_organisations.add(country.province)
    DatapointFactory(
        report=report, indicator=country.people, amount=12, status=_VALUE[report.status]
    )
    return report


_VALUE = {"submitted": "submitted", "returned": "draft", "draft": "draft", "accepted": "accepted"}
