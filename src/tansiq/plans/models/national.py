"""The report of a nation on its plan: figures frozen edition by edition, words that are kept."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Person, Shared, Visible
from tansiq.access.querysets import SharedQuerySet
from tansiq.core.editing import Editable
from tansiq.plans.models.plans import Plan
from tansiq.plans.models.reports import Period


class NationalReportQuerySet(SharedQuerySet["NationalReport"]):
    pass


class ReportTextQuerySet(SharedQuerySet["ReportText"]):
    through = "report"


class EditionQuerySet(SharedQuerySet["Edition"]):
    through = "report"


class EditionFileQuerySet(SharedQuerySet["EditionFile"]):
    through = "edition__report"


class NationalReportStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("report of the nation", "being written")
    FINAL = "final", pgettext_lazy("report of the nation", "final")


class NationalReport(Shared, Editable):
    """What the body that owns a national plan says of a period, to those above and beside it."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="national_reports")
    period = models.OneToOneField(Period, models.PROTECT, related_name="national_report")
    status = models.CharField(
        max_length=5, choices=NationalReportStatus, default=NationalReportStatus.DRAFT
    )
    finalised_at = models.DateTimeField(null=True, blank=True)
    # Given when it is final; stands in the documents.
    receipt = models.CharField(max_length=20, blank=True)

    objects: ClassVar = NationalReportQuerySet.as_manager()

    class Meta:
        verbose_name_plural = _("Reports of the nation")

    def __str__(self) -> str:
        return f"{self.plan}, {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("plans:national", args=[self.pk])

    @property
    def is_final(self) -> bool:
        return self.status == NationalReportStatus.FINAL


class ReportText(Visible, Editable):
    """What a person wrote for one section, in one language. New figures leave it as it is."""

    report = models.ForeignKey(NationalReport, models.CASCADE, related_name="texts")
    section = models.CharField(max_length=20)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    text = models.TextField(_("text"), blank=True)
    written_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    objects: ClassVar = ReportTextQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["report", "section", "language"], name="report_text_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section} of {self.report_id} in {self.language}"


class Edition(Visible):
    """The figures as they stood at one moment; once closed, the words, too.

    Both are kept as canonical JSON, so that a document can be made again to the letter. The
    latest edition of a draft is open: its words are those of the report.
    """

    report = models.ForeignKey(NationalReport, models.CASCADE, related_name="editions")
    number = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    figures = models.TextField()
    sha256 = models.CharField(max_length=64)
    words = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    is_final = models.BooleanField(default=False)

    objects: ClassVar = EditionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["report", "number"], name="edition_once"),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=False) | models.Q(is_final=False),
                name="final_edition_is_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"edition {self.number} of {self.report_id}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class FileKind(models.TextChoices):
    PDF = "pdf", "PDF"
    WORD = "docx", "Word (DOCX)"


class FileState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("file", "being made")
    READY = "ready", pgettext_lazy("file", "ready")
    FAILED = "failed", pgettext_lazy("file", "could not be made")


class EditionFile(Visible):
    """A document of an edition in one language, made by a job and served through the gate."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="files")
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    kind = models.CharField(max_length=4, choices=FileKind)
    # Of what it was made from: another one means that the file is out of date.
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=7, choices=FileState, default=FileState.WAITING)
    file = models.FileField(upload_to="editions/%Y/%m/", blank=True)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = EditionFileQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["edition", "language", "kind"], name="edition_file_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.language} of edition {self.edition_id}"

    @property
    def is_ready(self) -> bool:
        return self.state == FileState.READY

    @property
    def has_failed(self) -> bool:
        return self.state == FileState.FAILED
