"""What an independent overseer sees first: how much there is, and what was refused or taken out."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count

from tansiq.access.actor import Actor
from tansiq.access.models import LogEntry, Marking, Place
from tansiq.exchange.models import Item
from tansiq.exchange.queries.matters import Matter, country_matters
from tansiq.plans.models import Activity, Document, Plan, Report

SHARED: list[Any] = [Plan, Report, Activity, Document, Item]


@dataclass(frozen=True)
class Watch:
    """The figures of the last thirty days in the countries somebody oversees."""

    by_marking: list[tuple[str, int]]
    things: int
    actions: int
    exports: int
    refusals: int
    latest_refusals: list[LogEntry]
    # What goes up and down in the first of the countries, and what is late.
    matters: list[Matter]


def watch_of(actor: Actor, *, at: datetime) -> Watch:
    since = at - timedelta(days=30)
    entries = LogEntry.objects.visible_to(actor).filter(at__gte=since)
    refused = entries.filter(rule__startswith="refused:")
    marked: Counter[str] = Counter()
    for model in SHARED:
        rows = model.objects.known_to(actor).values_list("marking")
        marked.update(dict(rows.annotate(Count("pk"))))
    return Watch(
        by_marking=[(marking, marked[marking]) for marking in Marking.values],
        things=sum(marked.values()),
        actions=entries.exclude(rule__startswith="refused:").count(),
        exports=entries.filter(rule__startswith="export:").count(),
        refusals=refused.count(),
        latest_refusals=list(refused.order_by("-pk")[:8]),
        matters=_matters(actor, at),
    )


def _matters(actor: Actor, at: datetime) -> list[Matter]:
    countries = Place.objects.filter(country_code__in=actor.overseen, level=0)
    country = countries.order_by("country_code").first()
    return country_matters(actor, country, at=at) if country is not None else []
