from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from tansiq.access.events import places_moved
from tansiq.plans.actions.rollups import add_up_anew
from tansiq.plans.models import Datapoint, DatapointStatus

BATCH = 500


@receiver(places_moved)
def add_up_for_the_new_parents(place_ids: Sequence[int], **_more: Any) -> None:
    """Count what was reported below a moved place for its new parents."""
    indicators: set[int] = set()
    for start in range(0, len(place_ids), BATCH):
        values = Datapoint.objects.filter(
            place__in=place_ids[start : start + BATCH], status=DatapointStatus.ACCEPTED
        )
        indicators.update(values.values_list("indicator_id", flat=True))
    add_up_anew(indicators)
