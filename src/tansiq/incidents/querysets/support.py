from collections.abc import Iterable
from typing import Self, TypeVar

from django.db import models

from tansiq.access.querysets import SharedQuerySet
from tansiq.incidents.querysets import RoomQuerySet

ModelT = TypeVar("ModelT", bound=models.Model)


class SupportQuerySet(RoomQuerySet[ModelT]):
    def asked_of(self, organisations: Iterable[int]) -> Self:
        return self.filter(to_organisation__in=organisations)

    def asked_by(self, organisations: Iterable[int]) -> Self:
        return self.filter(from_organisation__in=organisations)

    def unanswered(self) -> Self:
        return self.filter(state__in=("asked", "seen"))

    def going_on(self) -> Self:
        """Leave out what ended: refused, arrived, withdrawn."""
        return self.exclude(state__in=("refused", "confirmed", "withdrawn"))

    def for_list(self) -> Self:
        """Return what waits for an answer first, the soonest owed first, with both sides."""
        sides = ("from_organisation__place", "to_organisation__place", "incident__place")
        waits = models.Case(models.When(state__in=("asked", "seen"), then=0), default=1)
        return self.select_related(*sides).order_by(waits, "answer_due_at", "pk")


class SupportMessageQuerySet(SharedQuerySet[ModelT]):
    through = "request"
