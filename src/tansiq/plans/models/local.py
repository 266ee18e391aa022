from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Place, Visible
from tansiq.core.editing import Editable
from tansiq.plans.models.plans import Action, Certainty, Plan
from tansiq.plans.models.versions import Version
from tansiq.plans.querysets import AlignmentQuerySet, StageQuerySet


class Relation(models.TextChoices):
    ADOPTS = "adopts", pgettext_lazy("a local action … the national one", "adopts")
    ADAPTS = "adapts", pgettext_lazy("a local action … the national one", "adapts")
    SUPPORTS = "supports", pgettext_lazy("a local action … the national one", "supports")
    NOT_APPLICABLE = "not_applicable", _("does not apply here")


class Alignment(Visible, Editable):
    """How one place answers one national action: with an action of its own, or with a reason."""

    national_action = models.ForeignKey(Action, models.CASCADE, related_name="local_answers")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    local_action = models.ForeignKey(
        Action, models.CASCADE, null=True, blank=True, related_name="national_links"
    )
    relation = models.CharField(_("relation"), max_length=14, choices=Relation)
    reason = models.TextField(_("reason"), blank=True)
    # The version that changed the national action after this answer; empty once confirmed.
    look_again = models.ForeignKey(
        Version, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    objects: ClassVar = AlignmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["national_action", "place", "local_action"], name="alignment_once"
            ),
            models.UniqueConstraint(
                fields=["national_action", "place"],
                condition=models.Q(local_action__isnull=True),
                name="alignment_refused_once",
            ),
            models.CheckConstraint(
                condition=models.Q(relation="not_applicable", local_action__isnull=True)
                & ~models.Q(reason="")
                | ~models.Q(relation="not_applicable") & models.Q(local_action__isnull=False),
                name="alignment_has_action_or_reason",
                violation_error_message=_(
                    "Name the local action, or say why the national one does not apply here."
                ),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["place", "national_action"], name="alignment_by_place"),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.relation} {self.national_action}"


class StageName(models.TextChoices):
    NONE = "none", pgettext_lazy("stage of a place", "no plan yet")
    DRAFTING = "drafting", pgettext_lazy("stage of a place", "drafting")
    ADOPTED = "adopted", pgettext_lazy("stage of a place", "adopted")
    FUNDED = "funded", pgettext_lazy("stage of a place", "funded")
    UNDER_WAY = "under_way", pgettext_lazy("stage of a place", "under way")
    REVIEWED = "reviewed", pgettext_lazy("stage of a place", "reviewed")


class Stage(Visible):
    """How far a place has come with a national plan, and since when. The latest row counts."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="stages")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    name = models.CharField(_("stage"), max_length=10, choices=StageName)
    since_on = models.DateField(_("since"))
    is_latest = models.BooleanField(default=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    certainty = models.CharField(max_length=10, choices=Certainty, default=Certainty.OWN)
    source = models.CharField(_("source"), max_length=400, blank=True)

    objects: ClassVar = StageQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["plan", "place"],
                condition=models.Q(is_latest=True),
                name="one_latest_stage",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.name} since {self.since_on}"
