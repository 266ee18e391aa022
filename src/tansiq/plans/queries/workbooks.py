"""Which workbook belongs to a report, a plan, a period, and to a file that came back."""

from datetime import datetime

from django.db.models import QuerySet

from tansiq.access.actor import Actor
from tansiq.plans.models import Period, Plan, Report, Workbook
from tansiq.plans.queries.reporting import places_led_by, places_reporting_to
from tansiq.plans.workbooks.scope import Scope


def plan_reported_by(report: Report, actor: Actor) -> Plan:
    """Return the plan of the place that reports; the national one where it has none of its own."""
    national = report.period.plan
    own = (
        Plan.objects.visible_to(actor)
        .filter(parent=national, place=report.place)
        .select_related("place", "country", "owner")
        .order_by("-starts_on", "pk")
        .first()
    )
    return own or national


def scope_of_report(report: Report, actor: Actor, *, at: datetime) -> Scope:
    plan = plan_reported_by(report, actor)
    return Scope(plan, actor, at, period=report.period, report=report)


def scope_of_plan(plan: Plan, actor: Actor, *, at: datetime) -> Scope:
    return Scope(plan, actor, at)


def scope_of_period(period: Period, actor: Actor, *, at: datetime) -> Scope | None:
    """Return the workbook of all places that report to this person; None if none do."""
    for lead in places_led_by(actor):
        if places_reporting_to(lead, period.plan).exists():
            return Scope(period.plan, actor, at, period=period, lead=lead)
    return None


def scope_of(workbook: Workbook, actor: Actor, *, at: datetime) -> Scope:
    """Return the scope that a workbook was made or sent in for, as it stands now."""
    return Scope(
        workbook.plan,
        actor,
        at,
        period=workbook.period,
        report=workbook.report,
        lead=workbook.lead,
    )


def open_reports_of(plan: Plan, actor: Actor) -> QuerySet[Report]:
    """Return the reports of a local plan's place that can still be written, the newest first."""
    rows: QuerySet[Report] = (
        Report.objects.visible_to(actor)
        .filter(place=plan.place_id, period__plan=plan.parent_id or plan.pk)
        .exclude(status__in=("submitted", "accepted"))
        .select_related("period__plan", "place")
        .order_by("-period__starts_on", "pk")
    )
    return rows


def periods_of_all_places(plan: Plan) -> QuerySet[Period]:
    rows: QuerySet[Period] = Period.objects.filter(plan=plan).order_by("-starts_on", "pk")
    return rows
