"""When things happen and who was made able to do them: phases, key dates, training.

Training is counted, never listed: no name of anybody who took part is kept.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Organisation, Place, Visible
from tansiq.core.editing import Editable
from tansiq.plans.models.local import StageName
from tansiq.plans.models.plans import Certainty, Plan
from tansiq.plans.querysets import (
    KeyDateQuerySet,
    PhaseQuerySet,
    TrainingGoalQuerySet,
    TrainingQuerySet,
)


class PhaseKind(models.TextChoices):
    AWARENESS = "awareness", pgettext_lazy("phase", "raising awareness")
    CAPACITY = "capacity", pgettext_lazy("phase", "building capacity")
    ADOPTION = "adoption", pgettext_lazy("phase", "adopting local plans")
    DELIVERY = "delivery", pgettext_lazy("phase", "carrying out")
    REVIEW = "review", pgettext_lazy("phase", "reviewing")
    OTHER = "other", pgettext_lazy("phase", "other")


class Phase(Visible, Editable):
    """A stretch of the road a plan takes, and the stage at which places should be by its end."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="phases")
    kind = models.CharField(_("what this phase is about"), max_length=9, choices=PhaseKind)
    title = models.CharField(_("title"), max_length=200)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    # Which stage places should have reached when the phase ends; empty where that says nothing.
    leads_to = models.CharField(
        _("stage that places reach by its end"), max_length=10, choices=StageName, blank=True
    )
    certainty = models.CharField(max_length=10, choices=Certainty, default=Certainty.OWN)
    source = models.CharField(_("source"), max_length=400, blank=True)

    objects: ClassVar = PhaseQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="phase_ends_after_start",
                violation_error_message=_("The phase ends before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class KeyDate(Visible, Editable):
    """A day on which much hangs, and that no action of the plan holds: a budget, an election."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="key_dates")
    title = models.CharField(_("what happens"), max_length=200)
    on = models.DateField(_("day"))
    why = models.CharField(_("what hangs on it"), max_length=300, blank=True)
    is_past = models.BooleanField(_("it has happened"), default=False)

    objects: ClassVar = KeyDateQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title


class TrainedRole(models.TextChoices):
    """What people who are trained do; the groups that the workshops named."""

    ELECTED = "elected", pgettext_lazy("role of trained people", "elected leaders")
    HEADS = "heads", pgettext_lazy("role of trained people", "heads of department")
    OFFICIALS = "officials", pgettext_lazy("role of trained people", "civil servants")
    FRONT_LINE = (
        "front_line",
        pgettext_lazy("role of trained people", "teachers, health and social workers"),
    )
    SECURITY = "security", pgettext_lazy("role of trained people", "police and security")
    SOCIETY = "society", pgettext_lazy("role of trained people", "civil society")
    FAITH = "faith", pgettext_lazy("role of trained people", "religious leaders")
    WOMEN = "women", pgettext_lazy("role of trained people", "women's groups")
    YOUTH = "youth", pgettext_lazy("role of trained people", "youth groups")
    MEDIA = "media", pgettext_lazy("role of trained people", "media and communication")


def _people_limit(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(people__gte=1, people__lte=1_000_000),
        name=name,
        violation_error_message=_("Say how many people: from 1 to 1,000,000."),
    )


class Training(Visible, Editable):
    """How many people of one role were trained at one place; numbers only."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="trainings")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("where from"))
    title = models.CharField(_("what was trained"), max_length=250)
    role = models.CharField(_("who was trained"), max_length=10, choices=TrainedRole)
    on = models.DateField(_("day it ended"))
    days = models.PositiveSmallIntegerField(_("days it took"), default=1)
    people = models.PositiveIntegerField(_("people trained"))
    women = models.PositiveIntegerField(_("of them women"), null=True, blank=True)
    provider = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("given by"),
    )

    objects: ClassVar = TrainingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            _people_limit("training_people_in_range"),
            models.CheckConstraint(
                condition=models.Q(women__isnull=True) | models.Q(women__lte=models.F("people")),
                name="training_women_among_people",
                violation_error_message=_("More women than people in all."),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["plan", "place"], name="training_by_place"),
        ]

    def __str__(self) -> str:
        return self.title


class TrainingGoal(Visible, Editable):
    """How many people of a role, at a level of places, a plan means to train by a day."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="training_goals")
    role = models.CharField(_("who is to be trained"), max_length=10, choices=TrainedRole)
    level = models.PositiveSmallIntegerField(_("at which level"))
    people = models.PositiveIntegerField(_("people to be trained"))
    by_on = models.DateField(_("until"))

    objects: ClassVar = TrainingGoalQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["plan", "role", "level"],
                name="training_goal_once",
                violation_error_message=_("There is a goal for this role and level already."),
            ),
            _people_limit("training_goal_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.people} × {self.role}"
