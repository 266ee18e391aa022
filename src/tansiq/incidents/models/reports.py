from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Marking, Organisation, Visible
from tansiq.core.editing import Editable
from tansiq.incidents.models.base import InRoom
from tansiq.incidents.querysets.reports import (
    BriefQuerySet,
    ReportReceiptQuerySet,
    SituationReportQuerySet,
)


class ReportState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("situation report", "draft")
    SENT = "sent", pgettext_lazy("situation report", "signed and sent")


class ReportSection(models.TextChoices):
    """What a situation report says, in the order of METHANE and of ICS-209, in plain words."""

    SITUATION = "situation", pgettext_lazy("section of a report", "Situation")
    METHANE = "methane", pgettext_lazy("section of a report", "Place, hazards, access, services")
    ACTIONS = "actions", pgettext_lazy("section of a report", "Done and decided since the last one")
    NEEDS = "needs", pgettext_lazy("section of a report", "Needs, by count")
    RESOURCES = "resources", pgettext_lazy("section of a report", "People and means at work")
    COMMUNICATIONS = (
        "communications",
        pgettext_lazy("section of a report", "What the public was told"),
    )
    RUMOURS = "rumours", pgettext_lazy("section of a report", "Rumours")
    TENSION = "tension", pgettext_lazy("section of a report", "Tension")
    REQUESTS = "requests", pgettext_lazy("section of a report", "Support asked for")
    PRIORITIES = "priorities", pgettext_lazy("section of a report", "Next: late and due")


class CasualtyKind(models.TextChoices):
    KILLED = "killed", pgettext_lazy("number of", "killed")
    INJURED = "injured", pgettext_lazy("number of", "injured")
    MISSING = "missing", pgettext_lazy("number of", "missing")
    DISPLACED = "displaced", pgettext_lazy("number of", "displaced")


# RED goes to persons, never into a report.
REPORT_MARKINGS = [one for one in Marking.choices if one[0] not in {Marking.RED, Marking.CLEAR}]


class SituationReport(InRoom, Editable):
    """What an organisation of a room tells the other levels at a moment; once sent it is fixed.

    A correction is a new version of the same number; the earlier version stays readable.
    """

    number = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField(default=1)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    state = models.CharField(max_length=5, choices=ReportState, default=ReportState.DRAFT)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    marking = models.CharField(
        _("marking"), max_length=12, choices=REPORT_MARKINGS, default=Marking.AMBER
    )
    # Moments of the room's clock: what it covers.
    covers_from = models.DateTimeField()
    covers_until = models.DateTimeField()
    # The text of each section; and what the room offered for it, to see what the writer changed.
    sections = models.JSONField(default=dict)
    offered = models.JSONField(default=dict, blank=True)
    # One row a kind: {"kind": "injured", "count": 12, "source": "hospitals", "is_confirmed": True}.
    casualties = models.JSONField(default=list, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # A key of the playbook; kept when the person is not.
    signed_role = models.CharField(max_length=20, blank=True)
    # Signed by who wrote it, since nobody else who may sign was there; the report says so.
    is_signed_alone = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True, blank=True)
    recipients = models.ManyToManyField(Organisation, related_name="+", blank=True)

    objects: ClassVar = SituationReportQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["incident", "number", "version"], name="situation_report_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft", sent_at__isnull=True)
                | models.Q(state="sent", sent_at__isnull=False),
                name="situation_report_sent_with_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}.{self.version}"

    def get_absolute_url(self) -> str:
        return reverse("incidents:report", args=[self.incident_id, self.pk])

    @property
    def is_draft(self) -> bool:
        return self.state == ReportState.DRAFT

    @property
    def is_correction(self) -> bool:
        return self.version > 1

    @property
    def texts(self) -> list[tuple[str, str]]:
        """Return heading and text of each section that says something."""
        given: dict[str, Any] = self.sections
        return [(str(one.label), given[one.value]) for one in ReportSection if given.get(one.value)]


class ReportReceipt(Visible):
    """That an organisation says it has read a report. Of organisations, never of persons."""

    report = models.ForeignKey(SituationReport, models.CASCADE, related_name="receipts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects: ClassVar = ReportReceiptQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["report", "organisation"], name="report_read_once_an_organisation"
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class Brief(InRoom, Editable):
    """What the nation owes for a report: its own brief, by a time that both sides see."""

    report = models.OneToOneField(SituationReport, models.CASCADE, related_name="brief")
    owed_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    owed_to = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    # On the room's clock.
    due_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    text = models.TextField(_("brief"), blank=True)
    marking = models.CharField(
        _("marking"), max_length=12, choices=REPORT_MARKINGS, default=Marking.AMBER_STRICT
    )
    # What everybody in the room may read, such as the network of the city.
    cleared = models.TextField(_("cleared for everybody in the room"), blank=True)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES, blank=True)

    objects: ClassVar = BriefQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.owed_by} → {self.owed_to}"

    @property
    def is_given(self) -> bool:
        return self.given_at is not None

    @property
    def has_been_reminded(self) -> bool:
        return self.reminded_at is not None
