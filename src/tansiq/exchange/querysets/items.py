import datetime as dt
from typing import Any, Self, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from tansiq.access.actor import Actor
from tansiq.access.querysets import SharedQuerySet

ModelT = TypeVar("ModelT", bound=models.Model)


class ItemQuerySet(SharedQuerySet[ModelT]):
    """Items: what was sent and still holds, for those whom the marking lets read it.

    A draft, and what was taken back or has expired, is seen by the organisation that wrote it, and
    by an overseer who opened it. The day of expiry is asked here, not only by the job that deletes.
    """

    def visible_to(self, actor: Actor) -> Self:
        rows = super().visible_to(actor)
        if actor.is_system:
            return rows
        mine = Q(owner__in=actor.organisation_ids)
        return rows.filter(_holds_for(actor) | mine | _opened_by(actor))

    def sent(self) -> Self:
        return self.filter(sent_at__isnull=False)

    def drafts(self) -> Self:
        return self.filter(sent_at__isnull=True)

    def holding(self) -> Self:
        """Leave out what was taken back or deleted."""
        return self.sent().filter(recalled_at__isnull=True, purged_at__isnull=True)

    def latest_first(self) -> Self:
        return self.order_by("-sent_at", "-pk")


def _opened_by(actor: Actor, prefix: str = "") -> Q:
    """Return the condition that an overseer of the sender's country has opened the item."""
    opened = [pk for kind, pk in actor.unsealed if kind == "exchange.item"]
    overseen = Q(**{f"{prefix}owner__country_code__in": actor.overseen})
    overseen |= Q(**{f"{prefix}owner__in": actor.overseen_hubs})
    return Q(**{f"{prefix}pk__in": opened}) & overseen


def _holds_for(actor: Actor) -> Q:
    holds = Q(sent_at__isnull=False, recalled_at__isnull=True, purged_at__isnull=True)
    return holds & Q(expires_on__gte=actor.on) if actor.on is not None else holds


def _own(actor: Actor) -> Q:
    # What is for one person alone does not show to the colleagues that it came.
    for_me = Q(person__isnull=True) | Q(person=actor.person_id)
    return Q(organisation__in=actor.organisation_ids) & for_me


class OfItemQuerySet(SharedQuerySet[ModelT]):
    """What belongs to an item is seen by whoever sees the item."""

    through = "item"


class ReceiptQuerySet(OfItemQuerySet[ModelT]):
    """Receipts: the sender sees all of its item, a recipient its own, also after a recall.

    Where the sender left the list open, those who received the item see each other's state.
    """

    def visible_to(self, actor: Actor) -> Self:
        rows = self
        if actor.is_system:
            return rows
        sender = Q(item__owner__in=actor.organisation_ids)
        own = _own(actor)
        item: Any = apps.get_model("exchange.item")
        seen = Exists(item.objects.visible_to(actor).filter(pk=OuterRef("item_id")))
        receipt: Any = self.model
        mine = Exists(
            receipt.objects.filter(
                item=OuterRef("item_id"), organisation__in=actor.organisation_ids
            )
        )
        among = Q(item__is_list_open=True) & Q(mine)
        return rows.filter(
            (own & Q(item__sent_at__isnull=False))
            | (Q(seen) & (sender | among | _opened_by(actor, "item__")))
        )

    def own_of(self, actor: Actor) -> Self:
        """Keep what came to this actor's organisations, or to the person alone under RED."""
        return self.filter(_own(actor), item__sent_at__isnull=False)

    def holding_on(self, day: dt.date) -> Self:
        """Leave out those whose item was taken back, has expired or was deleted."""
        return self.filter(
            item__recalled_at__isnull=True,
            item__purged_at__isnull=True,
            item__expires_on__gte=day,
        )

    def late(self, moment: dt.datetime) -> Self:
        return self.owing_answer().filter(reply_by__lt=moment)

    def waiting(self) -> Self:
        """Keep those on which nobody has said anything yet."""
        return self.filter(acknowledged_at__isnull=True)

    def owing_answer(self) -> Self:
        """Keep those from which words are wished for and none came; the soonest first."""
        open_ones = self.filter(answered_at__isnull=True, reply_by__isnull=False)
        return open_ones.exclude(state="cannot").order_by("reply_by", "pk")

    def for_organisations(self, pks: Any) -> Self:
        return self.filter(organisation__in=pks)


class ReplyQuerySet(OfItemQuerySet[ModelT]):
    """Answers: between the sender and the one that wrote, unless they were meant for all."""

    def visible_to(self, actor: Actor) -> Self:
        rows = super().visible_to(actor)
        if actor.is_system:
            return rows
        mine = actor.organisation_ids
        between = (
            Q(organisation__in=mine) | Q(item__owner__in=mine) | Q(receipt__organisation__in=mine)
        )
        return rows.filter(between | Q(is_to_all=True) | _opened_by(actor, "item__"))


class GroupQuerySet(SharedQuerySet[ModelT]):
    """Sharing groups are known to their members and to who keeps them."""

    def in_use(self) -> Self:
        return self.filter(ended_at__isnull=True)
