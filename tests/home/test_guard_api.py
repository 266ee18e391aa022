"""A program that writes what belongs to a person is told, and may say why it must go out."""

import datetime as dt

import pytest

from tansiq.access.models import LogEntry
from tansiq.plans.models import Activity
from tests.factories import OrganisationFactory, PlanFactory
from tests.home.test_api import token_of
from tests.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(client):
    owner = OrganisationFactory()
    plan = PlanFactory(owner=owner)
    headers = token_of(sign_in(client, owner, "lead"))
    client.logout()
    activity = {
        "owner_id": owner.pk,
        "plan_id": plan.pk,
        "place": owner.place.code,
        "title": "Evening with Pak Slamet, 0812-3456-7890",
        "audience": "youth",
        "funding": "local",
        "starts_on": str(dt.date(2026, 5, 1)),
        "ends_on": str(dt.date(2026, 5, 2)),
    }

    def post(**more):
        data = activity | more
        return client.post(
            "/api/1/activities", data, content_type="application/json", headers=headers
        )

    return post


def traces():
    return list(LogEntry.objects.filter(rule="guard.override"))


def test_program_is_told_in_which_field_what_was_found_and_nothing_is_written(register):
    answer = register()

    assert answer.status_code == 422
    assert answer.json()["fields"] == {
        "title": "name of a person (13-23), telephone number (25-39)"
    }
    assert not Activity.objects.exists()
    assert traces() == []


def test_program_may_say_why_and_the_log_keeps_the_kinds_and_the_reason(register):
    answer = register(override_reason="Both agreed in writing.")

    (trace,) = traces()
    assert answer.status_code == 201, answer.content
    assert Activity.objects.get().title == "Evening with Pak Slamet, 0812-3456-7890"
    assert trace.detail == {
        "kinds": {"name": 1, "telephone": 1},
        "fields": ["title"],
        "reason": "Both agreed in writing.",
    }


def test_reason_of_a_program_holds_nothing_of_a_person_itself(register):
    answer = register(override_reason="Pak Slamet agreed.")

    assert answer.status_code == 422
    assert "The reason holds something" in answer.json()["detail"]
    assert not Activity.objects.exists()
