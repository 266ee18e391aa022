"""Reading alerts: our own, and those that came in."""

import datetime as dt
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from tansiq.access.actor import Actor
from tansiq.access.querysets import SharedQuerySet
from tansiq.incidents.querysets import RoomQuerySet

ModelT = TypeVar("ModelT", bound=models.Model)

# What anybody may fetch: sent in earnest, for everybody, through the door of the channels.
_FOR_EVERYBODY = Q(
    state="sent",
    status="Actual",
    scope="Public",
    is_exercise=False,
    incident__is_exercise=False,
    outgoing__is_exercise=False,
)


class AlertQuerySet(RoomQuerySet[ModelT]):
    def visible_to(self, actor: Actor) -> Self:
        """Return what stands in rooms this actor may enter, and what was sent to everybody."""
        if actor.is_system:
            return self
        rooms: Any = self._parent_model()
        return self.filter(self._has_parent_in(rooms.objects.visible_to(actor)) | _FOR_EVERYBODY)

    def for_everybody(self) -> Self:
        return self.filter(_FOR_EVERYBODY)

    def waiting(self) -> Self:
        return self.filter(state="waiting")

    def with_successor(self) -> Self:
        """Add `is_replaced`: a later message updated or cancelled it."""
        rows: Any = self.model
        later = rows.objects.filter(replaces=OuterRef("pk"), state="sent")
        return self.annotate(is_replaced=Exists(later))

    def latest_first(self) -> Self:
        return self.order_by("-sent_at", "-pk")


class AlertTextQuerySet(SharedQuerySet[ModelT]):
    through = "alert"


class ReceivedQuerySet(SharedQuerySet[ModelT]):
    """What came in is seen by whoever may see its source."""

    through = "source"

    def current(self, at: dt.datetime) -> Self:
        """Return real warnings that nobody updated, cancelled, and that still hold."""
        return self.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=at),
            status="Actual",
            kind__in=["Alert", "Update"],
            replaced_by__isnull=True,
        )

    def latest_first(self) -> Self:
        return self.order_by("-sent_at", "-pk")


class ReferenceQuerySet(SharedQuerySet[ModelT]):
    through = "received__source"
