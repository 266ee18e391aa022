"""The time line of an exercise: what is to come, what was given, and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Q, QuerySet, When

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Organisation, Person
from tansiq.access.queries import people_of
from tansiq.incidents.models import (
    Aim,
    Exercise,
    Incident,
    Inject,
    Observation,
    PlaybookVersion,
    Rating,
    Task,
    Team,
)
from tansiq.incidents.playbook.document import ExerciseSpec, InjectSpec
from tansiq.incidents.wording import inject_of, role_title


@dataclass(frozen=True)
class InjectLine:
    """An inject in the reader's words, and how players answered it."""

    inject: Inject
    title: str
    text: str
    expected: str
    language: str
    roles: tuple[str, ...]
    # What is told to its team, in the team's language, where that is not the reader's.
    spoken: str
    is_due: bool
    answered_at: datetime | None

    @property
    def minutes(self) -> int | None:
        """How many minutes the answer took; 0 when it was there before."""
        given_at, answered_at = self.inject.given_at, self.answered_at
        if given_at is None or answered_at is None:
            return None
        return max(0, round((answered_at - given_at).total_seconds() / 60))

    @property
    def deadline(self) -> datetime | None:
        given_at = self.inject.given_at
        return given_at and given_at + timedelta(minutes=self.inject.within)

    @property
    def came_in_time(self) -> bool:
        return (
            self.answered_at is not None
            and self.deadline is not None
            and self.answered_at <= self.deadline
        )


@dataclass(frozen=True)
class AimLine:
    """An objective with what was seen of it so far, the latest first."""

    aim: Aim
    observations: tuple[Observation, ...]

    @property
    def rating(self) -> str:
        """Return the latest rating in words; empty while nobody has looked."""
        return str(Rating(self.observations[0].rating).label) if self.observations else ""


@dataclass(frozen=True)
class Offer:
    """What an organisation can practise: the stories of its playbook."""

    owner: Organisation
    playbook: PlaybookVersion

    @property
    def stories(self) -> tuple[ExerciseSpec, ...]:
        return self.playbook.document.exercises

    def story(self, key: str) -> ExerciseSpec | None:
        return next((one for one in self.stories if one.key == key), None)


def offers_for(actor: Actor, bodies: Iterable[Organisation]) -> list[Offer]:
    """Return what these organisations can practise: by their own playbook, else one they see."""
    found = []
    for body in bodies:
        versions = PlaybookVersion.objects.visible_to(actor).published()
        mine_first = Case(When(playbook__owner=body, then=0), default=1)
        latest = versions.select_related("playbook").order_by(mine_first, "-published_at", "-pk")
        if (version := latest.first()) is not None:
            found.append(Offer(body, version))
    return found


def exercise_of(incident: Incident) -> Exercise | None:
    return Exercise.objects.filter(incident=incident).first()


def stories_of(incident: Incident) -> tuple[ExerciseSpec, ...]:
    """Return the ready-made exercises of the playbook."""
    return incident.playbook.document.exercises


def lines_of(
    incident: Incident, injects: Iterable[Inject], *, language: str, moment: datetime
) -> list[InjectLine]:
    """Return injects in the reader's words; `moment` is what the room's clock shows."""
    exercise = exercise_of(incident)
    story = exercise.story if exercise else ""
    ended = _ended_tasks(incident)
    return [_line(incident, one, story, ended, language=language, moment=moment) for one in injects]


def _line(
    incident: Incident,
    inject: Inject,
    story: str,
    ended: dict[str, datetime],
    *,
    language: str,
    moment: datetime,
) -> InjectLine:
    document = incident.playbook.document
    spec = inject_of(document, story, inject.key) if inject.key else None
    return InjectLine(
        inject=inject,
        title=spec.title.in_language(language) if spec else inject.title or inject.key,
        text=spec.text.in_language(language) if spec else inject.text,
        expected=spec.expected.in_language(language) if spec else inject.expected,
        language=spec.text.language_for(language) if spec else inject.language,
        roles=tuple(role_title(document, role, language) for role in inject.roles),
        spoken=_spoken(inject, spec, language),
        is_due=inject.is_planned and inject.planned_at <= moment,
        answered_at=_answered(inject, ended),
    )


def _spoken(inject: Inject, spec: InjectSpec | None, language: str) -> str:
    if spec is None or inject.team is None or inject.team.language == language:
        return ""
    other = inject.team.language
    return spec.text.in_language(other) if spec.text.language_for(other) == other else ""


def _ended_tasks(incident: Incident) -> dict[str, datetime]:
    """Return when each task of the playbook was first done, on the room's clock."""
    rows = Task.objects.filter(incident=incident, state="done").exclude(key="")
    done = rows.order_by("-ended_at").values_list("key", "ended_at")
    return {key: moment for key, moment in done if moment is not None}


def _answered(inject: Inject, ended: dict[str, datetime]) -> datetime | None:
    """Return when good play was seen: by a facilitator, or by the last of the tasks that show it.

    A task that was done before counts as done when the inject came.
    """
    if inject.answered_at is not None or inject.given_at is None or not inject.tasks:
        return inject.answered_at
    if any(key not in ended for key in inject.tasks):
        return None
    return max(inject.given_at, *(ended[key] for key in inject.tasks))


def aims_of(actor: Actor, incident: Incident) -> list[AimLine]:
    """Return the objectives with the observations this actor may read."""
    seen = Observation.objects.visible_to(actor).filter(incident=incident)
    rows = list(seen.select_related("person").order_by("-at", "-pk"))
    aims = Aim.objects.visible_to(actor).filter(incident=incident).order_by("pk")
    return [AimLine(one, tuple(row for row in rows if row.aim_id == one.pk)) for one in aims]


def teams_of(actor: Actor, incident: Incident) -> list[Team]:
    rows = Team.objects.visible_to(actor).filter(incident=incident).order_by("name", "pk")
    return list(rows.prefetch_related("organisations", "people"))


def teams_in(incident: Incident) -> QuerySet[Team]:
    """Return the teams of an exercise, for those who run it."""
    rows: QuerySet[Team] = Team.objects.filter(incident=incident)
    return rows.order_by("name", "pk")


def aims_in(incident: Incident) -> QuerySet[Aim]:
    """Return the objectives of an exercise, in the order in which they were written."""
    rows: QuerySet[Aim] = Aim.objects.filter(incident=incident)
    return rows.order_by("pk")


def players_of(incident: Incident, at: datetime) -> QuerySet[Person]:
    """Return those who can play or run it: members of the organisations that take part."""
    bodies = bodies_of(incident).values_list("pk", flat=True)
    return people_of(bodies, at=at, least=Role.CONTRIBUTOR)


def bodies_of(incident: Incident) -> QuerySet[Organisation]:
    """Return the organisations that take part, the one that practises among them."""
    named = incident.named_organisations.values("pk")
    rows: QuerySet[Organisation] = Organisation.objects.filter(
        Q(pk__in=named) | Q(pk=incident.owner_id)
    )
    return rows.order_by("name", "pk")
