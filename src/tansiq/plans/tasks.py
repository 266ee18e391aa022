"""What happens by itself, a day at a time: periods open, what is owed is remembered."""

from datetime import datetime

from tansiq.core.schedules import every
from tansiq.plans.actions import arrivals, clocks, consequences, freezing, proposals
from tansiq.plans.workbooks.taking import forget_expired


@every(days=1)
def open_periods(at: datetime) -> str:
    return f"{clocks.open_due_periods(at=at)} reporting periods opened"


@every(days=1)
def remind_of_reports(at: datetime) -> str:
    return f"{clocks.remind_of_reports(at=at)} places reminded of their reports"


@every(days=1)
def remind_of_answers(at: datetime) -> str:
    return f"{clocks.remind_of_answers(at=at)} reminders of answers that are owed"


@every(days=1)
def remind_of_duties(at: datetime) -> str:
    return f"{clocks.remind_of_duties(at=at)} duties that are late"


@every(days=1)
def owe_what_recurs(at: datetime) -> str:
    return f"{clocks.owe_what_recurs(at=at)} recurring duties fell due again"


@every(days=1)
def forget_arrivals(at: datetime) -> str:
    return f"{arrivals.forget_arrivals(at=at)} keys of deliveries forgotten"


@every(hours=1)
def pass_on_versions(at: datetime) -> str:
    """Go on with what a job that was cut off left."""
    return f"{consequences.pass_on_waiting(at=at)} places told of a new version"


@every(days=1)
def keep_first_versions(at: datetime) -> str:
    return f"{freezing.keep_first_versions(at=at)} adopted plans kept as version 1"


@every(minutes=10)
def forget_workbooks(at: datetime) -> str:
    return f"{forget_expired(at=at)} workbooks deleted whose time was over"


@every(days=1)
def remind_of_proposals(at: datetime) -> str:
    return f"{proposals.remind_of_late_proposals(at=at)} reminders of answers to proposals"
