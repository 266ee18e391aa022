"""Objectives of a national plan against places: who took up what, and the gaps both ways.

Everything is counted in the database. A cell is one objective and one place; it counts the
national actions with a role for local government that the place answered, by how.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.db.models import Count, F, QuerySet
from django.urls import reverse
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.models import Place
from tansiq.core.translations import show, show_each
from tansiq.plans.models import Action, Alignment, Objective, Pillar, Plan, Relation
from tansiq.plans.queries.wording import written

# More columns than this nobody compares at once; the others are a page away.
COLUMNS = 40
SOME = 25


@dataclass(frozen=True)
class Cell:
    """How one place answers one objective."""

    objective: Objective
    place: Place
    asked: int
    counts: Counter[str]
    reasons: list[str]
    # Where the words behind the cell stand.
    url: str

    @property
    def answered(self) -> int:
        return sum(self.counts.values())

    @property
    def taken_up(self) -> int:
        return self.answered - self.counts[Relation.NOT_APPLICABLE]

    @property
    def is_whole(self) -> bool:
        return self.answered >= self.asked

    @cached_property
    def state(self) -> str:
        """Return the word for the cell's look: how it answers most, or that nobody does."""
        if not self.answered:
            return "nobody"
        if not self.is_whole:
            return "part"
        return max(Relation.values, key=lambda one: (self.counts[one], -_ORDER[one]))

    @property
    def words(self) -> str:
        return _words(get_language() or "en")[self.state]

    @property
    def says_how_many(self) -> bool:
        return self.state not in {"nobody", "not_applicable"} and self.asked > 1

    def told(self) -> str:
        """Say the whole cell, for those who hear it."""
        return _("%(place)s, %(objective)s: %(words)s, %(n)s of %(all)s actions") % {
            "place": self.place,
            "objective": self.objective.code,
            "words": self.words,
            "n": written(self.taken_up),
            "all": written(self.asked),
        }


_ORDER = {str(relation): n for n, relation in enumerate(Relation.values)}


def words_of_states() -> dict[str, str]:
    """Return the word for each way a place may answer an objective, the best first."""
    return _words(get_language() or "en")


@lru_cache(maxsize=16)
def _words(language: str) -> dict[str, str]:
    """Return the words of all states, looked up once for each language."""
    return {
        "adopts": pgettext("cell of the coverage", "adopted"),
        "adapts": pgettext("cell of the coverage", "adapted"),
        "supports": pgettext("cell of the coverage", "supports"),
        "not_applicable": pgettext("cell of the coverage", "not applicable"),
        "part": pgettext("cell of the coverage", "in part"),
        "nobody": pgettext("cell of the coverage", "nobody"),
    }


@dataclass(frozen=True)
class Row:
    """One objective over all places of the level, and its cells in the shown columns."""

    objective: Objective
    cells: list[Cell]
    whole: int
    some: int

    @property
    def tally(self) -> list[tuple[str, str, int]]:
        """Count the shown cells by state, as (state, word, number), the best first."""
        counts = Counter(cell.state for cell in self.cells)
        words = _words(get_language() or "en")
        return [(state, word, counts[state]) for state, word in words.items() if counts[state]]


@dataclass(frozen=True)
class Group:
    pillar: Pillar
    rows: list[Row]


@dataclass(frozen=True)
class Column:
    place: Place
    answered: int
    asked: int
    has_below: bool

    @property
    def is_whole(self) -> bool:
        return self.answered >= self.asked


@dataclass(frozen=True)
class Matrix:
    """The shown part of the table; its totals are of all places of the level."""

    groups: list[Group]
    columns: list[Column]
    places: int
    complete: int
    asked: int

    @cached_property
    def title(self) -> str:
        """Return the one sentence the whole table says."""
        return ngettext(
            "%(n)s of %(all)s places answers every objective",
            "%(n)s of %(all)s places answer every objective",
            self.complete,
        ) % {"n": written(self.complete), "all": written(self.places)}

    @property
    def rows(self) -> list[Row]:
        return [row for group in self.groups for row in group.rows]

    def row_of(self, code: str) -> Row | None:
        """Return the row of one objective, for readers of narrow screens."""
        return next((row for row in self.rows if row.objective.code == code), None)


def asked_actions(plan: Plan) -> QuerySet[Action]:
    """Return the actions of a national plan in which local government has a role."""
    asked: QuerySet[Action] = Action.objects.steps().filter(plan=plan).exclude(local_role="")
    return asked


def columns_of(parent: Place, level: int) -> QuerySet[Place]:
    """Return the places that stand as columns: those of one level under a place."""
    places: QuerySet[Place] = Place.objects.filter(
        country_code=parent.country_code, level=level
    ).order_by("name", "pk")
    return places.filter(links_up__ancestor=parent) if parent.level else places


def level_under(plan: Plan, parent: Place, asked: str) -> int:
    """Return the level of the columns: the one asked for, else the first with local plans."""
    known = levels_under(plan, parent)
    if asked.isdecimal() and int(asked) in known:
        return int(asked)
    return known[0] if known else parent.level + 1


def levels_under(plan: Plan, parent: Place) -> list[int]:
    """Return the levels under a place on which there are local plans, and the next one down."""
    planned = Plan.objects.filter(parent=plan, place__level__gt=parent.level)
    if parent.level:
        planned = planned.filter(place__links_up__ancestor=parent)
    found = set(planned.order_by().values_list("place__level", flat=True).distinct())
    return sorted(found) or [parent.level + 1]


def matrix_of(plan: Plan, parent: Place, level: int, shown: Iterable[Place]) -> Matrix:
    """Return the table for the shown places, with totals over all places of the level."""
    shown = list(shown)
    asked = Counter(asked_actions(plan).values_list("objective_id", flat=True))
    objectives = list(
        Objective.objects.filter(plan=plan, pk__in=asked)
        .select_related("pillar")
        .order_by("pillar__position", "pillar__code", "position", "code", "pk")
    )
    pillars = list({one.pillar_id: one.pillar for one in objectives}.values())
    show([*objectives, *pillars], "title", written_in=plan.language)
    counts = _counts(plan, shown)
    address = reverse("plans:places", args=[plan.country.code, plan.slug])
    totals, complete, places = _totals(plan, parent, level, asked)
    deeper = set(
        Place.objects.filter(parent__in=shown).values_list("parent_id", flat=True).distinct()
    )
    rows = [
        Row(
            one,
            [
                Cell(
                    one,
                    place,
                    asked[one.pk],
                    *counts.get((one.pk, place.pk), _NONE),
                    url=f"{address}{place.code}/#o-{one.code}",
                )
                for place in shown
            ],
            *totals.get(one.pk, (0, 0)),
        )
        for one in objectives
    ]
    columns = [
        Column(
            place,
            sum(row.cells[n].answered for row in rows),
            sum(asked.values()),
            place.pk in deeper,
        )
        for n, place in enumerate(shown)
    ]
    groups = [
        Group(pillar, [row for row in rows if row.objective.pillar_id == pillar.pk])
        for pillar in pillars
    ]
    return Matrix(groups, columns, places, complete, sum(asked.values()))


_NONE: tuple[Counter[str], list[str]] = (Counter(), [])


def _counts(
    plan: Plan, places: list[Place]
) -> dict[tuple[int, int], tuple[Counter[str], list[str]]]:
    """Return for each objective and shown place how many actions are answered, by how.

    An action that a place answers twice counts once, by its strongest answer.
    """
    rows = (
        Alignment.objects.filter(national_action__in=asked_actions(plan), place__in=places)
        .values_list("national_action__objective_id", "place_id", "national_action_id")
        .annotate(how=F("relation"), why=F("reason"))
        .order_by()
    )
    best: dict[tuple[int, int, int], tuple[str, str]] = {}
    for objective, place, action, how, why in rows:
        key = (objective, place, action)
        if key not in best or _ORDER[how] < _ORDER[best[key][0]]:
            best[key] = (how, why)
    found: dict[tuple[int, int], tuple[Counter[str], list[str]]] = {}
    for (objective, place, _action), (how, why) in best.items():
        counts, reasons = found.setdefault((objective, place), (Counter(), []))
        counts[how] += 1
        if how == Relation.NOT_APPLICABLE and why:
            reasons.append(why)
    return found


def _totals(
    plan: Plan, parent: Place, level: int, asked: Counter[int]
) -> tuple[dict[int, tuple[int, int]], int, int]:
    """Return how many places answer, and how many there are.

    By objective: how many answer all of it, and some of it; then how many answer everything.
    """
    answers = Alignment.objects.filter(national_action__in=asked_actions(plan), place__level=level)
    if parent.level:
        answers = answers.filter(place__links_up__ancestor=parent)
    rows = (
        answers.values_list("national_action__objective_id", "place_id")
        .annotate(n=Count("national_action", distinct=True))
        .order_by()
    )
    whole: Counter[int] = Counter()
    some: Counter[int] = Counter()
    by_place: Counter[int] = Counter()
    for objective, place, n in rows:
        some[objective] += 1
        whole[objective] += n >= asked[objective]
        by_place[place] += n
    everything = sum(asked.values())
    complete = sum(n >= everything for n in by_place.values()) if everything else 0
    places = columns_of(parent, level).order_by().count()
    return {pk: (whole[pk], some[pk]) for pk in asked}, complete, places


@dataclass(frozen=True)
class Orphans:
    """What is not linked, in either direction: two lists of work."""

    national: list[Action]
    local: list[Action]
    local_count: int


def orphans_of(actor: Actor, plan: Plan) -> Orphans:
    """Return national actions nobody took up, and local actions that are linked to nothing."""
    taken = Alignment.objects.filter(national_action__plan=plan).exclude(
        relation=Relation.NOT_APPLICABLE
    )
    national = list(
        asked_actions(plan)
        .exclude(pk__in=taken.values("national_action"))
        .select_related("objective")
        .order_by("position", "code", "pk")
    )
    show(national, "title", written_in=plan.language)
    local = unlinked(actor, plan)
    first = list(local.select_related("plan__country", "plan__place").order_by("plan", "pk")[:SOME])
    show_each(first, "title", language_of=lambda one: str(one.plan.language))
    return Orphans(national, first, local.order_by().count() if len(first) == SOME else len(first))


def unlinked(actor: Actor, plan: Plan) -> QuerySet[Action]:
    """Return the actions of visible local plans that answer no national action."""
    found: QuerySet[Action] = (
        Action.objects.visible_to(actor)
        .steps()
        .filter(plan__parent=plan, national_links__isnull=True)
    )
    return found


def export_rows(plan: Plan, parent: Place, level: int) -> Iterable[list[Any]]:
    """Return the whole table as rows: one for each objective and place, without paging."""
    matrix = matrix_of(plan, parent, level, columns_of(parent, level))
    for row in matrix.rows:
        objective: Any = row.objective
        title = str(objective.shown["title"])
        for cell in row.cells:
            yield [
                row.objective.code,
                title,
                cell.place.code,
                cell.place.name,
                cell.words,
                cell.asked,
                *(cell.counts[relation] for relation in Relation.values),
                " / ".join(cell.reasons),
            ]
