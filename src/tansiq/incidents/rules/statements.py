"""Who writes, approves and releases what the city says, and who answers the media."""

from django.utils.translation import gettext as _

from tansiq.access.actor import Actor, Role
from tansiq.access.gate import rule
from tansiq.access.models import Organisation
from tansiq.access.verdict import YES, Verdict, needs, no
from tansiq.incidents.models import Incident, MediaRequest, PressOffice, Statement
from tansiq.incidents.models.media import APPROVERS
from tansiq.incidents.rules.room import write
from tansiq.incidents.rules.standing import holds_leading_seat, holds_seat, runs

SPOKESPERSON = "COMMS"


@rule("incidents.draft_statement")
def draft_statement(actor: Actor, incident: Incident) -> Verdict:
    """Write in the name of the city; the words of one city are not written by another body."""
    verdict = write(actor, incident)
    if not verdict:
        return verdict
    if runs(actor, incident, least=Role.CONTRIBUTOR) or holds_seat(actor, incident):
        return YES
    return no(_("Statements are written by the organisation that runs this, and by its roles."))


@rule("incidents.read_statement")
def read_statement(actor: Actor, statement: Statement) -> Verdict:
    return YES


@rule("incidents.edit_statement")
def edit_statement(actor: Actor, statement: Statement) -> Verdict:
    if not statement.is_open:
        return no(_("What was released or withdrawn is not changed. Write a correction."))
    return draft_statement(actor, statement.incident)


@rule("incidents.approve_statement")
def approve_statement(actor: Actor, statement: Statement) -> Verdict:
    """Stand for the words of others."""
    if not statement.incident.is_open:
        return no(_("This incident is closed. What happened in it can be read, not added to."))
    if not _may_approve_here(actor, statement.incident):
        return no(_("Your role does not approve statements here."))
    if actor.person_id and statement.writers.filter(pk=actor.person_id).exists():
        return no(_("You wrote in this statement. Others must approve it."))
    return YES


def _may_approve_here(actor: Actor, incident: Incident) -> bool:
    if runs(actor, incident, least=Role.COORDINATOR) or holds_leading_seat(actor, incident):
        return True
    office = PressOffice.objects.filter(owner=incident.owner_id).first()
    roles = tuple(office.approver_roles) if office else ()
    return holds_seat(actor, incident, roles=roles or APPROVERS)


@rule("incidents.release_statement")
def release_statement(actor: Actor, statement: Statement) -> Verdict:
    """Let it go out, and note down where it went out by hand."""
    return _speaks(actor, statement.incident)


@rule("incidents.withdraw_statement")
def withdraw_statement(actor: Actor, statement: Statement) -> Verdict:
    if statement.is_withdrawn:
        return no(_("This statement is withdrawn already."))
    return _speaks(actor, statement.incident)


@rule("incidents.override_checks")
def override_checks(actor: Actor, statement: Statement) -> Verdict:
    """Set a check aside that stops a release, with a reason."""
    if runs(actor, statement.incident, least=Role.COORDINATOR):
        return YES
    if holds_leading_seat(actor, statement.incident):
        return YES
    return no(_("Only who leads this room can set a check aside."))


@rule("incidents.log_media_request")
def log_media_request(actor: Actor, incident: Incident) -> Verdict:
    return write(actor, incident)


@rule("incidents.answer_media_request")
def answer_media_request(actor: Actor, request: MediaRequest) -> Verdict:
    return write(actor, request.incident)


@rule("incidents.edit_press_office")
def edit_press_office(actor: Actor, organisation: Organisation) -> Verdict:
    reason = _("Only a coordinator of this organisation can change its press office.")
    return needs(actor, Role.COORDINATOR, organisation.pk, reason)


def _speaks(actor: Actor, incident: Incident) -> Verdict:
    if incident.is_retired:
        return no(_("This incident is retired. Nothing in it can be changed."))
    if runs(actor, incident, least=Role.COORDINATOR) or holds_leading_seat(actor, incident):
        return YES
    if holds_seat(actor, incident, roles=(SPOKESPERSON,)):
        return YES
    return no(_("Only the spokesperson and who leads this room can release and withdraw."))
