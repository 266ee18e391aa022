import datetime as dt
from typing import Any, Self, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from tansiq.access.actor import Actor
from tansiq.access.querysets import SharedQuerySet

ModelT = TypeVar("ModelT", bound=models.Model)
# Who was not heard of for so long has left the room.
HERE_FOR = dt.timedelta(seconds=90)


class IncidentQuerySet(SharedQuerySet[ModelT]):
    def running(self) -> Self:
        """Leave out what is closed or retired."""
        return self.filter(status="open")

    def real(self) -> Self:
        """Leave out exercises: what is counted or published is never practice."""
        return self.filter(is_exercise=False)

    def concerning(self, actor: Actor) -> Self:
        """Keep those in which the actor's organisations take part, or the actor holds a role."""
        mine = Q(owner__in=actor.organisation_ids) | Q(seat__holder=actor.person_id)
        named = Q(named_organisations__in=actor.organisation_ids)
        return self.filter(mine | named).distinct()

    def latest_first(self) -> Self:
        return self.order_by("-began_at", "-pk")

    def for_list(self) -> Self:
        """Return running incidents first, then the latest, with what a line of a list shows."""
        known = self.select_related("place", "owner")
        return known.order_by(
            models.Case(models.When(status="open", then=0), default=1), "-began_at", "-pk"
        )


class PlaybookVersionQuerySet(SharedQuerySet[ModelT]):
    through = "playbook"

    def visible_to(self, actor: Actor) -> Self:
        """Show drafts to the people of the owner alone."""
        rows = super().visible_to(actor)
        if actor.is_system:
            return rows
        mine = Q(playbook__owner__in=actor.organisation_ids)
        return rows.filter(Q(published_at__isnull=False) | mine)

    def published(self) -> Self:
        return self.filter(published_at__isnull=False)


class RoomQuerySet(SharedQuerySet[ModelT]):
    """What belongs to a room is seen by whoever may enter it."""

    through = "incident"


class KeptQuerySet(RoomQuerySet[ModelT]):
    """Rows of a room, less those that another organisation keeps to itself."""

    def visible_to(self, actor: Actor) -> Self:
        rows = super().visible_to(actor)
        if actor.is_system:
            return rows
        shared = Q(kept_by__isnull=True) | Q(kept_by__in=actor.organisation_ids)
        opened = [pk for kind, pk in actor.unsealed if kind == "incidents.incident"]
        return rows.filter(shared | Q(incident__in=opened)) if opened else rows.filter(shared)


class EntryQuerySet(KeptQuerySet[ModelT]):
    """Lines of the log; what an inject told one team is a line for those who see the inject."""

    def visible_to(self, actor: Actor) -> Self:
        rows = super().visible_to(actor)
        if actor.is_system:
            return rows
        injects: Any = apps.get_model("incidents", "Inject").objects.visible_to(actor)
        return rows.filter(~Q(kind="inject") | Exists(injects.filter(pk=OuterRef("subject_id"))))

    def for_everybody(self) -> Self:
        """Return the lines that all who may enter the room see: none that some keep or get."""
        injects: Any = apps.get_model("incidents", "Inject").objects.filter(team__isnull=True)
        shared = ~Q(kind="inject") | Exists(injects.filter(pk=OuterRef("subject_id")))
        return self.filter(shared, kept_by__isnull=True)

    def latest_first(self) -> Self:
        return self.order_by("-at", "-pk")


class TaskQuerySet(RoomQuerySet[ModelT]):
    def open(self) -> Self:
        return self.filter(state="open")

    def with_blocking(self) -> Self:
        """Add `is_blocked`: a task that must come first is still open."""
        model: Any = self.model
        links = model.after.through.objects
        waits = links.filter(from_task=OuterRef("pk"), to_task__state="open")
        return self.annotate(is_blocked=Exists(waits))

    def most_pressing(self) -> Self:
        """Order by what is due first; what has no date comes last."""
        return self.order_by(models.F("due_at").asc(nulls_last=True), "phase", "key", "pk")

    def late(self, moment: dt.datetime) -> Self:
        """Return what is still open past its time; `moment` is a moment of the room's clock."""
        return self.open().filter(due_at__lt=moment)


class FactQuerySet(RoomQuerySet[ModelT]):
    def for_board(self) -> Self:
        """Return what stands first, the latest first, and what was withdrawn after it."""
        last = models.Case(models.When(state="withdrawn", then=1), default=0)
        return self.order_by(last, "-observed_at", "-pk")

    def standing(self) -> Self:
        """Leave out what was withdrawn."""
        return self.exclude(state="withdrawn")


class PresenceQuerySet(RoomQuerySet[ModelT]):
    def here_at(self, moment: dt.datetime) -> Self:
        """Return who was seen in the last minute and a half before this real moment."""
        return self.filter(seen_at__gt=moment - HERE_FOR)
