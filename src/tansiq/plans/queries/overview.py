"""Which places have reported for a period to the organisation that is owed their reports."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Organisation, Place
from tansiq.plans.models import Period, Plan, Reminder, Report
from tansiq.plans.queries.reporting import SENT, places_led_by, places_reporting_to

FILTERS = {
    "": _("All places"),
    "reported": _("Have reported"),
    "missing": _("Have not reported"),
    "returned": _("Report came back"),
    "to_accept": _("Waits for us"),
    "to_answer": _("Answer owed"),
}
_SORTS = {
    "name": ("name", "pk"),
    "-name": ("-name", "-pk"),
    "status": ("report_status", "name", "pk"),
    "-status": ("-report_status", "name", "pk"),
    "sent": (F("sent_at").asc(nulls_last=True), "name", "pk"),
    "-sent": (F("sent_at").desc(nulls_last=True), "name", "pk"),
}


@dataclass(frozen=True)
class PlaceRow:
    """One place for one period: its report if it sent one, and when it was reminded."""

    place: Place
    status: str
    report_pk: int | None
    sent_at: dt.datetime | None
    answer_due_on: dt.date | None
    reminded_at: dt.datetime | None

    @property
    def has_reported(self) -> bool:
        return self.status in SENT


@dataclass(frozen=True)
class PeriodOverview:
    """How many places have reported to one organisation, and the list of them."""

    period: Period
    lead: Organisation
    reported: int
    expected: int
    places: QuerySet[Any]
    may_remind: bool
    is_late: bool

    @property
    def missing(self) -> int:
        return self.expected - self.reported

    def rows_of(self, places: Iterable[Any]) -> list[PlaceRow]:
        """Return these places with what they sent; one more query, for the reminders."""
        places = list(places)
        reminded = dict(
            Reminder.objects.filter(period=self.period, place__in=places).values_list(
                "place_id", "at"
            )
        )
        return [
            PlaceRow(
                place=one,
                status=one.report_status or "",
                report_pk=one.report_pk,
                sent_at=one.sent_at,
                answer_due_on=one.answer_due_on if one.answered_at is None else None,
                reminded_at=reminded.get(one.pk),
            )
            for one in places
        ]


def overview_of(
    actor: Actor,
    period: Period,
    *,
    on: dt.date,
    state: str = "",
    text: str = "",
    sort: str = "",
) -> PeriodOverview | None:
    """Return who reports to this person's organisation for a period; None if nobody does."""
    for lead in places_led_by(actor):
        places = places_reporting_to(lead, period.plan)
        if not places.exists():
            continue
        overview = _overview(actor, period, lead, places, on=on)
        shown = _filtered(overview.places, state, text)
        order = _SORTS.get(sort, ("level", "name", "pk"))
        return _replace_places(overview, shown.order_by(*order))
    return None


def _overview(
    actor: Actor, period: Period, lead: Organisation, places: QuerySet[Any], *, on: dt.date
) -> PeriodOverview:
    known = _with_reports(actor, period, lead, places)
    return PeriodOverview(
        period=period,
        lead=lead,
        reported=known.filter(report_status__in=SENT).count(),
        expected=places.count(),
        places=known,
        may_remind=actor.is_at_least(Role.COORDINATOR, in_organisation=lead.pk),
        is_late=period.due_on < on,
    )


def _replace_places(overview: PeriodOverview, places: QuerySet[Any]) -> PeriodOverview:
    return PeriodOverview(**{**overview.__dict__, "places": places})


def _with_reports(
    actor: Actor, period: Period, lead: Organisation, places: QuerySet[Place]
) -> QuerySet[Any]:
    report = Report.objects.visible_to(actor).filter(
        period=period, place=OuterRef("pk"), addressee=lead
    )
    return places.annotate(
        report_pk=Subquery(report.values("pk")[:1]),
        report_status=Subquery(report.values("status")[:1]),
        sent_at=Subquery(report.values("submitted_at")[:1]),
        answer_due_on=Subquery(report.values("answer_due_on")[:1]),
        answered_at=Subquery(report.values("answered_at")[:1]),
    )


def _filtered(places: QuerySet[Any], state: str, text: str) -> QuerySet[Any]:
    sent = Q(report_status__in=SENT)
    conditions = {
        "reported": sent,
        "missing": ~sent | Q(report_status__isnull=True),
        "returned": Q(report_status="returned"),
        "to_accept": Q(report_status="submitted"),
        "to_answer": sent & Q(answered_at__isnull=True, answer_due_on__isnull=False),
    }
    places = places.filter(conditions.get(state, Q()))
    return places.filter(name__icontains=text.strip()) if text.strip() else places


def overviews_for(actor: Actor, leads: list[Organisation], *, on: dt.date) -> list[PeriodOverview]:
    """Return the latest period to report on of each plan whose places report to us."""
    found = []
    plans = (
        Plan.objects.visible_to(actor)
        .filter(parent__isnull=True, local_plans__isnull=False)
        .filter(periods__starts_on__lte=on)
        .distinct()
        .order_by("-starts_on", "pk")[:_MOST_PLANS]
    )
    for lead in leads:
        for plan in plans:
            places = places_reporting_to(lead, plan)
            period = _period_to_watch(plan, on)
            if period is not None and places.exists():
                found.append(_overview(actor, period, lead, places, on=on))
    return found


# A lead of a country looks after a handful of plans; more would make the page slow.
_MOST_PLANS = 6


def _period_to_watch(plan: Plan, on: dt.date) -> Period | None:
    """Return the latest period that has ended, or the first one."""
    ended = plan.periods.filter(ends_on__lt=on).order_by("-starts_on").first()
    return ended or plan.periods.order_by("starts_on").first()


def places_to_remind(actor: Actor, period: Period, *, code: str = "") -> list[Place]:
    """Return the places of ours that have not reported: all, or the one with this code."""
    found: list[Place] = []
    for lead in places_led_by(actor, Role.COORDINATOR):
        known = _with_reports(actor, period, lead, places_reporting_to(lead, period.plan))
        missing = _filtered(known, "missing", "")
        found += missing.filter(code=code) if code else missing
    return found
