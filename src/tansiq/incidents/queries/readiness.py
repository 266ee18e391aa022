"""How ready a body is: what is written, and beside it what was tested. Never one number of both."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.utils.functional import cached_property

from tansiq.access.actor import Actor
from tansiq.access.models import Organisation
from tansiq.incidents.models import Answer, Call, Incident, Post, ReadinessReview
from tansiq.incidents.playbook.document import Document, StatementSpec, TaskSpec
from tansiq.incidents.queries.posts import RoleRow, Roles, roles_of

# A list of contacts that nobody tried for so long counts as untested.
CALLS_COUNT_FOR: Final = timedelta(days=90)
EXERCISES_COUNT_FOR: Final = timedelta(days=365)
_SOON = timedelta(days=30)
_FIRST_HOURS = timedelta(hours=6)


@dataclass(frozen=True)
class Standing:
    """A standing task: when it was last looked at, and when it is due again."""

    spec: TaskSpec
    reviews: tuple[ReadinessReview, ...]
    day: date

    @property
    def latest(self) -> ReadinessReview | None:
        return self.reviews[0] if self.reviews else None

    @cached_property
    def next_on(self) -> date | None:
        """Return the day of the next review; None when it was never done."""
        if self.latest is None or self.spec.review is None:
            return None
        begun = datetime.combine(self.latest.reviewed_on, time(), UTC)
        return self.spec.review.after(begun).date()

    @property
    def is_never(self) -> bool:
        return self.latest is None

    @property
    def is_late(self) -> bool:
        return self.next_on is not None and self.next_on < self.day

    @property
    def is_soon(self) -> bool:
        return self.next_on is not None and self.day <= self.next_on <= self.day + _SOON

    @property
    def is_in_time(self) -> bool:
        return self.latest is not None and not self.is_late


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    done: int
    total: int

    def __add__(self, other: "Share") -> "Share":
        return Share(self.done + other.done, self.total + other.total)


@dataclass(frozen=True)
class Readiness:
    """Two sums side by side, with what they are made of."""

    roles: Roles
    standing: tuple[Standing, ...]
    # Roles for which the holder or a deputy of today answered a call lately.
    answered: frozenset[str]
    latest_exercise: Incident | None

    @cached_property
    def tasks(self) -> Share:
        return Share(sum(one.is_in_time for one in self.standing), len(self.standing))

    @cached_property
    def holders(self) -> Share:
        rows = self.roles.rows
        return Share(sum(not row.is_empty for row in rows), len(rows))

    @cached_property
    def deputies(self) -> Share:
        rows = self.roles.rows
        return Share(sum(len(row.posts) > 1 for row in rows), len(rows))

    @cached_property
    def calls(self) -> Share:
        return Share(len(self.answered), len(self.roles.rows))

    @cached_property
    def exercises(self) -> Share:
        return Share(int(self.latest_exercise is not None), 1)

    @property
    def written(self) -> Share:
        return self.tasks + self.holders + self.deputies

    @property
    def tested(self) -> Share:
        return self.calls + self.exercises

    @property
    def untested(self) -> list[RoleRow]:
        """Return the roles that somebody holds and nobody answered for lately."""
        rows = self.roles.rows
        return [row for row in rows if row.posts and row.spec.key not in self.answered]

    @property
    def undone(self) -> list[Standing]:
        return [one for one in self.standing if not one.is_in_time]


def readiness_of(actor: Actor, organisation: Organisation, *, at: datetime) -> Readiness:
    """Return how ready the body is on this day."""
    today = at.date()
    roles = roles_of(actor, organisation, on=today)
    tasks = roles.version.document.standing_tasks if roles.version else ()
    return Readiness(
        roles,
        tuple(_standing(actor, organisation, tasks, today)),
        frozenset(_answered(organisation, roles, at)),
        _latest_exercise(organisation, at),
    )


def _standing(
    actor: Actor, organisation: Organisation, tasks: Iterable[TaskSpec], today: date
) -> Iterable[Standing]:
    reviews: dict[str, list[ReadinessReview]] = defaultdict(list)
    known = ReadinessReview.objects.visible_to(actor).filter(organisation=organisation)
    for review in known.select_related("person").order_by("-reviewed_on", "-pk"):
        reviews[review.task].append(review)
    for task in tasks:
        yield Standing(task, tuple(reviews[task.key]), today)


def _answered(organisation: Organisation, roles: Roles, at: datetime) -> Iterable[str]:
    # Real moments would need the log; an exercise that is played slowly is still one test.
    calls = Call.objects.filter(
        incident__owner=organisation, incident__clock_real__gte=at - CALLS_COUNT_FOR
    ).exclude(answer=Answer.NONE)
    reached = set(calls.values_list("seat__role", "person", "contact"))
    for row in roles.rows:
        if any(_key(row.spec.key, post) in reached for post in row.posts):
            yield row.spec.key


def _key(role: str, post: Post) -> tuple[str, int | None, int | None]:
    return (role, post.person_id, post.contact_id)


def _latest_exercise(organisation: Organisation, at: datetime) -> Incident | None:
    played = Incident.objects.filter(owner=organisation, is_exercise=True)
    lately = played.filter(clock_real__gte=at - EXERCISES_COUNT_FOR)
    return lately.order_by("-clock_real", "-pk").first()


def bodies_below(actor: Actor, organisation: Organisation) -> list[Organisation]:
    """Return who leads the places one step below, for whoever leads this one."""
    if not organisation.is_lead_of_place or organisation.pk not in actor.organisation_ids:
        return []
    below = Organisation.objects.filter(
        is_lead_of_place=True, is_active=True, place__parent=organisation.place_id
    )
    return list(below.select_related("place").order_by("name", "pk"))


@dataclass(frozen=True)
class CardTask:
    """A task of the first hours; `when` is T+00:30, by the incident's clock."""

    spec: TaskSpec
    when: str


@dataclass(frozen=True)
class Card:
    """What one role needs on one sheet."""

    row: RoleRow
    mine: tuple[CardTask, ...]
    deputising: tuple[CardTask, ...]
    contacts: tuple[RoleRow, ...]
    statements: tuple[StatementSpec, ...]


def card_of(roles: Roles, role: str) -> Card:
    """Return the card of a role: its first hours, whom it works with, what it may say."""
    document = roles.version.document if roles.version else Document(key="none")
    first = list(first_tasks(document))
    mine = tuple(one for one in first if one.spec.role == role)
    deputising = tuple(one for one in first if role in one.spec.deputies)
    near = {one.spec.role for one in deputising}
    near |= {key for one in mine for key in one.spec.deputies}
    row = next(one for one in roles.rows if one.spec.key == role)
    contacts = [
        one
        for one in roles.rows
        if one.posts and one.spec.key != role and (one.spec.key in near or one.spec.is_lead)
    ]
    speaks = any(one.spec.evidence and one.spec.evidence.type == "statement" for one in mine)
    statements = [one for one in document.statements if one.kind == "holding"] if speaks else []
    return Card(row, mine, deputising, tuple(contacts), tuple(statements))


def first_tasks(document: Document) -> Iterable[CardTask]:
    """Yield the tasks of the first six hours, those due first first."""
    start = datetime(2000, 1, 1, tzinfo=UTC)
    due = [
        (task.due.after(start) - start, task)
        for task in document.tasks
        if task.due is not None and task.due.is_from_start
    ]
    for passed, task in sorted(due, key=lambda one: one[0]):
        if passed <= _FIRST_HOURS:
            hours, minutes = divmod(int(passed.total_seconds()) // 60, 60)
            yield CardTask(task, f"T+{hours:02}:{minutes:02}")
