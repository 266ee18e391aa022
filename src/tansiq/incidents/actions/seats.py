"""Who holds a role in the room: taking an empty one, leaving it, handing it over with a note."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tansiq.access.actor import Actor
from tansiq.access.models import Person
from tansiq.access.notices import notify
from tansiq.access.notices import register as register_notice
from tansiq.core.editing import save_changes
from tansiq.incidents.actions.log import Line, write_down
from tansiq.incidents.models import Answer, AnsweredBy, Call, EntryKind, Seat
from tansiq.incidents.wording import register, role_title

register("seat_taken", gettext_lazy("Takes the role: %(role)s."))
register("seat_left", gettext_lazy("Leaves the role: %(role)s."))
register("seat_handed_over", gettext_lazy("The role is handed over: %(role)s."))
register_notice(
    "incidents.handed_over",
    gettext_lazy("%(role)s is handed over to you, %(place)s."),
)


class SeatError(Exception):
    """The role cannot be taken, left or handed over so; the message says why."""


@transaction.atomic
def take_seat(seat: Seat, *, by: Actor, at: datetime) -> Seat:
    """Take a role that nobody holds. Raises SeatError when somebody was quicker."""
    seat = _locked(seat)
    if seat.holder_id is not None and seat.holder_id == by.person_id:
        return seat
    if seat.is_held:
        raise SeatError(
            _("%(name)s holds this role already. Ask them to hand it over.")
            % {"name": seat.holder_name}
        )
    _seat(seat, by.person_id, at=at)
    line = Line(EntryKind.ROLE, "seat_taken", facts={"role": seat.role}, subject=seat)
    write_down(seat.incident, line, rule="incidents.seat_take", by=by, at=at)
    return seat


@transaction.atomic
def leave_seat(seat: Seat, *, note: str, by: Actor, at: datetime) -> Seat:
    """Empty a role. Raises SeatError when nobody holds it."""
    seat = _locked(seat)
    if not seat.is_held:
        raise SeatError(_("Nobody holds this role. Nothing was changed."))
    role = seat.role
    _seat(seat, None, at=at)
    line = Line(
        EntryKind.ROLE,
        "seat_left",
        facts={"role": role},
        subject=seat,
        text=note,
        language=seat.incident.language if note else "",
        role=role,
    )
    write_down(seat.incident, line, rule="incidents.seat_leave", by=by, at=at)
    return seat


@transaction.atomic
def hand_over(seat: Seat, to: Person, *, note: str, by: Actor, at: datetime) -> Seat:
    """Give a role to somebody else, with what they must know; they are told at once.

    Raises SeatError when they hold it already.
    """
    seat = _locked(seat)
    if seat.holder_id == to.pk:
        raise SeatError(_("%(name)s holds this role already.") % {"name": to})
    incident = seat.incident
    # Whoever was called and gives it to somebody else has answered.
    open_calls = Call.objects.filter(seat=seat, person=by.person_id, answer=Answer.NONE)
    if by.person_id is not None:
        open_calls.update(
            answer=Answer.HANDED_ON,
            answered_at=incident.room_time(at),
            answered_by=AnsweredBy.ROOM,
        )
    _seat(seat, to.pk, at=at)
    line = Line(
        EntryKind.ROLE,
        "seat_handed_over",
        facts={"role": seat.role},
        subject=seat,
        text=note,
        language=incident.language if note else "",
    )
    write_down(incident, line, rule="incidents.hand_over", by=by, at=at)
    if to.pk != by.person_id:
        _tell(seat, to, at=at)
    return seat


def _tell(seat: Seat, to: Person, *, at: datetime) -> None:
    incident = seat.incident
    language = to.language or incident.language
    facts = {
        "place": incident.place.name_in(language),
        "role": role_title(incident.playbook.document, seat.role, language),
    }
    url = reverse("incidents:room", args=[incident.pk])
    notify([to], "incidents.handed_over", incident, url=url, facts=facts, at=at)


def _locked(seat: Seat) -> Seat:
    known = Seat.objects.select_for_update(of=("self",))
    return known.select_related("incident__place", "holder", "contact").get(pk=seat.pk)


def _seat(seat: Seat, person: int | None, *, at: datetime) -> None:
    changes = {
        "holder_id": person,
        "contact_id": None,
        "held_since": seat.incident.room_time(at) if person is not None else None,
    }
    save_changes(seat, changes, revision=seat.revision, at=at)
