"""Who takes part in a room and what each sees; and all running incidents in one view."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max

from tansiq.access.actor import Actor
from tansiq.access.models import Organisation, Place
from tansiq.access.queries import lead_of, path_of
from tansiq.incidents.models import (
    Brief,
    Entry,
    Incident,
    SituationReport,
    Statement,
    SupportRequest,
    Task,
)
from tansiq.incidents.playbook.document import PhaseSpec
from tansiq.incidents.queries.rooms import phase_of
from tansiq.incidents.queries.support import organisations_in
from tansiq.incidents.querysets import IncidentQuerySet


@dataclass(frozen=True)
class Participant:
    """An organisation of a room: since when, and what stands between it and the others."""

    organisation: Organisation
    place: Place | None
    is_running_it: bool
    is_ours: bool
    # On the room's clock; None when it took part from the start.
    since: datetime | None
    reports: int
    asked: int
    owes: int


def participants_of(actor: Actor, incident: Incident) -> list[Participant]:
    """Return who takes part, the highest level first."""
    everybody = organisations_in(incident)
    since = dict(
        Entry.objects.visible_to(actor)
        .filter(incident=incident, code="level_joined")
        .order_by()
        .values_list("subject_id")
        .annotate(latest=Max("at"))
    )
    reports = _reports_to(incident)
    asked: Counter[int] = Counter()
    owes: Counter[int] = Counter()
    for request in SupportRequest.objects.visible_to(actor).filter(incident=incident).going_on():
        asked[request.from_organisation_id] += 1
        owes[request.to_organisation_id] += 1
    return [
        Participant(
            organisation=one,
            place=one.place,
            is_running_it=one.pk == incident.owner_id,
            is_ours=one.pk in actor.organisation_ids,
            since=since.get(one.pk),
            reports=reports[one.pk],
            asked=asked[one.pk],
            owes=owes[one.pk],
        )
        for one in everybody
    ]


def _reports_to(incident: Incident) -> Counter[int]:
    sent = SituationReport.objects.sent().filter(incident=incident)
    return Counter(sent.values_list("recipients", flat=True))


def suggested_levels(incident: Incident) -> list[Organisation]:
    """Return who speaks for the places above, and does not take part yet."""
    there = {one.pk for one in organisations_in(incident)}
    above = (lead_of(place) for place in path_of(incident.place))
    return [one for one in above if one is not None and one.pk not in there]


def kept_lines(actor: Actor, incident: Incident, *, most: int = 20) -> list[Entry]:
    """Return what our organisations keep to themselves in this room, the latest first."""
    own = Entry.objects.visible_to(actor).filter(
        incident=incident, kept_by__in=actor.organisation_ids
    )
    return list(own.select_related("kept_by", "person").latest_first()[:most])


@dataclass(frozen=True)
class Running:
    """One line of the overview."""

    incident: Incident
    phase: PhaseSpec | None
    late_tasks: int
    open_requests: int
    late_requests: int
    late_briefs: int
    # How long ago the latest report that we may read was sent, on the room's clock.
    report_age: timedelta | None
    # Until the public update that was promised; negative when it is late.
    update_left: timedelta | None

    @property
    def weight(self) -> tuple[int, int, int]:
        """What needs somebody first stands first."""
        return (-self.late_requests - self.late_briefs, -self.late_tasks, self.incident.pk)


def running_incidents(
    seen: IncidentQuerySet[Incident], actor: Actor, *, at: datetime
) -> list[Running]:
    """Return one line for each of these running incidents, what is most pressing first.

    The number of questions to the database does not grow with the incidents.
    """
    rooms = list(seen.running().select_related("place", "owner__place", "playbook"))
    moments = {room.pk: room.room_time(at) for room in rooms}
    tasks = Task.objects.visible_to(actor).open().filter(incident__in=rooms)
    late_tasks = _late(tasks.values_list("incident", "due_at"), moments)
    requests = SupportRequest.objects.visible_to(actor).filter(incident__in=rooms)
    briefs = Brief.objects.visible_to(actor).owed().filter(incident__in=rooms)
    late_briefs = _late(briefs.values_list("incident", "due_at"), moments)
    late_requests = _late(requests.unanswered().values_list("incident", "answer_due_at"), moments)
    open_requests = Counter(requests.going_on().values_list("incident", flat=True))
    reports = SituationReport.objects.visible_to(actor).sent().filter(incident__in=rooms)
    latest = defaultdict(
        lambda: None, reports.order_by().values_list("incident").annotate(latest=Max("sent_at"))
    )
    promised = _promised(rooms, actor)
    rows = [
        Running(
            incident=room,
            phase=phase_of(room, at),
            late_tasks=late_tasks[room.pk],
            open_requests=open_requests[room.pk],
            late_requests=late_requests[room.pk],
            late_briefs=late_briefs[room.pk],
            report_age=moments[room.pk] - latest[room.pk] if latest[room.pk] else None,
            update_left=promised[room.pk] - moments[room.pk] if room.pk in promised else None,
        )
        for room in rooms
    ]
    return sorted(rows, key=lambda row: row.weight)


def _promised(rooms: list[Incident], actor: Actor) -> dict[int, datetime]:
    """Return when the latest public words of each room promised the next ones."""
    spoken = Statement.objects.visible_to(actor).filter(
        incident__in=rooms, released_at__isnull=False, withdrawn_at__isnull=True
    )
    latest = spoken.order_by("released_at", "pk").values_list("incident", "next_update_at")
    return {room: moment for room, moment in dict(latest).items() if moment is not None}


def _late(
    rows: Iterable[tuple[int, datetime | None]], moments: dict[int, datetime]
) -> Counter[int]:
    return Counter(room for room, due in rows if due is not None and due < moments[room])
