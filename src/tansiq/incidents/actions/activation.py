"""The first minute: the room opens, and everybody who is needed is called."""

import uuid
from datetime import datetime

from django.db import transaction

from tansiq.access.actor import Actor
from tansiq.core.order import append_in_order
from tansiq.incidents.actions.calls import call_out
from tansiq.incidents.actions.opening import Opening, open_room
from tansiq.incidents.models import Activation, Incident
from tansiq.incidents.queries.calls import roles_called


@transaction.atomic
def activate(opening: Opening, *, client_key: uuid.UUID, by: Actor, at: datetime) -> Incident:
    """Open the room and call who is needed; the same form sent twice opens one room.

    Raises OpeningError for a beginning that is still to come.
    """
    # Whoever sends the same at the same moment waits here until the first is saved.
    append_in_order()
    known = Activation.objects.select_related("incident").filter(client_key=client_key).first()
    if known is not None:
        return known.incident
    incident = open_room(opening, by=by, at=at)
    Activation.objects.create(incident=incident, client_key=client_key, answers=opening.answers)
    roles = roles_called(
        opening.playbook.document,
        trigger=opening.trigger,
        level=opening.level,
        answers=opening.answers,
        at=incident.began_at,
    )
    call_out(incident, roles, by=by, at=at)
    return incident
