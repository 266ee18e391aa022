"""With whom a standing duty is, and who got what when."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Organisation, OrganisationKind, PlaceLink
from tansiq.exchange.audience import Choice, organisations_for
from tansiq.exchange.models import Obligation, ObligationState, Rhythm, Way
from tansiq.exchange.queries.obligations import Line, lines_of
from tansiq.exchange.states import ACTIVE

_GIVEN = (ObligationState.DONE, ObligationState.CONFIRMED)


def partners_for(
    owner: Organisation, way: str, audience: Iterable[Choice], *, by: Actor
) -> QuerySet[Organisation]:
    """Return with whom it would be today. Only those under the owner can owe it something."""
    reached = organisations_for(audience, by=by).exclude(pk=owner.pk)
    return reached.filter(_under(owner)) if way == Way.THEY_OWE else reached


def _under(owner: Organisation) -> Q:
    under = Q(parent=owner)
    if owner.kind == OrganisationKind.HUB:
        countries = owner.countries.values("country_code")
        return under | Q(country_code__in=countries, place__level=0, is_lead_of_place=True)
    if owner.is_lead_of_place and owner.place_id is not None:
        below = PlaceLink.objects.filter(ancestor=owner.place_id)
        under |= Q(place__in=below.values("place"))
    return under


def partners_of_rhythm(rhythm: Rhythm) -> QuerySet[Organisation]:
    """Return with whom it is today, as its owner may reach them."""
    by = standing_actor(rhythm.owner)
    return partners_for(rhythm.owner, rhythm.way, rhythm.audience, by=by)


def standing_actor(organisation: Organisation) -> Actor:
    """Return who asks when the organisation itself does, without any person: it sees no more."""
    hubs = Organisation.objects.filter(kind=OrganisationKind.HUB, is_active=True)
    joined = hubs.filter(Q(pk=organisation.pk) | Q(countries=organisation.place_id))
    codes = joined.filter(countries__isnull=False).values_list("countries__country_code", flat=True)
    own = {organisation.country_code} - {""}
    return Actor(
        roles=frozenset({(organisation.pk, Role.LEAD)}),
        countries=frozenset(own),
        hub_countries=frozenset(codes),
        hubs=frozenset(joined.values_list("pk", flat=True)),
    )


@dataclass(frozen=True)
class RhythmLine:
    """A standing duty with how its periods stand, seen from one side."""

    rhythm: Rhythm
    is_by_us: bool
    active: int
    late: int
    given: int
    next_due_on: date | None


def rhythm_lines(rows: Iterable[Rhythm], actor: Actor, *, at: datetime) -> list[RhythmLine]:
    """Count the periods of all these, as far as the reader is one of the two, in one query."""
    rhythms = list(rows)
    active = Q(state__in=ACTIVE)
    counted: Any = (
        Obligation.objects.visible_to(actor)
        .filter(rhythm__in=rhythms)
        .order_by()
        .values("rhythm")
        .annotate(
            active=Count("pk", filter=active),
            late=Count("pk", filter=active & Q(due_at__lt=at)),
            given=Count("pk", filter=Q(state__in=_GIVEN)),
            next_due_on=Min("period_on", filter=active),
        )
    )
    found = {row.pop("rhythm"): row for row in counted}
    empty = {"active": 0, "late": 0, "given": 0, "next_due_on": None}
    return [RhythmLine(one, is_owed_by(one, actor), **found.get(one.pk, empty)) for one in rhythms]


def is_owed_by(rhythm: Rhythm, actor: Actor) -> bool:
    """Return whether the reader is on the side that has to give."""
    return rhythm.is_ours_to_give == (rhythm.owner_id in actor.organisation_ids)


@dataclass(frozen=True)
class Period:
    """One day of a rhythm, and how many got it."""

    on: date
    all: int
    given: int
    late: int
    is_chosen: bool = False

    @property
    def segments(self) -> list[tuple[str, int]]:
        return [("done", self.given), ("late", self.late)]


@dataclass(frozen=True)
class RhythmPage:
    rhythm: Rhythm
    is_by_us: bool
    is_kept_by_us: bool
    partners: int
    periods: list[Period]
    chosen: date | None
    lines: list[Line]


_MOST_PERIODS = 12
_MOST_LINES = 300


def page_of_rhythm(rhythm: Rhythm, actor: Actor, *, at: datetime, asked: str) -> RhythmPage:
    """Return a standing duty with its latest periods, and who got what in the one asked for."""
    rows = Obligation.objects.visible_to(actor).filter(rhythm=rhythm)
    rows = rows.exclude(state=ObligationState.WITHDRAWN)
    periods = _periods(rows, at=at)
    chosen = next((one.on for one in periods if one.on.isoformat() == asked), None)
    if chosen is None and periods:
        chosen = periods[0].on
    shown = rows.filter(period_on=chosen).select_related("debtor", "creditor")
    is_kept_by_us = rhythm.owner_id in actor.organisation_ids
    return RhythmPage(
        rhythm,
        is_owed_by(rhythm, actor),
        is_kept_by_us,
        partners_of_rhythm(rhythm).count() if is_kept_by_us else 0,
        [replace(one, is_chosen=one.on == chosen) for one in periods],
        chosen,
        lines_of(shown.order_by("-due_at", "pk")[:_MOST_LINES], actor, at=at),
    )


def _periods(rows: QuerySet[Obligation], *, at: datetime) -> list[Period]:
    counted: Any = (
        rows.order_by()
        .values("period_on")
        .annotate(
            all=Count("pk"),
            given=Count("pk", filter=Q(state__in=_GIVEN)),
            late=Count("pk", filter=Q(state__in=ACTIVE, due_at__lt=at)),
        )
        .order_by("-period_on")[:_MOST_PERIODS]
    )
    return [Period(one["period_on"], one["all"], one["given"], one["late"]) for one in counted]


def makers(actor: Actor) -> list[Organisation]:
    """Return for which organisations this person may begin one."""
    mine = Organisation.objects.filter(pk__in=actor.organisations_as(Role.LEAD), is_active=True)
    return list(mine.order_by("-is_lead_of_place", "name", "pk")[:5])
