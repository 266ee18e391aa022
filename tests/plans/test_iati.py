"""The exchange file of a plan holds to its schema, whatever people wrote; only CLEAR is in it."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tansiq.access.models import OrganisationKind, Place
from tansiq.plans.models import ActionStatus, DocumentKind, Funding, Plan, PlanStatus
from tansiq.plans.queries.iati import codes
from tansiq.plans.queries.iati.content import exchange_of
from tansiq.plans.queries.iati.writing import xml_of
from tests.factories import (
    NOON,
    ActionFactory,
    ActivityFactory,
    BudgetLineFactory,
    DocumentFactory,
    ObjectiveFactory,
    OrganisationFactory,
    PillarFactory,
    PlaceFactory,
    PlanFactory,
    PublicContactFactory,
)
from tests.people import sign_in
from tests.plans.nation import local_plan, make_nation

pytestmark = pytest.mark.django_db
PUBLISHED = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
SCHEMA = xmlschema.XMLSchema(
    str(Path(__file__).parents[1] / "data" / "iati" / "iati-activities-schema.xsd")
)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def nation():
    return make_nation(marking="clear", published_at=PUBLISHED, summary="From the nation down.")


def faults(content):
    return [str(error.reason) for error in SCHEMA.iter_errors(content.decode())]


def file_of(client, nation):
    return client.get(nation.at("iati"))


def entries_in(content):
    root = ET.fromstring(content)  # noqa: S314 -- our own answer
    return {one.findtext("iati-identifier"): one for one in root.iter("iati-activity")}


# Texts as people paste them: control signs, markup, other scripts, nothing at all.
texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=60)
titles = texts.map(lambda text: text or "Title")
days = st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31))
amounts = st.integers(0, 10**15)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(data=st.data())
def test_file_of_any_plan_is_valid(data):
    draw = data.draw
    country = Place.objects.filter(code="id").first() or PlaceFactory(code="id")
    owner = OrganisationFactory(
        place=country, name=draw(titles), kind=draw(st.sampled_from(OrganisationKind.values))
    )
    starts, ends = sorted((draw(days), draw(days)))
    plan = PlanFactory(
        owner=owner,
        title=draw(titles),
        summary=draw(texts),
        status=draw(st.sampled_from(PlanStatus.values)),
        starts_on=starts,
        ends_on=ends,
        marking="clear",
        published_at=PUBLISHED,
    )
    if draw(st.booleans()):
        PublicContactFactory(
            plan=plan,
            office=draw(titles),
            phone=draw(texts)[:40],
            address=draw(texts),
            registration=draw(st.sampled_from(["", "ID-KLN-10234"])),
        )
    objective = ObjectiveFactory(plan=plan, pillar=PillarFactory(plan=plan), title=draw(titles))
    for _n in range(draw(st.integers(0, 3))):
        begins, over = sorted((draw(days), draw(days)))
        ActionFactory(
            plan=plan,
            objective=objective,
            title=draw(titles),
            status=draw(st.sampled_from(ActionStatus.values)),
            starts_on=draw(st.sampled_from([None, begins])),
            ends_on=draw(st.sampled_from([None, over])),
            lead=draw(st.sampled_from([None, owner])),
            lead_kind=draw(st.sampled_from(["", "women"])),
        )
    for _n in range(draw(st.integers(0, 2))):
        BudgetLineFactory(
            plan=plan,
            place=country,
            action=draw(st.sampled_from([None, *plan.actions.all()])),
            year=draw(st.integers(2020, 2030)),
            source=draw(st.sampled_from([one for one in Funding.values if one != "none"])),
            funder=draw(texts),
            planned=draw(amounts),
            committed=draw(amounts),
            spent=draw(amounts),
            currency=draw(st.sampled_from(["IDR", "USD", "JPY", "JOD"])),
        )
    for kind in draw(st.sets(st.sampled_from(DocumentKind.values))):
        DocumentFactory(plan=plan, kind=kind, title=draw(titles))

    content = xml_of(exchange_of(plan), at=NOON)

    assert faults(content) == []
    assert len(entries_in(content)) == 1 + plan.actions.count()


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("<title>", "<heading>"),
        ('<activity-status code="2" />', ""),
        ('iso-date="2025-01-01"', 'iso-date="soon"'),
        ("<reporting-org", "<reporting"),
    ],
)
def test_schema_catches_a_planted_fault(client, nation, right, wrong):
    text = file_of(client, nation).content.decode()

    assert right in text
    assert list(_errors(text.replace(right, wrong, 1)))


def _errors(text):
    try:
        yield from SCHEMA.iter_errors(text)
    except (ET.ParseError, xmlschema.XMLSchemaException) as problem:
        yield problem


def test_file_holds_the_plan_and_its_actions_and_who_does_them(client, nation):
    nation.train.lead = nation.east
    nation.train.status = "on_track"
    nation.train.save()

    response = file_of(client, nation)

    found = entries_in(response.content)
    top = "XX-127.0.0.1-" + nation.body.slug + "-nap"
    assert response["Content-Type"].startswith("application/xml")
    assert faults(response.content) == []
    assert set(found) == {top, f"{top}-1.1.1", f"{top}-1.1.2"}
    train = found[f"{top}-1.1.1"]
    assert train.find("related-activity").attrib == {"ref": top, "type": codes.PARENT}
    assert train.find("activity-status").get("code") == "2"
    assert train.findtext("participating-org/narrative") == "Government of East Java"
    assert train.find("recipient-country").get("code") == "ID"
    assert train.find("sector").attrib["code"] == "15220"


def test_owner_is_named_by_its_registration_where_it_has_given_one(client, nation):
    PublicContactFactory(plan=nation.plan, registration="ID-KLN-10234")

    found = entries_in(file_of(client, nation).content)

    assert "ID-KLN-10234-nap" in found
    assert found["ID-KLN-10234-nap"].find("reporting-org").get("ref") == "ID-KLN-10234"


def test_money_is_exact_in_every_currency(client, nation):
    common = {"plan": nation.plan, "place": nation.country, "year": 2025, "funder": "Fund"}
    BudgetLineFactory(currency="USD", planned=10**15 - 1, committed=3, spent=0, **common)
    BudgetLineFactory(currency="JOD", planned=1, committed=0, spent=1, **common)
    BudgetLineFactory(currency="JPY", planned=7, committed=0, spent=0, **common)

    found = next(iter(entries_in(file_of(client, nation).content).values()))

    budgets = {one.get("currency"): Decimal(one.text) for one in found.findall("budget/value")}
    assert budgets == {
        "JOD": Decimal("0.001"),
        "JPY": Decimal(7),
        "USD": Decimal("9999999999999.99"),
    }
    transactions = [
        (one.find("transaction-type").get("code"), one.findtext("value"))
        for one in found.findall("transaction")
    ]
    assert sorted(transactions) == [("2", "0.03"), ("4", "0.001")]


@pytest.mark.parametrize("marking", ["green", "amber", "amber+strict", "red"])
def test_nothing_leaves_that_is_not_clear(client, nation, marking):
    DocumentFactory(plan=nation.plan, marking=marking, title="Inner paper")
    ActivityFactory(plan=nation.plan, marking=marking, title="Inner activity")
    ActivityFactory(plan=nation.plan, marking="clear", published_at=None, title="Not published")
    ActivityFactory(plan=nation.plan, marking="clear", published_at=PUBLISHED, title="Open talk")

    text = file_of(client, nation).content.decode()

    assert "Open talk" in text
    assert not [one for one in ("Inner", "Not published") if one in text]


@pytest.mark.parametrize(
    "hidden", [{"published_at": None}, {"marking": "green"}, {"marking": "red"}]
)
def test_plan_that_is_not_public_has_no_file(client, nation, hidden):
    Plan.objects.filter(pk=nation.plan.pk).update(**hidden)
    sign_in(client, nation.body)

    assert file_of(client, nation).status_code == 404


def test_local_plan_names_its_place(client, nation):
    nation.east.place.latitude, nation.east.place.longitude = -7.5, 112.5
    nation.east.place.save()
    local = local_plan(nation, nation.east, marking="clear", published_at=PUBLISHED)

    content = client.get(f"/id/plans/{local.slug}/iati.xml").content

    assert faults(content) == []
    found = next(iter(entries_in(content).values()))
    assert found.findtext("location/name/narrative") == "East Java"
    assert found.findtext("location/point/pos") == "-7.5 112.5"


def test_file_costs_the_same_however_much_is_in_it(client, nation, flat_queries):
    def add_row():
        action = ActionFactory(plan=nation.plan, objective=nation.objective, lead=nation.east)
        BudgetLineFactory(plan=nation.plan, place=nation.country, action=action)
        DocumentFactory(plan=nation.plan)
        ActivityFactory(plan=nation.plan, marking="clear", published_at=PUBLISHED)

    flat_queries(lambda: file_of(client, nation), add_row=add_row, cost=COST)


COST = 9


def test_every_kind_of_organisation_has_a_type_of_the_standard():
    assert set(codes.ORGANISATION_TYPES) == set(OrganisationKind.values)
