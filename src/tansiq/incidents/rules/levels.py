"""Who takes part in a room: naming another organisation, and leaving."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.verdict import YES, Verdict, no
from tansiq.incidents.models import Incident
from tansiq.incidents.rules.room import lead


@rule("incidents.level_name")
def name(actor: Actor, incident: Incident) -> Verdict:
    return lead(actor, incident)


@rule("incidents.level_leave")
def leave(actor: Actor, incident: Incident) -> Verdict:
    """Leave for one's own organisation; the one that runs the incident closes it instead."""
    mine = actor.organisations_as(Role.COORDINATOR)
    if incident.named_organisations.filter(pk__in=mine).exists():
        return YES
    return no(_("Only a coordinator of an organisation that was named to this room can leave it."))
