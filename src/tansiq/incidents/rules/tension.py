"""Who may read tension, count hate incidents and decide about the second-wave watch."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.gate import rule
from tansiq.access.verdict import YES, Verdict, no
from tansiq.incidents.models import Incident, TensionReading
from tansiq.incidents.rules.room import lead, write


@rule("incidents.tension_read")
def tension_read(actor: Actor, incident: Incident) -> Verdict:
    return write(actor, incident)


@rule("incidents.tension_withdraw")
def tension_withdraw(actor: Actor, reading: TensionReading) -> Verdict:
    if reading.organisation_id in actor.organisation_ids or lead(actor, reading.incident):
        return YES if write(actor, reading.incident) else lead(actor, reading.incident)
    return no(_("Only the organisation that made this reading, or who leads the room, can do it."))


@rule("incidents.hate_count")
def hate_count(actor: Actor, incident: Incident) -> Verdict:
    return write(actor, incident)


@rule("incidents.watch_decide")
def watch_decide(actor: Actor, incident: Incident) -> Verdict:
    """Also when the incident is closed: the watch outlasts the response."""
    return lead(actor, incident)
