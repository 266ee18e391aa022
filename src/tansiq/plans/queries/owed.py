"""What the higher level owes to places, counted; the rows themselves stand on their own page."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from tansiq.plans.models import Action, ActionStatus, Delivery
from tansiq.plans.querysets import DONE


@dataclass(frozen=True)
class DutyLine:
    """One duty of the plan's owner: to how many places it is due, given, received, late."""

    action: Action
    places: int = 0
    given: int = 0
    received: int = 0
    late: int = 0

    @property
    def open(self) -> int:
        return self.places - self.given


def duty_lines(duties: list[Action], day: date) -> list[DutyLine]:
    """Count the deliveries of all duties in one query."""
    rows: Any = (
        Delivery.objects.filter(action__in=duties)
        .exclude(status=ActionStatus.CANCELLED)
        .values("action")
        .annotate(
            places=Count("pk"),
            given=Count("pk", filter=Q(status=ActionStatus.DONE)),
            received=Count("pk", filter=Q(received_on__isnull=False)),
            late=Count("pk", filter=Q(due_on__lt=day) & ~Q(status__in=DONE)),
        )
        .order_by()
    )
    found = {row.pop("action"): row for row in rows}
    return [DutyLine(duty, **found.get(duty.pk, {})) for duty in duties]
