"""Workbooks on their way out and back: kept for the person they are for, and not for long."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Organisation, Visible
from tansiq.plans.models.plans import Plan
from tansiq.plans.models.reports import Period, Report
from tansiq.plans.querysets import WorkbookQuerySet


class WorkbookState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("workbook", "waiting")
    WORKING = "working", pgettext_lazy("workbook", "being worked on")
    READY = "ready", pgettext_lazy("workbook", "ready")
    TAKEN = "taken", pgettext_lazy("workbook", "saved")
    FAILED = "failed", pgettext_lazy("workbook", "failed")


class WorkbookWay(models.TextChoices):
    OUT = "out", pgettext_lazy("workbook", "taken out")
    IN = "in", pgettext_lazy("workbook", "sent in")


class Workbook(Visible):
    """A workbook being made for somebody, or what somebody's workbook would change.

    Of one that is sent in, only the changed cells are kept, not the file.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    way = models.CharField(max_length=3, choices=WorkbookWay)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="+")
    period = models.ForeignKey(Period, models.CASCADE, null=True, related_name="+")
    report = models.ForeignKey(Report, models.CASCADE, null=True, related_name="+")
    # Of a workbook of all places: the organisation to which they report.
    lead = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+")
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    # Which form: the workbook itself, or an export profile as a table.
    form = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=8, choices=WorkbookState, default=WorkbookState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    name = models.CharField(_("name"), max_length=200)
    file = models.FileField(upload_to="workbooks/%Y/%m/", blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    # What the file says: changed cells, new rows, problems; or what was done with it.
    content = models.JSONField(default=dict, blank=True)
    said = models.TextField(blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    objects: ClassVar = WorkbookQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def is_waited_for(self) -> bool:
        return self.state in {WorkbookState.WAITING, WorkbookState.WORKING}

    @property
    def is_ready(self) -> bool:
        return self.state == WorkbookState.READY

    @property
    def is_taken(self) -> bool:
        return self.state == WorkbookState.TAKEN

    @property
    def is_out(self) -> bool:
        return self.way == WorkbookWay.OUT
