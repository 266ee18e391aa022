"""Who is called when a room opens, who answered how fast, and which seats nobody took."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from django.db.models import Q, QuerySet

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Membership, Organisation, Person
from tansiq.access.queries import people_of
from tansiq.incidents.models import Answer, Call, Incident, Level, Post, Seat, Trigger
from tansiq.incidents.playbook.document import Document, RoleSpec, TaskSpec
from tansiq.incidents.wording import role_title

# Whoever has a task within these hours is needed at once.
_SOON = timedelta(hours=6)


def roles_called(
    document: Document, *, trigger: Trigger, level: Level, answers: Mapping[str, bool], at: datetime
) -> set[str]:
    """Return the roles whose holders are called.

    At "watch" those that lead; at "partly" also those with a task in the first hours; at "fully"
    all.
    """
    if level == Level.FULL:
        return {role.key for role in document.roles}
    leading = {role.key for role in document.roles if role.is_lead}
    if level == Level.WATCH:
        return leading
    tasks = document.tasks_for(trigger, answers, level=level)
    return leading | {task.role for task in tasks if _is_soon(task, at)}


def _is_soon(task: TaskSpec, at: datetime) -> bool:
    return task.due is not None and task.due.is_from_start and task.due.after(at) - at <= _SOON


def standing_posts(organisation: Organisation, *, on: date) -> dict[str, list[Post]]:
    """Return who holds which role of the body today, the holder first, then the deputies."""
    posts: dict[str, list[Post]] = defaultdict(list)
    for post in Post.objects.filter(organisation=organisation).standing(on).in_order():
        posts[post.role].append(post)
    return posts


def next_to_call(seat: Seat, *, on: date) -> Post | None:
    """Return the first on the list for this seat who was not called yet."""
    called = {(call.person_id, call.contact_id) for call in seat.calls.all()}
    owner = seat.incident.owner_id
    posts = Post.objects.filter(organisation=owner, role=seat.role).standing(on).in_order()
    return next((one for one in posts if (one.person_id, one.contact_id) not in called), None)


@dataclass(frozen=True)
class SeatRow:
    """One seat of a room as a line of the list: who holds it, who was called, who comes next."""

    seat: Seat
    spec: RoleSpec | None
    calls: tuple[Call, ...]
    following: Post | None

    @property
    def is_waiting(self) -> bool:
        return not self.seat.is_held and any(not call.is_answered for call in self.calls)

    @property
    def pressing(self) -> tuple[bool, bool]:
        """Sort key: empty seats first, leading ones before others."""
        return (self.seat.is_held, not self.seat.is_leading)


@dataclass(frozen=True)
class MyCall:
    """A call that waits for the reader's answer, with the role in the reader's words."""

    pk: int
    role: str


@dataclass(frozen=True)
class CallSum:
    """What the call-out came to."""

    called: int
    coming: int
    cannot: int
    silent: int
    # Of those who answered; None before the first.
    median_minutes: float | None
    empty_seats: int


def seat_rows(actor: Actor, incident: Incident, *, on: date) -> list[SeatRow]:
    """Return the seats of the room, those nobody holds first."""
    seats = Seat.objects.visible_to(actor).filter(incident=incident)
    seats = seats.select_related("holder", "contact").order_by("pk")
    calls: dict[int, list[Call]] = defaultdict(list)
    for call in calls_of(actor, incident):
        calls[call.seat_id].append(call)
    posts = standing_posts(incident.owner, on=on)
    document = incident.playbook.document
    rows = [
        SeatRow(
            seat,
            document.role(seat.role) if document.has("roles", seat.role) else None,
            tuple(calls[seat.pk]),
            _following(posts.get(seat.role, []), calls[seat.pk]),
        )
        for seat in seats
    ]
    return sorted(rows, key=lambda row: row.pressing)


def _following(posts: Iterable[Post], calls: list[Call]) -> Post | None:
    called = {(call.person_id, call.contact_id) for call in calls}
    return next((one for one in posts if (one.person_id, one.contact_id) not in called), None)


def calls_of(actor: Actor, incident: Incident) -> Iterable[Call]:
    found = Call.objects.visible_to(actor).filter(incident=incident)
    return found.select_related("person", "contact").order_by("seat", "rank", "pk")


def sum_of(rows: Iterable[SeatRow]) -> CallSum:
    """Return the counts and the middle time to an answer."""
    rows = list(rows)
    calls = [call for row in rows for call in row.calls]
    minutes = [call.minutes for call in calls if call.minutes is not None]
    answers = [call.answer for call in calls]
    return CallSum(
        called=len(calls),
        coming=answers.count(Answer.COMING),
        cannot=answers.count(Answer.CANNOT) + answers.count(Answer.HANDED_ON),
        silent=answers.count(Answer.NONE),
        median_minutes=median(minutes) if minutes else None,
        empty_seats=sum(not row.seat.is_held for row in rows),
    )


def my_open_calls(actor: Actor, incident: Incident, language: str) -> list[MyCall]:
    """Return the calls of this room that this person has not answered yet."""
    if actor.person_id is None or not incident.is_open:
        return []
    mine = Call.objects.visible_to(actor).filter(incident=incident, person=actor.person_id)
    found = mine.filter(answer=Answer.NONE).order_by("pk").values_list("pk", "seat__role")
    document = incident.playbook.document
    return [MyCall(pk, role_title(document, role, language)) for pk, role in found]


def people_for_seats(incident: Incident, *, at: datetime) -> QuerySet[Person]:
    """Return who can hold a role in the room: contributors of the bodies that take part."""
    bodies = [incident.owner_id, *incident.named_organisations.values_list("pk", flat=True)]
    return people_of(bodies, at=at, least=Role.CONTRIBUTOR)


def bodies_missing(incident: Incident, *, on: date) -> list[Organisation]:
    """Return the bodies of those who were called or hold a role, and do not take part yet."""
    held = Seat.objects.filter(incident=incident, holder__isnull=False).values("holder")
    called = Call.objects.filter(incident=incident, person__isnull=False).values("person")
    people = Person.objects.filter(Q(pk__in=held) | Q(pk__in=called))
    inside = {incident.owner_id, *incident.named_organisations.values_list("pk", flat=True)}
    terms = Membership.objects.in_force(on).filter(person__in=people)
    inside_people = terms.filter(organisation__in=inside).values("person")
    outside = terms.exclude(person__in=inside_people).values("organisation")
    found = Organisation.objects.filter(pk__in=outside, is_active=True)
    return list(found.order_by("name", "pk"))
