"""The places under a national plan: how far each is, and how it answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from tansiq.access.actor import Actor
from tansiq.access.models import Organisation, Place
from tansiq.access.queries import lead_of
from tansiq.core.translations import show, show_each
from tansiq.plans.models import Action, Alignment, Delivery, Plan, Stage, StageName
from tansiq.plans.querysets import DONE


@dataclass(frozen=True)
class Wanted:
    level: int
    stage: str = ""
    text: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.stage or self.text)


def wanted_from(asked: dict[str, str], plan: Plan) -> Wanted:
    """Read what stands in the address; an unknown level or stage asks for nothing."""
    level, stage = asked.get("level", ""), asked.get("stage", "")
    text = " ".join(asked.get("q", "").replace("\0", "").split())[:100]
    known = str(level) in {str(one) for one in levels_below(plan)}
    return Wanted(
        int(level) if known else plan.place.level + 1,
        stage if stage in StageName.values else "",
        text,
    )


def levels_below(plan: Plan) -> list[int]:
    """Return the levels of the country that lie below the plan's place."""
    country = Place.objects.filter(country_code=plan.place.country_code)
    deepest = country.aggregate(deepest=Max("level"))["deepest"] or 0
    return list(range(plan.place.level + 1, deepest + 1))


def level_choices(plan: Plan) -> list[tuple[int, str]]:
    """Return the levels below as (number, kinds of places there), for a choice."""
    kinds: dict[int, list[str]] = {level: [] for level in levels_below(plan)}
    for level in kinds:
        first = Place.objects.filter(country_code=plan.place.country_code, level=level)
        place = first.order_by("name").first()
        kinds[level] = [str(place.get_kind_display())] if place else []
    return [(level, " / ".join(words)) for level, words in kinds.items()]


def places_under(plan: Plan, wanted: Wanted) -> QuerySet[Place]:
    """Return the places of one level below the plan's place, narrowed, by name."""
    places: QuerySet[Place] = Place.objects.filter(
        country_code=plan.place.country_code, level=wanted.level
    )
    if plan.place.level:
        places = places.filter(links_up__ancestor=plan.place_id)
    for word in wanted.text.split():
        places = places.filter(Q(name__icontains=word) | Q(code__icontains=word))
    if wanted.stage:
        at_stage = Stage.objects.filter(plan=plan, is_latest=True)
        if wanted.stage == StageName.NONE:
            places = places.exclude(pk__in=at_stage.exclude(name=StageName.NONE).values("place"))
        else:
            places = places.filter(pk__in=at_stage.filter(name=wanted.stage).values("place"))
    return places.order_by("name", "pk")


@dataclass(frozen=True)
class PlaceLine:
    """One place in the list: its stage, its plan if the reader may see it, its answers."""

    place: Place
    stage: Stage | None
    plan: Plan | None
    answered: int
    late: int


def place_lines(actor: Actor, plan: Plan, places: Iterable[Place], day: date) -> list[PlaceLine]:
    """Return a line for each place; four queries for all of them."""
    places = list(places)
    stages = {
        one.place_id: one
        for one in Stage.objects.filter(plan=plan, place__in=places, is_latest=True)
    }
    plans = {
        one.place_id: one
        for one in Plan.objects.visible_to(actor)
        .filter(parent=plan, place__in=places)
        .select_related("country")
        .order_by("-pk")
    }
    answered = dict(
        Alignment.objects.filter(place__in=places, national_action__in=_asked(plan))
        .values_list("place")
        .annotate(n=Count("national_action", distinct=True))
        .order_by()
    )
    late = dict(
        Delivery.objects.filter(place__in=places, action__plan=plan, due_on__lt=day)
        .exclude(status__in=DONE)
        .values_list("place")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return [
        PlaceLine(
            one, stages.get(one.pk), plans.get(one.pk), answered.get(one.pk, 0), late.get(one.pk, 0)
        )
        for one in places
    ]


def _asked(plan: Plan) -> QuerySet[Action]:
    """Return the actions of a national plan in which local government has a role."""
    asked: QuerySet[Action] = Action.objects.steps().filter(plan=plan).exclude(local_role="")
    return asked


def asked_count(plan: Plan) -> int:
    return _asked(plan).count()


@dataclass(frozen=True)
class AnswerLine:
    """One national action and what a place says to it."""

    action: Action
    alignments: list[Alignment]


@dataclass(frozen=True)
class PlacePage:
    place: Place
    lead: Organisation | None
    local: Plan | None
    stage: Stage | None
    history: list[Stage]
    answers: list[AnswerLine]
    deliveries: list[Delivery]
    path: list[Place]

    @property
    def answered(self) -> int:
        return sum(bool(one.alignments) for one in self.answers)


def place_page(actor: Actor, plan: Plan, place: Place) -> PlacePage:
    """Return what is known of one place under a national plan."""
    history = list(Stage.objects.filter(plan=plan, place=place).order_by("-since_on", "-pk"))
    show(history, "note", written_in=plan.language)
    local = (
        Plan.objects.visible_to(actor)
        .filter(parent=plan, place=place)
        .select_related("country", "owner", "place")
        .order_by("-pk")
        .first()
    )
    deliveries = list(
        Delivery.objects.visible_to(actor)
        .filter(action__plan=plan, place=place)
        .select_related("action__plan")
        .order_by("due_on", "pk")[:50]
    )
    show([one.action for one in deliveries], "title", written_in=plan.language)
    return PlacePage(
        place,
        lead_of(place),
        local,
        next((one for one in history if one.is_latest), None),
        history,
        answers_of(plan, place, see_local=local is not None),
        deliveries,
        list(Place.objects.above(place).exclude(pk=place.pk)),
    )


def answers_of(plan: Plan, place: Place, *, see_local: bool) -> list[AnswerLine]:
    """Return each asked action of a national plan with the answers of one place."""
    asked = list(
        _asked(plan)
        .select_related("objective")
        .order_by("objective__position", "objective__code", "position", "code", "pk")
    )
    objectives = {one.objective_id: one.objective for one in asked}
    show([*asked, *objectives.values()], "title", written_in=plan.language)
    for one in asked:
        one.objective = objectives[one.objective_id]
    given: dict[int, list[Any]] = {}
    rows = Alignment.objects.filter(national_action__in=asked, place=place)
    if see_local:
        rows = rows.select_related("local_action__plan__country")
    found = list(rows.order_by("pk"))
    if see_local:
        own = [row.local_action for row in found if row.local_action is not None]
        show_each(own, "title", language_of=lambda one: str(one.plan.language))
    for row in found:
        given.setdefault(row.national_action_id, []).append(row)
    return [AnswerLine(one, given.get(one.pk, [])) for one in asked]
