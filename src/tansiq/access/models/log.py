from typing import ClassVar

from django.db import models

from tansiq.access.models.organisations import Organisation
from tansiq.access.models.people import Person
from tansiq.access.querysets import LogQuerySet, OwnQuerySet


class LogEntry(models.Model):
    """Who did what to which object, and when. Written once; each row seals the one before.

    The database itself refuses to change or delete a row (see the migration), and
    `tansiq audit verify` finds a row that was changed all the same. Rows hold numbers and
    codes, never names, so that they can be kept when a person leaves.
    """

    at = models.DateTimeField()
    # What was done ("plans.adopt"), exported ("export:plans.view") or refused ("refused:…").
    rule = models.CharField(max_length=80)
    target_kind = models.CharField(max_length=60)
    target_id = models.BigIntegerField(null=True)
    # Plain numbers, not foreign keys: an entry outlives what it speaks of.
    person_id = models.BigIntegerField(null=True)
    organisation = models.ForeignKey(
        Organisation, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    country_code = models.CharField(max_length=2, blank=True)
    system_reason = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)
    seal = models.CharField(max_length=64)

    objects: ClassVar = LogQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["target_kind", "target_id"], name="log_by_target"),
            models.Index(fields=["country_code", "at"], name="log_by_country"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} on {self.target_kind}:{self.target_id} (#{self.pk})"


class BreakGlass(models.Model):
    """An overseer opened one sealed thing for a short time, with a reason the owner is told."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    target_kind = models.CharField(max_length=60)
    target_id = models.BigIntegerField()
    reason = models.TextField()
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    objects: ClassVar = OwnQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.target_kind}:{self.target_id} open until {self.closes_at}"
