from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from tansiq.access.events import marking_changed, places_moved
from tansiq.plans.actions.overlaps import forget_pairs_of
from tansiq.plans.actions.rollups import add_up_anew
from tansiq.plans.models import Activity, Datapoint, DatapointStatus
from tansiq.plans.overlap_jobs import find_all_overlaps, look_again

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


@receiver(places_moved)
def compare_with_the_new_neighbours(**_more: Any) -> None:
    find_all_overlaps.enqueue()


@receiver(marking_changed)
def take_red_out_of_pairs(thing: Any, **_more: Any) -> None:
    """Take an activity that is RED now out of every pair, and compare one that is not any more."""
    if isinstance(thing, Activity):
        if thing.is_red:
            forget_pairs_of(thing)
        look_again([thing])
