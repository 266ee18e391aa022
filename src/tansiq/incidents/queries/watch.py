"""The second-wave watch: which day it is, until when it runs at least, what is watched."""

import datetime as dt
from dataclasses import dataclass

from tansiq.incidents.desks import day_of, room_day
from tansiq.incidents.models import Incident, Rumour, WatchDecision, WatchStep

# Hate rises for about three weeks after an attack; a later wave came where rumours went on.
LEAST_DAYS, DAYS_WITH_RUMOURS = 21, 35
_RECENT = dt.timedelta(days=7)


@dataclass(frozen=True)
class Watch:
    """Where the watch stands."""

    # Days since the incident began, that day being 0.
    day: int
    on: dt.date
    # It is not ended before this day.
    earliest_on: dt.date
    # Whether rumours still go round, which makes it longer.
    rumours_persist: bool
    is_ended: bool
    latest: WatchDecision | None

    @property
    def may_end(self) -> bool:
        return not self.is_ended and self.on >= self.earliest_on

    @property
    def days_in_all(self) -> int:
        """How many days it runs at least."""
        return self.day + (self.earliest_on - self.on).days

    @property
    def is_long_due(self) -> bool:
        """Whether it could be ended and nobody decided."""
        return self.may_end


def watch_of(incident: Incident, at: dt.datetime) -> Watch:
    """Return where the watch stands at this real moment. It begins with the incident by itself."""
    began_on, today = day_of(incident, incident.began_at), room_day(incident, at)
    persist = _rumours_persist(incident, incident.room_time(at))
    days = DAYS_WITH_RUMOURS if persist else LEAST_DAYS
    decisions = list(WatchDecision.objects.filter(incident=incident).order_by("-at", "-pk"))
    later = [one.until_on for one in decisions if one.until_on is not None]
    ending = next((one for one in decisions if one.step != WatchStep.EXTENDED), None)
    return Watch(
        day=(today - began_on).days,
        on=today,
        earliest_on=max([began_on + dt.timedelta(days=days), *later]),
        rumours_persist=persist,
        is_ended=ending is not None and ending.step == WatchStep.ENDED,
        latest=decisions[0] if decisions else None,
    )


def _rumours_persist(incident: Incident, moment: dt.datetime) -> bool:
    """Whether a rumour is on the desk, or came in within a week."""
    rumours = Rumour.objects.filter(incident=incident)
    open_ones = rumours.exclude(status="closed")
    return open_ones.exists() or rumours.filter(entered_at__gt=moment - _RECENT).exists()
