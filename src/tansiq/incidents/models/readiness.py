from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tansiq.access.models import Organisation
from tansiq.incidents.querysets.posts import ReadinessQuerySet


class ReadinessReview(models.Model):
    """A standing task of the playbook was done or looked at again. The rows are its history."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    # A key of the playbook.
    task = models.CharField(max_length=20)
    reviewed_on = models.DateField(_("done or looked at on"))
    evidence = models.CharField(_("where one sees it"), max_length=400, blank=True)
    note = models.CharField(_("note"), max_length=400, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()

    objects: ClassVar = ReadinessQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "task", "-reviewed_on"], name="review_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.reviewed_on}"
