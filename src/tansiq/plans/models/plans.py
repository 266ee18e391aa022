import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Organisation, OrganisationKind, Place, Shared, Visible
from tansiq.core.editing import Editable
from tansiq.plans.querysets import (
    DONE,
    ActionQuerySet,
    DeliveryQuerySet,
    InPlanQuerySet,
    MilestoneQuerySet,
    ObjectiveQuerySet,
    PlanQuerySet,
)


class PlanKind(models.TextChoices):
    NATIONAL = "national", _("national plan")
    REGIONAL = "regional", _("regional plan")
    PROVINCIAL = "provincial", _("provincial plan")
    CITY = "city", _("city plan")
    THEMATIC = "thematic", _("thematic plan")


class PlanStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("plan", "being drafted")
    ADOPTED = "adopted", pgettext_lazy("plan", "adopted")
    UNDER_WAY = "under_way", pgettext_lazy("plan", "under way")
    REVIEW = "review", pgettext_lazy("plan", "under review")
    EXPIRED = "expired", pgettext_lazy("plan", "expired")


class Certainty(models.TextChoices):
    """How sure we are of a fact that came with the platform. What people enter is theirs."""

    OWN = "own", _("entered by the owner")
    VERIFIED = "verified", _("read in the source")
    PARTLY = "partly", _("second-hand or partly read; use with care")
    UNVERIFIED = "unverified", _("not verified; check against the official text")
    PROPOSAL = "proposal", _("our proposal, not official text")


class Plan(Shared, Editable):
    """What a country, province or city means to do, on which legal footing, and until when."""

    slug = models.SlugField(_("short name for addresses"), max_length=60)
    country = models.ForeignKey(Place, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="plans", verbose_name=_("place"))
    kind = models.CharField(_("kind"), max_length=12, choices=PlanKind)
    # The plan this one carries down to its place.
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="local_plans"
    )
    title = models.CharField(_("title"), max_length=250)
    short_title = models.CharField(
        _("short title"),
        max_length=40,
        blank=True,
        help_text=_("Such as RAN PE 2020–2024; plans carried down from this one are named by it."),
    )
    summary = models.TextField(_("summary"), blank=True)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    languages = models.JSONField(_("languages it is published in"), default=list, blank=True)
    legal_instrument = models.CharField(
        _("legal instrument"),
        max_length=250,
        blank=True,
        help_text=_("The regulation, resolution or decree that adopts the plan."),
    )
    starts_on = models.DateField(_("starts"))
    ends_on = models.DateField(_("ends"))
    status = models.CharField(
        _("status"), max_length=10, choices=PlanStatus, default=PlanStatus.DRAFT
    )
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    # How often places report, in months; how many days after the period; days until an answer.
    report_months = models.PositiveSmallIntegerField(_("months in a reporting period"), default=6)
    report_days = models.PositiveSmallIntegerField(_("days to report"), default=30)
    answer_days = models.PositiveSmallIntegerField(_("days to answer a report"), default=21)
    certainty = models.CharField(max_length=10, choices=Certainty, default=Certainty.OWN)
    period_certainty = models.CharField(max_length=10, choices=Certainty, default=Certainty.OWN)
    source = models.CharField(_("source"), max_length=400, blank=True)

    objects: ClassVar = PlanQuerySet.as_manager()

    class Meta:
        verbose_name_plural = pgettext_lazy("menu", "Plans")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["country", "slug"],
                name="plan_address_once",
                violation_error_message=_("Another plan of this country has this short name."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="plan_ends_after_start",
                violation_error_message=_("The plan ends before it starts."),
            ),
            models.CheckConstraint(
                condition=models.Q(report_months__in=(1, 2, 3, 4, 6, 12)),
                name="plan_report_months",
                violation_error_message=_("Choose 1, 2, 3, 4, 6 or 12 months."),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["parent", "place"], name="plan_by_parent"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("plans:detail", args=[self.country.code, self.slug])

    @property
    def is_national(self) -> bool:
        return self.kind == PlanKind.NATIONAL

    @property
    def is_draft(self) -> bool:
        return self.status == PlanStatus.DRAFT


class InPlan(Visible):
    """Base of the parts of a plan: a code, a title, an order, and where the fact comes from."""

    code = models.CharField(_("code"), max_length=20)
    title = models.CharField(_("title"), max_length=300)
    position = models.PositiveSmallIntegerField(default=0)
    certainty = models.CharField(max_length=10, choices=Certainty, default=Certainty.OWN)
    source = models.CharField(_("source"), max_length=400, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Droppable(models.Model):
    """What a later version of the plan may leave out while others have built on it."""

    # The number of the version that no longer has it; the row stays for what hangs on it.
    dropped_in = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class Pillar(InPlan, Editable, Droppable):
    """A main line of a plan; some countries say thrust, theme or focus area."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="pillars")

    objects: ClassVar = InPlanQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "code"], name="pillar_code_once"),
        ]


class Objective(InPlan, Editable, Droppable):
    """What a pillar wants to reach."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="objectives")
    pillar = models.ForeignKey(Pillar, models.CASCADE, related_name="objectives")

    objects: ClassVar = ObjectiveQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "code"], name="objective_code_once"),
        ]


class Fact(InPlan):
    """Something that is publicly known about a plan, with its source and how sure it is."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="facts")
    # Facts are sentences, longer than titles.
    title = models.TextField(_("fact"))

    objects: ClassVar = InPlanQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "code"], name="fact_code_once"),
        ]


class ActionKind(models.TextChoices):
    STEP = "step", _("action")
    DUTY = "duty", _("owed to each place")


class ActionStatus(models.TextChoices):
    NOT_STARTED = "not_started", pgettext_lazy("action", "not started")
    ON_TRACK = "on_track", pgettext_lazy("action", "on track")
    AT_RISK = "at_risk", pgettext_lazy("action", "at risk")
    DELAYED = "delayed", pgettext_lazy("action", "delayed")
    DONE = "done", pgettext_lazy("action", "done")
    CANCELLED = "cancelled", pgettext_lazy("action", "cancelled")


class Action(InPlan, Editable, Droppable):
    """One thing somebody does under an objective; or, as a duty, owes to every place."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="actions")
    objective = models.ForeignKey(Objective, models.CASCADE, related_name="actions")
    kind = models.CharField(max_length=5, choices=ActionKind, default=ActionKind.STEP)
    lead = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lead"),
    )
    # Used while no organisation is named: which kind of body should lead.
    lead_kind = models.CharField(
        _("kind of body that leads"), max_length=20, choices=OrganisationKind, blank=True
    )
    supporting = models.ManyToManyField(
        Organisation, blank=True, related_name="+", verbose_name=_("supporting bodies")
    )
    supporting_kinds = models.JSONField(default=list, blank=True)
    local_role = models.TextField(
        _("role of local government"),
        blank=True,
        help_text=_("What a city or province is expected to do, in one plain sentence."),
    )
    local_role_certainty = models.CharField(max_length=10, choices=Certainty, default=Certainty.OWN)
    status = models.CharField(
        _("status"), max_length=11, choices=ActionStatus, default=ActionStatus.NOT_STARTED
    )
    starts_on = models.DateField(_("starts"), null=True, blank=True)
    ends_on = models.DateField(_("due"), null=True, blank=True)
    # Of a duty: how often it falls due, in months; 0 means once.
    every_months = models.PositiveSmallIntegerField(_("falls due every … months"), default=0)
    # Of a duty: days after carrying down (or the start of the plan) until the first falls due.
    due_days = models.PositiveSmallIntegerField(_("days until it first falls due"), default=60)
    gender_note = models.TextField(_("gender note"), blank=True)
    rights_note = models.TextField(_("rights note"), blank=True)
    sustainability_note = models.TextField(_("sustainability note"), blank=True)

    objects: ClassVar = ActionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="action_code_once",
                violation_error_message=_("Another action of this plan has this code."),
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on__isnull=True)
                | models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="action_ends_after_start",
                violation_error_message=_("The due date is before the start."),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["plan", "kind", "status"], name="action_by_status"),
        ]

    def get_absolute_url(self) -> str:
        plan = self.plan
        return reverse("plans:action", args=[plan.country.code, plan.slug, self.code])

    @property
    def is_closed(self) -> bool:
        return self.status in DONE

    @property
    def is_duty(self) -> bool:
        return self.kind == ActionKind.DUTY

    def is_late_on(self, day: dt.date) -> bool:
        return not self.is_closed and self.ends_on is not None and self.ends_on < day


class Milestone(Visible, Editable):
    """A dated step by which an action can be seen to move."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="milestones")
    title = models.CharField(_("title"), max_length=300)
    due_on = models.DateField(_("due"))
    reached_on = models.DateField(_("reached on"), null=True, blank=True)
    # Others cannot begin before it; the road map names it.
    is_critical = models.BooleanField(_("others wait for it"), default=False)
    certainty = models.CharField(max_length=10, choices=Certainty, default=Certainty.OWN)
    source = models.CharField(_("source"), max_length=400, blank=True)

    objects: ClassVar = MilestoneQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title


class Delivery(Visible, Editable):
    """What a duty of the higher level means for one place: due when, given when, and received."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="deliveries")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    due_on = models.DateField(_("due"))
    status = models.CharField(
        _("status"), max_length=11, choices=ActionStatus, default=ActionStatus.NOT_STARTED
    )
    note = models.TextField(_("note to the place"), blank=True)
    delivered_on = models.DateField(_("given on"), null=True, blank=True)
    # The place confirms; until then the duty is only said to be done.
    received_on = models.DateField(_("received on"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = DeliveryQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["action", "place", "due_on"], name="delivery_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["place", "status", "due_on"], name="delivery_open"),
        ]

    def __str__(self) -> str:
        return f"{self.action} for {self.place}"

    @property
    def is_closed(self) -> bool:
        return self.status in DONE

    def is_late_on(self, day: dt.date) -> bool:
        return not self.is_closed and self.due_on < day
