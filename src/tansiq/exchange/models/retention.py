"""What was deleted, with proof; what must not be deleted yet, and why."""

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Marking, Organisation
from tansiq.exchange.models.items import Item, ItemKind
from tansiq.exchange.querysets.retention import HoldQuerySet, ProofQuerySet


class HoldKind(models.TextChoices):
    OWNER = "owner", pgettext_lazy("why something is held", "by its sender")
    INCIDENT = "incident", pgettext_lazy("why something is held", "for an incident")
    COMPLAINT = "complaint", pgettext_lazy("why something is held", "for a complaint")


class Hold(models.Model):
    """An item that is not deleted yet, though its time is over. Recipients still do not read it."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="holds")
    # The sender of the item: it decides, with the recipients, who sees the hold.
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    # Who asked for it.
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=HoldKind)
    # Of a hold for an incident: which one. A number, since incidents stand above the exchange.
    incident_number = models.BigIntegerField(null=True, blank=True)
    reason = models.CharField(_("why"), max_length=300)
    until = models.DateField(_("until"))
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)
    # When the body that holds was last told that the hold is about to end.
    reminded_on = models.DateField(null=True, blank=True)

    objects: ClassVar = HoldQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["item", "until"],
                condition=models.Q(released_at__isnull=True),
                name="hold_in_force",
            ),
            models.Index(fields=["owner", "until"], name="hold_by_owner"),
        ]

    def __str__(self) -> str:
        return f"hold on {self.item_id} until {self.until}"

    def get_absolute_url(self) -> str:
        return reverse("exchange:hold", args=[self.pk])

    def is_in_force(self, day: dt.date) -> bool:
        return self.released_at is None and self.until >= day


class PurgeKind(models.TextChoices):
    CONTENT = "content", pgettext_lazy("what was deleted", "words, answers and files")
    DRAFT = "draft", pgettext_lazy("what was deleted", "a draft that was never sent")
    ENVELOPE = "envelope", pgettext_lazy("what was deleted", "what had been kept for the figures")


class Purge(models.Model):
    """The proof that something was deleted: what, how many rows, when, by which run.

    It outlives the item, so it keeps the number of the item beside the link. `digest` is keyed (see
    `actions.purging.digest_of`), so that nobody finds short words by guessing.
    """

    item = models.ForeignKey(
        Item, models.SET_NULL, null=True, blank=True, related_name="purges", db_constraint=False
    )
    item_number = models.BigIntegerField(null=True, blank=True)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    what = models.CharField(_("what was deleted"), max_length=8, choices=PurgeKind)
    kind = models.CharField(max_length=12, choices=ItemKind, blank=True)
    marking = models.CharField(max_length=12, choices=Marking, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    expired_on = models.DateField(null=True, blank=True)
    # How many rows of each table there were, and are since: {"replies": [3, 0]}.
    counts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    digest = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    # All that one run of the job deleted has the same.
    run = models.UUIDField()
    # The seal of the entry in the log that was written in the same transaction.
    seal = models.CharField(max_length=64)

    objects: ClassVar = ProofQuerySet.as_manager()

    class Meta:
        verbose_name_plural = pgettext_lazy("menu", "Deleted")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["item_number"],
                condition=models.Q(what__in=["content", "draft"]),
                name="purged_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["owner", "-at", "-id"], name="purge_by_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.what} of {self.item_number} at {self.at}"

    def get_absolute_url(self) -> str:
        return reverse("exchange:purge", args=[self.pk])

    @property
    def rows_deleted(self) -> int:
        return sum(before - after for before, after in self.counts.values())


class LeftFile(models.Model):
    """A file whose row is gone and which is to be taken from the storage, now or by a later run."""

    name = models.CharField(max_length=300, unique=True)
    noted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"file to delete since {self.noted_at}"
