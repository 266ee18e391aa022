"""What happens by itself as time passes: periods open, and whoever owes something is reminded."""

from datetime import datetime

from django.db import transaction

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.plans.actions.duties import owe_next
from tansiq.plans.actions.reports import open_periods, remind_of_answer, remind_place
from tansiq.plans.notices import tell_of_late_duty
from tansiq.plans.queries.clocks import (
    answers_overdue,
    deliveries_without_next,
    duties_overdue,
    plans_that_report,
    reports_to_remind_of,
)

_CLOCK = Actor.system("a day came")


def open_due_periods(*, at: datetime) -> int:
    """Open the periods that have begun; return how many."""
    opened = 0
    for plan in plans_that_report(on=at.date()):
        opened += len(open_periods(plan, until=at.date(), by=_CLOCK, at=at))
    return opened


def remind_of_reports(*, at: datetime) -> int:
    """Remind each place whose report is due within two weeks or late, once a week at most."""
    reminded = 0
    for period, lead in reports_to_remind_of(at=at):
        assert lead.place is not None  # noqa: S101 -- a lead has a place
        remind_place(period, lead.place, by=_CLOCK, at=at)
        reminded += 1
    return reminded


def remind_of_answers(*, at: datetime) -> int:
    """Remind whoever owes an answer that is late, its coordinators and leads, once a week."""
    overdue = list(answers_overdue(at=at))
    for report in overdue:
        remind_of_answer(report, by=_CLOCK, at=at)
    return len(overdue)


def remind_of_duties(*, at: datetime) -> int:
    """Tell those who owe something to places that it is late: one notice a duty, once a week."""
    overdue = duties_overdue(at=at)
    for duty in overdue:
        with transaction.atomic():
            tell_of_late_duty(duty, since=duty.late_since, count=duty.late_count, at=at)
            record(_CLOCK, "plans.duty_overdue", duty, at=at, detail={"places": duty.late_count})
    return len(overdue)


def owe_what_recurs(*, at: datetime) -> int:
    """Owe the next delivery of duties that recur, also where the last one never came."""
    owed = 0
    for delivery in deliveries_without_next(on=at.date()):
        owed += owe_next(delivery, by=_CLOCK, at=at) is not None
    return owed
