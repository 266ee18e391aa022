"""To whom an item may go beyond those whom its sender chose."""

from typing import Any

from django.db.models import Q, QuerySet

from tansiq.access.actor import Actor
from tansiq.access.models import Marking, Organisation, OrganisationKind, Place
from tansiq.access.standing import bodies_under
from tansiq.exchange.models import Item, Receipt


def forwardable(item: Item, receipt: Receipt, *, by: Actor) -> QuerySet[Organisation]:
    """Return the organisations to which this recipient may forward the item without asking."""
    reached: QuerySet[Organisation] = (
        _others(item, by).filter(_within_marking(item, receipt)).order_by("name", "pk")
    )
    return reached


def askable(item: Item, receipt: Receipt, *, by: Actor) -> QuerySet[Organisation]:
    """Return the organisations for which this recipient would have to ask the owner."""
    reached: QuerySet[Organisation] = (
        _others(item, by).exclude(_within_marking(item, receipt)).order_by("name", "pk")
    )
    return reached


def _others(item: Item, by: Actor) -> QuerySet[Organisation]:
    there = Receipt.objects.filter(item=item).values("organisation")
    others: QuerySet[Organisation] = (
        Organisation.objects.visible_to(by)
        .filter(is_active=True)
        .exclude(pk__in=there)
        .exclude(pk=item.owner_id)
        .exclude(kind=OrganisationKind.OVERSIGHT)
    )
    return others


def _within_marking(item: Item, receipt: Receipt) -> Q:
    if item.marking in {Marking.CLEAR, Marking.GREEN}:
        return Q(country_code__in=_community(item))
    if item.marking == Marking.AMBER:
        return Q(pk__in=bodies_under([receipt.organisation_id]).values("pk"))
    return Q(pk__in=())


def _community(item: Item) -> set[str]:
    """Return the countries whose members read what is GREEN of this owner."""
    owner = item.owner
    of_hub: Any = Place.objects.filter(hubs__is_active=True)
    if owner.kind == OrganisationKind.HUB:
        found = set(of_hub.filter(hubs=owner).values_list("country_code", flat=True))
    else:
        found = {owner.country_code}
    if item.is_hub_wide:
        hubs = Organisation.objects.filter(
            kind=OrganisationKind.HUB, is_active=True, countries__country_code__in=found
        )
        found |= set(of_hub.filter(hubs__in=hubs).values_list("country_code", flat=True))
    return found - {""}
