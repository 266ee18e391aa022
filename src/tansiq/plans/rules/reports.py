"""Who writes, sends, answers and corrects reports."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.models import Organisation, Place
from tansiq.access.verdict import YES, Verdict, needs, no
from tansiq.plans.models import Datapoint, Evidence, Period, Report


@rule("plans.period_view")
def period_view(actor: Actor, period: Period) -> Verdict:
    return YES


@rule("plans.place_view")
def place_view(actor: Actor, place: Place) -> Verdict:
    return YES


@rule("plans.report_ask")
def report_ask(actor: Actor, period: Period) -> Verdict:
    """Asked of the period: who may remind places; which places, the query decides."""
    leads = Organisation.objects.filter(
        pk__in=actor.organisations_as(Role.COORDINATOR), is_lead_of_place=True
    )
    if actor.is_system or leads.exists():
        return YES
    return no(_("Only a coordinator of an organisation that is owed reports can remind places."))


@rule("plans.report_start")
def report_start(actor: Actor, organisation: Organisation) -> Verdict:
    if not organisation.is_lead_of_place:
        return no(_("Only the organisation that leads the place reports for it."))
    reason = _("Only a contributor of the organisation that leads the place can write its report.")
    return needs(actor, Role.CONTRIBUTOR, organisation.pk, reason)


@rule("plans.report_view")
def report_view(actor: Actor, report: Report) -> Verdict:
    return YES


@rule("plans.report_write")
def report_write(actor: Actor, report: Report) -> Verdict:
    if report.is_locked:
        return no(_("This report is locked. Ask the level above to reopen it."))
    reason = _("Only a contributor of the organisation that leads the place can write its report.")
    return needs(actor, Role.CONTRIBUTOR, report.owner_id, reason)


@rule("plans.report_send")
def report_send(actor: Actor, report: Report) -> Verdict:
    if report.is_locked:
        return no(_("This report was already sent."))
    reason = _("Only a coordinator of the organisation that leads the place can send its report.")
    return needs(actor, Role.COORDINATOR, report.owner_id, reason)


def _receives(actor: Actor, report: Report) -> Verdict:
    reason = _("Only a coordinator of the organisation it was sent to can do this.")
    return needs(actor, Role.COORDINATOR, report.addressee_id or 0, reason)


@rule("plans.report_return")
def report_return(actor: Actor, report: Report) -> Verdict:
    if report.status != "submitted":
        return no(_("Only a report that was sent can be returned."))
    return _receives(actor, report)


@rule("plans.report_accept")
def report_accept(actor: Actor, report: Report) -> Verdict:
    if report.status != "submitted":
        return no(_("Only a report that was sent can be accepted."))
    return _receives(actor, report)


@rule("plans.report_answer")
def report_answer(actor: Actor, report: Report) -> Verdict:
    if not report.is_locked:
        return no(_("This report is with the place. Answer it once it is sent."))
    return _receives(actor, report)


@rule("plans.report_reopen")
def report_reopen(actor: Actor, report: Report) -> Verdict:
    if report.status != "accepted":
        return no(_("Only an accepted report can be reopened."))
    return _receives(actor, report)


@rule("plans.report_reply")
def report_reply(actor: Actor, report: Report) -> Verdict:
    reason = _("Only a contributor of the organisation that leads the place can reply.")
    return needs(actor, Role.CONTRIBUTOR, report.owner_id, reason)


@rule("plans.report_remind")
def report_remind(actor: Actor, report: Report) -> Verdict:
    if report.answer_due_on is None or report.answered_at is not None:
        return no(_("No answer is owed on this report."))
    reason = _("Only a contributor of the organisation that sent the report can send a reminder.")
    return needs(actor, Role.CONTRIBUTOR, report.owner_id, reason)


@rule("plans.report_correct")
def report_correct(actor: Actor, report: Report) -> Verdict:
    if report.status != "accepted":
        return no(_("Only figures that were accepted can be corrected."))
    reason = _("Only a coordinator of the organisation that sent the report can correct it.")
    return needs(actor, Role.COORDINATOR, report.owner_id, reason)


def _counts(actor: Actor, datapoint: Datapoint) -> Verdict:
    if datapoint.status != "accepted":
        return no(_("Only a figure that was accepted can be corrected or withdrawn."))
    reason = _("Only a coordinator of the organisation that sent the report can correct it.")
    return needs(actor, Role.COORDINATOR, datapoint.report.owner_id, reason)


@rule("plans.value_correct")
def value_correct(actor: Actor, datapoint: Datapoint) -> Verdict:
    return _counts(actor, datapoint)


@rule("plans.value_withdraw")
def value_withdraw(actor: Actor, datapoint: Datapoint) -> Verdict:
    return _counts(actor, datapoint)


@rule("plans.evidence_remove")
def evidence_remove(actor: Actor, evidence: Evidence) -> Verdict:
    return report_write(actor, evidence.report)


@rule("plans.evidence_view")
def evidence_view(actor: Actor, evidence: Evidence) -> Verdict:
    return YES
