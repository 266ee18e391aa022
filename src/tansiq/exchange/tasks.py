"""What happens by itself in the exchange."""

from datetime import datetime

from tansiq.core.schedules import every
from tansiq.exchange import line
from tansiq.exchange.actions import (
    agreements,
    forwarding,
    outbox,
    purging,
    reminders,
    retention,
    rhythms,
)
from tansiq.exchange.actions.delivery import send_waiting
from tansiq.exchange.actions.digests import send_digests
from tansiq.exchange.actions.figures import count_changed_months
from tansiq.exchange.actions.reviews import ask_for_reviews


@every(days=1)
def remind_of_reviews(at: datetime) -> str:
    return f"{agreements.remind_of_reviews(at=at)} agreements to be reviewed"


@every(minutes=10)
def count_figures(at: datetime) -> str:
    return f"{count_changed_months(at=at)} months counted"


@every(minutes=1)
def send_what_waits(at: datetime) -> str:
    return f"{send_waiting(at=at)} messages left"


@every(hours=1)
def send_digests_of_today(at: datetime) -> str:
    return f"{send_digests(at=at)} digests sent"


@every(hours=1)
def remind_of_requests(at: datetime) -> str:
    return f"{forwarding.remind_of_requests(at=at)} reminders of requests to forward"


@every(days=1)
def open_periods_of_rhythms(at: datetime) -> str:
    return f"{rhythms.open_due_periods(at=at)} duties fell due soon"


@every(days=1)
def remind_of_what_is_owed(at: datetime) -> str:
    return f"{reminders.remind_of_duties(at=at)} organisations reminded of what they owe"


@every(days=1)
def remind_who_said_nothing(at: datetime) -> str:
    return f"{reminders.remind_of_signs(at=at)} recipients reminded of an item"


@every(days=1)
def tell_levels_above(at: datetime) -> str:
    return f"{reminders.escalate_late(at=at)} levels told of what is late"


@every(hours=1)
def purge_expired(at: datetime) -> str:
    return f"{purging.purge_expired(at=at)} items deleted whose time was over"


@every(hours=1)
def forget_what_was_told(at: datetime) -> str:
    return f"{purging.forget_what_was_told(at=at)} notices forgotten of what is over"


@every(days=1)
def end_envelopes(at: datetime) -> str:
    return f"{purging.end_envelopes(at=at)} items left the figures"


@every(hours=1)
def sweep_files(_at: datetime) -> str:
    """Take the files that a run which was cut off left behind."""
    return f"{purging.sweep_files()} files deleted"


@every(days=1)
def remind_of_holds(at: datetime) -> str:
    return f"{retention.remind_of_holds(at=at)} holds about to end"


@every(days=1)
def look_before_the_end(at: datetime) -> str:
    return f"{ask_for_reviews(at=at)} owners asked about what ends soon"


@every(minutes=1)
def visit_other_platforms(at: datetime) -> str:
    return f"{line.push_all(at=at)} bundles exchanged with other platforms"


@every(days=1)
def look_through_what_travels(at: datetime) -> str:
    return f"{outbox.look_through(on=at.date())} items compared with other platforms"
