import datetime as dt
import uuid
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Organisation, Visible
from tansiq.core.editing import Editable
from tansiq.incidents.cap.values import Certainty, Kind, Scope, Severity, Status, Urgency
from tansiq.incidents.models.base import InRoom
from tansiq.incidents.models.channels import Outgoing
from tansiq.incidents.querysets.alerts import AlertQuerySet, AlertTextQuerySet


class AlertState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("state of an alert", "draft")
    WAITING = "waiting", pgettext_lazy("state of an alert", "waiting for the second signature")
    SENT = "sent", pgettext_lazy("state of an alert", "sent")
    DROPPED = "dropped", pgettext_lazy("state of an alert", "dropped")


class Alert(InRoom, Editable):
    """A message by CAP 1.2: drafted by one body of the room, co-signed by a second person, sent.

    All that is no text is kept once, so that the languages cannot differ in it. What was sent
    stands in `content`, word for word, and never changes; an update is a message of its own.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # A copy of the incident's, so that the database itself refuses a real alert of an exercise.
    is_exercise = models.BooleanField(editable=False)
    state = models.CharField(max_length=8, choices=AlertState, default=AlertState.DRAFT)
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.ALERT)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="successors"
    )
    status = models.CharField(_("in earnest?"), max_length=8, choices=Status)
    scope = models.CharField(_("for whom"), max_length=10, choices=Scope, default=Scope.RESTRICTED)
    restriction = models.CharField(
        _("the restriction"),
        max_length=200,
        blank=True,
        help_text=_("Such as: authorities and emergency services."),
    )
    categories = models.JSONField(_("kind of danger"), default=list)
    responses = models.JSONField(_("what people should do"), default=list, blank=True)
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity)
    certainty = models.CharField(_("certainty"), max_length=10, choices=Certainty)
    # On the room's clock, like every moment here.
    onset_at = models.DateTimeField(_("danger begins"), null=True, blank=True)
    expires_at = models.DateTimeField(_("holds until"), null=True, blank=True)
    circle = models.CharField(_("circle"), max_length=80, blank=True)
    polygon = models.TextField(_("outline"), blank=True)
    web = models.CharField(_("page with more"), max_length=300, blank=True)
    contact = models.CharField(
        _("whom to ask"),
        max_length=200,
        blank=True,
        help_text=_("An office and its number; no name of a person."),
    )
    note = models.CharField(max_length=400, blank=True)
    # Who speaks, and who must agree.
    drafter = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    cosigner = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("who signs second")
    )
    answer_minutes = models.PositiveSmallIntegerField(
        _("minutes to sign"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(1440)],
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(null=True, editable=False)
    answer_by = models.DateTimeField(null=True, editable=False)
    cosigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Why it came back: the words of who returned it, or that the time ran out.
    returned = models.CharField(max_length=400, blank=True)
    has_lapsed = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    content = models.TextField(blank=True, editable=False)
    outgoing = models.ForeignKey(
        Outgoing, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects: ClassVar = AlertQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(is_exercise=False) | models.Q(status=Status.EXERCISE),
                name="alert_of_exercise_says_so",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sent")
                | (models.Q(sent_at__isnull=False, outgoing__isnull=False) & ~models.Q(content="")),
                name="alert_sent_with_content",
            ),
            models.CheckConstraint(
                condition=models.Q(state="waiting", answer_by__isnull=False)
                | ~models.Q(state="waiting"),
                name="alert_waits_with_an_end",
            ),
            models.UniqueConstraint(
                fields=["replaces"],
                condition=models.Q(state="sent"),
                name="alert_replaced_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "-sent_at"], name="alert_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    def get_absolute_url(self) -> str:
        return reverse("incidents:alert", args=[self.incident_id, self.pk])

    @property
    def is_draft(self) -> bool:
        return self.state == AlertState.DRAFT

    @property
    def is_waiting(self) -> bool:
        return self.state == AlertState.WAITING

    @property
    def is_sent(self) -> bool:
        return self.state == AlertState.SENT

    @property
    def is_cancellation(self) -> bool:
        return self.kind == Kind.CANCEL

    @property
    def is_for_everybody(self) -> bool:
        """Whether it may stand in the public feed once it was sent."""
        is_meant = self.status == Status.ACTUAL and self.scope == Scope.PUBLIC
        return is_meant and not self.is_exercise

    def is_over(self, moment: dt.datetime) -> bool:
        """Return whether its time has run out at this moment of the room's clock."""
        return self.expires_at is not None and self.expires_at <= moment


class AlertText(Visible):
    """What an alert says in one language."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    event = models.CharField(_("what it is about"), max_length=120)
    headline = models.CharField(_("headline"), max_length=160)
    description = models.TextField(_("what happened"), max_length=2000, blank=True)
    instruction = models.TextField(_("what to do"), max_length=2000, blank=True)
    area = models.CharField(_("where"), max_length=200)

    objects: ClassVar = AlertTextQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["alert", "language"], name="alert_language_once"),
        ]

    def __str__(self) -> str:
        return self.headline
