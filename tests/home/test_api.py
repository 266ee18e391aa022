"""The API: its description, its answers, and that it shows what the gate shows."""

import datetime as dt

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tansiq.access.actions.tokens import make_token, revoke_token
from tansiq.access.actor import Actor, Role
from tansiq.access.models import Person
from tansiq.home.api import api
from tansiq.plans.models import Plan
from tests.factories import (
    ActionFactory,
    ActivityFactory,
    IndicatorFactory,
    OrganisationFactory,
    PlanFactory,
    ReportFactory,
)
from tests.people import sign_in

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
SYSTEM = Actor.system("test")


def token_of(person):
    _token, secret = make_token(person, "a program", by=SYSTEM, at=AT)
    return {"authorization": f"Bearer {secret}"}


@pytest.fixture
def lead(client):
    organisation = OrganisationFactory(is_lead_of_place=True)
    person = sign_in(client, organisation, Role.LEAD)
    client.logout()
    return organisation, person


def test_description_is_openapi_31_and_every_route_has_a_summary(client):
    description = client.get("/api/1/openapi.json").json()

    routes = [one for path in description["paths"].values() for one in path.values()]
    assert description["openapi"].startswith("3.1")
    assert routes
    assert [one["operationId"] for one in routes if not one.get("summary")] == []
    assert [one["operationId"] for one in routes if "401" not in one["responses"]] == []


def test_without_a_token_nothing_is_said(client):
    answer = client.get("/api/1/plans")

    assert answer.status_code == 401
    assert answer.json()["detail"]


def test_a_revoked_token_is_refused(client, lead):
    _organisation, person = lead
    token, secret = make_token(person, "a program", by=SYSTEM, at=AT)
    headers = {"authorization": f"Bearer {secret}"}
    assert client.get("/api/1/me", headers=headers).status_code == 200

    revoke_token(token, by=SYSTEM, at=AT)

    assert client.get("/api/1/me", headers=headers).status_code == 401


def test_list_gives_exactly_what_the_gate_shows(client, lead):
    organisation, person = lead
    mine = PlanFactory(owner=organisation, marking="amber")
    shared = PlanFactory(owner__place=organisation.place, marking="green")
    PlanFactory(marking="amber")

    rows = client.get("/api/1/plans", headers=token_of(person)).json()["rows"]

    assert {row["id"] for row in rows} == {mine.pk, shared.pk}


def test_a_plan_that_is_not_for_me_does_not_exist(client, lead):
    hidden = PlanFactory(marking="amber")

    answer = client.get(f"/api/1/plans/{hidden.pk}", headers=token_of(lead[1]))

    assert answer.status_code == 404


def test_a_stale_revision_is_a_conflict_and_changes_nothing(client, lead):
    action = ActionFactory(plan__owner=lead[0])
    url, headers = f"/api/1/actions/{action.pk}/status", token_of(lead[1])
    body = {"status": "on_track", "revision": 1}

    first = client.post(url, body, content_type="application/json", headers=headers)
    second = client.post(
        url, body | {"status": "done"}, content_type="application/json", headers=headers
    )

    action.refresh_from_db()
    assert (first.status_code, second.status_code) == (200, 409)
    assert action.status == "on_track"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_any_request_gets_a_documented_answer_and_no_server_error(lead):
    organisation, person = lead
    plan = PlanFactory(owner=organisation)
    ActionFactory(plan=plan)
    IndicatorFactory(plan=plan)
    ActivityFactory(owner=organisation, plan=plan)
    ReportFactory(owner=organisation, place=organisation.place, period__plan=plan)
    headers = token_of(person)
    schema = schemathesis.openapi.from_wsgi("/api/1/openapi.json", get_wsgi_application())
    checks = [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
    ]

    tried, statuses = 0, set()
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=40,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @schemathesis_given(operation)
        def run(case):
            answer = case.call(headers=headers)
            statuses.add(answer.status_code)
            case.validate_response(answer, checks=checks)

        run()
        tried += 1

    assert tried >= 15
    # The cases got past the door and past the first check, or they prove nothing.
    assert {200, 404, 422} <= statuses
    assert Person.objects.filter(pk=person.pk).exists()
    assert Plan.objects.filter(pk=plan.pk).exists()
    assert api.version == "1"


def schemathesis_given(operation):
    """Return a decorator that feeds cases of one route to a function."""
    return given(case=operation.as_strategy())
