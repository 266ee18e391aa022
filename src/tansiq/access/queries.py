"""Who is asking, read once per request; and who is who around a place."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db.models import Q, QuerySet

from tansiq.access.actor import LADDER, PASSER_BY, Actor, Role
from tansiq.access.models import (
    BreakGlass,
    Membership,
    Notice,
    Organisation,
    OrganisationKind,
    Person,
    Place,
    Shared,
)


def actor_for(person: Person, *, at: datetime) -> Actor:
    """Return who this person is on this day: their roles, countries and what they opened."""
    return actors_for([person], at=at)[person.pk]


def passer_by(at: datetime) -> Actor:
    """Return somebody who has not signed in, on this day."""
    return replace(PASSER_BY, on=at.date())


def actors_for(people: Iterable[Person], *, at: datetime) -> dict[int, Actor]:
    """Return who each of these people is on this day, by their keys; few queries for many."""
    people = list(people)
    terms: dict[int, list[Membership]] = defaultdict(list)
    active = {person.pk for person in people if person.is_active}
    if active:
        memberships = Membership.objects.filter(person__in=active, organisation__is_active=True)
        for one in memberships.in_force(at.date()).select_related("organisation"):
            terms[one.person_id].append(one)
    # People of the same bodies have the same hubs.
    known: dict[tuple[frozenset[str], frozenset[int]], dict[int, set[str]]] = {}
    found = {}
    for person in people:
        found[person.pk] = (
            _actor(person, terms[person.pk], known, at) if person.is_active else passer_by(at)
        )
    return found


def _actor(
    person: Person,
    memberships: list[Membership],
    known: dict[tuple[frozenset[str], frozenset[int]], dict[int, set[str]]],
    at: datetime,
) -> Actor:
    members = [m for m in memberships if m.role != Role.OVERSEER]
    # Only an oversight body can make somebody an overseer: no city can appoint one for a country.
    overseeing = [
        m
        for m in memberships
        if m.role == Role.OVERSEER and m.organisation.kind == OrganisationKind.OVERSIGHT
    ]
    countries = {m.organisation.country_code for m in members} - {""}
    overseen = {m.organisation.country_code for m in overseeing} - {""}
    mine = {m.organisation_id for m in members}
    key = (frozenset(countries | overseen), frozenset(mine))
    if key not in known:
        known[key] = _hubs_of(set(key[0]), mine)
    hubs = known[key]
    joined = {hub for hub, codes in hubs.items() if hub in mine or codes & countries}
    return Actor(
        person_id=person.pk,
        roles=frozenset((m.organisation_id, Role(m.role)) for m in members + overseeing),
        countries=frozenset(countries),
        hub_countries=frozenset(code for hub in joined for code in hubs[hub]),
        hubs=frozenset(joined),
        overseen=frozenset(overseen),
        overseen_hubs=frozenset(hub for hub, codes in hubs.items() if codes & overseen),
        unsealed=_opened_by(person, at) if overseen else frozenset(),
        is_operator=person.is_staff,
        on=at.date(),
    )


def _hubs_of(countries: set[str], organisations: set[int]) -> dict[int, set[str]]:
    """Return the hubs among these organisations and over these countries, with their countries."""
    if not countries and not organisations:
        return {}
    through: Any = Organisation.countries.through
    # Only countries stand there; saying so keeps the database from reading every village.
    over_these = through.objects.filter(place__country_code__in=countries, place__level=0)
    links = through.objects.filter(
        organisation__kind=OrganisationKind.HUB, organisation__is_active=True
    ).filter(
        Q(organisation__in=organisations) | Q(organisation__in=over_these.values("organisation_id"))
    )
    hubs: dict[int, set[str]] = defaultdict(set)
    for hub, code in links.values_list("organisation_id", "place__country_code"):
        hubs[hub].add(code)
    return dict(hubs)


def _opened_by(person: Person, at: datetime) -> frozenset[tuple[str, int]]:
    opened = BreakGlass.objects.filter(person=person, opened_at__lte=at, closes_at__gt=at)
    return frozenset(opened.values_list("target_kind", "target_id"))


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


def person_with_email(email: str) -> Person | None:
    """Return the person who signs in with this address, however it is written."""
    return Person.objects.filter(email__iexact=email).first() if email else None


def is_second_factor_set(person_id: int) -> bool:
    """Return whether this person has set up an app for codes."""
    factors = Authenticator.objects.filter(user_id=person_id, type=Authenticator.Type.TOTP)
    return bool(factors.exists())


def pending_memberships(person_id: int) -> QuerySet[Membership]:
    """Return what this person was invited to and has not answered yet."""
    waiting = Membership.objects.filter(person_id=person_id, consented_at__isnull=True)
    return waiting.select_related("organisation__place").order_by("pk")


def people_of(
    organisations: Iterable[int], *, at: datetime, least: Role = Role.COORDINATOR
) -> QuerySet[Person]:
    """Return the members of these organisations whose role today is at least this one."""
    wanted = LADDER[LADDER.index(least) :]
    terms = Membership.objects.in_force(at.date()).filter(
        organisation__in=list(organisations), role__in=wanted
    )
    people: QuerySet[Person] = Person.objects.filter(pk__in=terms.values("person"), is_active=True)
    return people.order_by("name", "pk")


def shared_kinds() -> dict[str, type[Shared]]:
    """Return every kind of thing that can be shared, by the word its address has."""
    return {
        model._meta.model_name or "": model
        for model in apps.get_models()
        if issubclass(model, Shared)
    }


def unread_notices(actor: Actor) -> int:
    """Return how many notices wait; one indexed count for the frame of every page."""
    if actor.person_id is None:
        return 0
    return Notice.objects.filter(person=actor.person_id, read_at__isnull=True).count()


def has_administrator(*, at: datetime) -> bool:
    """Return whether anybody who can sign in is an administrator of an active organisation."""
    return (
        Membership.objects.filter(
            role=Role.ADMINISTRATOR, organisation__is_active=True, person__is_active=True
        )
        .in_force(at.date())
        .exists()
    )
