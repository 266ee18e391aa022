from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from tansiq.access.actor import Actor

if TYPE_CHECKING:
    import datetime as dt

ModelT = TypeVar("ModelT", bound=models.Model)


class ProofQuerySet(models.QuerySet[ModelT]):
    """Proofs of deletion and holds: for the sender, for each recipient, and for overseers.

    They hold no word of the item, so an overseer reads them without opening anything.
    """

    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system:
            return self
        mine = actor.organisation_ids
        receipt: Any = apps.get_model("exchange.receipt")
        received = receipt.objects.filter(item=OuterRef("item_id"), organisation__in=mine)
        # What is for one person alone does not show to the colleagues that it came.
        own = received.filter(Q(person__isnull=True) | Q(person=actor.person_id))
        seen = Q(owner__in=mine) | Q(Exists(own), item__sent_at__isnull=False)
        overseen = Q(owner__country_code__in=actor.overseen) | Q(owner__in=actor.overseen_hubs)
        return self.filter(seen | overseen)


class HoldQuerySet(ProofQuerySet[ModelT]):
    def in_force(self, day: "dt.date") -> Self:
        return self.filter(released_at__isnull=True, until__gte=day)
