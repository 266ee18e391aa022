from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from tansiq.access.actor import Actor
from tansiq.access.querysets import SharedQuerySet

ModelT = TypeVar("ModelT", bound=models.Model)


class TallyQuerySet(SharedQuerySet[ModelT]):
    """Figures of a country are read by the members of its network and by its overseers."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system:
            return self
        mine = actor.countries | actor.overseen
        return self.filter(Q(from_country__in=mine) | Q(to_country__in=mine))


class OwnTallyQuerySet(SharedQuerySet[ModelT]):
    """Figures of an organisation are read by its members."""

    def visible_to(self, actor: Actor) -> Self:
        return self if actor.is_system else self.filter(organisation__in=actor.organisation_ids)
