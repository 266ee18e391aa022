"""What an open page of a room hears, and that no two who act at once do harm."""

import re
import uuid
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tansiq.core.live import read_events
from tansiq.incidents.actions.log import Sent
from tansiq.incidents.actions.notes import add_note
from tansiq.incidents.actions.tasks import Completion as Done
from tansiq.incidents.actions.tasks import TaskError, complete_task, drop_task, reopen_task
from tansiq.incidents.lines import filled
from tansiq.incidents.models import Entry, Task
from tansiq.incidents.rules.knowing import correct, fact_confirm
from tansiq.incidents.rules.tasks import task_do, task_drop
from tests.factories import (
    NOON,
    IncidentFactory,
    MembershipFactory,
    OrganisationFactory,
    SeatFactory,
    TaskFactory,
    actor_of,
)

pytestmark = pytest.mark.django_db


def told(room):
    return read_events(0, channels=[room.channel])


def test_a_line_travels_with_its_words_in_the_readers_language():
    room = IncidentFactory(time_zone="Asia/Manila")
    task = TaskFactory(incident=room, key="F-01")
    complete_task(task, Done(note="<b>Two</b> sites"), by=actor_of(room.owner), at=NOON)
    (event,) = told(room)

    html = {language: filled(room, language, event)["html"] for language in ("en", "id")}

    assert "Done: Confirm with the police" in html["en"]
    assert "Pastikan dengan polisi" in html["id"]
    assert "&lt;b&gt;Two&lt;/b&gt; sites" in html["en"]
    assert re.search(r">\s*20:00\s*<", html["en"])
    assert event.data == {"entry": Entry.objects.get().pk, "kind": "task"}


def test_a_line_that_one_body_keeps_never_travels():
    room = IncidentFactory()
    by = actor_of(room.owner)
    add_note(room, "Ours alone.", language="en", kept_by=room.owner, by=by, at=NOON)
    (event,) = told(room)

    assert filled(room, "en", event) == {"entry": Entry.objects.get().pk, "kind": "own"}


STEPS = st.lists(
    st.tuples(st.sampled_from(["done", "drop", "open"]), st.integers(0, 2), st.booleans()),
    max_size=12,
)


@given(steps=STEPS)
@settings(max_examples=30)
def test_whatever_people_do_the_log_says_how_the_task_came_to_be_as_it_is(steps):
    """The state of a task is that of its last line, and a repeated post adds none."""
    task = TaskFactory()
    by, lines = actor_of(task.incident.owner), 0
    acts = {
        "done": lambda sent: complete_task(task, Done(), by=by, at=NOON, sent=sent),
        "drop": lambda sent: drop_task(task, "No.", language="en", by=by, at=NOON, sent=sent),
        "open": lambda sent: reopen_task(task, language="en", by=by, at=NOON, sent=sent),
    }
    before = None
    for name, _key, is_repeat in steps:
        sent = before if is_repeat and before else Sent(uuid.uuid4())
        with suppress(TaskError):
            acts[name](sent)
        before = sent
        written = Entry.objects.filter(incident=task.incident).order_by("pk")
        assert len(set(written.values_list("client_key", flat=True))) == written.count()
        lines = written.count()
        state = {"task_done": "done", "task_not_needed": "not_needed", "task_reopened": "open"}
        latest = written.last()
        expected = state[latest.code] if latest else "open"
        assert Task.objects.get(pk=task.pk).state == expected
    assert lines <= len(steps)


def verdicts(actor, task, entry):
    return {
        "do": bool(task_do(actor, task)),
        "drop": bool(task_drop(actor, task)),
        "confirm": bool(fact_confirm(actor, task.incident)),
        "correct": bool(correct(actor, entry)),
    }


@pytest.mark.parametrize(
    ("role", "seat", "expected"),
    [
        ("viewer", "", set()),
        ("contributor", "", {"do"}),
        ("contributor", "MEDIC", {"do", "confirm"}),
        ("contributor", "COMMS", {"do", "confirm", "drop"}),
        ("viewer", "COMMS", {"do", "confirm", "drop"}),
        ("coordinator", "", {"do", "confirm", "drop", "correct"}),
    ],
)
def test_who_may_do_what_in_the_citys_own_room(role, seat, expected):
    room = IncidentFactory()
    task = TaskFactory(incident=room, role="COMMS")
    entry = add_note(room, "x", language="en", by=actor_of(room.owner), at=NOON)
    actor = actor_of(room.owner, role)
    if seat:
        SeatFactory(incident=room, role=seat, holder_id=actor.person_id)

    allowed = {name for name, verdict in verdicts(actor, task, entry).items() if verdict}

    assert allowed == expected
    room.status = "closed"
    room.save()
    task.incident.refresh_from_db()
    entry.incident.refresh_from_db()
    assert set(verdicts(actor, task, entry).values()) == {False}


def test_a_body_that_takes_part_adds_but_does_not_lead():
    room, province = IncidentFactory(), OrganisationFactory()
    room.named_organisations.add(province)
    task = TaskFactory(incident=room, role="COMMS")
    entry = add_note(room, "x", language="en", by=actor_of(room.owner), at=NOON)

    seen = verdicts(actor_of(province, "lead"), task, entry)

    assert seen == {"do": True, "drop": False, "confirm": False, "correct": False}


def test_a_red_log_is_read_and_never_taken_along(client):
    membership = MembershipFactory()
    room = IncidentFactory(owner=membership.organisation, marking="red")
    room.named_people.add(membership.person)
    client.force_login(membership.person)

    assert client.get(f"/incidents/{room.pk}/log/").status_code == 200
    assert client.get(f"/incidents/{room.pk}/log/file/").status_code == 403
