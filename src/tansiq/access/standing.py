"""Who stands above whom and who is needed: what rules, queries and actions alike ask."""

from collections.abc import Iterable

from django.db.models import QuerySet

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Membership, Organisation, Place, Shared


def has_administrator(organisation: Organisation) -> bool:
    """Return whether anybody administers this organisation, or was asked to."""
    return Membership.objects.filter(
        organisation=organisation, role=Role.ADMINISTRATOR, ends_on__isnull=True
    ).exists()


def is_last_administrator(membership: Membership) -> bool:
    """Return whether the organisation would be without an administrator after this one."""
    if membership.role != Role.ADMINISTRATOR or membership.consented_at is None:
        return False
    others = Membership.objects.filter(
        organisation=membership.organisation_id,
        role=Role.ADMINISTRATOR,
        consented_at__isnull=False,
        person__is_active=True,
        ends_on__isnull=True,
    )
    return not others.exclude(person=membership.person_id).exists()


def is_administrator_above(actor: Actor, place: Place | None) -> bool:
    """Return whether the actor administers a body that leads this place or one above it."""
    if place is None:
        return False
    leads = Organisation.objects.filter(
        pk__in=actor.organisations_as(Role.ADMINISTRATOR),
        is_lead_of_place=True,
        is_active=True,
        place__links_down__place=place,
    )
    return leads.exists()


def is_named(thing: Shared, organisations: Iterable[int]) -> bool:
    """Return whether one of these organisations is a named recipient."""
    return thing.named_organisations.filter(pk__in=organisations).exists()


def bodies_under(organisations: Iterable[int]) -> QuerySet[Organisation]:
    """Return the bodies that stand under these, at any depth."""
    found: set[int] = set()
    layer = set(organisations)
    while layer:
        under = Organisation.objects.filter(parent__in=layer).exclude(pk__in=found)
        layer = set(under.values_list("pk", flat=True))
        found |= layer
    return Organisation.objects.filter(pk__in=found, is_active=True).order_by("name", "pk")
