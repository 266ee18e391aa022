"""The record as people read it: filtered, with names where the reader may see them."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from tansiq.access.actor import Actor
from tansiq.access.models import LogEntry, Organisation, Person, Shared

COLUMNS = ("rule", "kind", "since", "until", "refused")
_FIELDS = (
    "id",
    "at",
    "rule",
    "target_kind",
    "target_id",
    "person_id",
    "organisation_id",
    "country_code",
    "system_reason",
    "detail",
    "seal",
)
# A cell that begins so would be run as a formula by a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def filtered(entries: QuerySet[LogEntry], wanted: dict[str, Any]) -> QuerySet[LogEntry]:
    """Return the entries that were asked for, the latest first."""
    if rule := wanted.get("rule"):
        entries = entries.filter(rule__icontains=rule)
    if kind := wanted.get("kind"):
        entries = entries.filter(target_kind=kind)
    if since := wanted.get("since"):
        entries = entries.filter(at__gte=datetime.combine(since, time.min, UTC))
    if until := wanted.get("until"):
        day_after = until + timedelta(days=1)
        entries = entries.filter(at__lt=datetime.combine(day_after, time.min, UTC))
    if wanted.get("refused"):
        entries = entries.filter(rule__startswith="refused:")
    return entries.order_by("-pk")


def described(entries: Iterable[LogEntry], actor: Actor) -> list[dict[str, Any]]:
    """Return the entries with the names of people and organisations this actor may see."""
    rows = list(entries)
    people = {one.person_id for one in rows}
    names = dict(Person.objects.visible_to(actor).filter(pk__in=people).values_list("pk", "name"))
    bodies = {one.organisation_id for one in rows}
    organisations = Organisation.objects.visible_to(actor).in_bulk(bodies - {None})
    return [
        {
            "entry": entry,
            "rule": entry.rule.removeprefix("refused:").removeprefix("export:"),
            "is_refusal": entry.rule.startswith("refused:"),
            "is_export": entry.rule.startswith("export:"),
            "person": names.get(entry.person_id, ""),
            "organisation": organisations.get(entry.organisation_id),
            "why": entry.detail.get("why") or entry.detail.get("reason") or "",
        }
        for entry in rows
    ]


def csv_lines(entries: QuerySet[LogEntry]) -> Iterator[str]:
    """Yield the entries as lines of a table that a spreadsheet opens safely."""
    yield _line(_FIELDS)
    for entry in entries.iterator(chunk_size=2000):
        values = {name: getattr(entry, name) for name in _FIELDS}
        values["at"] = entry.at.astimezone(UTC).isoformat()
        values["detail"] = json.dumps(entry.detail, ensure_ascii=False, sort_keys=True)
        yield _line(_safe(value) for value in values.values())


def _safe(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _line(cells: Iterable[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


def summary_of(label: str, pk: int, actor: Actor) -> Any:
    """Return owner, marking and purpose of a shared thing this actor may know of, or nothing."""
    try:
        kind: Any = apps.get_model(label)
    except (LookupError, ValueError):
        return None
    if not issubclass(kind, Shared):
        return None
    known: Any = kind.objects.known_to(actor).filter(pk=pk).select_related("owner")
    return known.only("owner__name", "marking", "purpose").first()
