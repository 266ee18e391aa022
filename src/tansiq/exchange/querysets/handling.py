from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from tansiq.access.actor import Actor
from tansiq.exchange.querysets.items import OfItemQuerySet

ModelT = TypeVar("ModelT", bound=models.Model)


class OfOwnerQuerySet(OfItemQuerySet[ModelT]):
    """What only the organisation that wrote the item may know about it."""

    def visible_to(self, actor: Actor) -> Self:
        rows = super().visible_to(actor)
        return rows if actor.is_system else rows.filter(item__owner__in=actor.organisation_ids)


class ForwardRequestQuerySet(OfItemQuerySet[ModelT]):
    """Requests to forward: between the recipient that asks and the owner."""

    def visible_to(self, actor: Actor) -> Self:
        rows = super().visible_to(actor)
        if actor.is_system:
            return rows
        mine = actor.organisation_ids
        return rows.filter(Q(item__owner__in=mine) | Q(receipt__organisation__in=mine))

    def waiting(self) -> Self:
        return self.filter(state="open")


class CorrectionQuerySet(OfItemQuerySet[ModelT]):
    """Proposed corrections: between who proposes and the owner. What came of it, all are told."""

    def visible_to(self, actor: Actor) -> Self:
        rows = super().visible_to(actor)
        if actor.is_system:
            return rows
        mine = actor.organisation_ids
        return rows.filter(Q(item__owner__in=mine) | Q(organisation__in=mine))

    def waiting(self) -> Self:
        return self.filter(state="open")
