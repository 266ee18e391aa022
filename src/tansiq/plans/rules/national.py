"""Who begins, writes, closes and takes away the report of a nation."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.verdict import YES, Verdict, needs, no
from tansiq.plans.models import Edition, EditionFile, NationalReport, Period


@rule("plans.national_view")
def national_view(actor: Actor, report: NationalReport) -> Verdict:
    return YES


@rule("plans.national_start")
def national_start(actor: Actor, period: Period) -> Verdict:
    """Asked of the period on which the nation reports."""
    plan = period.plan
    if not plan.is_national:
        return no(_("Only on a national plan is there a report of the nation."))
    reason = _("Only a coordinator of the organisation that owns the plan can begin its report.")
    return needs(actor, Role.COORDINATOR, plan.owner_id, reason)


def _open(report: NationalReport) -> Verdict:
    if report.is_final:
        return no(_("This report is final. Open it again to change it."))
    return YES


@rule("plans.national_write")
def national_write(actor: Actor, report: NationalReport) -> Verdict:
    reason = _("Only a contributor of the organisation that owns the report can write it.")
    return _open(report) and needs(actor, Role.CONTRIBUTOR, report.owner_id, reason)


@rule("plans.national_figures")
def national_figures(actor: Actor, report: NationalReport) -> Verdict:
    reason = _("Only a coordinator of the organisation that owns the report can take its figures.")
    return _open(report) and needs(actor, Role.COORDINATOR, report.owner_id, reason)


@rule("plans.national_finalise")
def national_finalise(actor: Actor, report: NationalReport) -> Verdict:
    reason = _("Only a lead of the organisation that owns the report can make it final.")
    return _open(report) and needs(actor, Role.LEAD, report.owner_id, reason)


@rule("plans.national_reopen")
def national_reopen(actor: Actor, report: NationalReport) -> Verdict:
    if not report.is_final:
        return no(_("Only a final report can be opened again."))
    reason = _("Only a lead of the organisation that owns the report can open it again.")
    return needs(actor, Role.LEAD, report.owner_id, reason)


@rule("plans.edition_view")
def edition_view(actor: Actor, edition: Edition) -> Verdict:
    return YES


@rule("plans.national_export")
def national_export(actor: Actor, edition: Edition) -> Verdict:
    if edition.report.is_red:
        return no(_("What is marked TLP:RED does not leave the platform as a file."))
    return YES


@rule("plans.edition_file_view")
def edition_file_view(actor: Actor, file: EditionFile) -> Verdict:
    return national_export(actor, file.edition)
