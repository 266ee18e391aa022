"""What happens by itself: mails to people, and forgetting what must not be kept."""

from datetime import datetime

from tansiq.access.actions.people import forget_unanswered
from tansiq.access.notices import send_waiting_mails
from tansiq.core.schedules import every


@every(minutes=1)
def mail_notices(at: datetime) -> str:
    return f"{send_waiting_mails(at=at)} mails sent"


@every(days=1)
def forget_unanswered_invitations(at: datetime) -> str:
    return f"{forget_unanswered(at=at)} invitations erased"
