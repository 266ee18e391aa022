"""Writing, signing and reading situation reports, and the brief that comes back."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.verdict import YES, Verdict, needs, no
from tansiq.incidents.models import Brief, Incident, SituationReport
from tansiq.incidents.rules.room import lead
from tansiq.incidents.rules.standing import takes_part


@rule("incidents.report_begin")
def begin(actor: Actor, incident: Incident) -> Verdict:
    if incident.is_retired:
        return no(_("This incident is retired. Nothing in it can be changed."))
    if takes_part(actor, incident, least=Role.CONTRIBUTOR):
        return YES
    return no(_("Only contributors of the organisations in this room can report from it."))


@rule("incidents.report_see")
def see(actor: Actor, report: SituationReport) -> Verdict:
    return YES


@rule("incidents.report_write")
def write(actor: Actor, report: SituationReport) -> Verdict:
    """Change a draft, fill it anew, drop it; begin a correction of what was sent."""
    if report.incident.is_retired:
        return no(_("This incident is retired. Nothing in it can be changed."))
    reason = _("Only a contributor of the organisation that reports can write this report.")
    return needs(actor, Role.CONTRIBUTOR, report.organisation_id, reason)


@rule("incidents.report_sign")
def sign(actor: Actor, report: SituationReport) -> Verdict:
    if report.organisation_id == report.incident.owner_id:
        return lead(actor, report.incident)
    reason = _("Only a coordinator of the organisation that reports can sign this report.")
    return needs(actor, Role.COORDINATOR, report.organisation_id, reason)


@rule("incidents.report_read")
def read(actor: Actor, report: SituationReport) -> Verdict:
    """Say for one's organisation that it was read."""
    received = report.recipients.filter(pk__in=actor.organisations_as(Role.CONTRIBUTOR))
    if not report.is_draft and received.exists():
        return YES
    return no(_("Only contributors of an organisation that received it can say that it was read."))


@rule("incidents.brief_give")
def give_brief(actor: Actor, brief: Brief) -> Verdict:
    reason = _("Only a contributor of the organisation that owes this brief can give it.")
    return needs(actor, Role.CONTRIBUTOR, brief.owed_by_id, reason)


@rule("incidents.brief_remind")
def remind(actor: Actor, brief: Brief) -> Verdict:
    reason = _("Only a contributor of the organisation that waits for this brief can remind.")
    return needs(actor, Role.CONTRIBUTOR, brief.owed_to_id, reason)
