"""Who owes which report for which period, how far it is filled, and who still has to report."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Organisation, Place, PlaceLink
from tansiq.plans.models import Indicator, Period, Plan, Report, ReportStatus
from tansiq.plans.models.indicators import Frequency

# On the desk a report is spoken of from so many days before it is due.
SOON_DAYS = 45
_LATEST_MONTH = 12
# With the level above: it has the report, whatever it says to it.
SENT = (ReportStatus.SUBMITTED, ReportStatus.ACCEPTED)


def places_led_by(actor: Actor, role: Role = Role.VIEWER) -> list[Organisation]:
    """Return the organisations that lead a place and in which the actor has at least this role."""
    return list(
        Organisation.objects.filter(
            pk__in=actor.organisations_as(role), is_lead_of_place=True, is_active=True
        )
        .select_related("place")
        .order_by("place__level", "name", "pk")
    )


@dataclass(frozen=True)
class OwedReport:
    """A report that a place owes for a period, begun or not."""

    lead: Organisation
    plan: Plan
    period: Period
    place: Place
    report: Report | None
    filled: int

    @property
    def is_begun(self) -> bool:
        return self.report is not None

    @property
    def is_returned(self) -> bool:
        return self.report is not None and self.report.status == ReportStatus.RETURNED


def owed_reports(actor: Actor, leads: Iterable[Organisation], *, on: dt.date) -> list[OwedReport]:
    """Return what the places of these organisations still have to send, the most urgent first."""
    lead_of = {lead.place_id: lead for lead in leads}
    local_plans = (
        Plan.objects.visible_to(actor)
        .filter(place__in=lead_of, parent__isnull=False)
        .select_related("parent__country", "place")
    )
    periods = (
        Period.objects.visible_to(actor)
        .filter(plan__in=[one.parent_id for one in local_plans], starts_on__lte=on)
        .order_by("due_on", "pk")
    )
    national_of = {one.pk: one.parent for one in local_plans if one.parent is not None}
    by_plan: dict[int, list[Period]] = {}
    for period in periods:
        by_plan.setdefault(period.plan_id, []).append(period)
    begun = {
        (report.period_id, report.place_id): report
        for report in _with_figures(Report.objects.visible_to(actor)).filter(
            period__in=[period.pk for ones in by_plan.values() for period in ones],
            place__in=lead_of,
        )
    }
    indicators = _indicators_of(by_plan)
    owed = []
    for local in local_plans:
        national = national_of[local.pk]
        for period in by_plan.get(national.pk, []):
            report = begun.get((period.pk, local.place_id))
            # A place is not asked about the time before it had a plan.
            if period.ends_on < local.starts_on or (report is not None and report.is_locked):
                continue
            period.plan = national
            asked = asked_of(indicators[national.pk], period, local.place)
            owed.append(
                OwedReport(
                    lead_of[local.place_id],
                    national,
                    period,
                    local.place,
                    report,
                    filled_share(report, len(asked)),
                )
            )
    return sorted(owed, key=lambda one: (one.period.due_on, one.place.pk))


def _with_figures(reports: QuerySet[Report]) -> QuerySet[Report]:
    whole = Q(datapoints__part="")
    return reports.annotate(figures=Count("datapoints", filter=whole))


def _indicators_of(plan_ids: Iterable[int]) -> dict[int, list[Indicator]]:
    found: dict[int, list[Indicator]] = {pk: [] for pk in plan_ids}
    for indicator in (
        Indicator.objects.standing().filter(plan__in=list(found)).order_by("position", "pk")
    ):
        found[indicator.plan_id].append(indicator)
    return found


def asked_of(indicators: Iterable[Indicator], period: Period, place: Place) -> list[Indicator]:
    """Return the indicators this place is asked for in this period."""
    return [
        one
        for one in indicators
        if one.level in {None, place.level} and _is_due_in(one, period, period.plan)
    ]


def _is_due_in(indicator: Indicator, period: Period, plan: Plan) -> bool:
    is_latest = period.ends_on >= plan.ends_on
    if indicator.frequency == Frequency.YEAR:
        return is_latest or period.ends_on.month == _LATEST_MONTH
    if indicator.frequency == Frequency.ONCE:
        return is_latest or period.starts_on <= plan.starts_on
    return True


def filled_share(report: Report | None, asked: int, *, figures: int | None = None) -> int:
    """Return how much of a report is filled, in per cent: what was done, and each figure."""
    if report is None:
        return 0
    count = getattr(report, "figures", 0) if figures is None else figures
    done = min(count, asked) + bool(report.narrative.strip())
    return 100 * done // (asked + 1)


def places_reporting_to(lead: Organisation, plan: Plan) -> QuerySet[Place]:
    """Return the places with a local plan whose report goes to this organisation."""
    own = lead.place
    local_plan = Plan.objects.filter(parent=plan, place=OuterRef("pk"))
    nearer = PlaceLink.objects.filter(
        place=OuterRef("pk"),
        depth__gt=0,
        ancestor__level__gt=own.level if own else -1,
        ancestor__organisations__is_lead_of_place=True,
        ancestor__organisations__is_active=True,
    )
    return Place.objects.filter(
        Exists(local_plan), ~Exists(nearer), links_up__ancestor=own, links_up__depth__gt=0
    )
