"""Pages of long lists by where one stands in them: as quick at the end as at the beginning."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware

_LONGEST = 80
_MOST_DIGITS = 18


@dataclass(frozen=True)
class Stretch:
    """Some rows, and the word that stands for what comes after them; empty at the end."""

    rows: list[Any]
    next: str
    is_first: bool


def stretch(rows: QuerySet[Any], before: str, *, size: int) -> Stretch:
    """Return the rows after this word, the latest sent first; an unknown word begins anew."""
    place = _read(before)
    if place is not None:
        moment, pk = place
        rows = rows.filter(Q(sent_at__lt=moment) | Q(pk__lt=pk), sent_at__lte=moment)
    found = list(rows.order_by("-sent_at", "-pk")[: size + 1])
    shown = found[:size]
    more = f"{shown[-1].sent_at.isoformat()}~{shown[-1].pk}" if len(found) > size else ""
    return Stretch(shown, more, is_first=place is None)


def _read(word: str) -> tuple[datetime, int] | None:
    moment, _between, pk = word[:_LONGEST].partition("~")
    if not pk.isdecimal() or not pk.isascii() or len(pk) > _MOST_DIGITS:
        return None
    try:
        # A plus of the zone comes through an address as a space.
        read = parse_datetime(moment.replace(" ", "+"))
    except ValueError:
        return None
    return (read, int(pk)) if read is not None and is_aware(read) else None
