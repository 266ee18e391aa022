"""How somebody stands in a room: by membership, or by the role held there."""

from tansiq.access.actor import Actor, Role
from tansiq.incidents.models import Incident, Seat


def takes_part(actor: Actor, incident: Incident, *, least: Role) -> bool:
    """Return whether the actor has this role in the organisation that runs it or in a named one."""
    mine = actor.organisations_as(least)
    if actor.is_system or incident.owner_id in mine:
        return True
    return bool(mine) and incident.named_organisations.filter(pk__in=mine).exists()


def runs(actor: Actor, incident: Incident, *, least: Role) -> bool:
    """Return whether the actor has this role in the organisation that runs the incident."""
    return actor.is_at_least(least, in_organisation=incident.owner_id)


def holds_seat(actor: Actor, incident: Incident, *, roles: tuple[str, ...] = ()) -> bool:
    """Return whether the actor holds one of these roles in the room; without roles, any."""
    if actor.person_id is None:
        return False
    seats = Seat.objects.filter(incident=incident, holder=actor.person_id)
    return seats.filter(role__in=roles).exists() if roles else seats.exists()


def holds_leading_seat(actor: Actor, incident: Incident) -> bool:
    """Return whether the actor holds a role that the playbook calls leading."""
    if actor.person_id is None:
        return False
    seats = Seat.objects.filter(incident=incident, holder=actor.person_id, is_leading=True)
    return seats.exists()
