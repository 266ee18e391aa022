import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import OrganisationKind, Place, Shared, Visible
from tansiq.core.editing import Editable
from tansiq.plans.factors import codes_of
from tansiq.plans.models.voices import Voice
from tansiq.plans.querysets import (
    AskedQuerySet,
    FactorQuerySet,
    MechanismQuerySet,
    PictureQuerySet,
)


class PictureStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("picture", "being drawn")
    AGREED = "agreed", pgettext_lazy("picture", "agreed")
    SUPERSEDED = "superseded", pgettext_lazy("picture", "replaced by a later one")


class Picture(Shared, Editable):
    """What drives violence in a place during a period, and what holds against it.

    Conditions of a place from a closed list, never persons or groups. The owner is the body
    that leads the place.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="pictures")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    status = models.CharField(max_length=10, choices=PictureStatus, default=PictureStatus.DRAFT)
    # By then it is looked at again, or removed: nothing here is kept without an end.
    review_on = models.DateField(_("looked at again or removed by"))
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True, editable=False)
    # The kinds of actors that were in the room when it was agreed; see `Voice`.
    took_part = models.JSONField(_("who took part"), default=list, blank=True)

    objects: ClassVar = PictureQuerySet.as_manager()

    class Meta:
        verbose_name_plural = pgettext_lazy("menu", "Threat and resilience pictures")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["place", "starts_on"],
                name="picture_once",
                violation_error_message=_("There is a picture that begins on this day already."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="picture_ends_after_start",
                violation_error_message=_("The period ends before it starts."),
            ),
            models.CheckConstraint(
                condition=models.Q(review_on__gte=models.F("ends_on")),
                name="picture_review_after_end",
                violation_error_message=_("Look at it again after the period, not within it."),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["place", "status", "-starts_on"], name="picture_by_place"),
        ]

    def __str__(self) -> str:
        return f"{self.place}, {self.starts_on:%Y-%m} – {self.ends_on:%Y-%m}"

    def get_absolute_url(self) -> str:
        return reverse("plans:picture", args=[self.place.code, self.pk])

    @property
    def is_draft(self) -> bool:
        return self.status == PictureStatus.DRAFT

    @property
    def is_superseded(self) -> bool:
        return self.status == PictureStatus.SUPERSEDED

    def is_old_on(self, day: dt.date) -> bool:
        """Whether it is older than a year, or past the day by which it is looked at again."""
        agreed = self.agreed_on
        return agreed is not None and (agreed < day - _YEAR or self.review_on < day)


_YEAR = dt.timedelta(days=365)


class FactorKind(models.TextChoices):
    DRIVER = "driver", _("what drives: push and pull factors")
    RISK = "risk", _("what makes it more likely or worse: risk factors")
    RESILIENCE = "resilience", _("what holds against it: resilience")


class Level(models.TextChoices):
    LOW = "low", pgettext_lazy("level of a factor", "low")
    MODERATE = "moderate", pgettext_lazy("level of a factor", "moderate")
    HIGH = "high", pgettext_lazy("level of a factor", "high")
    VERY_HIGH = "very_high", pgettext_lazy("level of a factor", "very high")


class Trend(models.TextChoices):
    FALLING = "falling", pgettext_lazy("trend of a factor", "falling")
    STEADY = "steady", pgettext_lazy("trend of a factor", "steady")
    RISING = "rising", pgettext_lazy("trend of a factor", "rising")
    UNKNOWN = "unknown", pgettext_lazy("trend of a factor", "not known")


class Confidence(models.TextChoices):
    LOW = "low", pgettext_lazy("confidence", "low")
    MEDIUM = "medium", pgettext_lazy("confidence", "medium")
    HIGH = "high", pgettext_lazy("confidence", "high")


class RestsOn(models.TextChoices):
    EXPERIENCED = "experienced", pgettext_lazy("basis of a factor", "experienced")
    EVIDENCED = "evidenced", pgettext_lazy("basis of a factor", "evidenced")
    POTENTIAL = "potential", pgettext_lazy("basis of a factor", "potential")


class Factor(Visible, Editable):
    """One condition of the place: how strong, which way it moves, how sure we are and why."""

    picture = models.ForeignKey(Picture, models.CASCADE, related_name="factors")
    kind = models.CharField(max_length=10, choices=FactorKind)
    # From the closed list in data/factors.toml; the database refuses anything else.
    code = models.CharField(max_length=20)
    level = models.CharField(_("how strong"), max_length=10, choices=Level)
    trend = models.CharField(
        _("which way it moves"), max_length=8, choices=Trend, default=Trend.UNKNOWN
    )
    confidence = models.CharField(_("how sure we are"), max_length=6, choices=Confidence)
    basis = models.CharField(_("what it rests on"), max_length=11, choices=RestsOn)
    source = models.CharField(_("source"), max_length=300, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)

    objects: ClassVar = FactorQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["picture", "code"],
                name="factor_once",
                violation_error_message=_("This stands in the picture already."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind="driver", code__in=codes_of("driver"))
                | models.Q(kind="risk", code__in=codes_of("risk"))
                | models.Q(kind="resilience", code__in=codes_of("resilience")),
                name="factor_of_the_list",
                violation_error_message=_("Choose from the list; it is closed on purpose."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.level}"

    @property
    def is_resilience(self) -> bool:
        return self.kind == FactorKind.RESILIENCE


class Asked(Visible):
    """A kind of actor that was asked about a factor. This is what counts as its voice."""

    factor = models.ForeignKey(Factor, models.CASCADE, related_name="asked")
    voice = models.CharField(max_length=14, choices=Voice)

    objects: ClassVar = AskedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["factor", "voice"], name="asked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.voice} on {self.factor_id}"


class Works(models.TextChoices):
    WELL = "well", pgettext_lazy("how a mechanism works", "works well")
    PARTLY = "partly", pgettext_lazy("how a mechanism works", "works in part")
    HARDLY = "hardly", pgettext_lazy("how a mechanism works", "hardly works")
    UNKNOWN = "unknown", pgettext_lazy("how a mechanism works", "not known")


class Mechanism(Visible, Editable):
    """What exists already and answers a factor: a forum, a service, a line to call."""

    factor = models.ForeignKey(Factor, models.CASCADE, related_name="mechanisms")
    name = models.CharField(_("what exists"), max_length=160)
    body_kind = models.CharField(_("kind of body"), max_length=20, choices=OrganisationKind)
    works = models.CharField(_("how well it works"), max_length=8, choices=Works)
    hands = models.CharField(_("in whose hands"), max_length=160, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)

    objects: ClassVar = MechanismQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
