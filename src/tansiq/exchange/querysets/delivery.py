from typing import Any, Self, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef

from tansiq.access.actor import Actor, Role

ModelT = TypeVar("ModelT", bound=models.Model)


class RouteQuerySet(models.QuerySet[ModelT]):
    """Addresses of an office are kept by its administrators, and seen by nobody else."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system:
            return self
        return self.filter(organisation__in=actor.organisations_as(Role.ADMINISTRATOR))

    def open(self) -> Self:
        return self.filter(is_paused=False, organisation__is_active=True)


class DispatchQuerySet(models.QuerySet[ModelT]):
    """Messages are known to whoever sees the receipt they are about."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system:
            return self
        receipt: Any = apps.get_model("exchange.receipt")
        seen = receipt.objects.visible_to(actor).filter(pk=OuterRef("receipt_id"))
        return self.filter(Exists(seen))

    def waiting(self) -> Self:
        return self.filter(state="waiting").order_by("pk")
