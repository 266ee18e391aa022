"""Needs and services: how many, of what, where. Never whose, never why somebody needs it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Organisation, Place
from tansiq.core.editing import Editable
from tansiq.incidents.models.base import InRoom
from tansiq.incidents.models.tasks import Task
from tansiq.incidents.querysets.desks import NeedQuerySet, ServiceQuerySet


class NeedKind(models.TextChoices):
    MISSING = "missing", pgettext_lazy("kind of need", "finding missing people")
    MEDICAL = "medical", pgettext_lazy("kind of need", "medical help")
    PSYCHOSOCIAL = "psychosocial", pgettext_lazy("kind of need", "psychosocial support")
    SHELTER = "shelter", pgettext_lazy("kind of need", "shelter and transport")
    FOOD = "food", pgettext_lazy("kind of need", "food and water")
    INFORMATION = "information", pgettext_lazy("kind of need", "information")
    LEGAL = "legal", pgettext_lazy("kind of need", "legal and consular help")
    FINANCIAL = "financial", pgettext_lazy("kind of need", "money to get by")
    CHILDREN = "children", pgettext_lazy("kind of need", "childcare and school")
    WORSHIP = "worship", pgettext_lazy("kind of need", "safe access to worship")
    GOODS = "goods", pgettext_lazy("kind of need", "taking in donated goods")
    VOLUNTEERS = "volunteers", pgettext_lazy("kind of need", "taking in volunteers")


class AffectedGroup(models.TextChoices):
    """Broad groups only: a group so small that people are known in it is entered as everybody."""

    EVERYBODY = "everybody", pgettext_lazy("affected group", "everybody")
    FAMILIES = "families", pgettext_lazy("affected group", "bereaved and injured families")
    COMMUNITIES = "communities", pgettext_lazy("affected group", "communities that are blamed")
    CHILDREN = "children", pgettext_lazy("affected group", "children and students")
    FOREIGNERS = "foreigners", pgettext_lazy("affected group", "foreigners and migrants")
    DISABILITY = (
        "disability",
        pgettext_lazy("affected group", "people with disabilities and older people"),
    )
    WOMEN = "women", pgettext_lazy("affected group", "women")
    LGBTQI = "lgbtqi", pgettext_lazy("affected group", "LGBTQI+ people")
    RESPONDERS = "responders", pgettext_lazy("affected group", "responders and medics")
    TRADERS = "traders", pgettext_lazy("affected group", "traders and workers in the cordon")
    JOURNALISTS = "journalists", pgettext_lazy("affected group", "journalists")


class NeedSource(models.TextChoices):
    HELPLINE = "helpline", pgettext_lazy("who tells of a need", "helpline")
    FAMILY_POINT = "family_point", pgettext_lazy("who tells of a need", "family point")
    RESPONDERS = "responders", pgettext_lazy("who tells of a need", "responders on site")
    COMMUNITY = "community", pgettext_lazy("who tells of a need", "community organisations")
    FAITH = "faith", pgettext_lazy("who tells of a need", "faith leaders")
    SCHOOLS = "schools", pgettext_lazy("who tells of a need", "schools")
    HEALTH = "health", pgettext_lazy("who tells of a need", "health facilities")
    LISTENING = "listening", pgettext_lazy("who tells of a need", "listening, counts only")


class NeedState(models.TextChoices):
    OPEN = "open", pgettext_lazy("need", "open")
    PART = "part", pgettext_lazy("need", "met in part")
    MET = "met", pgettext_lazy("need", "met")
    CLOSED = "closed", pgettext_lazy("need", "closed")


class ServiceActivity(models.TextChoices):
    """What a service does: a short list in plain words, in the order of the 4Ws codes."""

    INFORMATION = "information", pgettext_lazy("activity of a service", "gives information")
    HELPLINE = "helpline", pgettext_lazy("activity of a service", "answers calls and messages")
    FAMILY_POINT = "family_point", pgettext_lazy("activity of a service", "receives families")
    SAFE_SPACE = "safe_space", pgettext_lazy("activity of a service", "keeps a safe space open")
    FIRST_AID = "first_aid", pgettext_lazy("activity of a service", "psychological first aid")
    GROUPS = "groups", pgettext_lazy("activity of a service", "meetings and self-help groups")
    TALKS = "talks", pgettext_lazy("activity of a service", "talks with a professional")
    CLINIC = "clinic", pgettext_lazy("activity of a service", "care in a clinic")
    SCHOOLS = "schools", pgettext_lazy("activity of a service", "support in schools")
    STAFF = "staff", pgettext_lazy("activity of a service", "support for responders and staff")
    RELIEF = "relief", pgettext_lazy("activity of a service", "shelter, transport, food, goods")
    MONEY = "money", pgettext_lazy("activity of a service", "money and payments")
    ADVICE = "advice", pgettext_lazy("activity of a service", "legal and consular advice")
    COORDINATION = "coordination", pgettext_lazy("activity of a service", "coordinates others")


class ServiceState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("service", "planned")
    RUNNING = "running", pgettext_lazy("service", "running")
    ENDED = "ended", pgettext_lazy("service", "ended")


class Need(InRoom, Editable):
    """So many people of a broad group in an area need something of a kind."""

    kind = models.CharField(_("what is needed"), max_length=12, choices=NeedKind)
    group = models.CharField(
        _("by whom"), max_length=12, choices=AffectedGroup, default=AffectedGroup.EVERYBODY
    )
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("area"))
    count = models.PositiveIntegerField(_("how many people"))
    met = models.PositiveIntegerField(_("for how many it is met"), default=0)
    source = models.CharField(_("who tells of it"), max_length=12, choices=NeedSource)
    languages = models.JSONField(_("languages they speak"), default=list, blank=True)
    needs_access = models.BooleanField(_("it must be accessible with a disability"), default=False)
    state = models.CharField(_("state"), max_length=6, choices=NeedState, default=NeedState.OPEN)
    note = models.CharField(_("what exactly, in a few words"), max_length=160, blank=True)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # On the room's clock.
    told_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    closed_because = models.CharField(_("why it is closed"), max_length=200, blank=True)

    objects: ClassVar = NeedQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["incident", "state", "kind"], name="need_of_room"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(count__gte=1),
                name="need_of_somebody",
                violation_error_message=_("Say for how many people, at least one."),
            ),
            models.CheckConstraint(
                condition=models.Q(met__lte=models.F("count")),
                name="need_met_within_count",
                violation_error_message=_("It cannot be met for more people than need it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("incidents:need", args=[self.incident_id, self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in {NeedState.OPEN, NeedState.PART}

    @property
    def is_closed(self) -> bool:
        return self.state == NeedState.CLOSED

    @property
    def is_part_met(self) -> bool:
        return self.state == NeedState.PART

    @property
    def left(self) -> int:
        """For how many people nobody is there yet."""
        return self.count - self.met


class Service(InRoom, Editable):
    """Who does what where until when, and for how many (4Ws)."""

    # Who: an organisation of the network, or another body by its name.
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    body = models.CharField(_("body"), max_length=120, blank=True)
    activity = models.CharField(_("what it does"), max_length=12, choices=ServiceActivity)
    kind = models.CharField(_("which need it answers"), max_length=12, choices=NeedKind)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("area"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    capacity = models.PositiveIntegerField(_("for how many people"), null=True, blank=True)
    taken = models.PositiveIntegerField(_("places taken"), default=0)
    languages = models.JSONField(_("languages spoken there"), default=list, blank=True)
    is_accessible = models.BooleanField(_("accessible with a disability"), default=False)
    state = models.CharField(
        _("state"), max_length=8, choices=ServiceState, default=ServiceState.RUNNING
    )
    hours = models.CharField(_("when it is open"), max_length=120, blank=True)
    reach = models.CharField(_("how to reach it"), max_length=160, blank=True)
    note = models.CharField(_("note for the public"), max_length=200, blank=True)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)

    objects: ClassVar = ServiceQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["incident", "state", "kind"], name="service_of_room"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(organisation__isnull=False, body="")
                | (models.Q(organisation__isnull=True) & ~models.Q(body="")),
                name="service_of_one_body",
                violation_error_message=_(
                    "Choose the organisation, or write the name of another body."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="service_ends_after_start",
                violation_error_message=_("It ends before it starts."),
            ),
            models.CheckConstraint(
                condition=models.Q(capacity__isnull=True)
                | models.Q(taken__lte=models.F("capacity")),
                name="service_within_capacity",
                violation_error_message=_("More places are taken than there are."),
            ),
        ]

    def __str__(self) -> str:
        return self.body or str(self.organisation)

    def get_absolute_url(self) -> str:
        return reverse("incidents:service", args=[self.incident_id, self.pk])

    @property
    def free(self) -> int | None:
        """How many places are free; None where nobody counts them."""
        return None if self.capacity is None else self.capacity - self.taken


class Match(InRoom):
    """So many of the people of a need were given to a service. Counts; nobody is on a list."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="matches")
    service = models.ForeignKey(Service, models.CASCADE, related_name="matches")
    count = models.PositiveIntegerField(_("for how many people"))
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(count__gte=1), name="match_of_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.need_id} → {self.service_id}: {self.count}"


class FamiliesCount(InRoom):
    """How families are supported, as counted at a moment; the latest one holds."""

    families = models.PositiveIntegerField(_("affected families"))
    with_navigator = models.PositiveIntegerField(_("of these with a steady contact person"))
    navigators = models.PositiveIntegerField(_("contact persons at work"))
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # On the room's clock.
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(with_navigator__lte=models.F("families")),
                name="families_with_within_all",
                violation_error_message=_(
                    "More families have a contact person than there are families."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.with_navigator}/{self.families}"


class Raised(InRoom):
    """A task that the platform added by itself, once for one cause."""

    cause = models.CharField(max_length=60)
    task = models.ForeignKey(Task, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["incident", "cause"], name="raised_once"),
        ]

    def __str__(self) -> str:
        return self.cause
