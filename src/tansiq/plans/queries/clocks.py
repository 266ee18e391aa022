"""What has come due: read by the jobs that remind."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery

from tansiq.access.models import LogEntry, Organisation
from tansiq.plans.models import Action, Delivery, Period, Plan, Reminder, Report
from tansiq.plans.queries.reporting import SENT
from tansiq.plans.querysets import DONE

# A place hears of its report two weeks before it is due; and of anything once a week at most.
AHEAD = dt.timedelta(days=14)
WEEK = dt.timedelta(days=7)
# After so long nobody is reminded of a report any more; a person has to take it up.
GIVEN_UP = dt.timedelta(days=180)


def plans_that_report(*, on: dt.date) -> QuerySet[Plan]:
    """Return the plans in force that were carried down, and on which places report."""
    carried = Plan.objects.filter(parent=OuterRef("pk"))
    return Plan.objects.in_force(on).filter(Exists(carried), parent__isnull=True).order_by("pk")


def reports_to_remind_of(*, at: dt.datetime) -> Iterator[tuple[Period, Organisation]]:
    """Yield each period and lead whose report is due soon or late, if not reminded this week."""
    day = at.date()
    periods = (
        Period.objects.filter(due_on__lte=day + AHEAD, due_on__gte=day - GIVEN_UP)
        .filter(ends_on__lt=day)
        .select_related("plan")
        .order_by("due_on", "pk")
    )
    for period in periods:
        for lead in _leads_that_owe(period, at=at).iterator(500):
            yield period, lead


def _leads_that_owe(period: Period, *, at: dt.datetime) -> QuerySet[Organisation]:
    local_plan = Plan.objects.filter(
        parent=period.plan_id, place=OuterRef("place"), starts_on__lte=period.ends_on
    )
    sent = Report.objects.filter(period=period, place=OuterRef("place"), status__in=SENT)
    reminded = Reminder.objects.filter(period=period, place=OuterRef("place"), at__gt=at - WEEK)
    return (
        Organisation.objects.filter(is_lead_of_place=True, is_active=True)
        .filter(Exists(local_plan), ~Exists(sent), ~Exists(reminded))
        .select_related("place")
        .order_by("pk")
    )


def answers_overdue(*, at: dt.datetime) -> QuerySet[Report]:
    """Return the reports whose answer is late, unless the addressee heard of it this week."""
    quiet = Q(reminded_at__isnull=True) | Q(reminded_at__lte=at - WEEK)
    return (
        Report.objects.filter(
            quiet,
            status__in=SENT,
            answer_due_on__lt=at.date(),
            answer_due_on__gte=at.date() - GIVEN_UP,
            answered_at__isnull=True,
        )
        .select_related("period", "place", "addressee", "owner")
        .order_by("pk")
    )


def duties_overdue(*, at: dt.datetime) -> list[Any]:
    """Return the duties with places that wait too long, unless their owner heard this week."""
    late = ~Q(deliveries__status__in=DONE) & Q(deliveries__due_on__lt=at.date())
    duties = (
        Action.objects.duties()
        .annotate(
            late_count=Count("deliveries", filter=late),
            late_since=Min("deliveries__due_on", filter=late),
        )
        .filter(late_count__gt=0)
        .select_related("plan")
        .order_by("pk")
    )
    heard = set(
        LogEntry.objects.filter(
            rule="plans.duty_overdue", target_kind="plans.action", at__gt=at - WEEK
        ).values_list("target_id", flat=True)
    )
    return [one for one in duties if one.pk not in heard]


def deliveries_without_next(*, on: dt.date) -> QuerySet[Delivery]:
    """Return the latest delivery of each recurring duty and place that was given or is past."""
    latest = (
        Delivery.objects.filter(action=OuterRef("action"), place=OuterRef("place"))
        .order_by()
        .values("action")
        .annotate(latest=Max("due_on"))
        .values("latest")
    )
    return (
        Delivery.objects.filter(action__every_months__gt=0, due_on=Subquery(latest))
        .filter(action__dropped_in__isnull=True)
        .filter(Q(status__in=DONE) | Q(due_on__lt=on))
        .filter(action__plan__ends_on__gt=F("due_on"))
        .select_related("action__plan", "place")
        .order_by("pk")
    )
