import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Organisation, Person, Place, Shared, Visible
from tansiq.core.editing import Editable
from tansiq.plans.models.plans import Plan
from tansiq.plans.querysets import (
    EvidenceQuerySet,
    PeriodQuerySet,
    RemarkQuerySet,
    ReminderQuerySet,
    ReportQuerySet,
)


class Period(Visible):
    """A stretch of time for which every place reports on a plan, and the day by which."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="periods")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    due_on = models.DateField(_("reports due"))

    objects: ClassVar = PeriodQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "starts_on"], name="period_once"),
            models.CheckConstraint(
                condition=models.Q(
                    ends_on__gte=models.F("starts_on"), due_on__gte=models.F("ends_on")
                ),
                name="period_in_order",
                violation_error_message=_("A period starts, ends, and then reports are due."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on:%Y-%m} – {self.ends_on:%Y-%m}"


class ReportStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("report", "being written")
    SUBMITTED = "submitted", pgettext_lazy("report", "sent")
    RETURNED = "returned", pgettext_lazy("report", "returned with a question")
    ACCEPTED = "accepted", pgettext_lazy("report", "accepted")


class Report(Shared, Editable):
    """What one place says about one period: figures, words, blockers; and the answer it gets."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="reports")
    place = models.ForeignKey(Place, models.PROTECT, related_name="reports")
    # The lead of the level above, to whom it goes and who owes the answer.
    addressee = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    status = models.CharField(max_length=10, choices=ReportStatus, default=ReportStatus.DRAFT)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    narrative = models.TextField(_("what was done and what changed"), blank=True)
    blockers = models.TextField(_("what stands in the way"), blank=True)
    wishes = models.TextField(_("what we need from the level above"), blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    # Given when it is sent; the place can quote it.
    receipt = models.CharField(max_length=20, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(_("answer to the place"), blank=True)
    answer_due_on = models.DateField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    # When the level above was last reminded of the answer it owes.
    reminded_at = models.DateTimeField(null=True, blank=True)
    # Which open page saved last, and whose: a page that saves itself must not stop at itself.
    pen = models.CharField(max_length=32, blank=True, editable=False)
    changed_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects: ClassVar = ReportQuerySet.as_manager()

    class Meta:
        verbose_name_plural = pgettext_lazy("menu", "Reports")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["period", "place"], name="report_once"),
            models.UniqueConstraint(
                fields=["receipt"], condition=~models.Q(receipt=""), name="receipt_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["addressee", "status"], name="report_inbox"),
        ]

    def __str__(self) -> str:
        return f"{self.place}, {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("plans:report", args=[self.pk])

    @property
    def is_locked(self) -> bool:
        """Whether its author can no longer change it: it is with the level above, or accepted."""
        return self.status in {ReportStatus.SUBMITTED, ReportStatus.ACCEPTED}

    @property
    def is_returned(self) -> bool:
        return self.status == ReportStatus.RETURNED

    def is_late_on(self, day: dt.date) -> bool:
        open_still = self.status in {ReportStatus.DRAFT, ReportStatus.RETURNED}
        return open_still and self.period.due_on < day

    def answer_is_late_on(self, day: dt.date) -> bool:
        if self.answer_due_on is None or self.answered_at is not None:
            return False
        return self.answer_due_on < day


class Reminder(Visible):
    """When a place was last reminded of the report it owes for a period."""

    period = models.ForeignKey(Period, models.CASCADE, related_name="reminders")
    place = models.ForeignKey(Place, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    objects: ClassVar = ReminderQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["period", "place"], name="reminder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} reminded of {self.period_id}"


class RemarkKind(models.TextChoices):
    QUESTION = "question", _("question")
    REPLY = "reply", _("reply")
    REOPENED = "reopened", _("reason for reopening")
    CORRECTION = "correction", _("correction")


class Remark(Visible):
    """One sentence in the talk between the place and the level above about a report."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="remarks")
    kind = models.CharField(max_length=10, choices=RemarkKind)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    text = models.TextField(_("text"))
    at = models.DateTimeField()

    objects: ClassVar = RemarkQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.kind} on {self.report_id}"


class Evidence(Visible):
    """A file that shows what a report says. Served through the gate, never as a public file."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="evidence")
    file = models.FileField(upload_to="evidence/%Y/%m/")
    name = models.CharField(_("name"), max_length=200)
    description = models.CharField(_("what it shows"), max_length=300)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()

    objects: ClassVar = EvidenceQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
