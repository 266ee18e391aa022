from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Place, Shared, Visible
from tansiq.core.editing import Editable
from tansiq.plans.models.plans import Action, ActionStatus, Plan
from tansiq.plans.querysets import ActivityQuerySet, ActivityTotalQuerySet


class Audience(models.TextChoices):
    """For whom an activity is; the first seven are the focus audiences of several plans."""

    COMMUNITY = "community", _("communities")
    SCHOOL = "school", _("schools and campuses")
    PRISON = "prison", _("prisons and reintegration")
    ONLINE = "online", _("people online")
    OVERSEAS = "overseas", _("overseas workers")
    RELIGIOUS = "religious", _("religious leaders")
    WOMEN = "women", _("women")
    YOUTH = "youth", _("young people")
    OFFICIALS = "officials", _("officials and front-line workers")
    FAMILIES = "families", _("families")
    VICTIMS = "victims", _("victims and survivors")
    OTHER = "other", _("others")


class Theme(models.TextChoices):
    """What an activity is about. A closed list, so that two that do the same are found."""

    SCHOOLS = "schools", pgettext_lazy("theme of an activity", "prevention in schools and campuses")
    DIALOGUE = "dialogue", pgettext_lazy("theme of an activity", "dialogue between communities")
    FAITH = "faith", pgettext_lazy("theme of an activity", "work with religious leaders")
    WOMEN = "women", pgettext_lazy("theme of an activity", "women's leadership")
    YOUTH = "youth", pgettext_lazy("theme of an activity", "young people's leadership")
    MEDIA = "media", pgettext_lazy("theme of an activity", "online and media literacy")
    WARNING = "warning", pgettext_lazy("theme of an activity", "early warning and response")
    VICTIMS = "victims", pgettext_lazy("theme of an activity", "support for victims and survivors")
    RETURN = "return", pgettext_lazy("theme of an activity", "prisons and reintegration")
    FAMILIES = "families", pgettext_lazy("theme of an activity", "support for families")
    LIVELIHOOD = "livelihood", pgettext_lazy("theme of an activity", "livelihoods and work")
    RIGHTS = "rights", pgettext_lazy("theme of an activity", "human rights and the law")
    RESEARCH = "research", pgettext_lazy("theme of an activity", "research and monitoring")
    STAFF = "staff", pgettext_lazy("theme of an activity", "training of front-line staff")
    CRISIS = "crisis", pgettext_lazy("theme of an activity", "crisis preparedness")
    OTHER = "other", pgettext_lazy("theme of an activity", "something else")


class Funding(models.TextChoices):
    STATE = "state", _("state budget")
    REGIONAL = "regional", _("provincial or regional budget")
    LOCAL = "local", _("city budget")
    DONOR = "donor", _("donor")
    IN_KIND = "in_kind", _("in kind")
    NONE = "none", _("no money needed")


# What decides whether and where the white spots count an activity, beside place and last day.
_COUNTED = ("starts_on", "audience", "theme", "plan", "status", "marking")


class Activity(Shared, Editable):
    """Who does what, where, for whom and with whose money. The owner is who does it."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="activities")
    action = models.ForeignKey(
        Action,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("action of the plan it belongs to"),
    )
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("where"))
    title = models.CharField(_("what"), max_length=250)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    audience = models.CharField(_("for whom"), max_length=10, choices=Audience)
    # Empty for what was entered before there were themes: not said.
    theme = models.CharField(
        pgettext_lazy("of an activity", "theme"),
        max_length=10,
        choices=Theme,
        blank=True,
        db_default="",
        default="",
    )
    partners = models.CharField(_("together with"), max_length=300, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    status = models.CharField(
        _("status"), max_length=11, choices=ActionStatus, default=ActionStatus.NOT_STARTED
    )
    funding = models.CharField(_("with whose money"), max_length=8, choices=Funding)
    funder = models.CharField(_("name of the funder"), max_length=120, blank=True)
    # In whole units: rupiah, ringgit, pesos. Budget lines count the smallest unit (sen, centavos).
    amount = models.BigIntegerField(_("amount"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    people_reached = models.PositiveBigIntegerField(_("people reached"), null=True, blank=True)
    women_reached = models.PositiveBigIntegerField(
        _("of them women and girls"), null=True, blank=True
    )

    objects: ClassVar = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = pgettext_lazy("menu", "Activities")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="activity_ends_after_start",
                violation_error_message=_("The activity ends before it starts."),
            ),
            models.CheckConstraint(
                condition=models.Q(women_reached__isnull=True)
                | models.Q(people_reached__isnull=True)
                | models.Q(women_reached__lte=models.F("people_reached")),
                name="activity_women_among_people",
                violation_error_message=_("More women and girls than people in all."),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["place", "-starts_on", "-id"], name="activity_by_place"),
            models.Index(fields=["plan", "-starts_on", "-id"], name="activity_by_plan"),
            models.Index(fields=["owner", "-starts_on", "-id"], name="activity_by_owner"),
            models.Index(fields=["-starts_on", "-id"], name="activity_by_day"),
            models.Index(fields=["theme", "audience", "place"], name="activity_by_theme"),
            # Holds all that the white spots are counted from: the table itself is not read.
            models.Index(fields=["place", "ends_on", *_COUNTED], name="activity_counted"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("plans:activity", args=[self.pk])


class ActivityTotal(Visible):
    """How many activities a place and everything below it has in a year; RED is not counted."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="activity_totals")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    activities = models.BigIntegerField(default=0)
    people_reached = models.BigIntegerField(default=0)

    objects: ClassVar = ActivityTotalQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "place", "year"], name="activity_total_once"),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} in {self.year}: {self.activities}"
