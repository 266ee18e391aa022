"""Opening a room, reading in it, writing in it, leading it."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.models import Organisation
from tansiq.access.verdict import YES, Verdict, needs, no
from tansiq.incidents.models import Incident
from tansiq.incidents.rules.standing import holds_leading_seat, holds_seat, runs, takes_part


@rule("incidents.activate")
def activate(actor: Actor, organisation: Organisation) -> Verdict:
    """Asked of the organisation that will run the incident."""
    reason = _("Only a coordinator of this organisation can activate its playbook.")
    return needs(actor, Role.COORDINATOR, organisation.pk, reason)


@rule("incidents.enter")
def enter(actor: Actor, incident: Incident) -> Verdict:
    return YES


@rule("incidents.write")
def write(actor: Actor, incident: Incident) -> Verdict:
    """Add to the log and the boards of a room, and tick tasks."""
    if not incident.is_open:
        return no(_("This incident is closed. What happened in it can be read, not added to."))
    if takes_part(actor, incident, least=Role.CONTRIBUTOR) or holds_seat(actor, incident):
        return YES
    return no(_("Only contributors of the organisations in this room can write in it."))


@rule("incidents.lead")
def lead(actor: Actor, incident: Incident) -> Verdict:
    """Decide, hand over roles, sign, close."""
    if incident.is_retired:
        return no(_("This incident is retired. Nothing in it can be changed."))
    if runs(actor, incident, least=Role.COORDINATOR) or holds_leading_seat(actor, incident):
        return YES
    return no(_("Only who leads this room can do this: a coordinator of the city or a lead role."))


@rule("incidents.close")
def close(actor: Actor, incident: Incident) -> Verdict:
    return lead(actor, incident)


@rule("incidents.reopen")
def reopen(actor: Actor, incident: Incident) -> Verdict:
    return lead(actor, incident)
