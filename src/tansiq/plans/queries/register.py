"""What the activity register says about a place and a period."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tansiq.access.actor import Actor
from tansiq.access.models import Marking, Organisation, Place
from tansiq.plans.models import ActionStatus, Activity, Period

_MOST_LINES = 30


def activities_in(actor: Actor, period: Period, place: Place) -> QuerySet[Activity]:
    """Return the activities in a place that the actor sees and that fall into the period."""
    return _within(Activity.objects.visible_to(actor), period, place)


def _within(activities: QuerySet[Activity], period: Period, place: Place) -> QuerySet[Activity]:
    return (
        activities.filter(place=place, starts_on__lte=period.ends_on, ends_on__gte=period.starts_on)
        .exclude(status=ActionStatus.CANCELLED)
        .order_by("starts_on", "pk")
    )


def narrative_from_register(period: Period, place: Place, owner: Organisation) -> str:
    """Return a first text for a report: what the register holds that the level above may read."""
    readable = Activity.objects.filter(
        Q(marking__in=(Marking.CLEAR, Marking.GREEN)) | Q(marking=Marking.AMBER, owner=owner)
    )
    return "\n".join(_lines(_within(readable, period, place)[: _MOST_LINES + 1]))


def _lines(activities: Iterable[Activity]) -> Iterable[str]:
    for number, activity in enumerate(activities):
        if number == _MOST_LINES:
            yield _("… and more; see the activity register.")
            return
        yield f"– {activity.title}{_reach_of(activity)}"


def _reach_of(activity: Activity) -> str:
    if not activity.people_reached:
        return ""
    people = activity.people_reached
    return f" ({ngettext('%(count)s person', '%(count)s people', people) % {'count': people}})"
