"""What each place has done and said, as far as the owner of the national plan may know it."""

import datetime as dt
from collections import Counter
from typing import Any

from django.db.models import Count, Q

from tansiq.access.actor import Actor
from tansiq.access.models import Organisation, PlaceLink
from tansiq.plans.models import (
    Alignment,
    Delivery,
    Period,
    Plan,
    Relation,
    Report,
    ReportStatus,
    RollUp,
    Stage,
)
from tansiq.plans.queries.coverage import asked_actions
from tansiq.plans.queries.national.audience import may_be_quoted
from tansiq.plans.queries.national.canonical import Data
from tansiq.plans.queries.reporting import SENT
from tansiq.plans.querysets import DONE

# Its figures are counted; the report itself is with the level between.
COUNTED = "counted"


def places_of(reader: Actor, plan: Plan, period: Period, *, day: dt.date) -> list[Data]:
    """Return a row for each place with a plan of its own in this period, from the top down."""
    local = (
        Plan.objects.filter(parent=plan, starts_on__lte=period.ends_on)
        .select_related("place__parent")
        .order_by("place__level", "place__parent__name", "place__name", "pk")
    )
    places = list({one.place_id: one.place for one in local}.values())
    pks = [place.pk for place in places]
    stages = dict(
        Stage.objects.filter(plan=plan, is_latest=True, place__in=pks).values_list(
            "place_id", "name"
        )
    )
    reports = {
        one["place_id"]: one
        for one in Report.objects.visible_to(reader)
        .filter(period=period)
        .exclude(marking="red")
        .values("place_id", "status", "submitted_at", "answer_due_on", "answered_at")
    }
    counted = _counted(plan, period, pks)
    answers = _answers(plan, pks)
    late = _late_duties(plan, pks, day)
    return [
        {
            "code": place.code,
            "name": place.name,
            "names": place.names,
            "kind": place.kind,
            "level": place.level,
            "above": place.parent.name if place.parent and place.parent.level else "",
            "above_names": place.parent.names if place.parent and place.parent.level else {},
            "stage": stages.get(place.pk, ""),
            "taken_up": answers.get(place.pk, (0, 0))[0],
            "answered": answers.get(place.pk, (0, 0))[1],
            "late_duties": late.get(place.pk, 0),
            **_reported(reports.get(place.pk), is_counted=place.pk in counted),
        }
        for place in places
    ]


def _reported(report: Any, *, is_counted: bool) -> Data:
    status = report["status"] if report else ""
    if status not in {*SENT, ReportStatus.RETURNED}:
        return {"state": COUNTED if is_counted else "", "sent": ""}
    return {"state": str(status), "sent": report["submitted_at"].date().isoformat()}


def _counted(plan: Plan, period: Period, places: list[int]) -> set[int]:
    """Return the places whose own figures are part of the sums.

    A place with others below it holds their sums; of it only its own report can tell.
    """
    above = set(
        PlaceLink.objects.filter(place__in=places, depth__gt=0).values_list(
            "ancestor_id", flat=True
        )
    )
    rows = RollUp.objects.filter(
        indicator__plan=plan, period=period, part="", place__in=places, values_count__gt=0
    )
    return set(rows.values_list("place_id", flat=True)) - above


def _answers(plan: Plan, places: list[int]) -> dict[int, tuple[int, int]]:
    """Return for each place how many national actions it took up, and how many it answered."""
    refused = Q(relation=Relation.NOT_APPLICABLE)
    rows = (
        Alignment.objects.filter(national_action__in=asked_actions(plan), place__in=places)
        .values_list("place_id")
        .annotate(
            taken=Count("national_action", filter=~refused, distinct=True),
            all=Count("national_action", distinct=True),
        )
        .order_by()
    )
    return {place: (taken, whole) for place, taken, whole in rows}


def _late_duties(plan: Plan, places: list[int], day: dt.date) -> dict[int, int]:
    rows = (
        Delivery.objects.filter(action__plan=plan, place__in=places, due_on__lt=day)
        .exclude(status__in=DONE)
        .values_list("place_id")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return dict(rows)


def reporting_of(places: list[Data], period: Period, *, day: dt.date) -> Data:
    """Count what the rows say: how many places are expected, have reported, are accepted."""
    states = Counter(place["state"] for place in places)
    accepted = states[ReportStatus.ACCEPTED] + states[COUNTED]
    reported = accepted + states[ReportStatus.SUBMITTED]
    missing = len(places) - reported
    return {
        "expected": len(places),
        "reported": reported,
        "accepted": accepted,
        "waiting": states[ReportStatus.SUBMITTED],
        "returned": states[ReportStatus.RETURNED],
        "missing": missing,
        "late": missing if period.due_on < day else 0,
    }


def answers_owed(reader: Actor, owner: Organisation, period: Period, *, day: dt.date) -> Data:
    """Count the answers the owner owes to places on their reports of this period."""
    owed = (
        Report.objects.visible_to(reader)
        .filter(addressee=owner, period=period, status__in=SENT)
        .filter(answered_at__isnull=True, answer_due_on__isnull=False)
        .exclude(marking="red")
    )
    counted = owed.aggregate(owed=Count("pk"), late=Count("pk", filter=Q(answer_due_on__lt=day)))
    given = Report.objects.visible_to(reader).filter(
        addressee=owner, period=period, answered_at__isnull=False
    )
    return {**counted, "given": given.exclude(marking="red").count()}


def voices_of(reader: Actor, period: Period, owner: Organisation, audience: Data) -> Data:
    """Return what places said stands in the way, and what they wish for, where it may be quoted.

    Only from accepted reports; the others are counted.
    """
    accepted = (
        Report.objects.visible_to(reader)
        .filter(period=period, status=ReportStatus.ACCEPTED)
        .exclude(marking="red")
        .exclude(blockers="", wishes="")
        .select_related("place")
        .prefetch_related("named_organisations")
        .order_by("place__level", "place__name", "pk")
    )
    quotes, kept_back = [], 0
    for report in accepted:
        if not may_be_quoted(report, audience, owner):
            kept_back += 1
            continue
        quotes.append(
            {
                "place": report.place.name,
                "names": report.place.names,
                "report": report.pk,
                "language": report.language,
                "blockers": report.blockers,
                "wishes": report.wishes,
            }
        )
    return {"quotes": quotes, "kept_back": kept_back}
