"""After retirement nothing of a room leads to a person; the proof says what was there."""

import datetime as dt

import pytest
from django.apps import apps
from django.urls import reverse

from tansiq.access.models import Contact, Notice, Person
from tansiq.access.notices import notify
from tansiq.incidents.actions.notes import add_note
from tansiq.incidents.actions.retiring import (
    GONE,
    RetiringError,
    hash_of_log,
    retire_room,
    state_retirement,
    tables,
)
from tansiq.incidents.channels import Message, hand_out
from tansiq.incidents.models import (
    Entry,
    Incident,
    Outgoing,
    Presence,
    Retirement,
    Seat,
    SupportMessage,
    Task,
)
from tests.factories import (
    NOON,
    ContactFactory,
    SeatFactory,
    SituationReportFactory,
    SupportRequestFactory,
    TaskFactory,
    actor_of,
)
from tests.incidents.test_support import two_levels
from tests.people import sign_in

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
# What leads to people and stands outside of every room, each with its reason.
OF_NO_ROOM = {
    "post": "who holds a role all year, whatever happens",
    "calendarfeed": "a person's own address",
    "playbook": "shared like a plan",
    "playbookversion": "text of a playbook, and who published it",
    "alertsource": "shared like a plan",
    "readinessreview": "the readiness of a body all year",
}


def lived_in(client):
    """A closed room in which people have written, called, been there."""
    room, city, nation = two_levels()
    person = sign_in(client, city, "coordinator", name="Maria Example")
    by = actor_of(city)
    writer = type(by)(person_id=person.pk, roles=by.roles, countries=by.countries)
    add_note(room, "Maria Example opened the hall.", language="en", by=writer, at=NOON)
    SeatFactory(incident=room, holder=person)
    SeatFactory(incident=room, role="COMMS", contact=ContactFactory(organisation=city))
    TaskFactory(incident=room, taken_by=person, note="Ask maria example.")
    asked = SupportRequestFactory(incident=room, to_organisation=nation)
    SupportMessage.objects.create(
        request=asked, organisation=city, person=person, text="Hello", language="en", at=NOON
    )
    SituationReportFactory(incident=room, written_by=person)
    Presence.objects.create(incident=room, person=person, seen_at=NOON)
    hand_out(room, [Message("email", "x@example.org", "Hi", "Text")], at=NOON)
    room.named_people.add(person)
    notify([person], "sharing.named", room, url=room.get_absolute_url(), facts={}, at=NOON)
    Incident.objects.filter(pk=room.pk).update(status="closed", closed_at=NOON)
    room.refresh_from_db()
    return room, writer


def links_left(room):
    """Count, table by table and by hand, what still leads from the room to a person."""
    seen = 0
    for table in tables():
        model = table.model
        for row in model.objects.filter(**{table.path: room.pk}):
            for field in model._meta.concrete_fields:
                if field.is_relation and field.related_model in (Person, Contact):
                    seen += getattr(row, field.attname) is not None
            for field in model._meta.many_to_many:
                if field.related_model in (Person, Contact):
                    seen += getattr(row, field.name).count()
    return seen


def retired(room, by):
    state_retirement(room, planned_on=NOON.date(), by=by, at=NOON)
    return retire_room(room, revision=room.revision, by=by, at=NOON)


def test_nothing_of_the_room_leads_to_a_person_any_more(client):
    room, by = lived_in(client)
    before = links_left(room)

    proof = retired(room, by)

    assert before > 6
    assert links_left(room) == 0
    assert not Presence.objects.exists()
    assert not Outgoing.objects.exists()
    assert not Notice.objects.filter(url__startswith=room.get_absolute_url()).exists()
    assert sum(row["links"][0] for row in proof.counts.values()) >= before
    assert sum(row["links"][1] for row in proof.counts.values()) == 0


def test_what_is_kept_is_kept_without_names(client):
    room, by = lived_in(client)

    retired(room, by)

    note = Entry.objects.get(kind="note")
    assert (note.text, note.organisation_id) == ("[…] opened the hall.", room.owner_id)
    assert Task.objects.get().note == "Ask […]."
    assert Seat.objects.filter(incident=room).count() == 2
    room.refresh_from_db()
    assert (room.status, room.is_retired) == ("retired", True)


def test_the_proof_holds_the_hash_of_the_log_that_is_kept(client):
    room, by = lived_in(client)

    proof = retired(room, by)

    assert proof.log_hash == hash_of_log(room)
    Entry.objects.filter(kind="note").update(text="Somebody else opened it.")
    assert proof.log_hash != hash_of_log(room)


def test_every_link_to_a_person_in_this_part_is_covered():
    covered = {table.model for table in tables()}

    leading = {
        model
        for model in apps.get_app_config("incidents").get_models()
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many)
        if field.is_relation and field.related_model in (Person, Contact)
    }
    outside = {model._meta.model_name for model in leading - covered}

    assert outside <= set(OF_NO_ROOM), outside
    assert {table.label for table in tables()} >= GONE


def test_the_day_is_stated_first_and_waited_for(client):
    room, by = lived_in(client)

    with pytest.raises(RetiringError, match="State the day first"):
        retire_room(room, revision=room.revision, by=by, at=NOON)
    state_retirement(room, planned_on=NOON.date() + 30 * DAY, by=by, at=NOON)
    with pytest.raises(RetiringError, match="State the day first"):
        retire_room(room, revision=room.revision, by=by, at=NOON + 29 * DAY)

    assert links_left(room) > 0
    assert retire_room(room, revision=room.revision, by=by, at=NOON + 30 * DAY).is_done


def test_a_running_incident_is_not_retired():
    room, city, _nation = two_levels()

    with pytest.raises(RetiringError, match="Close the incident first"):
        state_retirement(room, planned_on=NOON.date(), by=actor_of(city), at=NOON)


def test_when_something_fails_nothing_is_deleted(client, monkeypatch):
    room, by = lived_in(client)
    state_retirement(room, planned_on=NOON.date(), by=by, at=NOON)
    before = links_left(room)

    def fail(_incident):
        raise OSError

    monkeypatch.setattr("tansiq.incidents.actions.retiring.hash_of_log", fail)
    with pytest.raises(OSError):  # noqa: PT011 -- any failure in the middle
        retire_room(room, revision=room.revision, by=by, at=NOON)

    assert links_left(room) == before
    assert Incident.objects.get(pk=room.pk).status == "closed"


def test_retiring_in_two_steps_in_the_browser(client, monkeypatch):
    monkeypatch.setattr("tansiq.incidents.views.retiring.now", lambda: NOON)
    room, _by = lived_in(client)
    url = reverse("incidents:retire", args=[room.pk])
    tomorrow = (NOON + DAY).date().isoformat()

    preview = client.get(url)
    client.post(reverse("incidents:retire_plan", args=[room.pk]), {"planned_on": tomorrow})
    early = client.post(url, {"title": room.title, "revision": room.revision})
    Retirement.objects.update(planned_on=NOON.date())
    wrong = client.post(url, {"title": "Another one", "revision": room.revision})
    client.post(url, {"title": room.title.upper(), "revision": room.revision})
    page = client.get(url)
    file = client.get(reverse("incidents:retire_proof", args=[room.pk]))

    going = {one.label: (one.is_gone, one.links) for one in preview.context["going"]}
    assert going["incidents.presence"] == (True, 1)
    assert going["incidents.outgoing"] == (True, 0)
    assert going["incidents.seat"] == (False, 2)
    assert early.status_code == wrong.status_code == 422
    assert page.context["retirement"].is_done
    assert {one.links_after for one in page.context["proof"]} == {0}
    assert file.content.startswith(b"%PDF")
    again = client.post(url, {"title": room.title, "revision": room.revision + 1})
    assert again.status_code == 403
