"""Counting receipts: plain sums that can be added, from whatever receipts are asked for.

What counts is an item that was sent and not taken back, under any marking but RED; one that was
deleted when its time was over keeps counting, because envelope and receipts stay.
"""

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final

from django.db.models import Case, Count, F, FloatField, Func, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Floor, Greatest, Ln

from tansiq.exchange.histograms import (
    FIRST_SECONDS,
    GROWTH,
    Histogram,
    add,
    as_stored,
    capped,
)
from tansiq.exchange.models import ASKING, Receipt

# Words were wished for: by a day, or by the nature of the item.
_ASKED: Final = Q(reply_by__isnull=False) | Q(item__kind__in=ASKING)
_DECLINED: Final = _ASKED & Q(answered_at__isnull=True, state="cannot")
_COUNTS: Final = ("sent", "acknowledged", "asked", "answered", "declined", "decided")
_TIMES: Final = ("acknowledging", "answering")
STORED: Final = (*_COUNTS, *_TIMES)


@dataclass
class Sums:
    """What of these receipts became; two may be added."""

    sent: int = 0
    acknowledged: int = 0
    asked: int = 0
    answered: int = 0
    declined: int = 0
    decided: int = 0
    acknowledging: Histogram = field(default_factory=dict)
    answering: Histogram = field(default_factory=dict)

    def take(self, other: "Sums") -> None:
        for name in _COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in _TIMES:
            add(getattr(self, name), getattr(other, name))

    def stored(self) -> dict[str, Any]:
        """Return it as the columns of a row."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return values | {name: as_stored(values[name]) for name in _TIMES}

    def take_stored(self, row: Sequence[Any]) -> None:
        """Add the columns of a row, in the order of `STORED`; pages do this thousands of times."""
        self.sent += row[0]
        self.acknowledged += row[1]
        self.asked += row[2]
        self.answered += row[3]
        self.declined += row[4]
        self.decided += row[5]
        for times, stored in ((self.acknowledging, row[6]), (self.answering, row[7])):
            for band, count in stored.items():
                at = int(band)
                times[at] = times.get(at, 0) + count

    @property
    def unacknowledged(self) -> int:
        return self.sent - self.acknowledged

    @property
    def unanswered(self) -> int:
        """How many still wait for words; "cannot, because" is an answer."""
        return self.asked - self.answered - self.declined


class _Seconds(Func):
    """The length of a difference of two moments."""

    output_field = FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection, template="((%(expressions)s) / 1000000.0)", **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "EXTRACT(EPOCH FROM (%(expressions)s))::double precision"
        return self.as_sql(compiler, connection, template=template, **more)


def _band(upto: str) -> Any:
    """Return the band of the time from sending, as `histograms.band_of` has it, not yet capped."""
    # What is below a minute, or negative, lands in band 0 like 59 seconds.
    seconds = Greatest(_Seconds(F(upto) - F("sent_at")), Cast(Value(59.0), FloatField()))
    band = Floor(Ln(seconds / FIRST_SECONDS) / math.log(GROWTH)) + 1.0
    # GREATEST of PostgreSQL passes over what is not known.
    return Case(When(**{f"{upto}__isnull": True}, then=None), default=band)


def countable() -> QuerySet[Any]:
    """Return the receipts that stand in figures."""
    found: QuerySet[Any] = Receipt.objects.filter(
        item__sent_at__isnull=False, item__recalled_at__isnull=True
    ).exclude(item__marking="red")
    return found


def within(receipts: QuerySet[Any], month: dt.date) -> QuerySet[Any]:
    """Keep what was sent in this month, in UTC."""
    return receipts.filter(sent_at__gte=begin_of(month), sent_at__lt=begin_of(next_month(month)))


def begin_of(month: dt.date) -> dt.datetime:
    return dt.datetime(month.year, month.month, 1, tzinfo=dt.UTC)


def next_month(month: dt.date) -> dt.date:
    return (month.replace(day=28) + dt.timedelta(days=4)).replace(day=1)


def month_of(moment: dt.datetime | dt.date) -> dt.date:
    return dt.date(moment.year, moment.month, 1)


def sums_by(
    receipts: QuerySet[Any], keys: Mapping[str, Any] | Iterable[str]
) -> dict[tuple[Any, ...], Sums]:
    """Return the sums of each group of receipts with the same keys; two queries."""
    named = dict(keys) if isinstance(keys, Mapping) else {name: F(name) for name in keys}
    columns = {f"key_{n}": value for n, value in enumerate(named.values())}
    grouped = receipts.order_by().values(**columns)
    found: defaultdict[tuple[Any, ...], Sums] = defaultdict(Sums)
    rows = grouped.annotate(
        band=_band("acknowledged_at"),
        number=Count("pk"),
        asked=Count("pk", filter=_ASKED),
        declined=Count("pk", filter=_DECLINED),
        decided=Count("decided_at"),
    )
    names = ("band", "number", "asked", "declined", "decided")
    for row in rows.values_list(*columns, *names).iterator(5_000):
        band, number, asked, declined, decided = row[-5:]
        sums = found[row[:-5]]
        sums.sent += number
        sums.asked += asked
        sums.declined += declined
        sums.decided += decided
        if band is not None:
            sums.acknowledged += number
            _count(sums.acknowledging, band, number)
    answers = grouped.filter(_ASKED, answered_at__isnull=False)
    rows = answers.annotate(band=_band("answered_at"), number=Count("pk"))
    for *key, band, number in rows.values_list(*columns, "band", "number").iterator(5_000):
        sums = found[tuple(key)]
        sums.answered += number
        _count(sums.answering, band, number)
    return dict(found)


def _count(times: Histogram, band: float, number: int) -> None:
    at = capped(band)
    times[at] = times.get(at, 0) + number
