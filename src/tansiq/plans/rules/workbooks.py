"""Who takes plans and reports out as workbooks, and who sends them in."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.verdict import YES, Verdict, no
from tansiq.plans.models import Period, Plan, Report, Workbook


@rule("plans.report_export")
def report_export(actor: Actor, report: Report) -> Verdict:
    if report.is_red or report.period.plan.is_red:
        return no(_("What is marked TLP:RED does not leave the platform as a file."))
    return YES


@rule("plans.period_export")
def period_export(actor: Actor, period: Period) -> Verdict:
    if period.plan.is_red:
        return no(_("What is marked TLP:RED does not leave the platform as a file."))
    if actor.is_signed_in or actor.is_system:
        return YES
    return no(_("Sign in to take out a workbook of all places."))


@rule("plans.workbook_take")
def workbook_take(actor: Actor, plan: Plan) -> Verdict:
    """Asked of the plan before a file is looked at; each cell is asked its own rule later."""
    if actor.is_system or actor.organisations_as(Role.CONTRIBUTOR):
        return YES
    return no(_("Only a contributor of an organisation can send in a workbook."))


@rule("plans.workbook_view")
def workbook_view(actor: Actor, workbook: Workbook) -> Verdict:
    return YES
