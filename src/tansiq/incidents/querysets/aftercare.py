import datetime as dt
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from tansiq.access.actor import Actor
from tansiq.access.querysets import SharedQuerySet
from tansiq.incidents.querysets import RoomQuerySet

ModelT = TypeVar("ModelT", bound=models.Model)


class MilestoneQuerySet(RoomQuerySet[ModelT]):
    def standing(self) -> Self:
        return self.filter(dropped_at__isnull=True)

    def by_day(self) -> Self:
        return self.order_by("on", "pk")

    def coming(self, day: dt.date) -> Self:
        return self.standing().filter(on__gte=day).by_day()


class PublishedQuerySet(RoomQuerySet[ModelT]):
    """What belongs to a room, and is open to everybody once it was published; never an exercise."""

    def visible_to(self, actor: Actor) -> Self:
        rows = super().visible_to(actor)
        return rows if actor.is_system else rows | self.published()

    def published(self) -> Self:
        raise NotImplementedError


class FundQuerySet(PublishedQuerySet[ModelT]):
    def published(self) -> Self:
        return self.filter(Q(published_at__isnull=False), incident__is_exercise=False)


class FundEntryQuerySet(SharedQuerySet[ModelT]):
    through = "fund"


class RecommendationQuerySet(PublishedQuerySet[ModelT]):
    def published(self) -> Self:
        return self.filter(Q(is_public=True), incident__is_exercise=False)

    def for_list(self) -> Self:
        """Return what is still open first, by its day."""
        ended = models.Case(models.When(state__in=("done", "refused"), then=1), default=0)
        known = self.select_related("answerable", "action__plan")
        return known.order_by(ended, models.F("due_on").asc(nulls_last=True), "pk")


class RecommendationStepQuerySet(SharedQuerySet[ModelT]):
    through = "recommendation"
