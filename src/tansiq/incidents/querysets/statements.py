import datetime as dt
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import F, Q

from tansiq.access.actor import Actor
from tansiq.incidents.querysets import RoomQuerySet

ModelT = TypeVar("ModelT", bound=models.Model)


class StatementQuerySet(RoomQuerySet[ModelT]):
    def visible_to(self, actor: Actor) -> Self:
        """Return those of rooms the actor may enter, and what stands on a public page."""
        rows = super().visible_to(actor)
        return rows if actor.is_system else rows | self.on_page()

    def known_to(self, actor: Actor) -> Self:
        rows = super().known_to(actor)
        return rows if actor.is_system else rows | self.on_page()

    def on_page(self) -> Self:
        """Return what was released on the public page; nothing of an exercise ever."""
        return self.filter(page_at__isnull=False, incident__is_exercise=False)

    def ever_released(self) -> Self:
        return self.filter(released_at__isnull=False)

    def public(self) -> Self:
        """Leave out what is for newsrooms or staff only."""
        return self.exclude(audience__in=("media", "staff"))

    def latest_first(self) -> Self:
        return self.order_by(F("released_at").desc(nulls_last=True), "-made_at", "-pk")

    def for_list(self) -> Self:
        """Return what can still be released first, then the latest release."""
        rank = models.Case(
            models.When(state="approved", then=0),
            models.When(state="waiting", then=1),
            models.When(state="draft", then=2),
            default=3,
        )
        return self.order_by(rank, F("released_at").desc(nulls_last=True), "-made_at", "-pk")


class OfStatementQuerySet(RoomQuerySet[ModelT]):
    through = "statement"


class PressOfficeQuerySet(models.QuerySet[ModelT]):
    """Seen by the organisation's members; by everybody once its page is published."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system:
            return self
        return self.filter(Q(published_at__isnull=False) | Q(owner__in=actor.organisation_ids))


class MediaRequestQuerySet(RoomQuerySet[ModelT]):
    def most_pressing(self) -> Self:
        """Return open ones by their deadline, then what is answered, the latest first."""
        is_over: Any = models.Case(models.When(state="open", then=0), default=1)
        return self.order_by(is_over, F("deadline").asc(nulls_last=True), "-asked_at", "-pk")

    def overdue(self, moment: dt.datetime) -> Self:
        """Return what is open past its deadline; `moment` is on the room's clock."""
        return self.filter(state="open", deadline__lt=moment)
