import datetime as dt
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from tansiq.access.queries import actor_for
from tansiq.incidents.actions.facts import Stated, add_fact
from tansiq.incidents.actions.notes import add_note
from tansiq.incidents.actions.opening import Opening, open_room
from tansiq.incidents.actions.tasks import Completion, complete_task
from tansiq.incidents.models import Decision, Entry, Fact, Presence, Seat, Task
from tansiq.incidents.queries.tasks import now_for
from tests.factories import (
    IncidentFactory,
    MembershipFactory,
    OrganisationFactory,
    PlaybookVersionFactory,
    SeatFactory,
    TaskFactory,
    actor_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    return now()


@pytest.fixture
def city():
    return OrganisationFactory()


@pytest.fixture
def room(city, at):
    """A room that was opened by the action, half an hour ago."""
    return open_room(
        Opening(
            owner=city,
            place=city.place,
            title="Explosion at the market",
            language="en",
            trigger="attack_in_city",
            playbook=PlaybookVersionFactory(playbook__owner=city),
        ),
        by=actor_of(city),
        at=at - dt.timedelta(minutes=30, seconds=10),
    )


@pytest.fixture
def mayor(client, city):
    person = MembershipFactory(organisation=city).person
    client.force_login(person)
    return person


def cost_of(visit):
    """Return how many queries a page costs; other parts of the room add theirs to its head."""
    visit()
    with CaptureQueriesContext(connection) as queries:
        visit()
    return len(queries)


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def address(name, room, *more):
    return reverse(f"incidents:{name}", args=[room.pk, *more])


def task_of(room, key):
    return Task.objects.get(incident=room, key=key, occurrence=1)


def test_the_room_shows_first_what_is_late_and_can_be_done(client, room, mayor):
    response = client.get(address("room", room))

    todo = response.context["todo"]
    assert [(line.task.key, line.due.words) for line in todo.lines] == [
        ("F-01", "20 min late"),
        ("F-05", "0 min late"),
        ("G-02", "in 89 min"),
    ]
    assert (todo.open, todo.late, todo.is_mine) == (5, 2, False)


def test_what_has_no_date_waits_behind_everything_that_has_one(room, mayor, at):
    Task.objects.filter(incident=room).update(due_at=at + dt.timedelta(hours=1))
    TaskFactory(incident=room, key="Y-10", role="COORD", due_at=None)

    lines = now_for(actor_for(mayor, at=at), room, at).lines

    assert "Y-10" not in {line.task.key for line in lines}


def test_who_holds_a_role_sees_the_tasks_of_that_role(client, room, mayor):
    Seat.objects.filter(incident=room, role="COMMS").update(holder=mayor)

    todo = client.get(address("room", room)).context["todo"]

    assert ([line.task.key for line in todo.lines], todo.is_mine) == (["F-05"], True)


def test_one_tap_ends_a_task_and_it_can_be_taken_back(client, room, mayor):
    task = task_of(room, "F-01")
    key = {"client_key": str(uuid.uuid4())}

    for _time in range(2):
        assert client.post(address("task_done", room, task.pk), key).status_code == 302
    page = client.get(address("room", room))
    assert page.context["todo"].undo.task == task

    client.post(address("task_reopen", room, task.pk))
    assert task_of(room, "F-01").is_open
    assert Entry.objects.filter(code="task_done").count() == 1


def test_the_second_who_ends_a_task_reads_who_did_and_keeps_the_words(client, room, mayor, at):
    task = task_of(room, "F-01")
    complete_task(task, Completion(), by=actor_of(room.owner), at=at)

    response = client.post(address("task_done", room, task.pk), {"note": "I called them, too."})

    assert response.status_code == 409
    words = text_of(response)
    assert re.search(r"Person \d+ marked this as done: \d+ \w+ 20", words)
    assert "I called them, too." in words
    assert "Add what you wrote to the log" in words


def test_a_task_that_asks_first_is_not_ended_by_a_tap(client, room, mayor):
    task = task_of(room, "F-05")

    response = client.post(address("task_done", room, task.pk))
    assert response.status_code == 422
    assert task_of(room, "F-05").is_open

    said = {"evidence": "Statement 1", "despite": "The police agreed."}
    assert client.post(address("task_done", room, task.pk), said).status_code == 302
    assert task_of(room, "F-05").note == "The police agreed."


def test_every_page_of_the_room_opens_for_its_people_only(client, room, mayor, at):
    by = actor_of(room.owner)
    note = add_note(room, "A line.", language="en", by=by, at=at)
    fact = add_fact(room, Stated("One site", "en"), by=by, at=at)
    client.post(
        address("decision_add", room),
        {"text": "Close the road.", "why": "Ambulances.", "facts": [fact.pk]},
    )
    decision = Decision.objects.get()
    pages = [
        address("room", room),
        address("tasks", room),
        address("task_add", room),
        address("task", room, task_of(room, "F-05").pk),
        address("facts", room),
        address("fact", room, fact.pk),
        address("decisions", room),
        address("decision_add", room),
        address("decision", room, decision.pk),
        address("log", room),
        address("log_file", room),
        address("entry", room, note.pk),
        address("line", room, note.pk),
        *(address("part", room, part) for part in ("next", "now", "facts", "who", "log")),
        address("poll", room),
    ]
    assert {client.get(page).status_code for page in pages} == {200}

    client.force_login(MembershipFactory().person)
    assert {client.get(page).status_code for page in pages} == {404}


def test_a_panel_is_not_sent_again_when_nothing_happened(client, room, mayor, at):
    first = client.get(address("part", room, "facts"))
    again = {"If-None-Match": first["ETag"]}
    assert client.get(address("part", room, "facts"), headers=again).status_code == 304

    add_note(room, "x", language="en", by=actor_of(room.owner), at=at)

    assert client.get(address("part", room, "facts"), headers=again).status_code == 200


def test_a_panel_tells_the_clock_of_an_exercise_that_was_moved(client, city, mayor, at):
    played = IncidentFactory(owner=city, is_exercise=True, clock_speed=0, clock_room=at)

    response = client.get(address("part", played, "now"))

    assert response["X-Room-Clock"] == f"{int(at.timestamp() * 1000)} 0"


def test_a_note_is_kept_to_ones_own_organisation_when_asked(client, room, mayor):
    client.post(address("note", room), {"text": "For all."})
    client.post(address("note", room), {"text": "For us.", "is_kept": "on"})

    kept = {entry.text: entry.kept_by for entry in Entry.objects.filter(kind="note")}
    assert kept == {"For all.": None, "For us.": room.owner}


def test_what_a_device_kept_is_shown_with_both_times(client, room, mayor, at):
    typed = (at - dt.timedelta(minutes=7)).isoformat()

    client.post(address("note", room), {"text": "Ambulance left.", "happened_at": typed})

    assert re.search(r"written \d\d:\d\d, arrived later", text_of(client.get(address("log", room))))


@pytest.mark.parametrize("typed", ["", "nonsense", "2026-13-45T00:00:00Z", "2026-05-04T11:00:00"])
def test_a_broken_moment_or_key_never_loses_the_words(client, room, mayor, typed):
    client.post(address("note", room), {"text": "Kept.", "happened_at": typed, "client_key": typed})

    assert Entry.objects.get(kind="note").text == "Kept."


def test_the_log_is_narrowed_by_kind_and_words(client, room, mayor, at):
    by = actor_of(room.owner)
    add_note(room, "Bus moved.", language="en", by=by, at=at)
    add_note(room, "Road closed.", language="en", by=by, at=at)

    found = client.get(address("log", room), {"kind": "note", "q": "road"})

    assert [str(line.text) for line in found.context["lines"]] == ["Road closed."]


def test_the_log_as_a_table_says_its_marking_and_the_word_exercise(client, city, mayor, at):
    played = IncidentFactory(owner=city, is_exercise=True)
    add_note(played, "=1+1", language="en", by=actor_of(city), at=at)

    response = client.get(address("log_file", played))

    assert 'filename="EXERCISE-log-' in response["Content-Disposition"]
    (_head, row) = response.content.decode("utf-8-sig").splitlines()
    assert row.startswith("TLP:AMBER EXERCISE,20")
    assert "'=1+1" in row


def test_an_unconfirmed_fact_is_for_all_and_a_confirmed_one_for_those_with_a_role(
    client, room, mayor
):
    helper = MembershipFactory(organisation=room.owner, role="contributor").person
    client.force_login(helper)
    sure = {"text": "One site", "state": "confirmed", "source": "police desk"}

    assert client.post(address("facts", room), sure).status_code == 403
    assert client.post(address("facts", room), sure | {"state": "unconfirmed"}).status_code == 302
    SeatFactory(incident=room, role="MEDIC", holder=helper)
    assert client.post(address("facts", room), sure).status_code == 302

    assert sorted(Fact.objects.values_list("state", flat=True)) == ["confirmed", "unconfirmed"]


def test_two_who_change_one_fact_see_both_texts(client, room, mayor, at):
    fact = add_fact(room, Stated("Six hurt", "en"), by=actor_of(room.owner), at=at)
    given = {"state": "unconfirmed", "revision": 1}
    client.post(address("fact_change", room, fact.pk), given | {"text": "Eight hurt"})

    response = client.post(address("fact_change", room, fact.pk), given | {"text": "Nine hurt"})

    assert response.status_code == 409
    words = text_of(response)
    assert "Somebody else changed this" in words
    assert "Eight hurt" in words
    assert "Nine hurt" in words
    assert 'name="revision" value="2"' in words


def test_presence_is_seen_and_goes_when_they_leave(client, room, mayor):
    client.get(address("room", room))
    assert mayor.name in text_of(client.post(address("here", room)))

    client.post(address("here", room), {"gone": "yes"})

    assert not Presence.objects.exists()


def test_a_closed_room_is_read_and_not_written_in(client, room, mayor):
    room.status = "closed"
    room.save()

    page = client.get(address("room", room))
    refused = client.post(address("note", room), {"text": "Late."})

    assert "This incident is closed" in text_of(page)
    assert refused.status_code == 403


def test_the_list_of_tasks_costs_the_same_for_many(client, room, mayor, flat_queries):
    def visit():
        return client.get(address("tasks", room), {"show": "open"})

    flat_queries(
        visit,
        add_row=lambda: TaskFactory(incident=room),
        cost=cost_of(visit),
    )


def test_the_room_costs_the_same_for_a_long_log(client, room, mayor, flat_queries, at):
    def visit():
        return client.get(address("room", room))

    # The first line besides that of the opening brings its writer.
    add_note(room, "x", language="en", by=actor_of(room.owner), at=at)
    flat_queries(
        visit,
        add_row=lambda: add_note(room, "x", language="en", by=actor_of(room.owner), at=at),
        cost=cost_of(visit),
    )
