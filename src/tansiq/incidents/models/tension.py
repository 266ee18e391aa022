"""How tense an area is, and how many hate incidents there were: by group level and day only."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Organisation, Place
from tansiq.incidents.models.base import InRoom, KeptInRoom


class TensionBasis(models.TextChoices):
    EXPERIENCED = "experienced", pgettext_lazy("basis of a reading", "people say they feel it")
    EVIDENCED = "evidenced", pgettext_lazy("basis of a reading", "something happened that shows it")
    POTENTIAL = "potential", pgettext_lazy("basis of a reading", "something ahead may bring it")


class TensionLevel(models.IntegerChoices):
    CALM = 0, pgettext_lazy("level of tension", "calm")
    UNEASY = 1, pgettext_lazy("level of tension", "uneasy")
    TENSE = 2, pgettext_lazy("level of tension", "tense")
    CLOSE = 3, pgettext_lazy("level of tension", "close to violence")
    VIOLENT = 4, pgettext_lazy("level of tension", "violence")


class Domain(models.TextChoices):
    """Between what sort of groups; never which group."""

    FAITH = "faith", pgettext_lazy("domain of tension", "faith")
    ETHNICITY = "ethnicity", pgettext_lazy("domain of tension", "ethnicity")
    MIGRANTS = "migrants", pgettext_lazy("domain of tension", "nationality and migrants")
    GENDER = "gender", pgettext_lazy("domain of tension", "gender and LGBTQI+")
    DISABILITY = "disability", pgettext_lazy("domain of tension", "disability")
    POLITICAL = "political", pgettext_lazy("domain of tension", "politics")
    OTHER = "other", pgettext_lazy("domain of tension", "something else")


class Confidence(models.TextChoices):
    LOW = "low", pgettext_lazy("confidence", "low")
    MEDIUM = "medium", pgettext_lazy("confidence", "medium")
    HIGH = "high", pgettext_lazy("confidence", "high")


class TensionReading(KeptInRoom):
    """What an organisation saw in an area on a day. It is withdrawn, never overwritten."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("area"))
    on = models.DateField(_("day"))
    basis = models.CharField(_("what it rests on"), max_length=11, choices=TensionBasis)
    level = models.PositiveSmallIntegerField(_("how tense"), choices=TensionLevel)
    domain = models.CharField(_("about what"), max_length=10, choices=Domain)
    seen = models.TextField(_("what we saw"), validators=[MaxLengthValidator(600)], blank=True)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    confidence = models.CharField(_("how sure we are"), max_length=6, choices=Confidence)
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # On the room's clock.
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(_("why"), max_length=200, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["incident", "place", "on"], name="tension_by_area"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(level__gte=0, level__lte=4), name="tension_level_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.on}: {self.level}"


class HateKind(models.TextChoices):
    INSULT = "insult", pgettext_lazy("kind of hate incident", "insult or threat")
    ONLINE = "online", pgettext_lazy("kind of hate incident", "hostile posts")
    DAMAGE = "damage", pgettext_lazy("kind of hate incident", "damage to property")
    ASSAULT = "assault", pgettext_lazy("kind of hate incident", "attack on people")
    EXCLUSION = "exclusion", pgettext_lazy("kind of hate incident", "boycott or refusal of service")


class HateSource(models.TextChoices):
    POLICE = "police", pgettext_lazy("source of a count", "police")
    REPORTING = "reporting", pgettext_lazy("source of a count", "third-party reporting")
    COMMUNITY = "community", pgettext_lazy("source of a count", "community organisations")
    SCHOOLS = "schools", pgettext_lazy("source of a count", "schools")
    LISTENING = "listening", pgettext_lazy("source of a count", "listening, counts only")


class HateCount(KeptInRoom):
    """How many hate incidents of a kind an organisation counted in an area on a day.

    Entered again, the later count replaces the earlier one; the log keeps both.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("area"))
    on = models.DateField(_("day"))
    kind = models.CharField(_("what happened"), max_length=10, choices=HateKind)
    target = models.CharField(_("against whom, as a sort of group"), max_length=10, choices=Domain)
    source = models.CharField(_("who counted"), max_length=10, choices=HateSource)
    count = models.PositiveIntegerField(_("how many"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    # On the room's clock.
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["incident", "place", "on"], name="hate_by_area"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["incident", "place", "on", "kind", "target", "source", "organisation"],
                name="hate_count_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.on} {self.kind}"


class WatchStep(models.TextChoices):
    EXTENDED = "extended", pgettext_lazy("second-wave watch", "extended")
    ENDED = "ended", pgettext_lazy("second-wave watch", "ended")
    REOPENED = "reopened", pgettext_lazy("second-wave watch", "taken up again")


class WatchDecision(InRoom):
    """A decision about the second-wave watch; without any it runs to its earliest end and on."""

    step = models.CharField(max_length=8, choices=WatchStep)
    until_on = models.DateField(null=True, blank=True)
    reason = models.CharField(_("why"), max_length=300)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # On the room's clock.
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.step
