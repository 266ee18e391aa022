"""What happens by itself, a day at a time."""

from datetime import datetime

from tansiq.core.schedules import every
from tansiq.exchange.actions import agreements


@every(days=1)
def remind_of_reviews(at: datetime) -> str:
    return f"{agreements.remind_of_reviews(at=at)} agreements to be reviewed"
