"""Numbers and words that the desks of a room share: clocks of rumours, who is told of what."""

import datetime as dt
from typing import Final

from tansiq.access.zones import zone
from tansiq.incidents.models import Harm, Incident, NeedKind

# How soon somebody looks at a rumour, in minutes. 30 is what practice asks for where people may
# be hurt; the others are ours.
TRIAGE_MINUTES: Final = {
    Harm.RETALIATION: 30,
    Harm.OBSTRUCTS: 30,
    Harm.PANIC: 60,
    Harm.HEALTH: 60,
    Harm.FRAUD: 120,
    Harm.POLITICAL: 240,
}
# How soon a correction should be cleared once it is written.
CLEAR_WITHIN: Final = dt.timedelta(hours=1)
# The roles of the shipped playbook that answer for a kind of need.
ROLE_FOR_NEED: Final = {
    NeedKind.MISSING: "VICTIM",
    NeedKind.MEDICAL: "HEALTH",
    NeedKind.PSYCHOSOCIAL: "PSYCHO",
    NeedKind.SHELTER: "SOCIAL",
    NeedKind.FOOD: "SOCIAL",
    NeedKind.INFORMATION: "COMMS",
    NeedKind.LEGAL: "FOREIGN",
    NeedKind.FINANCIAL: "SOCIAL",
    NeedKind.CHILDREN: "EDU",
    NeedKind.WORSHIP: "FAITH",
    NeedKind.GOODS: "VOLUNT",
    NeedKind.VOLUNTEERS: "VOLUNT",
}
COMMUNITY_ROLE: Final = "COMMTY"
CLEARING_ROLES: Final = ("COMMS",)
LISTENING_ROLES: Final = ("LISTEN", "COMMS")


def triage_due(harm: str, entered_at: dt.datetime) -> dt.datetime:
    """Return by when a rumour of this harm is looked at first."""
    return entered_at + dt.timedelta(minutes=TRIAGE_MINUTES[Harm(harm)])


def room_day(incident: Incident, at: dt.datetime) -> dt.date:
    """Return the day it is in the room, by the clocks of its place, at this real moment."""
    return day_of(incident, incident.room_time(at))


def day_of(incident: Incident, moment: dt.datetime) -> dt.date:
    """Return the day of a moment of the room, by the clocks of its place."""
    return moment.astimezone(zone(incident.time_zone)).date()


def role_or_lead(incident: Incident, wanted: str) -> str:
    """Return the role if the playbook has it, else its leading one."""
    roles = incident.playbook.document.roles
    keys = [one.key for one in roles]
    leading = [one.key for one in roles if one.is_lead]
    return wanted if wanted in keys else next(iter([*leading, *keys]), wanted)
