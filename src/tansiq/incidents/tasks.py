"""What happens by itself in rooms."""

from datetime import datetime

from tansiq.core.schedules import every
from tansiq.incidents import channels


@every(minutes=1)
def send_what_waits(at: datetime) -> str:
    return f"{channels.send_waiting(at=at)} messages left"
