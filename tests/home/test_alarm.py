import datetime as dt

import pytest
from django.urls import reverse
from django.utils.timezone import now

from tests.factories import IncidentFactory, MembershipFactory, SeatFactory, TaskFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def mayor(client):
    membership = MembershipFactory()
    client.force_login(membership.person)
    return membership


def bars(client, address="home:desk"):
    response = client.get(reverse(address))
    return [(bar.name, bar.tasks, bar.is_exercise) for bar in response.context["alarms"]]


def test_a_running_incident_stands_on_every_page_with_my_tasks(client, mayor):
    moment = now()
    room = IncidentFactory(
        owner=mayor.organisation, title="Fire at the hall", clock_real=moment, clock_room=moment
    )
    SeatFactory(incident=room, role="COMMS", holder=mayor.person)
    TaskFactory(incident=room, due_at=moment - dt.timedelta(minutes=5))
    TaskFactory(incident=room, due_at=moment + dt.timedelta(hours=5))
    TaskFactory(incident=room, role="COORD")
    IncidentFactory(owner=mayor.organisation, title="Drill", is_exercise=True)

    expected = [("Fire at the hall", "2 tasks for you, 1 late", False), ("Drill", "", True)]
    assert bars(client) == expected
    assert bars(client, "access:places") == expected
    desk = client.get(reverse("home:desk")).context["desk"]
    assert [item.title for item in desk.now[:2]] == ["Fire at the hall", "Drill"]


def test_the_bar_is_not_on_the_pages_of_its_own_room(client, mayor):
    room = IncidentFactory(owner=mayor.organisation)

    response = client.get(reverse("incidents:tasks", args=[room.pk]))

    assert list(response.context["alarms"]) == []


def test_what_is_over_or_elsewhere_makes_no_alarm(client, mayor):
    IncidentFactory(owner=mayor.organisation, status="closed")
    elsewhere = IncidentFactory(marking="green")
    elsewhere.owner.country_code = mayor.organisation.country_code
    elsewhere.owner.save()

    assert bars(client) == []
