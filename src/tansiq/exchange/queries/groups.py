"""Sharing groups and networks, as their members see them."""

from django.db.models import Count, QuerySet

from tansiq.access.actor import Actor
from tansiq.access.models import Organisation
from tansiq.exchange.models import Group


def groups_of(actor: Actor) -> QuerySet[Group]:
    """Return the groups this actor's organisations keep or belong to, with their size."""
    rows = Group.objects.visible_to(actor).in_use().select_related("owner")
    found: QuerySet[Group] = rows.annotate(members=Count("named_organisations")).order_by(
        "name", "pk"
    )
    return found


def members_of(actor: Actor, group: Group) -> list[Organisation]:
    """Return its members as far as this actor knows them; its keeper is one more."""
    members = group.named_organisations.filter(pk__in=Organisation.objects.visible_to(actor))
    return list(members.select_related("place").order_by("name", "pk"))
