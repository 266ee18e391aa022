from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from tansiq.access.actor import Actor
from tansiq.exchange.querysets.items import OfItemQuerySet

ModelT = TypeVar("ModelT", bound=models.Model)


class CommentQuerySet(OfItemQuerySet[ModelT]):
    """Comments: for who asked and who wrote it, and for all who were asked if it is open."""

    def visible_to(self, actor: Actor) -> Self:
        rows = super().visible_to(actor)
        if actor.is_system:
            return rows
        mine = Q(organisation__in=actor.organisation_ids)
        mine |= Q(item__owner__in=actor.organisation_ids)
        opened = [pk for kind, pk in actor.unsealed if kind == "exchange.item"]
        return rows.filter(mine | Q(is_open=True) | Q(item__in=opened))

    def waiting(self) -> Self:
        return self.filter(response__isnull=True)


class ResponseQuerySet(OfItemQuerySet[ModelT]):
    """Responses: with the comments they answer; what answers private ones alone stays with them."""

    def visible_to(self, actor: Actor) -> Self:
        rows = super().visible_to(actor)
        if actor.is_system:
            return rows
        mine = Q(comments__organisation__in=actor.organisation_ids)
        mine |= Q(item__owner__in=actor.organisation_ids)
        opened = [pk for kind, pk in actor.unsealed if kind == "exchange.item"]
        return rows.filter(mine | Q(comments__is_open=True) | Q(item__in=opened)).distinct()
