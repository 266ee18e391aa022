import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Place, Shared
from tansiq.core.editing import Editable
from tansiq.incidents.models.playbooks import PlaybookVersion
from tansiq.incidents.querysets import IncidentQuerySet

# Seconds of the room in one real second of an exercise: an hour in half a minute.
FASTEST = 120


class Trigger(models.TextChoices):
    """What makes a city activate its playbook; each brings a part of the tasks."""

    ATTACK_IN_CITY = "attack_in_city", _("attack in this city")
    ATTACK_ELSEWHERE = "attack_elsewhere_same_country", _("attack elsewhere in the country")
    ATTACK_ABROAD = (
        "attack_elsewhere_salient_community",
        _("attack elsewhere that touches a community here"),
    )
    HATE_INCIDENT = "hate_incident", _("hate incident")
    HOAX_OR_THREAT = "hoax_or_threat", _("threat or hoax")
    ANNIVERSARY = "anniversary_or_trial", _("anniversary or trial")
    EXERCISE = "exercise", _("exercise of the whole playbook")


class Level(models.TextChoices):
    WATCH = "watch", pgettext_lazy("level of activation", "watch: the leading roles only")
    PARTIAL = "partial", pgettext_lazy("level of activation", "partly: the roles that are needed")
    FULL = "full", pgettext_lazy("level of activation", "fully: everybody")


class IncidentStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("incident", "running")
    CLOSED = "closed", pgettext_lazy("incident", "closed")
    RETIRED = "retired", pgettext_lazy("incident", "retired")


class Incident(Shared, Editable):
    """One activation of a playbook, or one exercise of it, with its room and its clock."""

    place = models.ForeignKey(
        Place, models.PROTECT, related_name="incidents", verbose_name=_("place")
    )
    title = models.CharField(
        _("what happened, in a few words"),
        max_length=120,
        help_text=_("Without names of persons or groups, such as: explosion at the market."),
    )
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    trigger = models.CharField(_("what it is"), max_length=40, choices=Trigger)
    level = models.CharField(_("level"), max_length=8, choices=Level, default=Level.FULL)
    is_exercise = models.BooleanField(_("this is an exercise"), default=False)
    playbook = models.ForeignKey(
        PlaybookVersion, models.PROTECT, related_name="incidents", verbose_name=_("playbook")
    )
    # Whose clock people there read, such as Asia/Manila.
    time_zone = models.CharField(_("time zone"), max_length=40, default="UTC")
    status = models.CharField(
        _("status"), max_length=8, choices=IncidentStatus, default=IncidentStatus.OPEN
    )
    # T0, and like every moment that people of the room see, on the room's own clock.
    began_at = models.DateTimeField(_("began at"))
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The rest of M/ETHANE; major incident and type are `level` and `trigger`.
    exact_location = models.CharField(_("exact location"), max_length=200, blank=True)
    hazards = models.CharField(_("hazards"), max_length=400, blank=True)
    access = models.CharField(_("access and routes"), max_length=400, blank=True)
    casualties = models.CharField(
        _("number of casualties"),
        max_length=200,
        blank=True,
        help_text=_("Numbers only, with their source; never a name."),
    )
    services = models.CharField(_("emergency services on site"), max_length=400, blank=True)
    # The clock: at `clock_real` the room showed `clock_room`, and `clock_speed` seconds of the
    # room pass in each real second. 0 stands still. A real incident runs on real time.
    clock_real = models.DateTimeField(editable=False)
    clock_room = models.DateTimeField(editable=False)
    clock_speed = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name_plural = pgettext_lazy("menu", "Incidents")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["owner", "status"], name="incident_by_owner"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(is_exercise=True)
                | models.Q(clock_speed=1, clock_room=models.F("clock_real")),
                name="incident_real_clock",
                violation_error_message=_("Only the clock of an exercise can be moved."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("incidents:room", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status == IncidentStatus.OPEN

    @property
    def is_retired(self) -> bool:
        return self.status == IncidentStatus.RETIRED

    @property
    def channel(self) -> str:
        """The channel of live events that pages of this room follow."""
        return f"room:{self.pk}"

    @property
    def stands_still(self) -> bool:
        """Whether the clock of this exercise is stopped."""
        return self.clock_speed == 0

    def room_time(self, at: dt.datetime) -> dt.datetime:
        """Return what the room's clock shows at this real moment."""
        return self.clock_room + (at - self.clock_real) * self.clock_speed

    def since_start(self, at: dt.datetime) -> dt.timedelta:
        """Return how long ago the incident began, on the room's clock; negative before it."""
        return self.room_time(at) - self.began_at
