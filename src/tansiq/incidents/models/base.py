from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tansiq.access.models import Organisation, Visible
from tansiq.incidents.models.incidents import Incident
from tansiq.incidents.querysets import KeptQuerySet, RoomQuerySet


class InRoom(Visible):
    """Base of what belongs to a room; whoever may enter the room sees it."""

    incident = models.ForeignKey(Incident, models.CASCADE)

    objects: ClassVar = RoomQuerySet.as_manager()

    class Meta:
        abstract = True


class KeptInRoom(InRoom):
    """Base of what an organisation may keep to itself although it stands in a shared room."""

    kept_by = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only for the organisation"),
    )

    objects: ClassVar = KeptQuerySet.as_manager()

    class Meta:
        abstract = True
