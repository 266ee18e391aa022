from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Place, Visible
from tansiq.core.editing import Editable
from tansiq.plans.models.plans import Plan
from tansiq.plans.querysets import AmendmentQuerySet, ConsequenceQuerySet, VersionQuerySet


class Version(Visible):
    """A plan as a legal instrument put it into force: kept word for word, never changed."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("number"))
    legal_instrument = models.CharField(_("legal instrument"), max_length=250, blank=True)
    in_force_on = models.DateField(_("in force since"), null=True, blank=True)
    reason = models.TextField(_("why it was changed"), blank=True)
    # Canonical JSON as text: the digest is of these very letters, on every database.
    content = models.TextField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    kept_at = models.DateTimeField(editable=False)
    # When all places were told what it means for them; the job starts anew until it is set.
    passed_on_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar = VersionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plan", "number"], name="version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} ({self.number})"

    def get_absolute_url(self) -> str:
        plan = self.plan
        return reverse("plans:version", args=[plan.country.code, plan.slug, self.number])


class AmendmentStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("amendment", "being drafted")
    IN_FORCE = "in_force", pgettext_lazy("amendment", "in force")
    DISCARDED = "discarded", pgettext_lazy("amendment", "discarded")


class Amendment(Visible, Editable):
    """The next version of an adopted plan while it is drafted. Only its owner reads it.

    It holds the whole content as it is to be; the rows of the plan stay what is in force until
    a lead puts it into force.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="amendments")
    base = models.ForeignKey(Version, models.PROTECT, related_name="+")
    status = models.CharField(max_length=9, choices=AmendmentStatus, default=AmendmentStatus.OPEN)
    reason = models.TextField(_("why the plan is changed"), blank=True)
    content = models.TextField(editable=False)
    # How often each part was saved in this draft, by "kind/key": two people may edit two parts.
    revisions = models.JSONField(default=dict, editable=False)
    opened_at = models.DateTimeField(editable=False)
    # The version it became.
    version = models.OneToOneField(
        Version, models.SET_NULL, null=True, editable=False, related_name="amendment"
    )

    objects: ClassVar = AmendmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["plan"],
                condition=models.Q(status="open"),
                name="one_open_amendment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.status}"

    @property
    def is_open(self) -> bool:
        return self.status == AmendmentStatus.OPEN

    @property
    def number(self) -> int:
        """The number of the version it is to become."""
        return self.base.number + 1


class Consequence(Visible):
    """That a version concerns a place: when the place was told, and when it had looked at it."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="consequences")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    told_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = ConsequenceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "place"], name="consequence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} for {self.place_id}"

    def get_absolute_url(self) -> str:
        plan = self.version.plan
        where = [plan.country.code, plan.slug, self.version.number, self.place.code]
        return reverse("plans:consequence", args=where)
