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


class Schedule(models.Model):
    """When a periodic job is due next; see `core/schedules.py`."""

    name = models.CharField(max_length=100, unique=True)
    every = models.DurationField()
    next_run_at = models.DateTimeField(db_index=True)
    last_run_at = models.DateTimeField(null=True)
    # What the job said, or why it failed; a sentence for the operator.
    last_result = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.name} every {self.every}"


class Heartbeat(models.Model):
    """The last sign of life of a process that runs jobs."""

    worker = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.worker} at {self.at}"


class LiveEvent(models.Model):
    """Something that open pages should hear of at once; kept a day, so that nobody misses it.

    `data` holds numbers and codes, never words: a page asks for the content itself, and the
    gate decides then who may read it.
    """

    channel = models.CharField(max_length=80)
    name = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["channel", "id"], name="live_by_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.name} on {self.channel} (#{self.pk})"
