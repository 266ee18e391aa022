"""What those who run an exercise see, and what its players see of it."""

from typing import Any, Self, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from tansiq.access.actor import Actor, Role
from tansiq.incidents.querysets import RoomQuerySet

ModelT = TypeVar("ModelT", bound=models.Model)


def facilitated_by(actor: Actor) -> Q:
    """Return the condition that the actor runs the exercise to which a row belongs."""
    people = apps.get_model("incidents", "Exercise").facilitators.through.objects
    mine = people.filter(exercise__incident=OuterRef("incident"), person=actor.person_id)
    return Q(Exists(mine))


class InjectQuerySet(RoomQuerySet[ModelT]):
    """Players see what was given to all or to their team; facilitators see what is to come."""

    def visible_to(self, actor: Actor) -> Self:
        rows = super().visible_to(actor)
        if actor.is_system:
            return rows
        team = apps.get_model("incidents", "Team")
        people = team.people.through.objects.filter(team=OuterRef("team"), person=actor.person_id)
        bodies = team.organisations.through.objects.filter(
            team=OuterRef("team"), organisation__in=actor.organisation_ids
        )
        mine = Q(team__isnull=True) | Q(Exists(people)) | Q(Exists(bodies))
        return rows.filter(Q(state="given") & mine | facilitated_by(actor))

    def waiting(self) -> Self:
        return self.filter(state="planned")

    def in_order(self) -> Self:
        return self.order_by("planned_at", "pk")


class LearningQuerySet(RoomQuerySet[ModelT]):
    """What was learnt: read by those who write it until it is shared with the room.

    Of an exercise its facilitators write it; of an incident, those who lead the room.
    """

    def visible_to(self, actor: Actor) -> Self:
        rows = super().visible_to(actor)
        return rows if actor.is_system else rows.filter(self._shared() | _written_by(actor))

    def _shared(self) -> Q:
        reports = apps.get_model("incidents", "AfterAction").objects
        return Q(Exists(reports.filter(incident=OuterRef("incident"), shared_at__isnull=False)))


def _written_by(actor: Actor) -> Q:
    seats: Any = apps.get_model("incidents", "Seat").objects
    leading = seats.filter(incident=OuterRef("incident"), holder=actor.person_id, is_leading=True)
    leads = Q(incident__owner__in=actor.organisations_as(Role.COORDINATOR)) | Q(Exists(leading))
    return Q(incident__is_exercise=True) & facilitated_by(actor) | (
        Q(incident__is_exercise=False) & leads
    )
