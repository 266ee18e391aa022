"""What happens by itself in the exchange."""

from datetime import datetime

from tansiq.core.schedules import every
from tansiq.exchange.actions import agreements
from tansiq.exchange.actions.figures import count_changed_months


@every(days=1)
def remind_of_reviews(at: datetime) -> str:
    return f"{agreements.remind_of_reviews(at=at)} agreements to be reviewed"


@every(minutes=10)
def count_figures(at: datetime) -> str:
    return f"{count_changed_months(at=at)} months counted"
