"""Periodic jobs run when they are due, once, whoever looks."""

import datetime as dt
import itertools

import pytest

from tansiq.core import schedules
from tansiq.core.models import Schedule
from tests.factories import NOON

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def hourly(monkeypatch):
    """One registered job, alone; gives the list of moments at which it ran."""
    ran = []

    def count(at):
        ran.append(at)
        return f"{len(ran)} times"

    monkeypatch.setattr(schedules, "_registered", {})
    schedules.every(hours=1)(count)
    return ran


NAME = f"{__name__}.count"


@pytest.mark.django_db
def test_a_job_is_due_at_first_and_then_after_its_interval(hourly):
    claimed = [
        schedules.claim_due(at=NOON + minutes * dt.timedelta(minutes=1))
        for minutes in (0, 59, 60, 61, 119, 121)
    ]

    assert claimed == [[NAME], [], [NAME], [], [], [NAME]]


@pytest.mark.django_db
def test_a_job_missed_while_nothing_ran_is_made_up_for_once(hourly):
    schedules.claim_due(at=NOON)

    assert schedules.claim_due(at=NOON + 9 * HOUR) == [NAME]
    assert schedules.claim_due(at=NOON + 9 * HOUR) == []


@pytest.mark.django_db
def test_a_shorter_interval_holds_at_once(hourly, monkeypatch):
    schedules.claim_due(at=NOON)
    monkeypatch.setattr(schedules, "_registered", {})

    def count(at):
        return None

    schedules.every(minutes=5)(count)

    assert schedules.claim_due(at=NOON) == [NAME]
    assert schedules.claim_due(at=NOON + dt.timedelta(minutes=4)) == []
    assert schedules.claim_due(at=NOON + dt.timedelta(minutes=5)) == [NAME]


@pytest.mark.django_db
def test_what_a_job_said_is_kept(hourly):
    schedules.claim_due(at=NOON)

    schedules.run_job(NAME, at=NOON)

    assert hourly == [NOON]
    kept = Schedule.objects.get(name=NAME)
    assert (kept.last_result, kept.last_run_at) == ("1 times", NOON)


@pytest.mark.django_db
def test_why_a_job_failed_is_kept_and_the_fault_rises(monkeypatch):
    monkeypatch.setattr(schedules, "_registered", {})

    def break_down(at):
        raise ZeroDivisionError

    schedules.every(hours=1)(break_down)
    schedules.claim_due(at=NOON)

    with pytest.raises(ZeroDivisionError):
        schedules.run_job(f"{__name__}.break_down", at=NOON)

    assert Schedule.objects.get().last_result == "failed: ZeroDivisionError"


def test_a_job_nobody_registered_is_refused_with_those_there_are():
    with pytest.raises(schedules.UnknownJobError, match=r"tansiq\.core\.tasks\.forget_old_events"):
        schedules.run_job("tansiq.core.tasks.rob_a_bank", at=NOON)


def test_a_job_may_not_run_all_the_time():
    with pytest.raises(ValueError, match="at most once a minute"):
        schedules.every(minutes=0)


RACE = """
import datetime as dt, threading
from tansiq.core import schedules
at = dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC)
claimed = []
def look():
    for _ in range(30):
        claimed.extend(schedules.claim_due(at=at))
threads = [threading.Thread(target=look) for _ in range(3)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(*claimed)
"""


@pytest.mark.slow
def test_of_many_processes_and_threads_exactly_one_claims_a_run(instance):
    processes = [instance.start_script(RACE) for _ in range(3)]

    said = [process.communicate(timeout=60)[0].split() for process in processes]

    assert sorted(itertools.chain(*said)) == schedules.job_names()
