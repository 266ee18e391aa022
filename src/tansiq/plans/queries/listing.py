"""Lists of plans: of all countries a reader sees, and of one country."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Organisation, Place, PlaceKind
from tansiq.core.translations import show, show_each
from tansiq.plans.models import Plan, PlanKind, PlanStatus, Stage
from tansiq.plans.queries.progress import Progress, progress_by_plan
from tansiq.plans.queries.reach import reach_of

ORDERS = {
    "title": ("title",),
    "country": ("country__name", "title"),
    "place": ("place__name", "title"),
    "kind": ("kind", "title"),
    "status": ("status", "title"),
    "ends": ("ends_on", "title"),
}
LONGEST_SEARCH = 100
SOME = 12


@dataclass(frozen=True)
class Wanted:
    """Which plans a reader asked for; what makes no sense was left out before."""

    country: str = ""
    kind: str = ""
    status: str = ""
    text: str = ""
    sort: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.country or self.kind or self.status or self.text)


def wanted_from(asked: dict[str, str]) -> Wanted:
    """Read what stands in the address; an unknown kind, status or order asks for nothing."""
    sort = asked.get("sort", "")
    kind, status = asked.get("kind", ""), asked.get("status", "")
    return Wanted(
        country=asked.get("country", "")[:2].lower(),
        kind=kind if kind in PlanKind.values else "",
        status=status if status in PlanStatus.values else "",
        text=" ".join(asked.get("q", "").replace("\0", "").split())[:LONGEST_SEARCH],
        sort=sort if sort.removeprefix("-") in ORDERS else "",
    )


def narrowed(plans: QuerySet[Plan], wanted: Wanted, *, actor: Actor) -> QuerySet[Plan]:
    """Narrow and order plans: without a wish the reader's own first, then national ones."""
    if wanted.country:
        plans = plans.filter(country__country_code=wanted.country)
    if wanted.kind:
        plans = plans.filter(kind=wanted.kind)
    if wanted.status:
        plans = plans.filter(status=wanted.status)
    for word in wanted.text.split():
        plans = plans.filter(
            Q(title__icontains=word)
            | Q(short_title__icontains=word)
            | Q(place__name__icontains=word)
        )
    if wanted.sort:
        sign = "-" if wanted.sort.startswith("-") else ""
        first, *others = ORDERS[wanted.sort.removeprefix("-")]
        return plans.order_by(f"{sign}{first}", *others, "pk")
    return plans.annotate(rank=_rank(actor)).order_by("rank", "country__name", "title", "pk")


def _rank(actor: Actor) -> Case:
    mine = Q(owner__in=actor.organisation_ids or [0])
    return Case(
        When(mine, then=Value(0)),
        When(kind=PlanKind.NATIONAL, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )


# What a line of the list shows; the many other columns would only be read and thrown away.
_SHOWN = (
    "slug",
    "title",
    "language",
    "kind",
    "status",
    "ends_on",
    "country__code",
    "place__name",
    "place__names",
)


def with_what_is_shown(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """Load with each plan its place and country, and only what a list shows of the three."""
    return plans.select_related("country", "place").only(*_SHOWN)


def countries_of(plans: QuerySet[Plan]) -> list[Place]:
    """Return the countries that have one of these plans."""
    codes = plans.order_by().values("country").distinct()
    return sorted(Place.objects.filter(pk__in=codes), key=str)


@dataclass(frozen=True)
class Line:
    """A plan as it stands in a list."""

    plan: Plan
    progress: Progress


def lines_of(plans: Iterable[Plan], day: date) -> list[Line]:
    """Return plans with their progress and their titles in the reader's language."""
    plans = list(plans)
    show_each(plans, "title", language_of=lambda plan: str(plan.language))
    found = progress_by_plan([plan.pk for plan in plans], day)
    return [Line(plan, found.get(plan.pk, Progress())) for plan in plans]


def may_start_for(actor: Actor) -> list[Organisation]:
    """Return the organisations for which this actor may start plans."""
    mine = Organisation.objects.filter(
        pk__in=actor.organisations_as(Role.COORDINATOR), place__isnull=False, is_active=True
    )
    return list(mine.select_related("place").order_by("name", "pk"))


def places_without_a_plan(starting: Iterable[Organisation]) -> list[Organisation]:
    """Return those of these organisations that lead a place without any plan."""
    leads = [one for one in starting if one.is_lead_of_place]
    places = {one.place_id for one in leads}
    planned = set(Plan.objects.filter(place__in=places).values_list("place_id", flat=True))
    return [one for one in leads if one.place_id not in planned]


def national_plan_of(plans: QuerySet[Plan], country: Place) -> Plan | None:
    """Return the country's newest national plan among these, one in force before a draft."""
    order = Case(
        When(status=PlanStatus.DRAFT, then=Value(1)), default=Value(0), output_field=IntegerField()
    )
    found = plans.filter(country=country, kind=PlanKind.NATIONAL).select_related("place", "owner")
    return found.order_by(order, "-starts_on", "-pk").first()


def country_page(
    seen: QuerySet[Plan], place: Place, *, actor: Actor, at: datetime
) -> dict[str, Any]:
    """Return the page of a country: its stage, its national plan, its places and their plans."""
    national = national_plan_of(seen, place)
    nationals = seen.filter(kind=PlanKind.NATIONAL).select_related("country", "place", "owner")
    others = seen.exclude(kind=PlanKind.NATIONAL).select_related("country", "place", "owner")
    context: dict[str, Any] = {
        "country": place,
        "national": national,
        "nationals": lines_of(nationals.order_by("-starts_on", "pk")[:SOME], at.date()),
        "others": lines_of(others.order_by("place__level", "place__name", "pk")[:SOME], at.date()),
        "others_count": others.count(),
        "starting": [one for one in may_start_for(actor) if one.place_id == place.pk],
        "levels": levels_of(place),
    }
    if national is not None:
        context["reach"] = reach_of(national, at=at)
        history = list(Stage.objects.filter(plan=national, place=place).order_by("since_on", "pk"))
        show(history, "note", written_in=national.language)
        context["history"] = history
    return context


def levels_of(place: Place) -> list[tuple[str, int]]:
    """Count the places of a country by kind, as (word, number), the largest first."""
    rows = (
        Place.objects.filter(country_code=place.country_code, level__gt=0, level__lte=2)
        .values_list("level", "kind")
        .annotate(count=Count("pk"))
        .order_by("level", "-count", "kind")
    )
    return [(str(PlaceKind(kind).label), count) for _level, kind, count in rows]
