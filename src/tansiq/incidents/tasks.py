"""What happens by itself in rooms."""

from datetime import datetime

from tansiq.core.schedules import every
from tansiq.incidents import channels
from tansiq.incidents.actions.alerts import lapse_all
from tansiq.incidents.actions.briefs import warn_of_late_briefs
from tansiq.incidents.actions.calls import call_deputies
from tansiq.incidents.actions.exercises import give_due_injects
from tansiq.incidents.actions.milestones import remind_of_milestones
from tansiq.incidents.actions.presence import forget_silent
from tansiq.incidents.actions.received import forget_old
from tansiq.incidents.actions.reminders import remind_of_updates
from tansiq.incidents.actions.support import warn_of_late_answers
from tansiq.incidents.alert_intake import ask_all


@every(minutes=1)
def send_what_waits(at: datetime) -> str:
    return f"{channels.send_waiting(at=at)} messages left"


@every(minutes=1)
def forget_who_left(at: datetime) -> str:
    return f"{forget_silent(at=at)} rows of presence deleted"


@every(minutes=1)
def warn_of_what_is_owed(at: datetime) -> str:
    answers, briefs = warn_of_late_answers(at=at), warn_of_late_briefs(at=at)
    return f"{answers} late answers and {briefs} late briefs told"


@every(minutes=1)
def call_who_is_next(at: datetime) -> str:
    return f"{call_deputies(at=at)} seats whose deputy was called"


@every(minutes=1)
def give_injects(at: datetime) -> str:
    return f"{give_due_injects(at=at)} injects given"


@every(minutes=1)
def end_unsigned_alerts(at: datetime) -> str:
    return f"{lapse_all(at=at)} alerts that nobody signed in time"


@every(minutes=3)
def fetch_alerts(at: datetime) -> str:
    return f"{ask_all(at=at)} alerts of others came in"


@every(days=1)
def forget_alerts(at: datetime) -> str:
    return f"{forget_old(at=at)} alerts of others deleted that are long over"


@every(minutes=1)
def remind_of_promised_updates(at: datetime) -> str:
    return f"{remind_of_updates(at=at)} reminders of promised updates"


@every(minutes=15)
def remind_of_hard_dates(at: datetime) -> str:
    return f"{remind_of_milestones(at=at)} reminders of dates sent"
