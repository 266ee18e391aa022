"""The clock of an exercise: stand still, go on, faster, ahead. It never goes back.

Whatever people of the room see is measured on this clock, so due times, call-outs, reminders and
promises follow by themselves. The clock of a real incident is the real time and cannot be moved.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor
from tansiq.core.live import announce
from tansiq.incidents.actions.log import Line, arrived_before, write_down
from tansiq.incidents.models import EntryKind, Incident
from tansiq.incidents.models.incidents import FASTEST
from tansiq.incidents.wording import register

register("clock_paused", gettext_lazy("The exercise clock was stopped."))
register("clock_going", gettext_lazy("The exercise clock goes on."))
register("clock_speed", gettext_lazy("The exercise clock runs %(speed)s times as fast."))
register("clock_skipped", gettext_lazy("The exercise clock was set ahead from %(from_at)s."))


class ClockError(Exception):
    """The clock cannot be moved so; the message says why."""


@transaction.atomic
def pause_clock(incident: Incident, *, by: Actor, at: datetime, key: Any = None) -> None:
    """Let the room's time stand still. Raises ClockError when it stands still already."""
    room = _movable(incident, key)
    if room is None:
        return
    if room.clock_speed == 0:
        raise ClockError(_("The clock stands still already."))
    _set(incident, room, room.room_time(_moment(room, at)), speed=0, at=at)
    _write(incident, Line(EntryKind.ROOM, "clock_paused", client_key=key), by=by, at=at)


@transaction.atomic
def run_clock(
    incident: Incident, *, speed: int = 1, by: Actor, at: datetime, key: Any = None
) -> None:
    """Let the room's time run, `speed` seconds in each real one, from where it is.

    Raises ClockError when it runs so already, or for a speed that nobody could follow.
    """
    room = _movable(incident, key)
    if room is None:
        return
    if not 1 <= speed <= FASTEST:
        raise ClockError(_("Choose a speed between 1 and %(most)s.") % {"most": FASTEST})
    if room.clock_speed == speed:
        raise ClockError(_("The clock runs at this speed already."))
    _set(incident, room, room.room_time(_moment(room, at)), speed=speed, at=at)
    line = Line(EntryKind.ROOM, "clock_speed", {"speed": speed}, client_key=key)
    if speed == 1:
        line = Line(EntryKind.ROOM, "clock_going", client_key=key)
    _write(incident, line, by=by, at=at)


@transaction.atomic
def skip_clock(
    incident: Incident, *, to: datetime, by: Actor, at: datetime, key: Any = None
) -> None:
    """Set the room's time ahead; it goes on from there as it went. Raises ClockError."""
    room = _movable(incident, key)
    if room is None:
        return
    shown = room.room_time(_moment(room, at))
    if to <= shown:
        raise ClockError(_("The clock only goes forward. Choose a later time."))
    _set(incident, room, to, speed=room.clock_speed, at=at)
    facts = {"from_at": shown.isoformat()}
    line = Line(EntryKind.ROOM, "clock_skipped", facts, client_key=key)
    _write(incident, line, by=by, at=at)


def _movable(incident: Incident, key: Any) -> Incident | None:
    """Return the incident as it stands, locked; None when this very post arrived before."""
    if not incident.is_exercise:
        raise ClockError(_("Only the clock of an exercise can be moved."))
    if arrived_before(incident, key):
        return None
    room = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    if not room.is_open:
        raise ClockError(_("This exercise is over. Its clock stays as it was."))
    return room


def _moment(room: Incident, at: datetime) -> datetime:
    # Two processes may read the real clock a moment apart; the room never goes back for it.
    return max(at, room.clock_real)


def _set(incident: Incident, room: Incident, shown: datetime, *, speed: int, at: datetime) -> None:
    changes = {"clock_real": _moment(room, at), "clock_room": shown, "clock_speed": speed}
    Incident.objects.filter(pk=room.pk).update(**changes)
    for name, value in changes.items():
        setattr(incident, name, value)


def _write(incident: Incident, line: Line, *, by: Actor, at: datetime) -> None:
    write_down(incident, line, rule="incidents.move_clock", by=by, at=at)
    # Open pages count on by themselves; they must hear that the clock was moved.
    announce(incident.channel, "clock", {}, at=at)
