"""What to do now, and what is owed in both directions."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.models import Organisation
from tansiq.core import formats
from tansiq.core.formats import isolate
from tansiq.plans.models import (
    Action,
    ActionStatus,
    Conversation,
    Delivery,
    Picture,
    Report,
    ReportStatus,
)
from tansiq.plans.queries.pictures import old_pictures
from tansiq.plans.queries.reporting import SOON_DAYS, OwedReport, owed_reports, places_led_by
from tansiq.plans.queries.wording import in_readers_language, period_name, plan_name
from tansiq.plans.querysets import DONE

# More than this nobody reads on a desk; the pages behind it hold the rest.
MOST = 50
# A thing that is owed shows among "now" from a week before its day.
_WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class Item:
    """One line of the desk: what, of whom, by when, and where it is done.

    `kind` names the sort of line for tests and styles; `remind_url` takes a POST.
    """

    kind: str
    title: str
    detail: str
    url: str
    label: str
    due_on: dt.date | None = None
    status: str = ""
    progress: int | None = None
    remind_url: str = ""
    reminded_at: dt.datetime | None = None


def now(actor: Actor, at: dt.datetime) -> list[Item]:
    """Return what needs this person today, the most urgent first."""
    leads = places_led_by(actor, Role.CONTRIBUTOR)
    soon = at.date() + _WEEK
    owed = owed_reports(actor, leads, on=at.date())
    items = [_report_item(one) for one in owed if one.is_returned or one.period.due_on <= soon]
    items += [_received_item(report) for report in _to_accept(actor)]
    items += [_answer_item(report) for report in _to_answer(actor)]
    items += [item for item in _deliveries_we_owe(actor) if item.due_on and item.due_on <= soon]
    items += [_confirm_item(one) for one in _to_confirm(actor, leads)]
    items += [_picture_item(one, at.date()) for one in old_pictures(actor, leads, on=at.date())]
    items += [_conversation_item(one) for one in _waiting_conversations(actor)]
    return sorted(items, key=urgency)


def owed_to(actor: Actor, at: dt.datetime) -> list[Item]:
    """Return what others owe the places this person speaks for, the latest first."""
    leads = places_led_by(actor)
    deliveries = readable(
        Delivery.objects.visible_to(actor)
        .open()
        .filter(place__in=[lead.place_id for lead in leads])
        .order_by("due_on", "pk")
    )
    items = [_owed_delivery_item(one) for one in deliveries]
    answers = (
        Report.objects.visible_to(actor)
        .filter(owner__in=leads, answer_due_on__isnull=False, answered_at__isnull=True)
        .order_by("answer_due_on", "pk")
    )
    items += [_owed_answer_item(report) for report in with_names(answers)]
    return sorted(items, key=urgency)


def owed_by(actor: Actor, at: dt.datetime) -> list[Item]:
    """Return what this person's organisations owe others: reports, answers, deliveries."""
    leads = places_led_by(actor)
    until = at.date() + dt.timedelta(days=SOON_DAYS)
    items = [
        _report_item(one)
        for one in owed_reports(actor, leads, on=at.date())
        if one.is_begun or one.period.due_on <= until
    ]
    items += [_answer_item(report) for report in _to_answer(actor, Role.VIEWER)]
    items += _deliveries_we_owe(actor, Role.VIEWER)
    return sorted(items, key=urgency)


def _picture_item(picture: Picture, today: dt.date) -> Item:
    title = _("The picture of %(place)s is older than a year, or past its review")
    return Item(
        kind="picture_old",
        title=title % {"place": isolate(picture.place)},
        detail=_("Threat and resilience picture"),
        url=picture.get_absolute_url(),
        label=_("Look at it again"),
        due_on=picture.review_on if picture.review_on <= today else None,
    )


def urgency(item: Item) -> tuple[dt.date, str, str]:
    return (item.due_on or dt.date.max, item.kind, item.url)


# --- reports


def _report_item(owed: OwedReport) -> Item:
    facts = {"place": isolate(owed.place), "period": period_name(owed.period)}
    if owed.is_returned:
        title = _("The report of %(place)s for %(period)s came back with a question") % facts
        kind, label = "report_returned", _("Answer the question")
    elif owed.is_begun:
        title = _("Report of %(place)s for %(period)s") % facts
        kind, label = "report_due", _("Continue the report")
    else:
        title = _("Report of %(place)s for %(period)s") % facts
        kind, label = "report_due", _("Start the report")
    return Item(
        kind=kind,
        title=title,
        detail=plan_name(owed.plan),
        url=report_url(owed),
        label=label,
        due_on=owed.period.due_on,
        status=ReportStatus.RETURNED if owed.is_returned else "",
        progress=owed.filled if owed.is_begun else None,
    )


def report_url(owed: OwedReport) -> str:
    """Return where this report is written, begun or not."""
    if owed.report is not None:
        return reverse("plans:report_write", args=[owed.report.pk])
    return reverse("plans:report_start", args=[owed.period.pk, owed.place.code])


def with_names(reports: QuerySet[Report]) -> QuerySet[Report]:
    return reports.select_related("place", "period__plan", "addressee", "owner")[:MOST]


def _to_accept(actor: Actor) -> Iterable[Report]:
    received = Report.objects.visible_to(actor).filter(
        addressee__in=actor.organisations_as(Role.COORDINATOR), status=ReportStatus.SUBMITTED
    )
    return with_names(received.order_by("answer_due_on", "submitted_at", "pk"))


def _to_answer(actor: Actor, role: Role = Role.COORDINATOR) -> Iterable[Report]:
    unanswered = Report.objects.visible_to(actor).filter(
        addressee__in=actor.organisations_as(role),
        status=ReportStatus.ACCEPTED,
        answered_at__isnull=True,
        answer_due_on__isnull=False,
    )
    return with_names(unanswered.order_by("answer_due_on", "pk"))


def _received_item(report: Report) -> Item:
    return Item(
        kind="report_accept",
        title=_("Read the report of %(place)s for %(period)s") % names_of(report),
        detail=plan_name(report.period.plan),
        url=report.get_absolute_url(),
        label=_("Open the report"),
        due_on=report.answer_due_on,
        status=ReportStatus.SUBMITTED,
    )


def _answer_item(report: Report) -> Item:
    return Item(
        kind="answer_due",
        title=_("Answer %(place)s on its report for %(period)s") % names_of(report),
        detail=plan_name(report.period.plan),
        url=f"{report.get_absolute_url()}#answer",
        label=_("Answer"),
        due_on=report.answer_due_on,
    )


def _owed_answer_item(report: Report) -> Item:
    return Item(
        kind="answer_owed",
        title=_("Answer to the report of %(place)s for %(period)s") % names_of(report),
        detail=str(report.addressee or ""),
        url=report.get_absolute_url(),
        label=_("Open the report"),
        due_on=report.answer_due_on,
        remind_url=reverse("plans:report_remind", args=[report.pk]),
        reminded_at=report.reminded_at,
    )


def names_of(report: Report) -> dict[str, str]:
    return {"place": isolate(report.place), "period": period_name(report.period)}


# --- conversations


def _waiting_conversations(actor: Actor) -> Iterable[Conversation]:
    mine = actor.organisations_as(Role.CONTRIBUTOR)
    waiting = Conversation.objects.visible_to(actor).waiting_for(mine)
    return waiting.select_related("latest_by", "owner").order_by("latest_at", "pk")[:MOST]


def _conversation_item(conversation: Conversation) -> Item:
    facts = {"organisation": isolate(conversation.latest_by)}
    is_first = conversation.latest_at == conversation.opened_at
    told = (
        _("%(organisation)s wants to talk about something you both do")
        if is_first
        else _("%(organisation)s wrote to you about something you both do")
    )
    return Item(
        kind="conversation",
        title=told % facts,
        detail="",
        url=f"{conversation.get_absolute_url()}#reply",
        label=_("Read and answer"),
    )


# --- what a level owes its places


def readable(deliveries: QuerySet[Delivery]) -> list[Delivery]:
    """Load deliveries with all their names, their duties in the reader's language."""
    found = list(deliveries.select_related("action__plan__owner", "place")[:MOST])
    in_readers_language([one.action for one in found], "title")
    return found


def title_of(action: Any) -> str:
    return isolate(action.shown["title"])


def _owed_delivery_item(delivery: Delivery) -> Item:
    facts = {"duty": title_of(delivery.action), "place": isolate(delivery.place)}
    return Item(
        kind="delivery_owed",
        title=_("%(duty)s for %(place)s") % facts,
        detail=str(delivery.action.plan.owner),
        url=f"{reverse('plans:owed')}#delivery-{delivery.pk}",
        label=_("Open"),
        due_on=delivery.due_on,
        status=delivery.status,
        remind_url=reverse("plans:delivery_remind", args=[delivery.pk]),
        reminded_at=delivery.reminded_at,
    )


def _to_confirm(actor: Actor, leads: list[Organisation]) -> list[Delivery]:
    return readable(
        Delivery.objects.visible_to(actor)
        .filter(
            place__in=[lead.place_id for lead in leads],
            status=ActionStatus.DONE,
            received_on__isnull=True,
        )
        .order_by("delivered_on", "pk")
    )


def _confirm_item(delivery: Delivery) -> Item:
    return Item(
        kind="delivery_confirm",
        title=_("Did %(place)s receive this? %(duty)s")
        % {"place": isolate(delivery.place), "duty": title_of(delivery.action)},
        detail=str(delivery.action.plan.owner),
        url=f"{reverse('plans:owed')}#delivery-{delivery.pk}",
        label=_("Confirm or object"),
    )


def _deliveries_we_owe(actor: Actor, role: Role = Role.CONTRIBUTOR) -> list[Item]:
    """One line for each duty, not for each of its places: there may be hundreds."""
    waiting = Q(deliveries__isnull=False) & ~Q(deliveries__status__in=DONE)
    duties = list(
        Action.objects.visible_to(actor)
        .duties()
        .filter(plan__owner__in=actor.organisations_as(role))
        .annotate(
            waiting=Count("deliveries", filter=waiting),
            first_due_on=Min("deliveries__due_on", filter=waiting),
        )
        .filter(waiting__gt=0)
        .select_related("plan")
        .order_by("first_due_on", "pk")[:MOST]
    )
    in_readers_language(duties, "title")
    return [_duty_item(duty) for duty in duties]


def _duty_item(duty: Any) -> Item:
    counted = formats.number(duty.waiting, get_language() or "en")
    waiting = ngettext("%(count)s place waits", "%(count)s places wait", duty.waiting)
    return Item(
        kind="duty_owed",
        title=str(duty.shown["title"]),
        detail=f"{plan_name(duty.plan)} · {waiting % {'count': counted}}",
        url=reverse("plans:duty", args=[duty.pk]),
        label=_("See the places"),
        due_on=duty.first_due_on,
    )
