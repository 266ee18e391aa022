"""The activity register as a list: found, counted and added up without reading all of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Marking, Organisation, Place, PlaceLink
from tansiq.plans.models import Activity, ActivityTotal, Plan

# Above this the list says "more than", and asks to narrow down instead of adding up.
COUNTED = 10_000
SORTS = {
    "day": ("starts_on", "pk"),
    "-day": ("-starts_on", "-pk"),
    "title": ("title", "pk"),
    "-title": ("-title", "-pk"),
    "place": ("place__name", "-starts_on", "-pk"),
    "-place": ("-place__name", "-starts_on", "-pk"),
    "people": ("people_reached", "pk"),
    "-people": ("-people_reached", "-pk"),
    "amount": ("amount", "pk"),
    "-amount": ("-amount", "-pk"),
}
# What no index narrows is looked for among so many of the newest, where there are more.
WINDOW = 50_000
# The only order that an index gives, and so the only one for a list too long to be counted.
NEWEST = SORTS["-day"]

# Asks for the activities whose theme nobody gave yet.
UNSAID = "unsaid"


@dataclass(frozen=True)
class Wanted:
    """Which activities a reader asks for; what is empty does not narrow."""

    text: str = ""
    place: Place | None = None
    plan: Plan | None = None
    owner: Organisation | None = None
    audience: str = ""
    theme: str = ""
    funding: str = ""
    status: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_slow(self) -> bool:
        """Whether something is asked for that no index knows."""
        return any((self.text.strip(), self.audience, self.theme, self.funding, self.status))


@dataclass(frozen=True)
class Found:
    """The activities asked for, and how many, if that can be said quickly."""

    activities: QuerySet[Activity]
    count: int
    is_more: bool
    totals: "Totals | None"
    # Whether only the newest were looked through, since there are too many.
    is_window: bool = False


@dataclass(frozen=True)
class Totals:
    """What activities come to; TLP:RED stands in no statistics."""

    people: int
    women: int
    money: list[tuple[str, int]] = field(default_factory=list)


def find_activities(actor: Actor, wanted: Wanted, *, sort: str = "") -> Found:
    """Return what is asked for in this order, counted up to a limit."""
    size = _about_how_many(wanted)
    visible = Activity.objects.visible_to(actor)
    if size > WINDOW and _about_how_many_of(actor) <= COUNTED:
        # Somebody to whom next to nothing is open must not wait until all the rest was asked.
        visible, size = visible.filter(_open_in_some_way_to(actor)), 0
    rows = _narrowed(visible, wanted, size)
    is_window = size > WINDOW and wanted.is_slow
    if is_window:
        newest = Activity.objects.order_by(*NEWEST).values("pk")[:WINDOW]
        rows = rows.filter(pk__in=newest)
    # Many are counted in the order of the index, so that the list is left after the first rows.
    in_order = rows.order_by(*NEWEST) if size > COUNTED else rows.order_by()
    count = in_order[: COUNTED + 1].count()
    is_more = count > COUNTED
    order = NEWEST if is_more else SORTS.get(sort, NEWEST)
    ordered = rows.order_by(*order).select_related("place", "owner", "plan")
    totals = None if is_more else totals_of(rows)
    return Found(ordered, min(count, COUNTED), is_more, totals, is_window)


def _about_how_many(wanted: Wanted) -> int:
    """Return how many activities a place and plan have, from sums that are kept anyway."""
    if wanted.owner is not None:
        return 0
    totals = ActivityTotal.objects.filter(
        **({"place": wanted.place} if wanted.place else {"place__level": 0}),
        **({"plan": wanted.plan} if wanted.plan else {}),
    )
    return totals.aggregate(total=Sum("activities"))["total"] or 0


def _about_how_many_of(actor: Actor) -> int:
    countries = actor.countries | actor.hub_countries
    totals = ActivityTotal.objects.filter(place__level=0, place__country_code__in=countries)
    return totals.aggregate(total=Sum("activities"))["total"] or 0


def _open_in_some_way_to(actor: Actor) -> Q:
    """Return the few ways in which activities can be open to this person, each with an index.

    It leaves nothing out that `visible_to` lets through; that one still decides.
    """
    countries = actor.countries | actor.hub_countries
    ways: list[QuerySet[Any, Any]] = [
        Activity.objects.filter(owner__country_code__in=countries).values("pk"),
        Activity.objects.filter(owner__in=actor.organisation_ids).values("pk"),
        Activity.objects.filter(marking=Marking.CLEAR, published_at__isnull=False).values("pk"),
        Activity.named_organisations.through.objects.filter(
            organisation__in=actor.organisation_ids
        ).values("activity_id"),
        Activity.named_people.through.objects.filter(person=actor.person_id).values("activity_id"),
    ]
    opened = [pk for kind, pk in actor.unsealed if kind == "plans.activity"]
    found = Q(pk__in=opened)
    for way in ways:
        found |= Q(pk__in=way)
    return found


def _narrowed(rows: QuerySet[Activity], wanted: Wanted, size: int) -> QuerySet[Activity]:
    equal = {
        "plan": wanted.plan,
        "owner": wanted.owner,
        "audience": wanted.audience,
        "theme": wanted.theme if wanted.theme != UNSAID else "",
        "funding": wanted.funding,
        "status": wanted.status,
    }
    rows = rows.filter(**{name: value for name, value in equal.items() if value})
    if wanted.theme == UNSAID:
        rows = rows.filter(theme="")
    if wanted.place is not None:
        rows = rows.filter(_within(wanted.place, is_crowded=size > COUNTED))
    if wanted.since:
        rows = rows.filter(ends_on__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(starts_on__lte=wanted.until)
    if wanted.text.strip():
        word = wanted.text.strip()
        rows = rows.filter(Q(title__icontains=word) | Q(partners__icontains=word))
    return rows


def _within(place: Place, *, is_crowded: bool) -> Q:
    """Return the place and all below it, so that the database takes the shorter way.

    Few activities are found by their places. Many are read from the newest on, and each is
    asked whether its place is one of them.
    """
    if not is_crowded:
        return Q(place__in=Place.objects.under(place).values("pk"))
    link = PlaceLink.objects.filter(place=OuterRef("place"), ancestor=place)
    return Q(Exists(link))


def totals_of(rows: QuerySet[Activity]) -> Totals:
    """Add up people reached, and money by currency, of activities that may be counted."""
    counted = rows.countable().order_by()  # type: ignore[attr-defined]  # -- an ActivityQuerySet
    people = counted.aggregate(people=Sum("people_reached"), women=Sum("women_reached"))
    money = (
        counted.exclude(currency="")
        .values("currency")
        .annotate(total=Sum("amount"))
        .order_by("currency")
    )
    return Totals(
        people["people"] or 0,
        people["women"] or 0,
        [(row["currency"], row["total"]) for row in money if row["total"]],
    )


def money_by_funding(rows: QuerySet[Activity]) -> list[dict[str, Any]]:
    """Return the money of activities by whose it is and by currency, the largest first."""
    return list(
        rows.countable()  # type: ignore[attr-defined]  # -- an ActivityQuerySet
        .exclude(amount__isnull=True)
        .order_by()
        .values("funding", "currency")
        .annotate(total=Sum("amount"), activities=Count("pk"))
        .order_by("currency", "-total")
    )


def organisations_registering(actor: Actor) -> list[Organisation]:
    """Return the organisations whose activities this person may register."""
    return list(
        Organisation.objects.filter(pk__in=actor.organisations_as(Role.CONTRIBUTOR), is_active=True)
        .select_related("place")
        .order_by("-is_lead_of_place", "name", "pk")
    )


def plans_to_work_on(actor: Actor, organisations: Iterable[Organisation]) -> QuerySet[Plan]:
    """Return the plans these organisations work on: of their place, and of the places above."""
    places = [one.place_id for one in organisations if one.place_id is not None]
    return (
        Plan.objects.visible_to(actor)
        .filter(Q(place__links_down__place__in=places) | Q(owner__in=actor.organisation_ids))
        .select_related("place")
        .distinct()
        .order_by("-place__level", "-starts_on", "pk")
    )


class UnknownPlaceError(ValueError):
    """No place, or more than one, goes by this name; the candidates help to choose."""

    def __init__(self, candidates: Iterable[Place] = ()) -> None:
        super().__init__()
        self.candidates = list(candidates)


def place_named(text: str, *, within: Place | None) -> Place:
    """Return the place with this code or name; a name is looked for within a place first.

    Raises UnknownPlaceError.
    """
    text = text.strip()
    by_code = Place.objects.filter(code=text.lower()[:40]).first()
    if by_code is not None:
        return by_code
    named = Place.objects.filter(name__iexact=text[:120])
    for places in ([named.under(within)] if within else []) + [named]:
        found = list(places.order_by("level", "code")[:_MOST_CANDIDATES])
        if len(found) == 1:
            return found[0]
        if found:
            raise UnknownPlaceError(found)
    raise UnknownPlaceError


_MOST_CANDIDATES = 6


def places_near(organisations: Iterable[Organisation]) -> list[Place]:
    """Return the places of these organisations and those just below, as help for typing."""
    ids = [one.place_id for one in organisations if one.place_id is not None]
    near = Place.objects.filter(Q(pk__in=ids) | Q(links_up__ancestor__in=ids, links_up__depth=1))
    return list(near.distinct().order_by("level", "name", "pk")[:_MOST_NEAR])


_MOST_NEAR = 200
