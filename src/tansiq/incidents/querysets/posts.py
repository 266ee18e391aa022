import datetime as dt
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from tansiq.access.actor import Actor

ModelT = TypeVar("ModelT", bound=models.Model)


class ReadinessQuerySet(models.QuerySet[ModelT]):
    """How a body prepares: seen by its members, and by those who lead a place above it."""

    def visible_to(self, actor: Actor) -> Self:
        return self if actor.is_system else self.filter(self._of_mine_or_below(actor))

    def _of_mine_or_below(self, actor: Actor) -> Q:
        above: Any = self._places_led_by(actor)
        return Q(organisation__in=actor.organisation_ids) | Q(Exists(above))

    def _places_led_by(self, actor: Actor) -> models.QuerySet[Any]:
        organisation: Any = self.model._meta.get_field("organisation").related_model
        leads = organisation.objects.filter(
            pk__in=actor.organisation_ids, is_lead_of_place=True, is_active=True
        )
        found: models.QuerySet[Any] = leads.filter(
            place__links_down__place=OuterRef("organisation__place")
        )
        return found


class PostQuerySet(ReadinessQuerySet[ModelT]):
    """Who holds which role all year: seen by the body, by who leads above it, and by themselves."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system:
            return self
        myself = Q(person=actor.person_id) if actor.is_signed_in else Q(pk__in=())
        return self.filter(self._of_mine_or_below(actor) | myself)

    def standing(self, day: dt.date) -> Self:
        """Leave out who is a member nowhere any more, or withdrew as a contact."""
        person: Any = self.model._meta.get_field("person").related_model
        membership: Any = person._meta.get_field("memberships").related_model
        terms = membership.objects.in_force(day).filter(person=OuterRef("person"))
        member = Q(person__is_active=True) & Q(Exists(terms))
        return self.filter(member | Q(contact__isnull=False, contact__withdrawn_at__isnull=True))

    def in_order(self) -> Self:
        return self.select_related("person", "contact").order_by("role", "rank", "pk")
