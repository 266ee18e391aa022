"""A place's report: written, sent, returned or accepted, answered, reopened."""

from calendar import monthrange
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from tansiq.access.actor import Actor
from tansiq.access.log import record
from tansiq.access.models import Marking, Organisation, Place
from tansiq.access.queries import lead_above, lead_of
from tansiq.plans.actions.rollups import add_values, find_next_latest, take_values
from tansiq.plans.models import (
    DatapointStatus,
    Period,
    Plan,
    Remark,
    RemarkKind,
    Reminder,
    Report,
    ReportStatus,
)
from tansiq.plans.notices import tell_addressee, tell_of_due_report, tell_owner
from tansiq.plans.queries.register import narrative_from_register

A_DAY = timedelta(days=1)
_SENT = (ReportStatus.SUBMITTED, ReportStatus.ACCEPTED)


class ReportError(Exception):
    """The step makes no sense now, or something is missing; the message says which."""


@transaction.atomic
def open_periods(plan: Plan, *, until: date, by: Actor, at: datetime) -> list[Period]:
    """Make the reporting periods of a plan that begin on or before `until`, in order."""
    made = []
    starts_on = plan.starts_on.replace(day=1)
    while starts_on <= min(until, plan.ends_on):
        ends_on = _end_of(starts_on, plan.report_months)
        due_on = ends_on + timedelta(days=plan.report_days)
        period, is_new = Period.objects.get_or_create(
            plan=plan, starts_on=starts_on, defaults={"ends_on": ends_on, "due_on": due_on}
        )
        if is_new:
            made.append(period)
        starts_on = ends_on + timedelta(days=1)
    if made:
        record(by, "plans.open_periods", plan, at=at, detail={"made": len(made)})
    return made


def _end_of(starts_on: date, months: int) -> date:
    index = starts_on.year * 12 + starts_on.month - 1 + months - 1
    year, month = divmod(index, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1])


@transaction.atomic
def start_report(
    period: Period, place: Place, *, owner: Organisation, language: str, by: Actor, at: datetime
) -> Report:
    """Begin a place's report for a period, or return the one that was begun before.

    It is pre-filled with what still stood in the way and was wished for last time, and with
    the activities of the register that the level above may read.
    """
    found = Report.objects.filter(period=period, place=place).first()
    if found is not None:
        return found
    latest = (
        Report.objects.filter(
            place=place, period__plan=period.plan_id, period__starts_on__lt=period.starts_on
        )
        .order_by("-period__starts_on")
        .first()
    )
    report = Report.objects.create(
        owner=owner,
        marking=Marking.AMBER,
        purpose=_("Periodic report on a plan"),
        period=period,
        place=place,
        language=language,
        narrative=narrative_from_register(period, place, owner),
        blockers=latest.blockers if latest else "",
        wishes=latest.wishes if latest else "",
        changed_at=at,
    )
    record(by, "plans.report_start", report, at=at)
    return report


@transaction.atomic
def submit_report(report: Report, *, by: Actor, at: datetime) -> None:
    """Send the report to the level above, which can read it from now on; give a receipt.

    Raises ReportError when it was sent already, says nothing yet, or nobody is above.
    """
    report = _locked(report)
    if report.is_locked:
        raise ReportError(_("This report was already sent."))
    if not report.narrative.strip() and not report.datapoints.exists():
        raise ReportError(_("Write what was done, or at least one figure, before you send it."))
    addressee = report.addressee or lead_above(report.place)
    if addressee is None:
        raise ReportError(_("No organisation of the level above takes part yet to receive it."))
    report.addressee = addressee
    report.named_organisations.add(addressee)
    report.status = ReportStatus.SUBMITTED
    report.submitted_at = at
    report.receipt = report.receipt or _receipt_for(report)
    report.answer_due_on = at.date() + timedelta(days=report.period.plan.answer_days)
    report.answered_at = None
    report.save()
    report.datapoints.filter(status=DatapointStatus.DRAFT).update(status=DatapointStatus.SUBMITTED)
    record(by, "plans.report_send", report, at=at)
    tell_addressee(report, "plans.report_sent", at=at)


def _receipt_for(report: Report) -> str:
    """Return a number a person can read out: country, year of the period, report."""
    country = report.place.country_code.upper()
    return f"{country}-{report.period.ends_on.year}-{report.pk:06d}"


@transaction.atomic
def return_report(report: Report, question: str, *, by: Actor, at: datetime) -> None:
    """Give the report back to the place with a question. Raises ReportError."""
    report = _locked(report)
    if report.status != ReportStatus.SUBMITTED:
        raise ReportError(_("Only a report that was sent can be returned."))
    if not question.strip():
        raise ReportError(_("Write what you need to know, so that the place can act on it."))
    report.status = ReportStatus.RETURNED
    report.answer_due_on = None
    report.save(update_fields=["status", "answer_due_on"])
    report.datapoints.filter(status=DatapointStatus.SUBMITTED).update(status=DatapointStatus.DRAFT)
    _say(report, RemarkKind.QUESTION, question, report.addressee or report.owner, at=at)
    record(by, "plans.report_return", report, at=at)
    tell_owner(report, "plans.report_returned", at=at)


@transaction.atomic
def reply(report: Report, text: str, *, by: Actor, at: datetime) -> Remark:
    """Reply as the place to a question. Raises ReportError for an empty reply."""
    if not text.strip():
        raise ReportError(_("Write a reply first."))
    remark = _say(report, RemarkKind.REPLY, text, report.owner, at=at)
    record(by, "plans.report_reply", report, at=at)
    tell_addressee(report, "plans.report_replied", at=at)
    return remark


@transaction.atomic
def accept_report(report: Report, *, answer: str, by: Actor, at: datetime) -> None:
    """Accept the report: its values count from now on, here and everywhere above.

    The answer may be given at once or later (`answer_report`). Raises ReportError if the
    report was not sent.
    """
    report = _locked(report)
    if report.status != ReportStatus.SUBMITTED:
        raise ReportError(_("Only a report that was sent can be accepted."))
    report.status = ReportStatus.ACCEPTED
    report.accepted_at = at
    if answer.strip():
        report.answer, report.answered_at = answer.strip(), at
    report.save(update_fields=["status", "accepted_at", "answer", "answered_at"])
    add_values(report.pk, column="report_id", status="submitted")
    report.datapoints.filter(status=DatapointStatus.SUBMITTED).update(
        status=DatapointStatus.ACCEPTED
    )
    record(by, "plans.report_accept", report, at=at)
    code = "plans.report_answered" if answer.strip() else "plans.report_accepted"
    tell_owner(report, code, at=at)


@transaction.atomic
def answer_report(report: Report, answer: str, *, by: Actor, at: datetime) -> None:
    """Answer the place: what follows from its report. Raises ReportError for an empty answer."""
    if not answer.strip():
        raise ReportError(_("Write an answer first."))
    report.answer, report.answered_at = answer.strip(), at
    report.save(update_fields=["answer", "answered_at"])
    record(by, "plans.report_answer", report, at=at)
    tell_owner(report, "plans.report_answered", at=at)


@transaction.atomic
def reopen_report(report: Report, reason: str, *, by: Actor, at: datetime) -> None:
    """Open an accepted report again; its values stop counting until it is accepted anew.

    Raises ReportError without a reason, or if it was not accepted.
    """
    report = _locked(report)
    if report.status != ReportStatus.ACCEPTED:
        raise ReportError(_("Only an accepted report can be reopened."))
    if not reason.strip():
        raise ReportError(_("Say why, so that the place knows what to change."))
    accepted = report.datapoints.filter(status=DatapointStatus.ACCEPTED)
    pks = list(accepted.values_list("pk", flat=True))
    take_values(report.pk, column="report_id")
    accepted.update(status=DatapointStatus.DRAFT)
    find_next_latest(pks)
    report.status = ReportStatus.RETURNED
    report.accepted_at = None
    report.save(update_fields=["status", "accepted_at"])
    _say(report, RemarkKind.REOPENED, reason, report.addressee or report.owner, at=at)
    record(by, "plans.report_reopen", report, at=at)
    tell_owner(report, "plans.report_reopened", at=at)


@transaction.atomic
def remind_place(period: Period, place: Place, *, by: Actor, at: datetime) -> Reminder:
    """Remind a place of the report it owes for a period.

    Raises ReportError when it has reported, or within a day of the last reminder.
    """
    sent = Report.objects.filter(period=period, place=place, status__in=_SENT)
    if sent.exists():
        raise ReportError(_("This place has sent its report already."))
    reminder, is_new = Reminder.objects.get_or_create(
        period=period, place=place, defaults={"at": at}
    )
    if not is_new and at - reminder.at < A_DAY:
        raise ReportError(_("A reminder went out less than a day ago."))
    reminder.at = at
    reminder.save(update_fields=["at"])
    record(by, "plans.report_ask", period, at=at, detail={"place": place.pk})
    lead = lead_of(place)
    if lead is not None:
        is_late = period.due_on < at.date()
        code = "plans.report_overdue" if is_late else "plans.report_due"
        tell_of_due_report(period, place, lead, code, at=at)
    return reminder


@transaction.atomic
def remind_of_answer(report: Report, *, by: Actor, at: datetime) -> None:
    """Remind the level above of the answer it owes; its leads, too.

    Raises ReportError when nothing is owed, or within a day of the last reminder.
    """
    if report.answer_due_on is None or report.answered_at is not None:
        raise ReportError(_("No answer is owed on this report."))
    if report.reminded_at is not None and at - report.reminded_at < A_DAY:
        raise ReportError(_("A reminder went out less than a day ago."))
    report.reminded_at = at
    report.save(update_fields=["reminded_at"])
    record(by, "plans.report_remind", report, at=at)
    is_late = report.answer_is_late_on(at.date())
    code = "plans.answer_overdue" if is_late else "plans.answer_wanted"
    tell_addressee(report, code, at=at)


def _locked(report: Report) -> Report:
    """Read the report again for this transaction, so that two people cannot decide at once."""
    return (
        Report.objects.select_for_update(of=("self",))
        .select_related("period__plan", "place", "owner")
        .get(pk=report.pk)
    )


def _say(
    report: Report, kind: str, text: str, organisation: Organisation, *, at: datetime
) -> Remark:
    return Remark.objects.create(
        report=report, kind=kind, text=text.strip(), organisation=organisation, at=at
    )
