from typing import ClassVar

from django.conf import settings
from django.db import models

from tansiq.incidents.models.base import InRoom
from tansiq.incidents.querysets import PresenceQuerySet


class Presence(InRoom):
    """Somebody has the room open now. No history: it goes when they leave or fall silent."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # Really, not on the room's clock.
    seen_at = models.DateTimeField()

    objects: ClassVar = PresenceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["incident", "person"], name="presence_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["seen_at"], name="presence_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.incident_id}"
