"""Reading what the desks of a room hold: rumours, needs, services."""

import datetime as dt
from typing import Self

from django.db import models

from tansiq.incidents.querysets import ModelT, RoomQuerySet


class RumourQuerySet(RoomQuerySet[ModelT]):
    def open(self) -> Self:
        return self.exclude(status="closed")

    def cleared(self) -> Self:
        """Return those with a public answer that was cleared."""
        return self.filter(cleared_at__isnull=False)

    def most_pressing(self) -> Self:
        """Order by what waits for a first look, by its clock; then what is latest."""
        return self.order_by(
            models.Case(
                models.When(status="new", then=0), models.When(status="closed", then=2), default=1
            ),
            "triage_due_at",
            "-pk",
        )


class NeedQuerySet(RoomQuerySet[ModelT]):
    def unmet(self) -> Self:
        return self.filter(state__in=("open", "part"))


class ServiceQuerySet(RoomQuerySet[ModelT]):
    def running_on(self, day: dt.date) -> Self:
        begun = self.filter(state="running", starts_on__lte=day)
        return begun.exclude(ends_on__lt=day)
