"""What goes round, in neutral words: never whose account said it, never a link to it."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Organisation, Place
from tansiq.core.editing import Editable
from tansiq.incidents.models.base import InRoom
from tansiq.incidents.querysets.desks import RumourQuerySet


class Harm(models.TextChoices):
    """What a rumour would do if people act on it; decides how soon it is looked at."""

    RETALIATION = "retaliation", pgettext_lazy("harm of a rumour", "retaliation or hate")
    OBSTRUCTS = "obstructs", pgettext_lazy("harm of a rumour", "gets in the way of responders")
    PANIC = "panic", pgettext_lazy("harm of a rumour", "panic")
    HEALTH = "health", pgettext_lazy("harm of a rumour", "harm to health")
    FRAUD = "fraud", pgettext_lazy("harm of a rumour", "false appeal for money or help")
    POLITICAL = "political", pgettext_lazy("harm of a rumour", "use for political ends")


class HeardIn(models.TextChoices):
    """Kinds of places where people say it; never which account, group or house."""

    STREET = "street", pgettext_lazy("where a rumour is heard", "street, market, transport")
    MEETING = "meeting", pgettext_lazy("where a rumour is heard", "community meetings")
    HELPLINE = "helpline", pgettext_lazy("where a rumour is heard", "callers of the helpline")
    CHATS = "chats", pgettext_lazy("where a rumour is heard", "chats, told by members")
    NETWORKS = "networks", pgettext_lazy("where a rumour is heard", "public posts online")
    BROADCAST = "broadcast", pgettext_lazy("where a rumour is heard", "radio and television")
    PRINT = "print", pgettext_lazy("where a rumour is heard", "leaflets and papers")
    SCHOOL = "school", pgettext_lazy("where a rumour is heard", "schools")
    OFFICE = "office", pgettext_lazy("where a rumour is heard", "public offices, responders")


class RumourStatus(models.TextChoices):
    NEW = "new", pgettext_lazy("rumour", "new")
    TRIAGED = "triaged", pgettext_lazy("rumour", "looked at")
    CHECKING = "checking", pgettext_lazy("rumour", "being checked")
    DECIDED = "decided", pgettext_lazy("rumour", "outcome known")
    CORRECTED = "corrected", pgettext_lazy("rumour", "answered in public")
    CLOSED = "closed", pgettext_lazy("rumour", "closed")


class Outcome(models.TextChoices):
    TRUE = "true", pgettext_lazy("rumour", "true")
    FALSE = "false", pgettext_lazy("rumour", "false")
    MISLEADING = "misleading", pgettext_lazy("rumour", "misleading")
    UNVERIFIABLE = "unverifiable", pgettext_lazy("rumour", "cannot be verified")


class Rumour(InRoom, Editable):
    """One claim, from when it was heard until it was answered in public."""

    claim = models.CharField(_("what is said"), max_length=300)
    language = models.CharField(_("written in"), max_length=8, choices=settings.LANGUAGES)
    heard_in = models.JSONField(_("where it is heard"), default=list)
    spoken = models.JSONField(_("in which languages"), default=list, blank=True)
    place = models.ForeignKey(
        Place, models.PROTECT, related_name="+", verbose_name=_("area"), null=True, blank=True
    )
    harm = models.CharField(_("what it could do"), max_length=12, choices=Harm)
    # How often somebody of the room heard it.
    times_heard = models.PositiveIntegerField(default=1)
    status = models.CharField(
        _("status"), max_length=10, choices=RumourStatus, default=RumourStatus.NEW
    )
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    # Who entered it, and for whom. Who decides the outcome is somebody else.
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # All on the room's clock.
    entered_at = models.DateTimeField()
    triage_due_at = models.DateTimeField()
    triaged_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # When the correction should be cleared, was cleared and by whom, and when it went out.
    clear_by = models.DateTimeField(null=True, blank=True)
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)
    released_through = models.CharField(_("how it went out"), max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_because = models.CharField(_("why it is closed"), max_length=300, blank=True)

    objects: ClassVar = RumourQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["incident", "status", "triage_due_at"], name="rumour_to_triage"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(released_at__isnull=True) | models.Q(cleared_at__isnull=False),
                name="rumour_released_when_cleared",
                violation_error_message=_("A correction goes out when it is cleared, not before."),
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=["decided", "corrected"]) | ~models.Q(outcome=""),
                name="rumour_decided_has_outcome",
            ),
        ]

    def __str__(self) -> str:
        return self.claim

    def get_absolute_url(self) -> str:
        return reverse("incidents:rumour", args=[self.incident_id, self.pk])

    @property
    def is_new(self) -> bool:
        return self.status == RumourStatus.NEW

    @property
    def is_closed(self) -> bool:
        return self.status == RumourStatus.CLOSED

    @property
    def is_answerable(self) -> bool:
        """Whether there is something to say in public: an outcome that is known."""
        return bool(self.outcome)

    @property
    def heard_labels(self) -> list[Any]:
        return [HeardIn(one).label for one in self.heard_in if one in HeardIn.values]


class RumourCheck(InRoom, Editable):
    """A question to somebody who can know: a role of the room, an organisation, or a body."""

    rumour = models.ForeignKey(Rumour, models.CASCADE, related_name="checks")
    # One of the three: a role of the playbook, an organisation here, or a body by its name.
    role = models.CharField(max_length=20, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    body = models.CharField(_("another body"), max_length=120, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    answer = models.CharField(_("answer"), max_length=12, choices=Outcome, blank=True)
    says = models.TextField(_("what they say"), validators=[MaxLengthValidator(1000)], blank=True)
    source = models.CharField(_("what it rests on"), max_length=300, blank=True)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=(
                    (~models.Q(role="") & models.Q(organisation__isnull=True, body=""))
                    | models.Q(role="", organisation__isnull=False, body="")
                    | (models.Q(role="", organisation__isnull=True) & ~models.Q(body=""))
                ),
                name="rumour_check_of_one",
            ),
        ]

    def __str__(self) -> str:
        return self.role or self.body or str(self.organisation)

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None


class Correction(InRoom, Editable):
    """What is said in public about a rumour, in one language."""

    rumour = models.ForeignKey(Rumour, models.CASCADE, related_name="corrections")
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    claim = models.CharField(_("what is said"), max_length=300)
    text = models.TextField(_("what is so"), validators=[MaxLengthValidator(1000)])
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["rumour", "language"], name="correction_once"),
        ]

    def __str__(self) -> str:
        return self.text
