from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Organisation, Visible
from tansiq.core.editing import Editable
from tansiq.incidents.models.base import InRoom
from tansiq.incidents.models.incidents import Incident
from tansiq.incidents.querysets import RoomQuerySet
from tansiq.incidents.querysets.exercises import InjectQuerySet, LearningQuerySet


class Exercise(Visible, Editable):
    """What makes an incident an exercise: who runs it, by which story."""

    incident = models.OneToOneField(Incident, models.CASCADE, related_name="exercise")
    # The ready-made story of the playbook from which it started; empty for one of one's own.
    story = models.CharField(max_length=40, blank=True)
    facilitators = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("who runs it")
    )

    objects: ClassVar = RoomQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.incident)


class Aim(InRoom, Editable):
    """What the exercise is to show: an objective, how one sees it, and which tasks tell."""

    text = models.CharField(_("objective"), max_length=250)
    seen_by = models.CharField(_("how one sees that it is met"), max_length=400, blank=True)
    tasks = models.JSONField(_("tasks that show it"), default=list, blank=True)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)

    def __str__(self) -> str:
        return self.text


class Team(InRoom, Editable):
    """Players who get injects of their own: whole organisations, or people of them."""

    name = models.CharField(_("name"), max_length=80)
    language = models.CharField(
        _("language in which it is spoken to"), max_length=8, choices=settings.LANGUAGES
    )
    organisations = models.ManyToManyField(
        Organisation, blank=True, related_name="+", verbose_name=_("whole organisations")
    )
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("people")
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["incident", "name"],
                name="team_name_once",
                violation_error_message=_("Another team has this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class InjectLook(models.TextChoices):
    """How an inject looks to those who get it. All of it is invented."""

    MESSAGE = "message", pgettext_lazy("form of an inject", "message")
    PHONE = "phone", pgettext_lazy("form of an inject", "phone call")
    SOCIAL = "social", pgettext_lazy("form of an inject", "social post (invented)")
    PRESS = "press", pgettext_lazy("form of an inject", "press report (invented)")


class InjectState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("inject", "planned")
    GIVEN = "given", pgettext_lazy("inject", "given")
    SKIPPED = "skipped", pgettext_lazy("inject", "left out")


class Inject(InRoom, Editable):
    """What players are told at a time of the room's clock, and what good play looks like.

    The words of a playbook's inject stand in the playbook, in its languages; `title`, `text` and
    `expected` are only for those that were written here.
    """

    key = models.CharField(max_length=40, blank=True)
    title = models.CharField(_("what comes in, in a few words"), max_length=120, blank=True)
    text = models.TextField(_("what players are told"), blank=True, max_length=4000)
    expected = models.TextField(_("what good play looks like"), blank=True, max_length=2000)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, blank=True)
    look = models.CharField(
        _("how it comes in"), max_length=8, choices=InjectLook, default=InjectLook.MESSAGE
    )
    # Nobody but the team sees it; without a team, everybody in the room.
    team = models.ForeignKey(
        Team,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="injects",
        verbose_name=_("only for the team"),
    )
    roles = models.JSONField(default=list, blank=True)
    # On the room's clock, like `given_at` and `answered_at`.
    planned_at = models.DateTimeField(_("when, on the clock of the exercise"))
    is_automatic = models.BooleanField(_("comes by itself at its time"), default=True)
    state = models.CharField(max_length=8, choices=InjectState, default=InjectState.PLANNED)
    given_at = models.DateTimeField(null=True, blank=True)
    # Tasks of the playbook that good play ends, and in how many minutes.
    tasks = models.JSONField(_("tasks that answer it"), default=list, blank=True)
    within = models.PositiveSmallIntegerField(_("minutes to answer it"), default=30)
    # When a facilitator saw the expected action, where no task shows it.
    answered_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = InjectQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(state="given", given_at__isnull=False)
                | models.Q(state__in=["planned", "skipped"], given_at__isnull=True),
                name="inject_given_with_a_moment",
            ),
            models.CheckConstraint(
                condition=~models.Q(key="") | ~models.Q(title=""),
                name="inject_has_words",
            ),
            models.UniqueConstraint(
                fields=["incident", "key"], condition=~models.Q(key=""), name="inject_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "planned_at"], name="inject_coming"),
        ]

    def __str__(self) -> str:
        return self.title or self.key

    @property
    def is_planned(self) -> bool:
        return self.state == InjectState.PLANNED

    @property
    def is_given(self) -> bool:
        return self.state == InjectState.GIVEN

    @property
    def is_skipped(self) -> bool:
        return self.state == InjectState.SKIPPED


class Rating(models.TextChoices):
    MET = "met", pgettext_lazy("rating of an objective", "it worked")
    MOSTLY = "mostly", pgettext_lazy("rating of an objective", "it worked with small difficulties")
    PARTLY = "partly", pgettext_lazy("rating of an objective", "it worked with great difficulties")
    NOT_MET = "not_met", pgettext_lazy("rating of an objective", "it did not work")


class Observation(InRoom):
    """What somebody who runs the exercise saw, by objective; about the work, never a person."""

    aim = models.ForeignKey(
        Aim, models.CASCADE, related_name="observations", verbose_name=_("objective")
    )
    rating = models.CharField(_("how it went"), max_length=8, choices=Rating)
    note = models.TextField(_("what you saw"), blank=True, max_length=4000)
    language = models.CharField(max_length=8, choices=settings.LANGUAGES)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # On the room's clock; and really.
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    client_key = models.UUIDField(null=True, blank=True)

    objects: ClassVar = LearningQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["incident", "client_key"],
                condition=models.Q(client_key__isnull=False),
                name="observation_arrives_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.aim_id}: {self.rating}"
