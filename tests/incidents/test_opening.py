import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.access.models import Marking
from tansiq.core.models import LiveEvent
from tansiq.incidents.actions.opening import Opening, OpeningError, close_room, open_room
from tansiq.incidents.models import Entry, Incident, Seat, Task
from tests.factories import (
    NOON,
    IncidentFactory,
    OrganisationFactory,
    PlaceFactory,
    PlaybookVersionFactory,
    actor_of,
)

pytestmark = pytest.mark.django_db


def opening(city=None, **changes):
    city = city or OrganisationFactory()
    given = {
        "owner": city,
        "place": city.place,
        "title": "Explosion at the market",
        "language": "en",
        "trigger": "attack_in_city",
        "playbook": PlaybookVersionFactory(playbook__owner=city),
    }
    return Opening(**given | changes)


def opened(city=None, **changes):
    city = city or OrganisationFactory()
    return open_room(opening(city, **changes), by=actor_of(city, "lead"), at=NOON)


def test_an_attack_brings_its_tasks_each_with_its_own_clock():
    incident = opened()

    due = {(task.key, task.occurrence): task.due_at - NOON for task in Task.objects.all()}
    assert due == {
        ("F-01", 1): dt.timedelta(minutes=10),
        ("F-05", 1): dt.timedelta(minutes=30),
        ("G-02", 1): dt.timedelta(hours=2),
        ("G-02", 2): dt.timedelta(days=1, hours=2),
        ("G-02", 3): dt.timedelta(days=2, hours=2),
    }
    assert set(Seat.objects.filter(incident=incident).values_list("role", "is_leading")) == {
        ("COORD", True),
        ("COMMS", False),
    }


def test_a_hoax_brings_only_what_belongs_to_it():
    opened(trigger="hoax_or_threat")

    assert set(Task.objects.values_list("key", flat=True)) == {"F-01", "F-05"}


def test_a_task_that_waits_for_another_is_blocked_until_that_one_ends():
    opened()

    blocked = Task.objects.with_blocking().filter(is_blocked=True)
    assert [task.key for task in blocked] == ["F-05"]

    Task.objects.filter(key="F-01").update(state="done", ended_at=NOON)

    assert not Task.objects.with_blocking().filter(is_blocked=True).exists()


def test_opening_is_written_down_and_told():
    incident = opened()

    entry = Entry.objects.get()
    assert (entry.code, entry.at, entry.organisation_id) == ("room_opened", NOON, incident.owner_id)
    told = LiveEvent.objects.get(channel=incident.channel)
    assert told.data == {"entry": entry.pk, "kind": "room"}


def test_an_incident_cannot_begin_later_than_now():
    with pytest.raises(OpeningError, match="cannot begin later than now"):
        opened(began_at=NOON + dt.timedelta(minutes=1))

    assert not Incident.objects.exists()


def test_those_who_take_part_see_the_room_and_nobody_else_does():
    province = OrganisationFactory()
    stranger = OrganisationFactory(place=PlaceFactory(country_code="ph"), country_code="ph")
    incident = opened(taking_part=(province,), marking=Marking.AMBER_STRICT)

    seen = {
        name: Incident.objects.visible_to(actor_of(body, "viewer")).filter(pk=incident.pk).exists()
        for name, body in {
            "city": incident.owner,
            "province": province,
            "stranger": stranger,
        }.items()
    }
    assert seen == {"city": True, "province": True, "stranger": False}


def test_a_day_later_is_the_same_hour_of_the_place_though_its_clocks_change():
    # In Lebanon clocks go forward on the last Sunday of March.
    eve = dt.datetime(2026, 3, 28, 12, tzinfo=dt.UTC)
    opened(began_at=eve, time_zone="Asia/Beirut")

    second = Task.objects.get(key="G-02", occurrence=2)
    assert second.due_at == dt.datetime(2026, 3, 29, 13, tzinfo=dt.UTC)


def test_closing_twice_is_told_and_changes_nothing():
    incident = IncidentFactory()
    by = actor_of(incident.owner, "lead")
    close_room(incident, reason="Over.", revision=1, by=by, at=NOON)

    with pytest.raises(OpeningError, match="closed already"):
        close_room(incident, reason="Again.", revision=2, by=by, at=NOON)

    assert [entry.text for entry in Entry.objects.all()] == ["Over."]


@given(
    speed=st.integers(0, 3600),
    passed=st.timedeltas(dt.timedelta(0), dt.timedelta(days=30)),
    ahead=st.timedeltas(-dt.timedelta(days=400), dt.timedelta(days=400)),
)
def test_the_clock_of_a_room_runs_at_its_speed_from_where_it_was_set(speed, passed, ahead):
    room = Incident(clock_real=NOON, clock_room=NOON + ahead, clock_speed=speed)

    assert room.room_time(NOON + passed) == NOON + ahead + passed * speed
