"""Periodic jobs: what is due is put into the queue, once, however many processes look.

A part registers one in its `tasks.py`; the function gets the moment of the run and may answer
with a sentence for the operator:

    @every(hours=1)
    def remind_of_reports(at):
        return f"{send_reminders(at=at)} reminders sent"
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from django.db import transaction

from tansiq.core.models import Schedule

logger = logging.getLogger("tansiq.jobs")

Job = Callable[[datetime], str | None]
JobT = TypeVar("JobT", bound=Job)


class Registered(NamedTuple):
    every: timedelta
    run: Job


_registered: dict[str, Registered] = {}


class UnknownJobError(LookupError):
    pass


def every(*, days: int = 0, hours: int = 0, minutes: int = 0) -> Callable[[JobT], JobT]:
    """Register a function as a periodic job; its name is that of the module and the function."""
    interval = timedelta(days=days, hours=hours, minutes=minutes)
    if interval < timedelta(minutes=1):
        message = "A periodic job runs at most once a minute."
        raise ValueError(message)

    def register(job: JobT) -> JobT:
        _registered[f"{job.__module__}.{job.__name__}"] = Registered(interval, job)
        return job

    return register


def job_names() -> list[str]:
    return sorted(_registered)


def claim_due(*, at: datetime) -> list[str]:
    """Return the names of the jobs that are due and now ours to run.

    The update is conditional on the moment we read: of two processes that see the same job
    due, the database lets exactly one change it.
    """
    known = _known(at)
    due = [
        (name, registered, known[name].next_run_at)
        for name, registered in _registered.items()
        # Due later, unless it is so much later that the interval or the clock was changed.
        if known[name].next_run_at <= at or known[name].next_run_at > at + registered.every
    ]
    if not due:
        return []
    # All in one commit: one for each job made writers wait for each other until they gave up.
    with transaction.atomic():
        return [
            name
            for name, registered, seen in due
            if Schedule.objects.filter(name=name, next_run_at=seen).update(
                every=registered.every, next_run_at=at + registered.every, last_run_at=at
            )
        ]


def _known(at: datetime) -> dict[str, Schedule]:
    """Return what is written down of each job; a new one is due at once."""
    rows = Schedule.objects.filter(name__in=_registered)
    known = {one.name: one for one in rows.all()}
    new = [
        Schedule(name=name, every=one.every, next_run_at=at)
        for name, one in _registered.items()
        if name not in known
    ]
    if not new:
        return known
    # Another process may write them down at the same moment.
    Schedule.objects.bulk_create(new, ignore_conflicts=True)
    return {one.name: one for one in rows.all()}


def run_job(name: str, *, at: datetime) -> str:
    """Run one periodic job and keep what it said, or why it failed."""
    if name not in _registered:
        message = f"No periodic job is named {name!r}. Known jobs: {', '.join(job_names())}."
        raise UnknownJobError(message)
    try:
        said = _registered[name].run(at) or "done"
    except Exception as problem:
        _keep(name, f"failed: {type(problem).__name__}")
        raise
    _keep(name, said)
    if not said.startswith("0 "):
        logger.info("%s: %s", name, said)
    return said


def _keep(name: str, said: str) -> None:
    Schedule.objects.filter(name=name).update(last_result=said[:200])
