from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tansiq.access.models import Shared, Visible
from tansiq.core.editing import Editable
from tansiq.incidents.cap.values import Kind, Scope, Status
from tansiq.incidents.querysets.alerts import ReceivedQuerySet, ReferenceQuerySet


class AlertSource(Shared, Editable):
    """Where alerts come from: a feed of another system; without an address, files by hand."""

    name = models.CharField(_("name"), max_length=120)
    address = models.CharField(
        _("address of the feed"),
        max_length=400,
        blank=True,
        help_text=_("Of an Atom or RSS list of CAP alerts, or of a single CAP file."),
    )
    certificate = models.TextField(
        _("certificate"),
        blank=True,
        max_length=20_000,
        help_text=_(
            "If this source signs its alerts: its certificate, as text that begins with BEGIN "
            "CERTIFICATE. Alerts without that signature are then refused."
        ),
    )
    is_active = models.BooleanField(_("fetch it every few minutes"), default=True)
    fetched_at = models.DateTimeField(null=True, editable=False)
    etag = models.CharField(max_length=200, blank=True, editable=False)
    problem = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["owner", "address"],
                name="alert_source_once",
                violation_error_message=_("You already fetch alerts from this address."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("incidents:alert_source", args=[self.pk])

    @property
    def is_by_hand(self) -> bool:
        return not self.address


class ReceivedAlert(Visible):
    """An alert of somebody else, as it came; it is shown, never sent on in our name."""

    source = models.ForeignKey(AlertSource, models.CASCADE, related_name="received")
    identifier = models.CharField(max_length=400)
    sender = models.CharField(max_length=400)
    sent_at = models.DateTimeField()
    status = models.CharField(max_length=8, choices=Status)
    kind = models.CharField(max_length=6, choices=Kind)
    scope = models.CharField(max_length=10, choices=Scope)
    # Of the first language, for lists; the whole message stands in `content`.
    headline = models.CharField(max_length=400, blank=True)
    languages = models.JSONField(default=list, blank=True)
    severity = models.CharField(max_length=10, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    is_signed = models.BooleanField(default=False)
    replaced_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replaces"
    )
    came_from = models.CharField(max_length=400, blank=True)
    received_at = models.DateTimeField()
    content = models.TextField()

    objects: ClassVar = ReceivedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["source", "identifier", "sender", "sent_at"], name="received_alert_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["source", "-sent_at"], name="received_latest"),
            models.Index(fields=["came_from"], name="received_from"),
        ]

    def __str__(self) -> str:
        return self.headline or self.identifier

    def get_absolute_url(self) -> str:
        return reverse("incidents:received_alert", args=[self.pk])


class ReceivedReference(Visible):
    """Which earlier message an alert that came in is about; that one may arrive later."""

    received = models.ForeignKey(ReceivedAlert, models.CASCADE, related_name="references")
    identifier = models.CharField(max_length=400)
    sender = models.CharField(max_length=400)
    sent_at = models.DateTimeField()

    objects: ClassVar = ReferenceQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["identifier"], name="reference_to"),
        ]

    def __str__(self) -> str:
        return self.identifier


class RefusedAlert(Visible):
    """That a file was refused, and why; the file itself is not kept."""

    source = models.ForeignKey(AlertSource, models.CASCADE, related_name="refused")
    reason = models.CharField(max_length=600)
    came_from = models.CharField(max_length=400, blank=True)
    fingerprint = models.CharField(max_length=64)
    refused_at = models.DateTimeField()

    objects: ClassVar = ReceivedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "fingerprint"], name="refused_alert_once"),
        ]

    def __str__(self) -> str:
        return self.reason
