from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Organisation, Visible
from tansiq.access.querysets import OwnQuerySet
from tansiq.core.editing import Editable
from tansiq.incidents.models.base import InRoom
from tansiq.incidents.models.tasks import Task
from tansiq.incidents.querysets.aftercare import (
    FundEntryQuerySet,
    FundQuerySet,
    MilestoneQuerySet,
    RecommendationQuerySet,
    RecommendationStepQuerySet,
)
from tansiq.plans.models import Action


class MilestoneKind(models.TextChoices):
    """The hard dates after an attack. Some are anchors of a playbook's tasks by their own name."""

    MONTH_MIND = "month_mind", pgettext_lazy("milestone", "a month, forty days")
    ANNIVERSARY = "anniversary", pgettext_lazy("milestone", "anniversary")
    TRIAL = "trial", pgettext_lazy("milestone", "trial or verdict")
    RELEASE = "release", pgettext_lazy("milestone", "release, film or book")
    INQUIRY = "inquiry", pgettext_lazy("milestone", "inquiry or report")
    MEMORIAL = "memorial", pgettext_lazy("milestone", "memorial")
    SCHOOL = "school", pgettext_lazy("milestone", "school year")
    OTHER = "other", pgettext_lazy("milestone", "another date")


class Milestone(InRoom, Editable):
    """A date that will be hard for families and for the city; known to the day or to the month."""

    kind = models.CharField(_("kind"), max_length=12, choices=MilestoneKind)
    title = models.CharField(_("what happens on that day"), max_length=120)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    # The first of the month where only the month is known.
    on = models.DateField(_("day"))
    is_month_only = models.BooleanField(_("only the month is known"), default=False)
    # Families hear of it before anybody else does; never which families.
    families_told_on = models.DateField(_("families were told on"), null=True, blank=True)
    # How many days before it reminders went out, such as [14].
    reminded = models.JSONField(default=list, blank=True)
    tasks = models.ManyToManyField(Task, related_name="milestones", blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = MilestoneQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title

    @property
    def are_families_told(self) -> bool:
        return self.families_told_on is not None

    @property
    def is_dropped(self) -> bool:
        return self.dropped_at is not None


class MemorialStep(models.TextChoices):
    KEEP = "keep", pgettext_lazy("memorial", "left as it is")
    PHOTOGRAPH = "photograph", pgettext_lazy("memorial", "photographed")
    MOVE = "move", pgettext_lazy("memorial", "moved")
    PRESERVE = "preserve", pgettext_lazy("memorial", "kept in an archive")
    DISPOSE = "dispose", pgettext_lazy("memorial", "composted, given on or disposed of")
    BUILD = "build", pgettext_lazy("memorial", "a lasting memorial")


class Consulted(models.TextChoices):
    YES = "yes", pgettext_lazy("families", "asked, and heard")
    WAITING = "waiting", pgettext_lazy("families", "asked, no answer yet")
    NO = "no", pgettext_lazy("families", "not asked")


class MemorialDecision(InRoom):
    """One line of the running log on tributes and memorials. It never changes."""

    about = models.CharField(_("what it is about"), max_length=200)
    step = models.CharField(_("what was decided"), max_length=10, choices=MemorialStep)
    why = models.TextField(_("why"), max_length=2000)
    consulted = models.CharField(_("families"), max_length=8, choices=Consulted)
    # When it is announced at the site itself.
    announced_on = models.DateField(_("announced on site on"), null=True, blank=True)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    role = models.CharField(max_length=20, blank=True)
    # On the room's clock.
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.about


class Fund(InRoom, Editable):
    """The one official fund: what came in and went out, by category, never by person."""

    title = models.CharField(_("name of the fund"), max_length=120)
    keeper = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("kept by")
    )
    currency = models.CharField(_("currency"), max_length=3)
    rules = models.TextField(_("who gets what, and who decides"), blank=True)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects: ClassVar = FundQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("incidents:fund", args=[self.incident_id, self.pk])

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


class FundCategory(models.TextChoices):
    GIFTS = "gifts", pgettext_lazy("fund", "gifts of people")
    BUSINESS = "business", pgettext_lazy("fund", "gifts of businesses")
    PUBLIC = "public", pgettext_lazy("fund", "public money")
    FAMILIES = "families", pgettext_lazy("fund", "bereaved families")
    INJURED = "injured", pgettext_lazy("fund", "injured people")
    LIVELIHOODS = "livelihoods", pgettext_lazy("fund", "lost income and homes")
    CARE = "care", pgettext_lazy("fund", "care and counselling")
    COMMUNITY = "community", pgettext_lazy("fund", "community and memorial")
    COSTS = "costs", pgettext_lazy("fund", "costs of the fund")


INCOME = (FundCategory.GIFTS, FundCategory.BUSINESS, FundCategory.PUBLIC)


class FundEntry(Visible):
    """One line of the fund's book; a wrong one is set right by another line, never changed."""

    fund = models.ForeignKey(Fund, models.CASCADE, related_name="entries")
    category = models.CharField(_("category"), max_length=12, choices=FundCategory)
    # In the smallest unit of the currency; what corrects an earlier line is negative.
    amount = models.BigIntegerField(_("amount"))
    on = models.DateField(_("day"))
    # How many households or people it went to, where it went to some.
    recipients = models.PositiveIntegerField(_("to how many households"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    client_key = models.UUIDField(null=True, blank=True)

    objects: ClassVar = FundEntryQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["fund", "client_key"],
                condition=models.Q(client_key__isnull=False),
                name="fund_entry_arrives_once",
            ),
            models.CheckConstraint(condition=~models.Q(amount=0), name="fund_entry_is_not_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.amount}"

    @property
    def is_income(self) -> bool:
        return self.category in INCOME


class RecommendationState(models.TextChoices):
    OPEN = "open", pgettext_lazy("recommendation", "not answered yet")
    ACCEPTED = "accepted", pgettext_lazy("recommendation", "accepted")
    UNDER_WAY = "under_way", pgettext_lazy("recommendation", "under way")
    DONE = "done", pgettext_lazy("recommendation", "done")
    REFUSED = "refused", pgettext_lazy("recommendation", "refused")


class Recommendation(InRoom, Editable):
    """What an inquiry, a debrief or the families asked for, tracked to its end in public."""

    source = models.CharField(_("who recommends it"), max_length=200)
    text = models.TextField(_("recommendation"), max_length=2000)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    answerable = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("answers for it")
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=RecommendationState,
        default=RecommendationState.OPEN,
    )
    reason = models.TextField(_("reason"), blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    # The action of a plan in which it goes on.
    action = models.ForeignKey(
        Action,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("action of a plan"),
    )
    is_public = models.BooleanField(_("on the public list"), default=False)

    objects: ClassVar = RecommendationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.text

    @property
    def is_ended(self) -> bool:
        return self.state in {RecommendationState.DONE, RecommendationState.REFUSED}


class RecommendationStep(Visible):
    """How a recommendation stood at a moment, and why."""

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="steps")
    state = models.CharField(max_length=10, choices=RecommendationState)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()

    objects: ClassVar = RecommendationStepQuerySet.as_manager()

    def __str__(self) -> str:
        return self.state


class CalendarFeed(models.Model):
    """The secret address of a person's calendar. Only a digest is kept; a new one ends the old."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed"
    )
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    objects: ClassVar = OwnQuerySet.as_manager()

    def __str__(self) -> str:
        return f"calendar of {self.person_id}"


class Retirement(InRoom):
    """When an incident is to be retired; and afterwards the proof of what was deleted."""

    # Stated in advance, so that nobody is surprised.
    planned_on = models.DateField(_("retire it on"))
    stated_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # By label of the model: rows before and after, links to persons before and after.
    counts = models.JSONField(default=dict)
    # SHA-256 over the log that is kept, and the latest seal of the audit log then.
    log_hash = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["incident"], name="retirement_once"),
        ]

    def __str__(self) -> str:
        return f"retirement of {self.incident_id}"

    @property
    def is_done(self) -> bool:
        return self.done_at is not None
