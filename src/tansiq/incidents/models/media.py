from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Organisation
from tansiq.core.editing import Editable
from tansiq.incidents.models.base import InRoom
from tansiq.incidents.querysets.statements import MediaRequestQuerySet, PressOfficeQuerySet

# Who speaks for a city unless it says otherwise, by role of the playbook.
APPROVERS = ("MAYOR", "COORD", "COMMS", "NATL", "LEGAL")


class PressOffice(Editable):
    """How an organisation speaks in public: its languages, who approves, whom the media ask."""

    owner = models.OneToOneField(Organisation, models.CASCADE, related_name="press_office")
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    languages = models.JSONField(
        _("languages of the city"),
        default=list,
        help_text=_("Each statement should come in all of them."),
    )
    approvals = models.PositiveSmallIntegerField(
        _("approvals that a statement needs"),
        default=2,
        validators=[MinValueValidator(2), MaxValueValidator(4)],
    )
    holding_approvals = models.PositiveSmallIntegerField(
        _("approvals that a holding text needs"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(4)],
        help_text=_("It was agreed beforehand, and only place, area, number and time are new."),
    )
    approver_roles = models.JSONField(_("roles that may approve"), default=list, blank=True)
    name = models.CharField(_("name of the press office"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail of the office"), blank=True)
    phone = models.CharField(_("telephone of the office"), max_length=40, blank=True)
    hours = models.CharField(_("when it can be reached"), max_length=120, blank=True)
    helpline = models.CharField(_("helpline"), max_length=60, blank=True)
    asks = models.TextField(
        _("what you ask of the media"),
        blank=True,
        help_text=_("Stands on the public page, above the checklist."),
    )
    # Since when everybody can read the page of the press office.
    published_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar = PressOfficeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(approvals__gte=2, approvals__lte=4)
                & models.Q(holding_approvals__gte=1, holding_approvals__lte=4),
                name="press_office_needs_approvals",
                violation_error_message=_("At least two persons approve a statement."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.owner)


class RecordKind(models.TextChoices):
    ON = "on", pgettext_lazy("what a newsroom may quote", "on the record")
    BACKGROUND = "background", pgettext_lazy("what a newsroom may quote", "background")
    OFF = "off", pgettext_lazy("what a newsroom may quote", "off the record")


class Clearance(models.TextChoices):
    NEEDED = "needed", pgettext_lazy("clearance", "asked, no answer yet")
    YES = "yes", pgettext_lazy("clearance", "yes")
    NO = "no", pgettext_lazy("clearance", "no")
    NOT_NEEDED = "not_needed", pgettext_lazy("clearance", "not needed")


class MediaState(models.TextChoices):
    OPEN = "open", pgettext_lazy("media request", "open")
    ANSWERED = "answered", pgettext_lazy("media request", "answered")
    DECLINED = "declined", pgettext_lazy("media request", "declined")


class MediaRequest(InRoom, Editable):
    """A question of a newsroom, and what must be settled before it is answered."""

    outlet = models.CharField(_("newsroom"), max_length=120)
    reach = models.CharField(
        _("how to answer"),
        max_length=160,
        blank=True,
        help_text=_("Number or address of the newsroom; not of a person."),
    )
    question = models.TextField(_("question"))
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    # On the room's clock.
    asked_at = models.DateTimeField(_("asked"))
    deadline = models.DateTimeField(_("deadline"), null=True, blank=True)
    record = models.CharField(
        _("may be quoted"), max_length=12, choices=RecordKind, default=RecordKind.ON
    )
    # The role that answers, a key of the playbook.
    role = models.CharField(_("who answers"), max_length=20, blank=True)
    police = models.CharField(
        _("cleared by the police"), max_length=12, choices=Clearance, default=Clearance.NEEDED
    )
    # Whether those concerned agree to an interview or a picture; never who they are.
    family = models.CharField(
        _("the family agrees"), max_length=12, choices=Clearance, default=Clearance.NOT_NEEDED
    )
    is_stigma_checked = models.BooleanField(
        _("nothing in the answer blames or exposes a group"), default=False
    )
    correction_path = models.CharField(
        _("how a mistake would be corrected"), max_length=200, blank=True
    )
    answer = models.TextField(_("answer"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=MediaState, default=MediaState.OPEN)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by: Any = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects: ClassVar = MediaRequestQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["incident", "state", "deadline"], name="media_most_pressing"),
        ]

    def __str__(self) -> str:
        return f"{self.outlet} #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("incidents:media_request", args=[self.incident_id, self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == MediaState.OPEN
