from typing import ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Organisation, Visible
from tansiq.core.editing import Editable
from tansiq.incidents.models.base import InRoom
from tansiq.incidents.models.exercises import Aim
from tansiq.incidents.models.incidents import Incident
from tansiq.incidents.querysets.exercises import LearningQuerySet
from tansiq.plans.models import Plan, Proposal


class AfterAction(Visible, Editable):
    """The words of an after-action report. Its figures are read from the log each time."""

    incident = models.OneToOneField(Incident, models.CASCADE, related_name="after_action")
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    summary = models.TextField(_("what happened, in short"), blank=True, max_length=8000)
    went_well = models.TextField(_("what went well, and why"), blank=True, max_length=8000)
    to_improve = models.TextField(_("what did not, and why"), blank=True, max_length=8000)
    # From then on everybody in the room reads it, with findings and observations.
    shared_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar = LearningQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.incident)


class FindingKind(models.TextChoices):
    STRENGTH = "strength", pgettext_lazy("finding", "keep: it worked")
    IMPROVE = "improve", pgettext_lazy("finding", "improve")
    GAP = "gap", pgettext_lazy("finding", "gap: something is missing")


class Finding(InRoom, Editable):
    """One thing that was learnt."""

    kind = models.CharField(_("kind"), max_length=8, choices=FindingKind)
    text = models.CharField(_("finding"), max_length=400)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    aim = models.ForeignKey(
        Aim,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name=_("objective"),
    )

    objects: ClassVar = LearningQuerySet.as_manager()

    def __str__(self) -> str:
        return self.text


class Corrective(InRoom, Editable):
    """What is to be done about a finding: by whom, until when, and where a plan carries it."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="correctives")
    text = models.CharField(_("what is to be done"), max_length=250)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    lead = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=_("who does it")
    )
    due_on = models.DateField(_("due"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    # The plan that carries it, and the code of the action there or in the draft of its next
    # version; or the proposal to those who own the plan.
    plan = models.ForeignKey(
        Plan, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("plan")
    )
    code = models.CharField(max_length=20, blank=True)
    proposal = models.ForeignKey(Proposal, models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar = LearningQuerySet.as_manager()

    def __str__(self) -> str:
        return self.text

    @property
    def where(self) -> str:
        """Where it is kept: the plan with the code of its action; a dash while nowhere."""
        return f"{self.plan} {self.code}".strip() if self.plan is not None else "–"

    @property
    def is_carried(self) -> bool:
        return self.plan_id is not None


class Heard(models.TextChoices):
    """Who was heard after it; families and civil society each for themselves."""

    FAMILIES = "families", _("families of those affected")
    CIVIL_SOCIETY = "civil_society", _("civil society and faith organisations")
    RESPONDERS = "responders", _("responders and staff")
    COMMUNITIES = "communities", _("communities and neighbours")
    AUTHORITIES = "authorities", _("authorities of all levels")
    MEDIA = "media", _("media")


class Theme(models.TextChoices):
    INFORMATION = "information", pgettext_lazy("theme of a debrief", "information and notification")
    ASSISTANCE = "assistance", pgettext_lazy("theme of a debrief", "help and support")
    DIGNITY = "dignity", pgettext_lazy("theme of a debrief", "dignity and privacy")
    COORDINATION = "coordination", pgettext_lazy("theme of a debrief", "working together")
    SPEED = "speed", pgettext_lazy("theme of a debrief", "speed")
    RUMOURS = "rumours", pgettext_lazy("theme of a debrief", "rumours and hostility")
    AFTERCARE = "aftercare", pgettext_lazy("theme of a debrief", "what comes later")
    OTHER = "other", pgettext_lazy("theme of a debrief", "something else")


class DebriefNote(InRoom):
    """What a group said afterwards: how many were heard, on what; never who."""

    group = models.CharField(_("who was heard"), max_length=14, choices=Heard)
    heard_on = models.DateField(_("on"))
    people = models.PositiveIntegerField(_("how many people"), validators=[MinValueValidator(1)])
    theme = models.CharField(_("theme"), max_length=14, choices=Theme)
    text = models.TextField(
        _("what they said"),
        max_length=4000,
        help_text=_("In your words. No names, nothing by which one of them could be known."),
    )
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)

    objects: ClassVar = LearningQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(people__gte=1), name="debrief_heard_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.theme}"
