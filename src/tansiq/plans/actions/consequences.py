"""Passing a version on to the places: what is owed anew, which answers to look at, and a notice."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Place
from tansiq.plans.actions.proposals import tell_of_effect
from tansiq.plans.models import (
    Action,
    Alignment,
    Consequence,
    Delivery,
    Indicator,
    Target,
    Version,
)
from tansiq.plans.notices_versions import tell_of_version
from tansiq.plans.queries.versions.consequences import (
    changed_duties,
    changes_of,
    places_concerned,
    touched_steps,
)
from tansiq.plans.queries.versions.diff import PartChange

_BATCH = 100


def pass_on(version: Version, *, at: datetime) -> int:
    """Tell every place that a version concerns; return how many were told.

    Works in batches, each whole: a job that is cut off goes on where it stopped.
    """
    changes = changes_of(version)
    told = 0
    amendment = getattr(version, "amendment", None)
    if amendment is not None:
        tell_of_effect(amendment, at=at)
    if changes:
        _carry_down(version, changes, at=at)
        waiting = places_concerned(version, changes).exclude(
            pk__in=Consequence.objects.filter(version=version).values("place")
        )
        places = list(waiting)
        for start in range(0, len(places), _BATCH):
            told += _tell(version, places[start : start + _BATCH], touched_steps(changes), at=at)
    Version.objects.filter(pk=version.pk).update(passed_on_at=at)
    return told


@transaction.atomic
def _tell(version: Version, places: list[Place], touched: list[int], *, at: datetime) -> int:
    Alignment.objects.filter(national_action__in=touched, place__in=places).update(
        look_again=version
    )
    made = Consequence.objects.bulk_create(
        [Consequence(version=version, place=place, told_at=at) for place in places]
    )
    by = Actor.system("a version came into force")
    detail = {"version": version.number, "places": [place.pk for place in places]}
    record(by, "plans.pass_on", version.plan, at=at, detail=detail)
    tell_of_version(version, made, at=at)
    return len(made)


def pass_on_waiting(*, at: datetime) -> int:
    """Pass on the versions whose job was lost; return how many places were told."""
    waiting = Version.objects.filter(passed_on_at__isnull=True).select_related("plan__country")
    return sum(pass_on(version, at=at) for version in waiting.order_by("pk"))


@transaction.atomic
def _carry_down(version: Version, changes: list[PartChange], *, at: datetime) -> None:
    """Owe new and re-dated duties, and ask for new indicators, where the plan was carried down."""
    places = list(Place.objects.filter(plans__parent=version.plan_id).distinct())
    for change in changed_duties(changes):
        if change.is_added:
            _owe(Action.objects.get(pk=int(change.key)), places, at=at)
        elif change.field("ends_on") is not None and change.before and change.after:
            _redate(int(change.key), change.before["ends_on"], change.after["ends_on"], at=at)
    added = [int(one.key) for one in changes if one.kind == "indicators" and one.is_added]
    rows = [
        Target(indicator=indicator, place=place)
        for indicator in Indicator.objects.filter(pk__in=added)
        for place in places
    ]
    Target.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def _owe(duty: Action, places: Iterable[Place], *, at: datetime) -> None:
    due_on = duty.ends_on or at.date() + timedelta(days=duty.due_days)
    rows = [Delivery(action=duty, place=one, due_on=due_on, changed_at=at) for one in places]
    Delivery.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def _redate(duty_id: int, before: str | None, after: str | None, *, at: datetime) -> None:
    """Move what is still open to the new day, but where it was owed on that day already."""
    if not before or not after:
        return
    day = date.fromisoformat(after)
    owed = Delivery.objects.filter(action=duty_id)
    taken = list(owed.filter(due_on=day).values_list("place_id", flat=True))
    moving = owed.open().filter(due_on=date.fromisoformat(before)).exclude(place__in=taken)
    moving.update(due_on=day, changed_at=at)


@transaction.atomic
def look_again(
    consequence: Consequence, answers: Iterable[int] | None, *, by: Actor, at: datetime
) -> None:
    """Say as the place that these answers (keys of alignments; None: all) still stand.

    Once none is left to be looked at, the place has looked at the version.
    """
    open_still = Alignment.objects.filter(
        place=consequence.place_id, look_again=consequence.version_id
    )
    looked = open_still if answers is None else open_still.filter(pk__in=list(answers))
    looked.update(look_again=None)
    if answers is None or not open_still.exists():
        Consequence.objects.filter(pk=consequence.pk, looked_at=None).update(looked_at=at)
    detail = {"place": consequence.place_id, "version": consequence.version_id}
    record(by, "plans.look_again", consequence.version.plan, at=at, detail=detail)
    consequence.refresh_from_db()
