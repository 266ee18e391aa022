from typing import ClassVar

from django.db import models

from tansiq.access.models import Person, Visible
from tansiq.plans.models.reports import Report
from tansiq.plans.querysets import ArrivalQuerySet


class Arrival(Visible):
    """What came in from a device that had been without a connection. Each key is taken once."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="arrivals")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    # Made on the device when the form was put away; the same for every attempt to deliver it.
    key = models.CharField(max_length=36, unique=True)
    has_sent = models.BooleanField()
    at = models.DateTimeField()

    objects: ClassVar = ArrivalQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.key} for {self.report_id}"
