"""What carrying a national plan down would make, before anybody does it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from tansiq.access.models import Organisation, Place
from tansiq.plans.models import Indicator, Plan

# More boxes than this nobody ticks; choose a region first.
MOST = 700


@dataclass(frozen=True)
class Candidate:
    place: Place
    has_plan: bool
    has_lead: bool


@dataclass(frozen=True)
class Preview:
    """The numbers of one carrying-down."""

    places: list[Place]
    skipped: list[Place]
    actions: int
    duties: int
    indicators: int
    without_lead: list[Place]

    @property
    def plans(self) -> int:
        return len(self.places)

    @property
    def all_actions(self) -> int:
        return self.actions * self.plans

    @property
    def all_duties(self) -> int:
        return self.duties * self.plans


def candidates(plan: Plan, level: int, under: Place | None, day: date) -> QuerySet[Place]:
    """Return the places of a level to which a plan can be carried, by region and name."""
    places: QuerySet[Place] = Place.objects.valid_on(day).filter(
        country_code=plan.place.country_code, level=level, level__gt=plan.place.level
    )
    if plan.place.level:
        places = places.filter(links_up__ancestor=plan.place_id)
    if under is not None:
        places = places.filter(links_up__ancestor=under)
    return places.order_by("parent__name", "name", "pk")


def with_marks(plan: Plan, places: QuerySet[Place]) -> list[Candidate]:
    """Say of each place whether it has a plan under this one, and whether anybody leads it."""
    rows = list(places.select_related("parent")[:MOST])
    planned = set(Plan.objects.filter(parent=plan).values_list("place_id", flat=True))
    led = _led(rows)
    return [Candidate(one, one.pk in planned, one.pk in led) for one in rows]


def _led(places: list[Place]) -> set[int]:
    leads = Organisation.objects.filter(is_lead_of_place=True, is_active=True, place__in=places)
    return set(leads.values_list("place_id", flat=True))


def preview_of(plan: Plan, places: QuerySet[Place]) -> Preview:
    """Count what carrying the plan down to these places would make."""
    rows = list(places)
    planned = set(
        Plan.objects.filter(parent=plan, place__in=rows).values_list("place_id", flat=True)
    )
    fresh = [one for one in rows if one.pk not in planned]
    led = _led(fresh)
    return Preview(
        fresh,
        [one for one in rows if one.pk in planned],
        plan.actions.steps().exclude(local_role="").count(),
        plan.actions.duties().count(),
        Indicator.objects.standing().filter(plan=plan).count(),
        [one for one in fresh if one.pk not in led],
    )


def regions_of(plan: Plan) -> list[Place]:
    """Return the places directly below the plan's place, to choose one of them."""
    return list(Place.objects.filter(parent=plan.place_id).order_by("name", "pk"))
