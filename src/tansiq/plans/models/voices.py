from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import OrganisationKind, Place, Shared, Visible
from tansiq.core.editing import Editable
from tansiq.plans.models.plans import Plan
from tansiq.plans.querysets import AttendanceQuerySet, ConsultationQuerySet


class Voice(models.TextChoices):
    """The kinds of actors whose say is counted. Kinds of bodies, never kinds of people."""

    ELECTED = "elected", pgettext_lazy("kind of actor", "elected leaders")
    ADMINISTRATION = "administration", pgettext_lazy("kind of actor", "civil administration")
    SECURITY = "security", pgettext_lazy("kind of actor", "security")
    CIVIL_SOCIETY = "civil_society", pgettext_lazy("kind of actor", "civil society")
    RELIGIOUS = "religious", pgettext_lazy("kind of actor", "religious leaders")
    WOMEN = "women", pgettext_lazy("kind of actor", "women's groups")
    YOUTH = "youth", pgettext_lazy("kind of actor", "youth groups")
    SERVICES = "services", pgettext_lazy("kind of actor", "schools and health services")
    PRIVATE = "private", pgettext_lazy("kind of actor", "private sector")
    OTHER = "other", pgettext_lazy("kind of actor", "others")


# As whose voice the input of an organisation counts. A city government is administration: who is
# elected speaks through an office of its own, or is present at a consultation.
VOICE_OF: dict[str, Voice] = {
    OrganisationKind.ELECTED: Voice.ELECTED,
    OrganisationKind.NATIONAL_BODY: Voice.ADMINISTRATION,
    OrganisationKind.MINISTRY: Voice.ADMINISTRATION,
    OrganisationKind.PROVINCE: Voice.ADMINISTRATION,
    OrganisationKind.CITY: Voice.ADMINISTRATION,
    OrganisationKind.VILLAGE: Voice.ADMINISTRATION,
    OrganisationKind.POLICE: Voice.SECURITY,
    OrganisationKind.SECURITY: Voice.SECURITY,
    OrganisationKind.CIVIL_SOCIETY: Voice.CIVIL_SOCIETY,
    OrganisationKind.RELIGIOUS: Voice.RELIGIOUS,
    OrganisationKind.WOMEN: Voice.WOMEN,
    OrganisationKind.YOUTH: Voice.YOUTH,
    OrganisationKind.SCHOOL: Voice.SERVICES,
    OrganisationKind.HEALTH: Voice.SERVICES,
    OrganisationKind.PRIVATE: Voice.PRIVATE,
    OrganisationKind.MEDIA: Voice.OTHER,
    OrganisationKind.HUB: Voice.OTHER,
    OrganisationKind.OVERSIGHT: Voice.OTHER,
}


class Consultation(Shared, Editable):
    """A meeting at which bodies were heard: who was there by kind, what was said, what it changed.

    Counts only; there is no field for a name.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("where"))
    plan = models.ForeignKey(
        Plan,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="consultations",
        verbose_name=_("plan it was about"),
    )
    held_on = models.DateField(_("held on"))
    about = models.CharField(_("about what"), max_length=200)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    said = models.TextField(_("what was said"))
    changed = models.TextField(_("what changed because of it"), blank=True)
    feedback_on = models.DateField(_("those present were told on"), null=True, blank=True)

    objects: ClassVar = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name_plural = pgettext_lazy("menu", "Consultations")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(feedback_on__isnull=True)
                | models.Q(feedback_on__gte=models.F("held_on")),
                name="consultation_feedback_after",
                violation_error_message=_("They cannot be told before it was held."),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["place", "-held_on", "-id"], name="consultation_by_place"),
        ]

    def __str__(self) -> str:
        return self.about

    def get_absolute_url(self) -> str:
        return reverse("plans:consultation", args=[self.pk])


class Attendance(Visible):
    """How many persons of one kind of actor were present."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="present")
    voice = models.CharField(_("kind of actor"), max_length=14, choices=Voice)
    persons = models.PositiveIntegerField(_("persons"))

    objects: ClassVar = AttendanceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["consultation", "voice"], name="attendance_once"),
            models.CheckConstraint(
                condition=models.Q(persons__gte=1), name="attendance_of_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.persons} × {self.voice}"
