from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Place, Visible
from tansiq.core.editing import Editable
from tansiq.plans.models.plans import Certainty, Droppable, Objective, Plan
from tansiq.plans.models.reports import Period, Report
from tansiq.plans.querysets import (
    DatapointQuerySet,
    IndicatorQuerySet,
    RollUpQuerySet,
    TargetQuerySet,
)

# Amounts are whole numbers of the indicator's smallest unit, so that sums are exact on every
# database. With these bounds the sum over 90,000 places still fits 64 bits.
AMOUNT_LIMIT = 10**13


class Rule(models.TextChoices):
    SUM = "sum", pgettext_lazy("roll-up", "added up")
    MEAN = "mean", pgettext_lazy("roll-up", "mean of places")
    WEIGHTED = "weighted", pgettext_lazy("roll-up", "mean weighted by the base")
    LATEST = "latest", pgettext_lazy("roll-up", "latest value")
    PLACES = "places", pgettext_lazy("roll-up", "number of places above zero")


class Frequency(models.TextChoices):
    PERIOD = "period", _("every reporting period")
    YEAR = "year", _("every year")
    ONCE = "once", _("at the start and at the end")


class Indicator(Visible, Editable, Droppable):
    """What is counted to see whether a plan works: never about single persons."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="indicators")
    objective = models.ForeignKey(
        Objective, models.SET_NULL, null=True, blank=True, related_name="indicators"
    )
    code = models.CharField(_("code"), max_length=20)
    title = models.CharField(_("title"), max_length=300)
    definition = models.TextField(_("definition"), blank=True)
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    decimals = models.PositiveSmallIntegerField(
        _("digits after the point"), default=0, validators=[MaxValueValidator(6)]
    )
    frequency = models.CharField(
        _("frequency"), max_length=6, choices=Frequency, default=Frequency.PERIOD
    )
    rule = models.CharField(_("roll-up"), max_length=8, choices=Rule, default=Rule.SUM)
    # Which level reports it; empty: every level may add its own.
    level = models.PositiveSmallIntegerField(_("reported by level"), null=True, blank=True)
    # Keys of DIMENSIONS by which places may break a value down.
    dimensions = models.JSONField(_("broken down by"), default=list, blank=True)
    falling_is_good = models.BooleanField(_("a lower value is better"), default=False)
    baseline = models.BigIntegerField(null=True, blank=True)
    baseline_on = models.DateField(_("date of the baseline"), null=True, blank=True)
    target = models.BigIntegerField(null=True, blank=True)
    limits = models.TextField(_("what it cannot tell"), blank=True)
    certainty = models.CharField(max_length=10, choices=Certainty, default=Certainty.OWN)
    source = models.CharField(_("source"), max_length=400, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar = IndicatorQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="indicator_code_once",
                violation_error_message=_("Another indicator of this plan has this code."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def as_number(self, amount: int | None) -> Decimal | None:
        """Return a stored amount in the indicator's unit."""
        return None if amount is None else Decimal(amount).scaleb(-self.decimals)

    @property
    def baseline_number(self) -> Decimal | None:
        return self.as_number(self.baseline)

    @property
    def target_number(self) -> Decimal | None:
        return self.as_number(self.target)


class Target(Visible, Editable):
    """What one place wants to reach with one indicator."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="targets")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    baseline = models.BigIntegerField(null=True, blank=True)
    target = models.BigIntegerField(null=True, blank=True)

    objects: ClassVar = TargetQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["place", "indicator"], name="target_once"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} in {self.place_id}"


# The parts of a value: a whole and its parts share indicator, place and period. Codes are
# stored ("sex=female"), words are shown.
DIMENSIONS = {
    "sex": {
        "female": pgettext_lazy("sex", "women and girls"),
        "male": pgettext_lazy("sex", "men and boys"),
        "other": pgettext_lazy("sex", "other or not said"),
    },
    "age": {
        "under18": _("under 18"),
        "18-29": _("18 to 29"),
        "30-59": _("30 to 59"),
        "60plus": _("60 and over"),
    },
}


class DatapointStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("value", "draft")
    SUBMITTED = "submitted", pgettext_lazy("value", "sent")
    ACCEPTED = "accepted", pgettext_lazy("value", "accepted")
    WITHDRAWN = "withdrawn", pgettext_lazy("value", "withdrawn")


class Datapoint(Visible, Editable):
    """One value: an indicator, a place, a period, and the whole ("") or one part of it."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="datapoints")
    report = models.ForeignKey(Report, models.CASCADE, related_name="datapoints")
    # Both of the report; repeated here because the roll-up and its constraint need them.
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    part = models.CharField(max_length=20, blank=True)
    amount = models.BigIntegerField()
    # The base of a weighted mean (residents asked, schools counted); 1 otherwise.
    weight = models.BigIntegerField(default=1)
    as_of = models.DateField(_("as of"))
    note = models.TextField(_("how good this figure is"), blank=True)
    status = models.CharField(max_length=10, choices=DatapointStatus, default=DatapointStatus.DRAFT)

    objects: ClassVar = DatapointQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["indicator", "period", "place", "part"], name="datapoint_once"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gte=-AMOUNT_LIMIT, amount__lte=AMOUNT_LIMIT),
                name="datapoint_amount_in_range",
                violation_error_message=_("This number is too large."),
            ),
            models.CheckConstraint(
                condition=models.Q(weight__gte=0, weight__lte=10**9),
                name="datapoint_weight_in_range",
                violation_error_message=_("The base must be between 0 and 1,000,000,000."),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["indicator", "period", "part", "-as_of"],
                condition=models.Q(status="accepted"),
                name="datapoint_latest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} in {self.place_id}: {self.amount}"


class RollUp(Visible):
    """What all accepted values of a place and everything below it come to, kept exact.

    Sums of whole numbers, so that adding and taking away one value is one statement over the
    place's ancestors, however many places there are. See docs/decisions/0004-exact-roll-ups.md.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="rollups")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    period = models.ForeignKey(Period, models.PROTECT, related_name="+")
    part = models.CharField(max_length=20, blank=True)
    values_count = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    weight = models.BigIntegerField(default=0)
    weighted_total = models.BigIntegerField(default=0)
    places_above_zero = models.BigIntegerField(default=0)
    latest_amount = models.BigIntegerField(null=True)
    latest_on = models.DateField(null=True)
    # The value that is the latest: when that one goes, the next latest is looked up.
    latest_id = models.BigIntegerField(null=True, db_index=True)

    objects: ClassVar = RollUpQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["indicator", "period", "place", "part"], name="rollup_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["place", "period"], name="rollup_by_place"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} up to {self.place_id}"
