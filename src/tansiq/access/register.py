"""The overseer's register: every shared thing of the country, without a word of its content."""

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tansiq.access.actor import Actor
from tansiq.access.models import LogEntry, Shared
from tansiq.access.queries import shared_kinds


def register_of(kind: type[Shared], actor: Actor, *, marking: str = "") -> QuerySet[Any]:
    """Return pk, owner, marking, purpose, dates and number of log entries; nothing else."""
    label = kind._meta.label_lower
    entries = LogEntry.objects.filter(target_kind=label, target_id=OuterRef("pk")).order_by()
    counted = entries.values("target_id").annotate(count=Count("pk")).values("count")
    rows = _overseen(kind, actor)
    if marking:
        rows = rows.filter(marking=marking)
    told: QuerySet[Any] = (
        rows.annotate(entries=Coalesce(Subquery(counted, output_field=IntegerField()), 0))
        .values("pk", "owner__name", "marking", "purpose", "published_at", "entries")
        .order_by("owner__name", "pk")
    )
    return told


def tallies(actor: Actor) -> list[dict[str, Any]]:
    """Return how many things of each kind there are."""
    return [
        {
            "kind": name,
            "words": kind._meta.verbose_name_plural,
            "count": _overseen(kind, actor).count(),
        }
        for name, kind in shared_kinds().items()
    ]


def _overseen(kind: type[Shared], actor: Actor) -> QuerySet[Any]:
    overseen = Q(owner__country_code__in=actor.overseen) | Q(owner__in=actor.overseen_hubs)
    rows: QuerySet[Any] = kind.objects.known_to(actor).filter(overseen)
    return rows
