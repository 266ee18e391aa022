"""How much goes which way and how soon it is answered, counted ahead month by month.

A month is that of sending. `TallyMark` says that something of a month changed; the database writes
it (`exchange/marking.py`), so that no action can forget it. `TallyMonth` is when a month was
counted, and how often: two that count it at once do not undo each other.
"""

from typing import ClassVar, Final

from django.db import models

from tansiq.access.models import Organisation, Visible
from tansiq.exchange.models.items import Direction
from tansiq.exchange.querysets import OwnTallyQuerySet, TallyQuerySet

# What stands in a column over which a row adds up.
ALL_LEVELS: Final = 99
ALL: Final = ""


class Cut(models.TextChoices):
    """By what a row is counted; each row adds up over all the rest."""

    LEVELS = "levels"
    KINDS = "kinds"
    ITEMS = "items"


class Counts(Visible):
    """What is counted; times as histograms that add up (`exchange/histograms.py`)."""

    sent = models.PositiveIntegerField()
    acknowledged = models.PositiveIntegerField()
    # Of those sent: with words wished for in return; answered in words; "cannot, because".
    asked = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()
    declined = models.PositiveIntegerField()
    decided = models.PositiveIntegerField()
    acknowledging = models.JSONField(default=dict)
    answering = models.JSONField(default=dict)

    class Meta:
        abstract = True


class Tally(Counts):
    """One month of what went from one country to one (mostly the same), by one cut."""

    cut = models.CharField(max_length=6, choices=Cut)
    month = models.DateField()
    # Empty for a regional hub.
    from_country = models.CharField(max_length=2, blank=True)
    to_country = models.CharField(max_length=2, blank=True)
    direction = models.CharField(max_length=6, choices=Direction)
    from_level = models.SmallIntegerField(default=ALL_LEVELS)
    to_level = models.SmallIntegerField(default=ALL_LEVELS)
    from_kind = models.CharField(max_length=20, blank=True)
    to_kind = models.CharField(max_length=20, blank=True)
    # Empty for all kinds of items together.
    item_kind = models.CharField(max_length=12, blank=True)

    objects: ClassVar = TallyQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=[
                    "month",
                    "cut",
                    "from_country",
                    "to_country",
                    "direction",
                    "from_level",
                    "to_level",
                    "from_kind",
                    "to_kind",
                    "item_kind",
                ],
                name="tally_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["from_country", "item_kind", "month"], name="tally_from"),
            models.Index(fields=["to_country", "item_kind", "month"], name="tally_to"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.cut} {self.direction}: {self.sent}"


class Side(models.TextChoices):
    SENT = "sent"
    CAME = "came"


class OwnTally(Counts):
    """One month of one organisation with much traffic; where there is little, it is not needed."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    month = models.DateField()
    side = models.CharField(max_length=4, choices=Side)
    # Of the other side.
    level = models.SmallIntegerField()
    item_kind = models.CharField(max_length=12)

    objects: ClassVar = OwnTallyQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation", "month", "side", "level", "item_kind"],
                name="own_tally_once",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["month"], name="own_tally_month"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.organisation_id} {self.side}: {self.sent}"


class TallyMonth(models.Model):
    """When a month was last counted."""

    month = models.DateField(unique=True)
    counted_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class TallyMark(models.Model):
    """Something of this month changed since it was counted."""

    month = models.DateField()

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
