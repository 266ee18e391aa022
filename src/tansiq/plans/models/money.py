"""Money of plans: what is needed, who pays, what was spent. Whole numbers, never floating point.

Each amount counts the smallest unit of its currency (see `tansiq.core.money`), so that sums are
exact on every database.
"""

from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tansiq.access.models import Place, Visible
from tansiq.core.editing import Editable
from tansiq.plans.models.activities import Funding
from tansiq.plans.models.plans import Action, Plan
from tansiq.plans.querysets import (
    BudgetLineQuerySet,
    CostQuerySet,
    RateQuerySet,
    StaffYearQuerySet,
)

# Ten million million rupiah and more; the sum of 9,000 such lines still fits 64 bits.
MONEY_LIMIT = 10**15
FIRST_YEAR, LATEST_YEAR = 1990, 2100
# What pays: an activity may need no money, a budget line cannot.
SOURCES = [(one.value, one.label) for one in Funding if one != Funding.NONE]


class Afterwards(models.TextChoices):
    """What becomes of the work when this money ends."""

    HANDED_OVER = "handed_over", pgettext_lazy("when funding ends", "handed over")
    ABSORBED = "absorbed", pgettext_lazy("when funding ends", "absorbed into a regular budget")
    STOPS = "stops", pgettext_lazy("when funding ends", "stops")
    UNKNOWN = "unknown", pgettext_lazy("when funding ends", "not known yet")


def _amount(label: Any) -> Any:
    return models.BigIntegerField(label, default=0)


def _year() -> Any:
    limits = [MinValueValidator(FIRST_YEAR), MaxValueValidator(LATEST_YEAR)]
    return models.PositiveSmallIntegerField(_("year"), validators=limits)


def _in_range(name: str, *fields: str) -> models.CheckConstraint:
    limits = {f"{one}__gte": 0 for one in fields} | {f"{one}__lte": MONEY_LIMIT for one in fields}
    return models.CheckConstraint(
        condition=models.Q(**limits),
        name=name,
        violation_error_message=_("An amount is not below zero, and not that large."),
    )


class BudgetLine(Visible, Editable):
    """Money for a plan, or for one action of it, from one source in one year."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="budget_lines")
    # Empty: for the plan as a whole.
    action = models.ForeignKey(
        Action,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="budget_lines",
        verbose_name=_("action"),
    )
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("for where"))
    year = _year()
    source = models.CharField(_("with whose money"), max_length=8, choices=SOURCES)
    funder = models.CharField(_("name of the funder"), max_length=120, blank=True)
    title = models.CharField(_("what it pays for"), max_length=250)
    note = models.TextField(_("note"), blank=True)
    planned = _amount(pgettext_lazy("money", "planned"))
    committed = _amount(pgettext_lazy("money", "committed"))
    spent = _amount(pgettext_lazy("money", "spent"))
    currency = models.CharField(_("currency"), max_length=3)
    # Whether it comes again each year, or for a time only.
    is_recurrent = models.BooleanField(_("comes again every year"), default=False)
    ends_on = models.DateField(_("the last day of this money"), null=True, blank=True)
    afterwards = models.CharField(
        _("what happens when it ends"),
        max_length=11,
        choices=Afterwards,
        default=Afterwards.UNKNOWN,
    )
    successor = models.CharField(_("who takes over"), max_length=250, blank=True)

    objects: ClassVar = BudgetLineQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            _in_range("budget_line_amounts_in_range", "planned", "committed", "spent"),
            models.CheckConstraint(
                condition=~models.Q(source="none"),
                name="budget_line_has_a_source",
                violation_error_message=_("Say whose money it is."),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["plan", "year"], name="budget_line_by_plan"),
            models.Index(fields=["place", "year"], name="budget_line_by_place"),
            models.Index(fields=["ends_on"], name="budget_line_ending"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_left_open(self) -> bool:
        """Whether the money ends and nobody has said what happens then."""
        ends = self.ends_on is not None and not self.is_recurrent
        return ends and self.afterwards == Afterwards.UNKNOWN


class Cost(Visible, Editable):
    """What an action, or the plan as a whole, needs in a year at a place."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="costs")
    action = models.ForeignKey(
        Action,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="costs",
        verbose_name=_("action"),
    )
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("where"))
    year = _year()
    amount = _amount(_("what it costs"))
    currency = models.CharField(_("currency"), max_length=3)
    basis = models.CharField(
        _("how this was reckoned"),
        max_length=300,
        blank=True,
        help_text=_("Such as: 24 meetings, each with a hall, meals and travel."),
    )

    objects: ClassVar = CostQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            _in_range("cost_amount_in_range", "amount"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["plan", "year"], name="cost_by_plan"),
            models.Index(fields=["place", "year"], name="cost_by_place"),
        ]

    def __str__(self) -> str:
        return self.basis or f"{self.currency} {self.year}"


class Rate(Visible, Editable):
    """What one unit of a currency cost in another on a day: a public fact, with its source."""

    country = models.ForeignKey(Place, models.PROTECT, related_name="+")
    base = models.CharField(_("one unit of"), max_length=3)
    quote = models.CharField(_("costs in"), max_length=3)
    on = models.DateField(_("rate of the day"))
    # The rate is `units` with the point moved `decimals` digits to the left.
    units = models.BigIntegerField()
    decimals = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(10)])
    source = models.CharField(
        _("source"), max_length=200, help_text=_("Such as the central bank's middle rate.")
    )

    objects: ClassVar = RateQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["country", "base", "quote", "on"],
                name="rate_once",
                violation_error_message=_("A rate of this day is already there; change that one."),
            ),
            models.CheckConstraint(
                condition=models.Q(units__gt=0, units__lte=10**18, decimals__lte=10),
                name="rate_above_zero",
                violation_error_message=_("A rate is above zero."),
            ),
            models.CheckConstraint(
                condition=~models.Q(base=models.F("quote")),
                name="rate_between_two_currencies",
                violation_error_message=_("Choose two different currencies."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.base}/{self.quote} {self.number:f} ({self.on})"

    @property
    def number(self) -> Decimal:
        return Decimal(self.units).scaleb(-self.decimals)


class StaffYear(Visible, Editable):
    """How many people work on a plan in a year, in hundredths of a full-time post."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="staff_years")
    year = _year()
    planned = models.PositiveIntegerField(_("posts planned"), default=0)
    there = models.PositiveIntegerField(_("posts filled"), null=True, blank=True)

    objects: ClassVar = StaffYearQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["plan", "year"],
                name="staff_year_once",
                violation_error_message=_("This year is already there; change that one."),
            ),
            models.CheckConstraint(
                condition=models.Q(planned__lte=10**8)
                & (models.Q(there__isnull=True) | models.Q(there__lte=10**8)),
                name="staff_year_in_range",
                violation_error_message=_("That many people do not work on one plan."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {Decimal(self.planned).scaleb(-2)}"
