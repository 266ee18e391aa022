from typing import ClassVar

from django.db import models

from tansiq.access.models.people import Person
from tansiq.access.querysets import OwnQuerySet


class Notice(models.Model):
    """Something a person should know. Kept as a code and facts; read in the reader's language."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    code = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    target_kind = models.CharField(max_length=60)
    target_id = models.BigIntegerField()
    url = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects: ClassVar = OwnQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person", "read_at", "-made_at"], name="notice_unread"),
            models.Index(fields=["target_kind", "target_id"], name="notice_by_target"),
        ]

    def __str__(self) -> str:
        return f"{self.code} for {self.person_id}"
