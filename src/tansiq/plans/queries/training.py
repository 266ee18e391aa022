"""Who was made able to do what: people trained, by role and level. Numbers only, never names."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tansiq.access.actor import Actor
from tansiq.access.models import Place
from tansiq.plans.models import Plan, TrainedRole, Training, TrainingGoal
from tansiq.plans.queries.wording import written


@dataclass(frozen=True)
class Cell:
    """People of one role at one level: trained, and to be trained."""

    level: str
    trained: int = 0
    goal: int | None = None
    goal_pk: int | None = None
    by_on: date | None = None
    is_late: bool = False

    @property
    def share(self) -> int:
        """Return the share of the goal that is reached, in whole per cent, at most 100."""
        return min(self.trained * 100 // self.goal, 100) if self.goal else 0

    @property
    def is_empty(self) -> bool:
        return not self.trained and self.goal is None


@dataclass(frozen=True)
class RoleRow:
    """One role over the levels."""

    role: str
    name: str
    cells: list[Cell]
    trained: int
    women: int
    # People of whom it is said how many are women; the share of women is of these.
    women_known: int


@dataclass(frozen=True)
class Capacity:
    """People trained by role and level, beside what is wanted."""

    levels: list[tuple[int, str]]
    rows: list[RoleRow]
    courses: int
    bodies: int
    wanted: int
    # Trained, but in no cell beyond its goal: what counts towards the goals.
    towards: int
    missing: list[str] = field(default_factory=list)

    @property
    def trained(self) -> int:
        return sum(row.trained for row in self.rows)

    @property
    def women(self) -> int:
        return sum(row.women for row in self.rows)

    @property
    def women_known(self) -> int:
        return sum(row.women_known for row in self.rows)

    @property
    def message(self) -> str:
        """Say what was reached in one sentence."""
        if self.wanted:
            return ngettext(
                "%(n)s of the %(all)s person to be trained is trained",
                "%(n)s of the %(all)s people to be trained are trained",
                self.wanted,
            ) % {"n": written(self.towards), "all": written(self.wanted)}
        return ngettext(
            "%(n)s person trained so far", "%(n)s people trained so far", self.trained
        ) % {"n": written(self.trained)}


def plans_counted(actor: Actor, plan: Plan) -> QuerySet[Plan]:
    """Return the plans whose training counts for this one: itself, and local ones that are seen.

    RED stands in no statistics but its own.
    """
    below = Plan.objects.visible_to(actor).filter(parent=plan).exclude(marking="red")
    counted: QuerySet[Plan] = Plan.objects.filter(Q(pk=plan.pk) | Q(pk__in=below.values("pk")))
    return counted


def trainings_of(actor: Actor, plan: Plan) -> QuerySet[Training]:
    """Return the courses of a plan and of the local plans under it, the latest first."""
    rows: QuerySet[Training] = (
        Training.objects.filter(plan__in=plans_counted(actor, plan).values("pk"))
        .select_related("place", "provider", "plan__country")
        .order_by("-on", "-pk")
    )
    return rows


def capacity_of(actor: Actor, plan: Plan, *, day: date) -> Capacity:
    """Count people trained by role and level in a handful of queries, whatever the size."""
    rows = trainings_of(actor, plan).order_by()
    known = Q(women__isnull=False)
    counted = rows.values_list("role", "place__level").annotate(
        people_sum=Sum("people"),
        women_sum=Sum("women", default=0),
        known_sum=Sum("people", filter=known, default=0),
    )
    sums = {(role, level): (people, women, base) for role, level, people, women, base in counted}
    goals = {(one.role, one.level): one for one in TrainingGoal.objects.filter(plan=plan)}
    keys = {*sums, *goals}
    levels = _levels(plan, {level for _role, level in keys})
    whole = rows.aggregate(courses=Count("pk"), bodies=Count("provider", distinct=True))
    shown = [
        _row(
            role,
            sums,
            [_cell_of((role, level), name, sums, goals, day=day) for level, name in levels],
        )
        for role in TrainedRole.values
    ]
    return Capacity(
        levels=levels,
        rows=[row for row in shown if not all(cell.is_empty for cell in row.cells)],
        courses=whole["courses"],
        bodies=whole["bodies"],
        wanted=sum(one.people for one in goals.values()),
        towards=sum(min(one.people, sums.get(key, (0,))[0]) for key, one in goals.items()),
        missing=_missing(sums),
    )


def _levels(plan: Plan, wanted: Iterable[int]) -> list[tuple[int, str]]:
    """Name each level by what its places are called in the country."""
    found = []
    for level in sorted(wanted):
        place = Place.objects.filter(country_code=plan.place.country_code, level=level).first()
        found.append((level, str(place.get_kind_display()) if place else str(level)))
    return found


# A role and a level.
Key = tuple[str, int]
Sums = dict[Key, tuple[int, int, int]]
Goals = dict[Key, TrainingGoal]


def _row(role: str, sums: Sums, cells: list[Cell]) -> RoleRow:
    mine = [values for (one, _level), values in sums.items() if one == role]
    return RoleRow(
        role=role,
        name=str(TrainedRole(role).label),
        cells=cells,
        trained=sum(people for people, _women, _base in mine),
        women=sum(women for _people, women, _base in mine),
        women_known=sum(base for _people, _women, base in mine),
    )


def _cell_of(key: Key, level: str, sums: Sums, goals: Goals, *, day: date) -> Cell:
    people, _women, _base = sums.get(key, (0, 0, 0))
    goal = goals.get(key)
    if goal is None:
        return Cell(level, trained=people)
    return Cell(
        level,
        trained=people,
        goal=goal.people,
        goal_pk=goal.pk,
        by_on=goal.by_on,
        is_late=goal.by_on < day and people < goal.people,
    )


# Whose training the workshops asked for first; without them local work rests on security alone.
_NEEDED = (TrainedRole.ELECTED, TrainedRole.FAITH, TrainedRole.WOMEN, TrainedRole.YOUTH)


def _missing(sums: Sums) -> list[str]:
    """Name the roles that matter and that nobody of was trained, once anybody was."""
    there = {role for role, _level in sums}
    return [str(one.label) for one in _NEEDED if one not in there] if there else []


def security_share(capacity: Capacity) -> str:
    """Warn when most of those trained are police and security; else say nothing."""
    people = {row.role: row.trained for row in capacity.rows}
    security = people.get(TrainedRole.SECURITY, 0)
    if security * 2 <= capacity.trained:
        return ""
    return _("More than half of those trained are police and security. Prevention needs others.")


def goal_exists(plan: Plan, role: str, level: int, but: int | None) -> bool:
    """Return whether the plan has another goal for this role at this level."""
    same = TrainingGoal.objects.filter(plan=plan, role=role, level=level)
    return bool(same.exclude(pk=but or 0).exists())


def places_to_choose(plan: Plan) -> QuerySet[Place]:
    """Return the plan's place and those directly and two levels below, in order."""
    here = plan.place
    places: QuerySet[Place] = Place.objects.filter(
        links_up__ancestor=here, level__lte=here.level + 2
    )
    return places.order_by("level", "name", "pk")


@dataclass(frozen=True)
class Wanted:
    """What a list of training is narrowed to."""

    role: str = ""
    text: str = ""


def wanted_from(asked: dict[str, str]) -> Wanted:
    """Read what stands in the address; an unknown role asks for nothing."""
    role = asked.get("role", "")
    text = " ".join(asked.get("q", "").replace("\0", "").split())[:100]
    return Wanted(role if role in TrainedRole.values else "", text)


def narrowed(rows: QuerySet[Training], wanted: Wanted) -> QuerySet[Training]:
    """Keep courses of the wanted role, with all words in their subject or the place's name."""
    if wanted.role:
        rows = rows.filter(role=wanted.role)
    for word in wanted.text.split():
        rows = rows.filter(Q(title__icontains=word) | Q(place__name__icontains=word))
    return rows


def cells_of(one: Training) -> list[object]:
    """Return one course as a row of the table that leaves as a file."""
    return [
        one.on.isoformat(),
        one.title,
        str(one.get_role_display()),
        str(one.place),
        one.place.code,
        one.people,
        "" if one.women is None else one.women,
        str(one.provider or ""),
    ]
