"""What an operator's machines ask about the running process."""

from datetime import datetime

from django.db import DatabaseError

from tansiq.core import database, jobs, live

Gauges = dict[str, tuple[str, dict[str, float]]]


def what_is_not_ready(*, at: datetime) -> list[str]:
    """Return what keeps this process from serving: codes for machines, none when all is well."""
    try:
        problems = ["migrations"] if database.unapplied_migrations() else []
        if not problems and not jobs.is_worker_alive(at=at):
            problems.append("worker")
    except DatabaseError:
        return ["database"]
    return problems


def gauges(*, at: datetime) -> Gauges:
    """Return what is measured at the moment of asking."""
    sizes = jobs.queue_sizes()
    states = ("ready", "running", "failed", "successful")
    latest = jobs.latest_beat()
    silence = (at - latest).total_seconds() if latest else float("inf")
    return {
        "tansiq_jobs": (
            "Jobs by state.",
            {f'state="{state}"': float(sizes.get(state, 0)) for state in states},
        ),
        "tansiq_worker_silence_seconds": (
            "Time since a worker gave a sign of life.",
            {"": silence},
        ),
        "tansiq_live_streams": ("Open event streams.", {"": float(live.open_streams())}),
        "tansiq_database_bytes": ("Size of the database.", {"": float(database.size_in_bytes())}),
    }
