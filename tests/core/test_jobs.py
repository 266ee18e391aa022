"""The queue: signs of life, jobs that were cut off, and what is forgotten."""

import datetime as dt

import pytest
from django_tasks_db.models import DBTaskResult

from tansiq.core import jobs
from tansiq.core.models import Heartbeat
from tests.factories import NOON

MINUTE = dt.timedelta(minutes=1)
pytestmark = pytest.mark.django_db


def make_job(**fields):
    given = {
        "status": "RUNNING",
        "args_kwargs": {"args": ["tansiq.core.tasks.forget_old_events"], "kwargs": {}},
        "task_path": "tansiq.core.tasks.run_periodic",
        "worker_ids": ["gone"],
        "started_at": NOON - 5 * MINUTE,
        "run_after": NOON - 9 * MINUTE,
        "backend_name": "default",
    }
    return DBTaskResult.objects.create(**given | fields)


def test_a_worker_is_alive_until_it_was_silent_too_long():
    assert not jobs.is_worker_alive(at=NOON)

    jobs.beat("one", at=NOON - 9 * MINUTE)
    jobs.beat("one", at=NOON)

    assert jobs.is_worker_alive(at=NOON + MINUTE)
    assert not jobs.is_worker_alive(at=NOON + 2 * MINUTE)
    assert Heartbeat.objects.count() == 1


def test_a_job_of_a_worker_that_is_gone_is_given_to_another_and_no_other_job():
    lost = make_job()
    jobs.beat("alive", at=NOON)
    in_hand = make_job(worker_ids=["gone", "alive"])
    just_begun = make_job(started_at=NOON)
    done = make_job(status="SUCCESSFUL")

    assert jobs.recover_lost_jobs(at=NOON) == 1

    ready = set(DBTaskResult.objects.filter(status="READY"))
    assert ready == {lost}
    assert {in_hand, just_begun} == set(DBTaskResult.objects.running())
    assert set(DBTaskResult.objects.successful()) == {done}


def test_a_job_that_was_cut_off_three_times_is_given_up():
    make_job(worker_ids=["a", "b", "c"])

    assert jobs.recover_lost_jobs(at=NOON) == 0

    assert DBTaskResult.objects.failed().get().exception_class_path == "builtins.TimeoutError"


def test_finished_jobs_are_forgotten_after_a_week():
    make_job(status="SUCCESSFUL", finished_at=NOON - dt.timedelta(days=8))
    recent = make_job(status="FAILED", finished_at=NOON - dt.timedelta(days=6))
    running = make_job()
    jobs.beat("gone", at=NOON - dt.timedelta(days=8))

    assert jobs.forget_finished_jobs(at=NOON) == 1

    assert set(DBTaskResult.objects.all()) == {recent, running}
    assert not Heartbeat.objects.exists()


def test_queue_is_counted_by_state():
    make_job()
    make_job(status="READY")
    make_job(status="READY")

    assert jobs.queue_sizes() == {"running": 1, "ready": 2}


@pytest.mark.slow
def test_worker_command_runs_what_is_due(instance):
    result = instance.run("worker", "--once")

    assert result.returncode == 0, result.stderr
    said = instance.script(
        "from tansiq.core.models import Schedule;"
        "print(sorted(Schedule.objects.values_list('name', 'last_result')))"
    )
    assert "('tansiq.core.tasks.forget_old_events', '0 live events deleted')" in said
