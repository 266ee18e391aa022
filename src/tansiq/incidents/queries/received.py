"""Alerts of others, as lists show them."""

from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Organisation
from tansiq.incidents.models import AlertSource, ReceivedAlert, RefusedAlert

_MOST_REFUSED = 20


def listed(seen: Any, *, in_force_at: datetime | None = None) -> QuerySet[ReceivedAlert]:
    """Return what came in, the latest first; with a moment, only what holds at it."""
    rows: Any = seen.current(in_force_at) if in_force_at else seen
    found: QuerySet[ReceivedAlert] = rows.select_related("source").defer("content").latest_first()
    return found


def sources_of(actor: Actor) -> QuerySet[AlertSource]:
    rows: QuerySet[AlertSource] = AlertSource.objects.visible_to(actor)
    return rows.select_related("owner").annotate(count=Count("received")).order_by("name", "pk")


def refused_at(source: AlertSource, actor: Actor) -> QuerySet[RefusedAlert]:
    rows: QuerySet[RefusedAlert] = RefusedAlert.objects.visible_to(actor)
    return rows.filter(source=source).order_by("-refused_at", "-pk")[:_MOST_REFUSED]


def organisations_as(actor: Actor, role: Role) -> QuerySet[Organisation]:
    """Return the organisations in which the actor has at least this role."""
    mine: QuerySet[Organisation] = Organisation.objects.filter(pk__in=actor.organisations_as(role))
    return mine.order_by("name", "pk")
