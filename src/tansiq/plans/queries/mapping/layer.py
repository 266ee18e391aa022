"""What a map shows of each place, whatever it is about."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from tansiq.core.charts import Scale
from tansiq.plans.models import Period

# A figure on which fewer than this share of the places expected to report rests is not shown.
ENOUGH = Decimal("0.5")
_SHADES = 5


@dataclass(frozen=True)
class Topic:
    """Something a map can be about; `key` stands in its address."""

    key: str
    label: str
    group: str = ""


@dataclass(frozen=True)
class Moment:
    """One stop of the time slider: a month for stages, a reporting period for figures."""

    key: str
    label: str
    day: dt.date
    period: Period | None = None


@dataclass(frozen=True)
class Value:
    """What one place has, in words, and on how many it rests: so many of so many."""

    number: Decimal | None
    words: str
    base: int = 0
    of: int = 0
    is_few: bool = False


UNKNOWN = Value(None, "")


@dataclass(frozen=True)
class Layer:
    """The values of all places, the one sentence they come to, and how they are coloured."""

    title: str
    heading: str
    base_heading: str
    scale: Scale
    values: dict[int, Value] = field(default_factory=dict)
    unit: str = ""

    @property
    def is_number(self) -> bool:
        """Whether values are read as numbers, not as words."""
        return not self.scale.names or self.unit == "%"

    def value_of(self, place_id: int) -> Value:
        return self.values.get(place_id, UNKNOWN)

    @property
    def has_base(self) -> bool:
        return any(one.of for one in self.values.values())


def share_value(part: int, whole: int, words: str) -> Value:
    """Return the share as a value whose base is the two numbers."""
    return Value(Decimal(part) / Decimal(whole) if whole else None, words, part, whole)


def share_scale() -> Scale:
    """Quarters, and a step of its own for all of it."""
    return Scale(
        (0, 0.25, 0.5, 0.75, 1),
        (
            _("less than a quarter"),
            _("a quarter to a half"),
            _("a half to three quarters"),
            _("three quarters or more"),
            _("all"),
        ),
    )


def number_scale(numbers: Iterable[Decimal]) -> Scale:
    """Split values into about as many places a step, at round numbers."""
    ranked = sorted(numbers)
    if not ranked:
        return Scale((0,))
    least = min(ranked[0], Decimal(0))
    cuts = (ranked[len(ranked) * step // _SHADES] for step in range(1, _SHADES))
    bins = sorted({float(least), *(float(_round(cut)) for cut in cuts if _round(cut) > least)})
    return Scale(bins)


def _round(number: Decimal) -> Decimal:
    """Keep two digits that count, downwards, so that the value itself stays in its step."""
    if not number:
        return number
    digits = Decimal(1).scaleb(number.adjusted() - 1)
    return (number // digits) * digits
