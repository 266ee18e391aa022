"""Who is asking, read once per request."""

from datetime import datetime
from typing import Any

from tansiq.access.actor import PASSER_BY, Actor, Role
from tansiq.access.models import BreakGlass, Membership, Organisation, Person, Place


def actor_for(person: Person, *, at: datetime) -> Actor:
    """Return who this person is on this day: their roles, countries and what they opened."""
    if not person.is_active:
        return PASSER_BY
    memberships = list(
        Membership.objects.filter(person=person, organisation__is_active=True)
        .in_force(at.date())
        .select_related("organisation")
    )
    members = [m for m in memberships if m.role != Role.OVERSEER]
    hubs = {m.organisation_id for m in members if not m.organisation.country_code}
    countries = {m.organisation.country_code for m in members} - {""}
    opened = BreakGlass.objects.filter(person=person, opened_at__lte=at, closes_at__gt=at)
    return Actor(
        person_id=person.pk,
        roles=frozenset((m.organisation_id, Role(m.role)) for m in memberships),
        countries=frozenset(countries),
        hub_countries=_countries_sharing_a_hub(countries, hubs),
        overseen=frozenset(
            m.organisation.country_code for m in memberships if m.role == Role.OVERSEER
        )
        - {""},
        unsealed=frozenset(opened.values_list("target_kind", "target_id")),
    )


def _countries_sharing_a_hub(countries: set[str], hubs: set[int]) -> frozenset[str]:
    through: Any = Organisation.countries.through
    joined = through.objects.filter(place__country_code__in=countries).values_list(
        "organisation_id", flat=True
    )
    wanted = hubs | set(joined)
    if not wanted:
        return frozenset()
    codes = Place.objects.filter(hubs__in=wanted).values_list("country_code", flat=True)
    return frozenset(codes)


def organisations_of(actor: Actor) -> list[Organisation]:
    """Return the organisations this actor is a member of, the one that leads a place first."""
    mine = Organisation.objects.filter(pk__in=actor.organisation_ids)
    return list(mine.select_related("place").order_by("-is_lead_of_place", "name", "pk"))


def path_of(place: Place) -> list[Place]:
    """Return the country, then each place down to this one."""
    return list(Place.objects.above(place))


def lead_of(place: Place) -> Organisation | None:
    """Return the organisation that speaks for this place, if one takes part."""
    return Organisation.objects.filter(place=place, is_lead_of_place=True, is_active=True).first()


def lead_above(place: Place) -> Organisation | None:
    """Return the organisation that speaks for the nearest place above this one."""
    return (
        Organisation.objects.filter(
            is_lead_of_place=True, is_active=True, place__links_down__place=place
        )
        .exclude(place=place)
        .order_by("-place__level", "pk")
        .first()
    )
