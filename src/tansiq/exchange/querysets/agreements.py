from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Q

from tansiq.access.actor import Actor
from tansiq.access.querysets import SharedQuerySet

if TYPE_CHECKING:
    import datetime as dt

ModelT = TypeVar("ModelT", bound=models.Model)


class AgreementQuerySet(SharedQuerySet[ModelT]):
    """Agreements: a draft is seen by who writes it; once offered, by whom the marking lets."""

    def visible_to(self, actor: Actor) -> Self:
        rows = super().visible_to(actor)
        if actor.is_system:
            return rows
        opened = [pk for kind, pk in actor.unsealed if kind == "exchange.agreement"]
        mine = Q(owner__in=actor.organisation_ids)
        return rows.filter(Q(offered_at__isnull=False) | mine | Q(pk__in=opened))

    def standing(self, day: "dt.date") -> Self:
        """Keep those that were offered and have not ended by this day."""
        over = Q(ended_at__isnull=False) | Q(ends_on__lt=day)
        return self.filter(offered_at__isnull=False).exclude(over)

    def signed_by(self, organisation: int) -> Self:
        return self.filter(
            parties__organisation=organisation, parties__signed_at__isnull=False
        ).distinct()


class PartyQuerySet(SharedQuerySet[ModelT]):
    """Who is party to an agreement is seen by whoever sees the agreement."""

    through = "agreement"

    def signed(self) -> Self:
        return self.filter(signed_at__isnull=False)
