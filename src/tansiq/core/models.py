from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class TranslationStatus(models.TextChoices):
    MACHINE = "machine", _("machine translation")
    TEAM = "team", _("translated, not reviewed by a native speaker")
    REVIEWED = "reviewed", _("reviewed")


class Translation(models.Model):
    """One text of one object in one more language. The original stays in the object itself."""

    kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    field = models.CharField(max_length=40)
    language = models.CharField(max_length=8)
    text = models.TextField()
    status = models.CharField(max_length=10, choices=TranslationStatus)
    # Of the original at the time of translating: when it differs now, the translation is stale.
    source_hash = models.CharField(max_length=16)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["kind", "object_id", "field", "language"], name="translation_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.object_id}.{self.field} in {self.language}"
