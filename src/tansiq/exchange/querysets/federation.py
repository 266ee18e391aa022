from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from tansiq.access.actor import Actor, Role

ModelT = TypeVar("ModelT", bound=models.Model)


class PeerQuerySet(models.QuerySet[ModelT]):
    """Other platforms: known to operators and to the leads of the organisation that keeps them."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system or actor.is_operator:
            return self
        return self.filter(keeper__in=actor.organisations_as(Role.LEAD))

    def open(self) -> Self:
        """Keep those with which something is exchanged today."""
        return self.filter(state="trusted")


class OfPeerQuerySet(models.QuerySet[ModelT]):
    """What belongs to a peer is known to whoever knows the peer."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system or actor.is_operator:
            return self
        peers: Any = self.model._meta.get_field("peer").related_model
        mine = peers.objects.visible_to(actor).filter(pk=OuterRef("peer_id"))
        return self.filter(Exists(mine))


class RefusalQuerySet(OfPeerQuerySet[ModelT]):
    """What was refused: of strangers it is for operators alone."""


class PassageQuerySet(models.QuerySet[ModelT]):
    """That an item goes between two platforms is seen by whoever sees the item."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system:
            return self
        items: Any = self.model._meta.get_field("item").related_model
        seen = items.objects.visible_to(actor).filter(pk=OuterRef("item_id"))
        return self.filter(Q(Exists(seen)))

    def outgoing(self) -> Self:
        return self.filter(is_incoming=False)

    def incoming(self) -> Self:
        return self.filter(is_incoming=True)
