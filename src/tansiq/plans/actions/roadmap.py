"""What can be decided about the road of a plan: its phases, key dates and training."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.core.editing import save_changes
from tansiq.plans.models import KeyDate, Phase, Training, TrainingGoal

RoadPart = Phase | KeyDate | Training | TrainingGoal


class RoadmapError(Exception):
    """What was written cannot stand on the road map; the message says why."""


@transaction.atomic
def add_to_road(part: RoadPart, *, by: Actor, at: datetime) -> None:
    """Put a phase, key date, training or goal on the road map. Raises RoadmapError."""
    part.changed_at = at
    try:
        with transaction.atomic():
            part.save(force_insert=True)
    except IntegrityError as problem:
        raise _taken() from problem
    record(by, f"plans.add_{part._meta.model_name}", part, at=at)


@transaction.atomic
def change_on_road(
    part: RoadPart, changes: dict[str, Any], *, revision: int, by: Actor, at: datetime
) -> None:
    """Change what stands on the road map. Raises ChangedMeanwhileError and RoadmapError."""
    try:
        with transaction.atomic():
            save_changes(part, changes, revision=revision, at=at)
    except IntegrityError as problem:
        raise _taken() from problem
    detail = {"fields": sorted(changes)}
    record(by, f"plans.edit_{part._meta.model_name}", part, at=at, detail=detail)


@transaction.atomic
def take_off_road(part: RoadPart, *, by: Actor, at: datetime) -> None:
    """Remove it; its numbers no longer count."""
    record(by, f"plans.remove_{part._meta.model_name}", part, at=at)
    part.delete()


def _taken() -> RoadmapError:
    return RoadmapError(_("There is a goal for this role and level already."))
