from typing import Any, Self, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from tansiq.access.actor import Actor
from tansiq.access.querysets import SharedQuerySet
from tansiq.exchange.states import ACTIVE

ModelT = TypeVar("ModelT", bound=models.Model)


class ObligationQuerySet(SharedQuerySet[ModelT]):
    """What is owed: seen by who owes, by whom it is owed, and by those told that it is late.

    What comes from an item under RED is seen by those alone who may read that item.
    """

    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system:
            return self
        mine = actor.organisation_ids
        row: Any = self.model
        told = row._meta.get_field("escalations").related_model.objects
        of_mine = Q(debtor__in=mine) | Q(creditor__in=mine)
        of_mine |= Q(Exists(told.filter(obligation=OuterRef("pk"), told__in=mine)))
        return self.filter(_may_read(actor), of_mine)

    def owed_by(self, actor: Actor) -> Self:
        """Keep what is visible and the actor's organisations owe: a shorter way along one index."""
        return self.filter(_may_read(actor), debtor__in=actor.organisation_ids)

    def owed_to(self, actor: Actor) -> Self:
        """Keep what is visible and owed to the actor's organisations."""
        return self.filter(_may_read(actor), creditor__in=actor.organisation_ids)

    def known_to(self, actor: Actor) -> Self:
        """Add what an overseer of the country of either side may know: never words, never RED."""
        if actor.is_system or not actor.is_overseer:
            return self.visible_to(actor)
        seen = self.visible_to(actor).values("pk")
        between = Q(debtor__country_code__in=actor.overseen)
        between |= Q(creditor__country_code__in=actor.overseen)
        between |= Q(creditor__in=actor.overseen_hubs) | Q(debtor__in=actor.overseen_hubs)
        return self.filter(Q(pk__in=seen) | (Q(is_red=False) & between))

    def active(self) -> Self:
        """Keep what is still to be done: open, or said to be done and not received."""
        return self.filter(state__in=ACTIVE)

    def late(self, at: Any) -> Self:
        return self.active().filter(due_at__lt=at)

    def urgent_first(self) -> Self:
        return self.order_by("due_at", "pk")


def _may_read(actor: Actor) -> Q:
    return Q(is_red=False) | Q(_may_read_item(actor))


def _may_read_item(actor: Actor) -> Exists:
    item: Any = apps.get_model("exchange.item")
    readable: QuerySet[Any] = item.objects.visible_to(actor)
    return Exists(readable.filter(pk=OuterRef("item_id")))


class OfObligationQuerySet(SharedQuerySet[ModelT]):
    """Reminders and escalations are seen by whoever sees what is owed."""

    through = "obligation"


class RemindedQuerySet(SharedQuerySet[ModelT]):
    """A reminder is seen by whoever sees what it is about: a duty, or a receipt."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system:
            return self
        seen = Q()
        for name in ("obligation", "receipt"):
            parent: Any = self.model._meta.get_field(name).related_model
            rows = parent.objects.visible_to(actor)
            seen |= Q(Exists(rows.filter(pk=OuterRef(f"{name}_id"))))
        return self.filter(seen)


class RhythmQuerySet(SharedQuerySet[ModelT]):
    """A rhythm is seen by who keeps it and by those to whom it has brought something."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system:
            return self
        mine = actor.organisation_ids
        row: Any = self.model
        brought = row._meta.get_field("obligations").related_model.objects
        of_mine = brought.filter(rhythm=OuterRef("pk")).filter(
            Q(debtor__in=mine) | Q(creditor__in=mine)
        )
        return self.filter(Q(owner__in=mine) | Q(Exists(of_mine)))

    def known_to(self, actor: Actor) -> Self:
        """Return what is seen: a rhythm has no marking by which more of it could be known."""
        return self.visible_to(actor)

    def running(self) -> Self:
        return self.filter(ended_at__isnull=True)
