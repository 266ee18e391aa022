"""The queue of jobs: the worker, its signs of life, and what becomes of jobs that were cut off.

All that depends on the version of django-tasks-db stands in this file: its `Worker` takes
keywords only and their list has changed between releases.
"""

import logging
import os
import secrets
import threading
from datetime import datetime, timedelta

from django.db import close_old_connections
from django.db.models import Count
from django.utils.timezone import now
from django_tasks import default_task_backend, task
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from tansiq.core import schedules
from tansiq.core.models import Heartbeat

logger = logging.getLogger("tansiq.jobs")

BEAT = timedelta(seconds=15)
# A worker that was silent this long is gone, and what it held is given to another.
SILENCE = timedelta(minutes=2)
ATTEMPTS = 3
KEPT = timedelta(days=7)
_TICK_SECONDS = 5.0
_AFTER_FAULT_SECONDS = 5.0


def make_worker(worker_id: str, *, interval: float = 0.25, batch: bool = False) -> Worker:
    """Return a worker of the whole queue; `batch` ends it when the queue is empty."""
    return Worker(
        queue_names=["*"],
        interval=interval,
        batch=batch,
        backend_name=default_task_backend.alias,
        startup_delay=False,
        max_tasks=None,
        worker_id=worker_id,
        excluded_queue_names=[],
    )


class JobRunner:
    """Two threads: one works the queue; one gives a sign of life and looks what is due."""

    def __init__(self) -> None:
        self.worker_id = f"{os.getpid()}-{secrets.token_hex(6)}"
        self.worker = make_worker(self.worker_id)
        self._stopping = threading.Event()
        self._working = threading.Thread(target=self._work, name="jobs", daemon=True)
        self._ticking = threading.Thread(target=self._tick, name="ticker", daemon=True)

    def start(self) -> None:
        self._working.start()
        self._ticking.start()

    def stop(self, *, patience: float) -> bool:
        """Ask both threads to end; return whether they did within so many seconds.

        A job that does not end in time is cut off with the process, and started anew by
        `recover_lost_jobs` later.
        """
        self._stopping.set()
        self.worker.running = False
        self._working.join(patience)
        self._ticking.join(0.5)
        return not self._working.is_alive()

    def wait(self) -> None:
        """Return when somebody called `stop`."""
        self._stopping.wait()

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                self.worker.run()
            except Exception:
                # The database may be away for a moment; the queue must outlive that.
                logger.exception("The worker stopped and is started again.")
                self._stopping.wait(_AFTER_FAULT_SECONDS)
        close_old_connections()

    def _tick(self) -> None:
        beaten: datetime | None = None
        while not self._stopping.is_set():
            at = now()
            try:
                if beaten is None or at - beaten >= BEAT:
                    beat(self.worker_id, at=at)
                    beaten = at
                enqueue_due(at=at)
            except Exception:
                logger.exception("The ticker failed and tries again.")
            finally:
                close_old_connections()
            self._stopping.wait(_TICK_SECONDS)


def beat(worker_id: str, *, at: datetime) -> None:
    """Write down that this worker is alive."""
    Heartbeat.objects.update_or_create(worker=worker_id, defaults={"at": at})


def latest_beat() -> datetime | None:
    """Return when any worker last gave a sign of life."""
    return Heartbeat.objects.order_by("-at").values_list("at", flat=True).first()


def is_worker_alive(*, at: datetime) -> bool:
    latest = latest_beat()
    return latest is not None and at - latest < SILENCE


@task()
def run_periodic(name: str) -> str:
    return schedules.run_job(name, at=now())


def enqueue_due(*, at: datetime) -> int:
    """Put the periodic jobs that are due into the queue; return how many."""
    names = schedules.claim_due(at=at)
    for name in names:
        run_periodic.enqueue(name)
    return len(names)


def recover_lost_jobs(*, at: datetime) -> int:
    """Give jobs whose worker is gone to another worker, a few times; return how many."""
    alive = set(Heartbeat.objects.filter(at__gt=at - SILENCE).values_list("worker", flat=True))
    recovered = 0
    for job in DBTaskResult.objects.running().filter(started_at__lt=at - SILENCE):
        if job.worker_ids and job.worker_ids[-1] in alive:
            continue
        if len(job.worker_ids) >= ATTEMPTS:
            job.set_failed(TimeoutError("The process that ran this job ended, three times."))
            continue
        recovered += DBTaskResult.objects.running().filter(pk=job.pk).update(status="READY")
    return recovered


def forget_finished_jobs(*, at: datetime) -> int:
    """Delete what is left of jobs that ended a week ago, and of workers long gone."""
    Heartbeat.objects.filter(at__lt=at - KEPT).delete()
    deleted, _by_model = DBTaskResult.objects.finished().filter(finished_at__lt=at - KEPT).delete()
    return deleted


def queue_sizes() -> dict[str, int]:
    """Return how many jobs there are in each state."""
    rows = DBTaskResult.objects.order_by().values_list("status").annotate(number=Count("pk"))
    return {str(status).lower(): number for status, number in rows}
