"""Money of the nation's plan and of the local plans under it, by year, source and currency."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, Sum

from tansiq.access.actor import Actor
from tansiq.plans.models import BudgetLine, Cost, Plan
from tansiq.plans.queries.national.audience import may_be_counted
from tansiq.plans.queries.national.canonical import Data


def money_of(reader: Actor, plan: Plan, audience: Data) -> Data:
    """Return whole sums in the smallest unit of each currency; currencies are never mixed.

    Money of plans that are marked more strictly than the report is left out and said so.
    """
    plans = list(Plan.objects.visible_to(reader).filter(Q(pk=plan.pk) | Q(parent=plan)))
    counted = [one.pk for one in plans if may_be_counted(one, audience)]
    lines = (
        BudgetLine.objects.filter(plan__in=counted)
        .values("year", "source", "currency")
        .annotate(planned=Sum("planned"), committed=Sum("committed"), spent=Sum("spent"))
        .order_by("year", "currency", "source")
    )
    costs = (
        Cost.objects.filter(plan__in=counted)
        .values("year", "currency")
        .annotate(amount=Sum("amount"))
        .order_by("year", "currency")
    )
    return {
        "lines": [_whole(one) for one in lines],
        "costs": [_whole(one) for one in costs],
        "plans": len(counted),
        "left_out": len(plans) - len(counted),
    }


def _whole(row: Mapping[str, Any]) -> Data:
    """Return a row as plain data; PostgreSQL adds up whole numbers to decimal ones."""
    return {key: one if isinstance(one, str) else int(one) for key, one in row.items()}
