"""Who is told that a statement waits for them, and that the city promised to speak."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tansiq.access.models import Person
from tansiq.access.notices import notify, register
from tansiq.access.queries import people_of
from tansiq.access.zones import zone
from tansiq.incidents.actions.telling import holders_of
from tansiq.incidents.models import Incident, Statement
from tansiq.incidents.models.media import APPROVERS
from tansiq.incidents.queries.cadence import AHEAD
from tansiq.incidents.queries.statements import office_for

register("incidents.statement_waits", _("A statement waits for your approval: %(title)s."))
register("incidents.update_soon", _("The next public update is promised for %(time)s: %(title)s."))
register("incidents.update_late", _("The public update of %(time)s is late: %(title)s."))

_SPEAKS = ("COMMS",)


def tell_approvers(statement: Statement, *, at: datetime) -> None:
    """Tell those who may approve it, but for those who wrote in it."""
    incident = statement.incident
    roles = office_for(incident).approver_roles or APPROVERS
    people = {one.pk: one for one in holders_of(incident, roles)}
    for one in people_of([incident.owner_id], at=at):
        people.setdefault(one.pk, one)
    wrote = set(statement.writers.values_list("pk", flat=True))
    readers = [one for one in people.values() if one.pk not in wrote]
    _tell(readers, "incidents.statement_waits", statement, {"title": incident.title}, at=at)


def remind_of_updates(*, at: datetime) -> int:
    """Tell the spokesperson shortly before a promised update, and once more when it is late.

    On the room's clock: while an exercise stands still, nothing becomes late.
    """
    return sum(_remind(incident, at) for incident in Incident.objects.running())


def _remind(incident: Incident, at: datetime) -> bool:
    moment = incident.room_time(at)
    spoken: Any = Statement.objects.filter(incident=incident).ever_released().public()
    latest = spoken.order_by("-released_at", "-pk").first()
    if latest is None or latest.next_update_at is None or moment < latest.next_update_at - AHEAD:
        return False
    is_late = moment >= latest.next_update_at
    field = "reminded_late_at" if is_late else "reminded_before_at"
    # Of two processes that look at the same moment, one claims the reminder.
    claimed = Statement.objects.filter(pk=latest.pk, **{f"{field}__isnull": True})
    if not claimed.update(**{field: moment}):
        return False
    time = latest.next_update_at.astimezone(zone(incident.time_zone))
    facts = {"title": incident.title, "time": f"{time:%H:%M}"}
    code = "incidents.update_late" if is_late else "incidents.update_soon"
    people = holders_of(incident, _SPEAKS) or list(people_of([incident.owner_id], at=at))
    _tell(people, code, latest, facts, at=at)
    return True


def _tell(
    people: list[Person], code: str, statement: Statement, facts: dict[str, Any], *, at: datetime
) -> None:
    url = statement.get_absolute_url()
    if code != "incidents.statement_waits":
        url = reverse("incidents:statement_choose", args=[statement.incident_id])
    notify(people, code, statement, url=url, facts=facts, at=at)
