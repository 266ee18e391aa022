import datetime as dt
import uuid

import pytest

from tansiq.core.editing import ChangedMeanwhileError
from tansiq.incidents.actions.log import Sent
from tansiq.incidents.actions.tasks import (
    Completion,
    Moved,
    NewTask,
    TaskBlockedError,
    TaskEndedError,
    TaskTakenError,
    TaskUnprovenError,
    add_task,
    complete_task,
    drop_task,
    move_task,
    release_task,
    reopen_task,
    take_task,
)
from tansiq.incidents.models import Entry, Task
from tests.factories import NOON, IncidentFactory, TaskFactory, actor_of

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(minutes=5)


@pytest.fixture
def room():
    return IncidentFactory()


@pytest.fixture
def mayor(room):
    return actor_of(room.owner)


def codes():
    return list(Entry.objects.order_by("pk").values_list("code", flat=True))


def test_a_task_is_done_by_somebody_at_a_moment(room, mayor):
    task = TaskFactory(incident=room)

    complete_task(task, Completion(note="Two sites checked."), by=mayor, at=NOON)

    task.refresh_from_db()
    assert (task.state, task.ended_at, task.ended_by_id) == ("done", NOON, mayor.person_id)
    line = Entry.objects.get()
    assert (line.code, line.facts, line.text) == (
        "task_done",
        {"task": task.key},
        "Two sites checked.",
    )
    assert (line.subject_kind, line.subject_id) == ("incidents.task", task.pk)


def test_the_second_who_ends_a_task_is_told_who_did_it_and_when(room, mayor):
    task = TaskFactory(incident=room)
    stale = Task.objects.get(pk=task.pk)
    complete_task(task, Completion(note="Mine."), by=mayor, at=NOON)

    with pytest.raises(TaskEndedError, match=r"Person \d+ marked this as done: 4 May 2026, 12:00"):
        complete_task(stale, Completion(note="Also mine."), by=actor_of(room.owner), at=LATER)
    with pytest.raises(TaskEndedError, match="marked this as done"):
        drop_task(stale, "No.", language="en", by=actor_of(room.owner), at=LATER)

    task.refresh_from_db()
    assert (task.note, task.ended_by_id) == ("Mine.", mayor.person_id)
    assert codes() == ["task_done"]


def test_a_post_that_comes_twice_counts_once(room, mayor):
    task, sent = TaskFactory(incident=room), Sent(uuid.uuid4())

    for _time in range(2):
        complete_task(task, Completion(), by=mayor, at=NOON, sent=sent)
        add_task(
            room,
            NewTask("Call the school", "COMMS"),
            by=mayor,
            at=NOON,
            sent=Sent(uuid.UUID(int=1)),
        )

    assert codes() == ["task_done", "task_added"]
    assert Task.objects.count() == 2


def test_what_was_typed_without_a_line_keeps_its_moment(room, mayor):
    room.clock_real = room.clock_room = NOON - dt.timedelta(hours=1)
    room.save()
    task = TaskFactory(incident=room)
    sent = Sent(uuid.uuid4(), written_at=NOON - dt.timedelta(minutes=7))

    complete_task(task, Completion(), by=mayor, at=NOON, sent=sent)

    task.refresh_from_db()
    line = Entry.objects.get()
    assert task.ended_at == line.written_at == NOON - dt.timedelta(minutes=7)
    assert line.at == NOON


@pytest.mark.parametrize("wrong", [dt.timedelta(hours=3), -dt.timedelta(days=300)])
def test_a_device_whose_clock_is_wrong_is_not_believed(room, mayor, wrong):
    task = TaskFactory(incident=room)

    complete_task(
        task, Completion(), by=mayor, at=NOON, sent=Sent(uuid.uuid4(), written_at=NOON + wrong)
    )

    task.refresh_from_db()
    assert task.ended_at == NOON
    assert Entry.objects.get().written_at is None


def test_a_task_that_should_wait_is_done_only_with_a_reason(room, mayor):
    first, second = TaskFactory(incident=room), TaskFactory(incident=room)
    second.after.add(first)

    with pytest.raises(TaskBlockedError, match="say why"):
        complete_task(second, Completion(), by=mayor, at=NOON)
    complete_task(second, Completion(despite="The police said so."), by=mayor, at=NOON)

    assert codes() == ["task_done_ahead"]
    assert Entry.objects.get().text == "The police said so."


def test_evidence_and_rights_checks_come_before_done(room, mayor):
    task = TaskFactory(incident=room, needs_evidence=True, checks=["no_names", "consent"])
    said = Completion(evidence="Statement 1", confirmed=("no_names",))

    with pytest.raises(TaskUnprovenError, match="what shows"):
        complete_task(task, Completion(confirmed=("no_names", "consent")), by=mayor, at=NOON)
    with pytest.raises(TaskUnprovenError, match="rights checks"):
        complete_task(task, said, by=mayor, at=NOON)
    complete_task(
        task,
        Completion(evidence="Statement 1", confirmed=("no_names", "consent")),
        by=mayor,
        at=NOON,
    )

    task.refresh_from_db()
    assert (task.evidence, task.confirmed) == ("Statement 1", ["consent", "no_names"])


def test_taking_over_is_meant_and_never_by_chance(room, mayor):
    task, other = TaskFactory(incident=room), actor_of(room.owner)
    take_task(task, by=mayor, at=NOON)

    with pytest.raises(TaskTakenError, match="took this on"):
        take_task(task, by=other, at=LATER)
    taken = take_task(task, over_from=mayor.person_id, by=other, at=LATER)

    assert taken.taken_by_id == other.person_id
    assert release_task(task, by=mayor, at=LATER).taken_by_id == other.person_id
    assert release_task(task, by=other, at=LATER).taken_by_id is None
    assert codes() == ["task_taken", "task_taken", "task_released"]


def test_a_task_that_was_ended_can_be_taken_up_again(room, mayor):
    task = TaskFactory(incident=room)
    drop_task(task, "No crowd here.", language="en", by=mayor, at=NOON)

    opened = reopen_task(task, "A crowd came.", language="en", by=mayor, at=LATER)

    assert (opened.state, opened.ended_at, opened.ended_by_id) == ("open", None, None)
    assert [line.text for line in Entry.objects.order_by("pk")] == [
        "No crowd here.",
        "A crowd came.",
    ]


def test_a_task_moves_only_from_the_version_that_was_read(room, mayor):
    task = TaskFactory(incident=room)
    move_task(task, Moved("COORD", LATER), revision=1, by=mayor, at=NOON)

    with pytest.raises(ChangedMeanwhileError):
        move_task(task, Moved("COMMS", None), revision=1, by=mayor, at=NOON)

    task.refresh_from_db()
    assert (task.role, task.due_at) == ("COORD", LATER)


def test_times_of_an_exercise_are_those_of_its_clock(mayor, room):
    played = IncidentFactory(
        owner=room.owner, is_exercise=True, clock_room=NOON + dt.timedelta(days=3), clock_speed=60
    )
    task = TaskFactory(incident=played)

    complete_task(task, Completion(), by=mayor, at=NOON + dt.timedelta(minutes=1))

    task.refresh_from_db()
    assert task.ended_at == NOON + dt.timedelta(days=3, hours=1)
