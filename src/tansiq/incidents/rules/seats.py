"""Who calls people to a room, who answers, who holds a role in it."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.gate import rule
from tansiq.access.verdict import YES, Verdict, no
from tansiq.incidents.models import Call, Incident, Seat
from tansiq.incidents.rules.room import lead, write


@rule("incidents.call")
def call(actor: Actor, seat: Seat) -> Verdict:
    """Call the next on the list for a role, or hand the role to somebody by name."""
    return _leads_open(actor, seat.incident)


@rule("incidents.call_again")
def call_again(actor: Actor, one: Call) -> Verdict:
    return _leads_open(actor, one.incident)


@rule("incidents.call_record")
def call_record(actor: Actor, one: Call) -> Verdict:
    """Write down what somebody answered by telephone."""
    return _leads_open(actor, one.incident)


@rule("incidents.answer")
def answer(actor: Actor, one: Call) -> Verdict:
    if actor.person_id is not None and actor.person_id == one.person_id:
        return YES
    return no(
        _("Only who was called can answer. Who leads the room can note an answer by telephone.")
    )


@rule("incidents.seat_take")
def seat_take(actor: Actor, seat: Seat) -> Verdict:
    if seat.is_held and seat.holder_id != actor.person_id:
        return no(_("Somebody holds this role already. Ask them to hand it over."))
    return write(actor, seat.incident)


@rule("incidents.seat_leave")
def seat_leave(actor: Actor, seat: Seat) -> Verdict:
    return _holds_or_leads(actor, seat)


@rule("incidents.hand_over")
def hand_over(actor: Actor, seat: Seat) -> Verdict:
    return _holds_or_leads(actor, seat)


def _holds_or_leads(actor: Actor, seat: Seat) -> Verdict:
    if not seat.incident.is_retired and actor.person_id and seat.holder_id == actor.person_id:
        return YES
    return lead(actor, seat.incident)


def _leads_open(actor: Actor, incident: Incident) -> Verdict:
    if not incident.is_open:
        return no(_("This incident is closed. Nobody is called any more."))
    return lead(actor, incident)
