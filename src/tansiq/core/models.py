from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class TranslationStatus(models.TextChoices):
    MACHINE = "machine", _("machine translation")
    TEAM = "team", _("translated, not reviewed by a native speaker")
    REVIEWED = "reviewed", _("reviewed")


class Translation(models.Model):
    """One text in one more language, found by the text itself.

    A copy of a text (a national action carried down to 514 cities) is translated with it, and a
    text that is changed has no translation any more, instead of a wrong one.
    """

    source_hash = models.CharField(max_length=32)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    text = models.TextField()
    status = models.CharField(max_length=10, choices=TranslationStatus)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source_hash", "language"], name="translation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source_hash} in {self.language}"


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


class SearchEntry(models.Model):
    """What the search knows of one object in one language: words, never shown to anybody.

    Who may see the object is asked when it is found. The full-text index over this table is
    made in a migration, for each database in its own way.
    """

    kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    language = models.CharField(max_length=8)
    title_words = models.TextField()
    words = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["kind", "object_id", "language"], name="search_entry_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.object_id} in {self.language}"
