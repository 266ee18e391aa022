from datetime import datetime

from django.core.management import call_command

from tansiq.core import jobs, live
from tansiq.core.schedules import every


@every(minutes=1)
def recover_lost_jobs(at: datetime) -> str:
    return f"{jobs.recover_lost_jobs(at=at)} jobs given to another worker"


@every(hours=1)
def forget_old_events(at: datetime) -> str:
    return f"{live.forget_old_events(at=at)} live events deleted"


@every(days=1)
def forget_finished_jobs(at: datetime) -> str:
    return f"{jobs.forget_finished_jobs(at=at)} finished jobs deleted"


@every(days=1)
def forget_closed_sessions(at: datetime) -> str:
    call_command("clearsessions", verbosity=0)
    return "sessions that are over were deleted"
