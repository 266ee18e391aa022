"""Counting months anew of which something changed, and writing down what left as a file."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from django.db import models, transaction
from django.db.models import Count, F

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Organisation, Place
from tansiq.exchange.models import (
    ALL,
    ALL_LEVELS,
    Cut,
    OwnTally,
    Receipt,
    Side,
    Tally,
    TallyMark,
    TallyMonth,
)
from tansiq.exchange.queries.counting import (
    Sums,
    countable,
    month_of,
    next_month,
    sums_by,
    within,
)

# From so many receipts in a month on, an organisation's own figures are counted ahead, too.
MUCH: Final = 200
# A month that nobody marked is counted again after this long, should the kind of an organisation
# have changed or a mark be lost.
_STALE: Final = dt.timedelta(days=1)
_AT_ONCE: Final = 500
_KEYS: Final = {
    "from_country": F("item__owner__country_code"),
    "to_country": F("organisation__country_code"),
    "direction": F("direction"),
    "from_level": F("from_level"),
    "to_level": F("to_level"),
    "from_kind": F("item__owner__kind"),
    "to_kind": F("organisation__kind"),
    "item_kind": F("item__kind"),
}
# Over which columns each cut does not add up.
_CUTS: Final = {
    Cut.LEVELS: ("direction", "from_level", "to_level"),
    Cut.KINDS: ("from_kind", "to_kind"),
    Cut.ITEMS: ("direction",),
}
_OTHER_LEVEL: Final = {Side.SENT: "to_level", Side.CAME: "from_level"}
_HOLDER: Final = {Side.SENT: "item__owner", Side.CAME: "organisation"}


def count_changed_months(*, at: dt.datetime) -> int:
    """Count the months of which something changed, and the stalest other one; return how many.

    Safe to be cut off and to run twice at once: a month's rows change together or not at all, and
    a mark goes only with the count that has seen it.
    """
    _list_months(at=at)
    marked = set(TallyMark.objects.values_list("month", flat=True))
    stale = TallyMonth.objects.exclude(month__in=marked).exclude(counted_at__gt=at - _STALE)
    never_first = stale.order_by(F("counted_at").asc(nulls_first=True), "month")
    new = set(never_first.filter(counted_at__isnull=True).values_list("month", flat=True))
    old = never_first.filter(counted_at__isnull=False).values_list("month", flat=True)[:1]
    return sum(count_month(month, at=at) for month in sorted(marked | new | set(old)))


def _list_months(*, at: dt.datetime) -> None:
    first = Receipt.objects.order_by("sent_at").values_list("sent_at", flat=True).first()
    if first is None:
        return
    month, months = month_of(first), []
    while month <= month_of(at):
        months.append(TallyMonth(month=month))
        month = next_month(month)
    TallyMonth.objects.bulk_create(months, ignore_conflicts=True)


def count_month(month: dt.date, *, at: dt.datetime) -> bool:
    """Count one month anew; return whether this count stands.

    It does not if somebody else counted the same month meanwhile; the marks then stay for the next.
    """
    own, _made = TallyMonth.objects.get_or_create(month=month)
    # Before counting: what commits while we count leaves a mark that we do not take away.
    seen = list(TallyMark.objects.filter(month=month).values_list("pk", flat=True))
    rows = list(tallies_of(month))
    own_rows = list(own_tallies_of(month))
    with transaction.atomic():
        ours = TallyMonth.objects.filter(pk=own.pk, version=own.version)
        if not ours.update(version=own.version + 1, counted_at=at):
            return False
        Tally.objects.filter(month=month).delete()
        OwnTally.objects.filter(month=month).delete()
        _create(Tally, rows)
        _create(OwnTally, own_rows)
        marks = iter(seen)
        while some := list(islice(marks, _AT_ONCE)):
            TallyMark.objects.filter(pk__in=some).delete()
    return True


def _create(model: type[models.Model], rows: Iterable[Any]) -> None:
    made: Any = model
    made.objects.bulk_create(rows, batch_size=_AT_ONCE)


def tallies_of(month: dt.date) -> Iterator[Tally]:
    """Yield the rows of a month by every cut, each for one kind of item and for all together."""
    found = sums_by(within(countable(), month), _KEYS)
    folded: defaultdict[tuple[Any, ...], Sums] = defaultdict(Sums)
    for key, sums in found.items():
        named = dict(zip(_KEYS, key, strict=True))
        for cut, columns in _CUTS.items():
            whose = (cut, named["from_country"], named["to_country"])
            parts = [named[column] for column in columns]
            folded[(*whose, named["item_kind"], *parts)].take(sums)
            folded[(*whose, ALL, *parts)].take(sums)
    for (cut, giver, taker, item_kind, *parts), sums in folded.items():
        rest = {"direction": ALL, "from_level": ALL_LEVELS, "to_level": ALL_LEVELS}
        yield Tally(
            cut=cut,
            month=month,
            from_country=giver,
            to_country=taker,
            item_kind=item_kind,
            **{**rest, **dict(zip(_CUTS[cut], parts, strict=True))},
            **sums.stored(),
        )


def own_tallies_of(month: dt.date) -> Iterator[OwnTally]:
    """Yield the rows of those organisations that sent or received much in this month."""
    receipts = within(countable(), month)
    for side, holder in _HOLDER.items():
        much = (
            receipts.order_by()
            .values(holder)
            .annotate(number=Count("pk"))
            .filter(number__gte=MUCH)
            .values_list(holder, flat=True)
        )
        keys = {"holder": F(holder), "level": F(_OTHER_LEVEL[side]), "item_kind": F("item__kind")}
        found = sums_by(receipts.filter(**{f"{holder}__in": list(much)}), keys)
        for (organisation, level, item_kind), sums in found.items():
            yield OwnTally(
                organisation_id=organisation,
                month=month,
                side=side,
                level=level,
                item_kind=item_kind,
                **sums.stored(),
            )


def note_export(of: Organisation | Place, *, by: Actor, at: dt.datetime, rows: int) -> None:
    """Write down that figures left the platform as a file."""
    name = "figures" if isinstance(of, Organisation) else "country_figures"
    record(by, f"export:exchange.{name}", of, at=at, detail={"rows": rows})
