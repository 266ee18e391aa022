"""The activity register: who does what, where, for whom, with whose money."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Marking
from tansiq.core.editing import save_changes
from tansiq.plans.actions.overlaps import forget_pairs_of, line_of
from tansiq.plans.models import Activity
from tansiq.plans.overlap_jobs import look_again

_COUNT = """
INSERT INTO plans_activitytotal (plan_id, place_id, year, activities, people_reached)
SELECT %s, l.ancestor_id, %s, %s, %s FROM access_placelink l WHERE l.place_id = %s
ORDER BY l.ancestor_id
ON CONFLICT (plan_id, place_id, year) DO UPDATE SET
    activities = plans_activitytotal.activities + excluded.activities,
    people_reached = plans_activitytotal.people_reached + excluded.people_reached
"""


@transaction.atomic
def register_activity(activity: Activity, *, by: Actor, at: datetime) -> Activity:
    """Enter an activity; the totals of its place and all above count it (unless RED)."""
    activity.changed_at = at
    activity.save(force_insert=True)
    _count(activity, 1)
    record(by, "plans.activity_register", activity, at=at)
    look_again([activity])
    return activity


@transaction.atomic
def register_activities(activities: list[Activity], *, by: Actor, at: datetime) -> int:
    """Enter many activities at once, all or none; totals and log are those of one by one."""
    for activity in activities:
        activity.changed_at = at
    made = Activity.objects.bulk_create(activities, batch_size=500)
    for activity in made:
        _count(activity, 1)
    owner = made[0].owner if made else None
    detail = {"activities": [one.pk for one in made]}
    record(by, "plans.activity_import", owner, at=at, detail=detail)
    look_again(made)
    return len(made)


def note_export(count: int, *, by: Actor, at: datetime) -> None:
    """Write down that a list of activities left the platform as a file."""
    record(by, "export:plans.activity_view", None, at=at, detail={"activities": count})


@transaction.atomic
def edit_activity(
    activity: Activity, changes: dict[str, Any], *, revision: int, by: Actor, at: datetime
) -> None:
    """Change an activity. Raises ChangedMeanwhileError."""
    before = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    save_changes(activity, changes, revision=revision, at=at)
    _count(before, -1)
    _count(activity, 1)
    if line_of(before) != line_of(activity):
        forget_pairs_of(activity)
    record(by, "plans.activity_edit", activity, at=at, detail={"fields": sorted(changes)})
    look_again([before, activity])


@transaction.atomic
def remove_activity(activity: Activity, *, by: Actor, at: datetime) -> None:
    """Remove an activity that was entered by mistake."""
    record(by, "plans.activity_remove", activity, at=at)
    _count(activity, -1)
    activity.delete()
    look_again([activity])


def _count(activity: Activity, times: int) -> None:
    if activity.marking == Marking.RED:
        return
    reached = (activity.people_reached or 0) * times
    year = activity.starts_on.year
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [activity.plan_id, year, times, reached, activity.place_id])
