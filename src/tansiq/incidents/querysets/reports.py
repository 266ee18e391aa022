import datetime as dt
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from tansiq.access.actor import Actor
from tansiq.access.querysets import SharedQuerySet
from tansiq.incidents.querysets import RoomQuerySet

ModelT = TypeVar("ModelT", bound=models.Model)


class SituationReportQuerySet(RoomQuerySet[ModelT]):
    """A draft is read where it is written; what was sent, also by those it was sent to."""

    def visible_to(self, actor: Actor) -> Self:
        rows = super().visible_to(actor)
        if actor.is_system:
            return rows
        mine = actor.organisation_ids
        sent_to_us = self.model._meta.get_field("recipients").remote_field.through.objects.filter(  # type: ignore[union-attr]  # -- a many-to-many field
            organisation__in=mine
        )
        seen = Q(organisation__in=mine)
        seen |= Q(state="sent", pk__in=sent_to_us.values("situationreport_id"))
        opened = [pk for kind, pk in actor.unsealed if kind == "incidents.incident"]
        return rows.filter(seen | Q(incident__in=opened) if opened else seen)

    def sent(self) -> Self:
        return self.filter(state="sent")

    def latest_first(self) -> Self:
        return self.order_by("-number", "-version")


class ReportReceiptQuerySet(SharedQuerySet[ModelT]):
    through = "report"


class BriefQuerySet(RoomQuerySet[ModelT]):
    """The brief is between two; what is cleared of it stands in the log for everybody."""

    def visible_to(self, actor: Actor) -> Self:
        rows = super().visible_to(actor)
        if actor.is_system:
            return rows
        mine = actor.organisation_ids
        seen = Q(owed_by__in=mine) | Q(owed_to__in=mine)
        opened = [pk for kind, pk in actor.unsealed if kind == "incidents.incident"]
        return rows.filter(seen | Q(incident__in=opened) if opened else seen)

    def owed(self) -> Self:
        return self.filter(given_at__isnull=True)

    def late(self, moment: dt.datetime) -> Self:
        """Return what is owed past its time; `moment` is a moment of the room's clock."""
        return self.owed().filter(due_at__lt=moment)
