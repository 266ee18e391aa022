"""Places as the table that an upload understands."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from tansiq.access.models import FormerParent, Place
from tansiq.access.place_files.tables import OPTIONAL, REQUIRED

_COLUMNS = (*REQUIRED, *OPTIONAL)


def csv_of_places(place: Place) -> Iterator[str]:
    """Yield the table of this place and all below it, the upper levels first."""
    former = _latest_former_parents(place)
    yield _line(_COLUMNS)
    rows = Place.objects.under(place).select_related("parent").order_by("level", "code")
    for row in rows.iterator(chunk_size=2000):
        yield _line(_cells(row, former.get(row.pk)))


def _latest_former_parents(place: Place) -> dict[int, FormerParent]:
    links = FormerParent.objects.filter(place__links_up__ancestor=place)
    return {link.place_id: link for link in links.select_related("parent").order_by("until")}


def _cells(place: Place, former: FormerParent | None) -> Iterator[object]:
    given: dict[str, Any] = {
        "parent": place.parent.code if place.parent else "",
        "former_parent": former.parent.code if former else "",
        "former_until": former.until.isoformat() if former else "",
        "names": json.dumps(place.names, ensure_ascii=False, sort_keys=True) if place.names else "",
    }
    for column in _COLUMNS:
        value = given[column] if column in given else getattr(place, column)
        yield "" if value is None else value


def _line(cells: Iterable[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()
