"""What others did since a moment."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.plans.models import Action, Delivery, Report
from tansiq.plans.queries.desk.items import MOST, names_of, readable, title_of, with_names
from tansiq.plans.queries.reporting import places_led_by
from tansiq.plans.queries.wording import in_readers_language, plan_name


@dataclass(frozen=True)
class Change:
    """Something others did since a moment, in one sentence."""

    kind: str
    sentence: str
    detail: str
    url: str
    at: dt.datetime


def changes_since(actor: Actor, moment: dt.datetime) -> list[Change]:
    """Return what happened since then that concerns this person's organisations, newest first."""
    mine = actor.organisation_ids
    reports = with_names(
        Report.objects.visible_to(actor)
        .filter(
            Q(addressee__in=mine, submitted_at__gt=moment)
            | Q(owner__in=mine, accepted_at__gt=moment)
            | Q(owner__in=mine, answered_at__gt=moment)
            | Q(owner__in=mine, remarks__at__gt=moment)
        )
        .annotate(asked_at=Max("remarks__at", filter=Q(remarks__kind__in=("question", "reopened"))))
        .order_by("-pk")
    )
    changes = [one for report in reports for one in _report_changes(report, mine, moment)]
    leads = places_led_by(actor)
    deliveries = readable(
        Delivery.objects.visible_to(actor)
        .filter(place__in=[lead.place_id for lead in leads], changed_at__gt=moment)
        .order_by("-changed_at", "-pk")
    )
    changes += [_delivery_change(one) for one in deliveries]
    steps = list(
        Action.objects.visible_to(actor)
        .steps()
        .filter(plan__owner__in=mine, changed_at__gt=moment)
        .select_related("plan__country")
        .order_by("-changed_at", "-pk")[:MOST]
    )
    in_readers_language(steps, "title")
    changes += [_step_change(one) for one in steps]
    return sorted(changes, key=lambda one: (one.at, one.url), reverse=True)[:MOST]


def _report_changes(report: Any, mine: frozenset[int], moment: dt.datetime) -> list[Change]:
    names = names_of(report)
    happened = []
    if report.addressee_id in mine:
        sent = _("%(place)s sent its report for %(period)s") % names
        happened.append(("report_sent", sent, report.submitted_at))
    if report.owner_id in mine:
        accepted = _("Your report of %(place)s for %(period)s was accepted") % names
        answered = _("Your report of %(place)s for %(period)s was answered") % names
        asked = _("Your report of %(place)s for %(period)s came back with a question") % names
        happened.append(("report_accepted", accepted, report.accepted_at))
        happened.append(("report_answered", answered, report.answered_at))
        happened.append(("report_asked", asked, report.asked_at))
    detail = plan_name(report.period.plan)
    return [
        Change(kind, sentence, detail, report.get_absolute_url(), when)
        for kind, sentence, when in happened
        if when is not None and when > moment
    ]


def _delivery_change(delivery: Any) -> Change:
    sentence = _("%(duty)s: now %(status)s") % {
        "duty": title_of(delivery.action),
        "status": delivery.get_status_display(),
    }
    url = f"{reverse('plans:owed')}#delivery-{delivery.pk}"
    owner = str(delivery.action.plan.owner)
    return Change("delivery_changed", sentence, owner, url, delivery.changed_at)


def _step_change(step: Any) -> Change:
    sentence = _("%(action)s: now %(status)s") % {
        "action": title_of(step),
        "status": step.get_status_display(),
    }
    url = step.get_absolute_url()
    return Change("action_changed", sentence, plan_name(step.plan), url, step.changed_at)
