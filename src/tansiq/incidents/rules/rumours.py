"""Who may do what at the rumour desk."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.gate import rule
from tansiq.access.verdict import YES, Verdict, no
from tansiq.incidents.desks import CLEARING_ROLES
from tansiq.incidents.models import Incident, Rumour
from tansiq.incidents.rules.room import lead, write
from tansiq.incidents.rules.standing import holds_seat


@rule("incidents.rumour_view")
def rumour_view(actor: Actor, rumour: Rumour) -> Verdict:
    return YES


@rule("incidents.rumour_enter")
def rumour_enter(actor: Actor, incident: Incident) -> Verdict:
    return write(actor, incident)


@rule("incidents.rumour_check")
def rumour_check(actor: Actor, rumour: Rumour) -> Verdict:
    """Look at it, ask somebody who can know, note the answer, close it."""
    return write(actor, rumour.incident)


@rule("incidents.rumour_decide")
def rumour_decide(actor: Actor, rumour: Rumour) -> Verdict:
    if actor.person_id is not None and actor.person_id == rumour.entered_by_id:
        return no(_("You entered this rumour. Somebody else has to say what came out."))
    return write(actor, rumour.incident)


@rule("incidents.rumour_correct")
def rumour_correct(actor: Actor, rumour: Rumour) -> Verdict:
    return write(actor, rumour.incident)


@rule("incidents.rumour_clear")
def rumour_clear(actor: Actor, rumour: Rumour) -> Verdict:
    may_write = write(actor, rumour.incident)
    if not may_write:
        return may_write
    if holds_seat(actor, rumour.incident, roles=CLEARING_ROLES) or lead(actor, rumour.incident):
        return YES
    return no(_("Only the communications role, or who leads the room, can clear this."))


@rule("incidents.rumour_release")
def rumour_release(actor: Actor, rumour: Rumour) -> Verdict:
    return rumour_clear(actor, rumour)
